"""From printed numbers to mistakes: find the planted mistake that prints exactly these.

Read ``explain`` first: it is the main path. It asks one search for each block of numbers, in ``sequence``, ``cell`` or ``forward``, and
``answer`` tells what was found. What these are made of:

* ``walks`` through time, for a sequence's gradients at its inputs; ``local`` mistakes, for one gradient alone;
* ``candidates``, what searches hand back, and how sure it is;
* ``tables``, what depends on no printed number; ``loops``, what a wrong loop hands to its cell;
* ``side_by_side``, many programs at once; ``programs``, one with some lines edited;
* ``numbers``, which agree to the last printed digit or do not.
"""

from whygrad.from_numbers.explain import explain, explain_beside

__all__ = ["explain", "explain_beside"]
