"""Mistakes that change one printed gradient and nothing else: each gradient is explained alone, given all that comes before it.

``mistakes`` finds them for one gradient, ``completed`` puts those of all gradients together. Cells and sequences end with this.
"""
