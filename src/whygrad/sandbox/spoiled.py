"""Functions of NumPy or of Python's ``random`` that are none any more: ``np.random.seed = 1``, which was to be a call, changes the module.

Everything in the process gets what is there instead, the judge too.
"""

from __future__ import annotations

import random
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONSTANTS = frozenset(("e", "pi", "nan", "inf", "infty", "euler_gamma", "little_endian", "tracemalloc_domain"))
"""The numbers that NumPy has under such names."""
_KINDS = (int, float, complex, list, np.ndarray, np.generic)


def spoiled() -> Iterator[tuple[str, object]]:
    """The names of functions to which something else was given, and what that is."""
    for written, module in ("np", np), ("np.random", import_module("numpy.random")), ("random", random):
        for name in module.__all__:
            value = vars(module).get(name)
            if name.islower() and isinstance(value, _KINDS) and name not in _CONSTANTS:
                yield f"{written}.{name}", value
