"""What the text alone tells of a function: nothing is run, and nothing of the reference is known, here."""
