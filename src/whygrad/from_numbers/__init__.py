"""From printed numbers to mistakes: find the planted mistake that prints exactly these.

Read ``explain`` first: it is the main path. ``cellcheck`` explains the numbers of a cell, ``sequence`` those of a loop: the trajectory by
``trajectories`` and ``timewalk``, level by level in ``levels``, then each gradient alone in ``local``. ``hypotheses`` says what may be
wrong, ``variants`` what that costs, and ``tables`` keeps what depends on no printed number. ``answer``, ``certainty`` and ``cleared``
decide what may be told of it, ``telling`` says it.
"""

from whygrad.from_numbers.explain import explain

__all__ = ["explain"]
