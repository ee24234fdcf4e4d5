"""From an error to the line to blame: what it means in the learner's own names, and which line, or the lack of which, made it come.

``complaint`` says what the error means, ``so_it_raises`` puts the sentence together, and ``edits_of_error`` edits the line to go on.
"""
