"""Functions of NumPy or of Python's ``random`` that are not theirs any more.

``np.random.seed = 1``, which was to be a call, changes the module. Everything in the process gets what is there instead, the judge too.
"""

from __future__ import annotations

import random
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONSTANTS = frozenset(
    ("e", "pi", "nan", "inf", "infty", "euler_gamma", "newaxis", "little_endian", "tracemalloc_domain", "typecodes", "sctypes")
)
"""What NumPy has under such names and is no function."""
_KINDS = (int, float, complex, str, list, type(None), np.ndarray, np.generic)


def spoiled() -> Iterator[tuple[str, object]]:
    """The names of functions to which something else was given, and what that is; a class is none (``np.bool = bool`` is often written)."""
    core = sys.modules.get("numpy._core") or sys.modules["numpy.core"]
    first = {name: vars(core)[name] for name in core.__all__ if name in vars(core)}
    for written, module in ("np", np), ("np.linalg", sys.modules.get("numpy.linalg")), ("np.random", sys.modules.get("numpy.random")):
        for name in getattr(module, "__all__", ()):
            if name in vars(module) and name.islower() and name not in _CONSTANTS and not name.startswith("_"):
                value = vars(module)[name]
                if _is_another(value, first.get(name, value) if module is np else value):
                    yield f"{written}.{name}", value
    yield from ((f"random.{name}", vars(random)[name]) for name in random.__all__ if isinstance(vars(random).get(name, abs), _KINDS))


def _is_another(value: object, own: object) -> bool:
    """Whether a value is not NumPy's ``own``; where that is not at hand, whether it is no function, or one from elsewhere."""
    if isinstance(own, type | ModuleType):
        return False
    home = getattr(value, "__module__", None) or type(getattr(value, "__self__", value)).__module__
    return value is not own or isinstance(value, _KINDS) or not home.startswith("numpy")
