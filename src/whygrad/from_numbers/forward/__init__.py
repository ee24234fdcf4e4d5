"""Mistakes in a forward pass: which there are, two and three together, and which of them a forward function's own check prints.

``search`` explains the numbers of a forward check. What a sequence's backward pass shows of a wrong forward pass is found in ``walks``.
"""
