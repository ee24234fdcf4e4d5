"""Many programs at once: their arrays lie in a stack, and each line is evaluated for all of them together.

``stack`` is such an array, ``columns`` runs a loop's backward pass so, the others one part of a program each.
"""
