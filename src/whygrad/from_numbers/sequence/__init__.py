"""The search in the numbers of a whole sequence, stage by stage: mistakes that are made together most often come first.

``search`` is its main path, ``levels`` the order of the stages. Nearly all other files are one stage each: two or three mistakes of one
kind, found by what that kind leaves as it is.
"""
