"""What depends on no printed number: worked out once for an assignment, and kept in a folder between runs.

Begin with ``tables``; ``singles`` is what every single mistake prints, where numbers are looked up first. Here is the clock too: it stands
still while a table is made.
"""
