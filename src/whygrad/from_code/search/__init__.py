"""From a function that is wrong to its mistakes.

``looked_for`` says on what a function is searched, ``find`` is the search, and ``prove`` says how sure each finding is. The others tell
what else is wrong, and what an edit of one line mends.
"""
