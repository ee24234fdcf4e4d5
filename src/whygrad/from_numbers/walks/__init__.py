"""Walks through time: which loops, cells and forward passes together print the gradients at the inputs, dx?

``hypotheses`` says which are tried, ``time_walk`` follows thousands of them from the last step to the first and drops what differs, and
``trajectories`` offers that to the stages of the search.
"""
