"""What is wrong at a line that was found: which mistake of the catalogue, and the sentences that say it in the learner's own names.

Read ``name`` first.
"""
