"""What NumPy's OpenBLAS says of itself: for which processor its kernels are, and how many threads it runs.

Its symbols are found by way of the module of NumPy's that is linked to it. Another library, or another way of linking, has none of them.
"""

from __future__ import annotations

import ctypes
import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SYMBOLS = ("scipy_openblas_{}64_", "openblas_{}64_", "scipy_openblas_{}", "openblas_{}")  # of NumPy's wheels, then of other builds
_MODULES = ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath")  # of NumPy 2, and of NumPy 1


def core() -> str | None:
    """The processor that the kernels are for, as OpenBLAS names it; None if there is no OpenBLAS to be asked."""
    ask = function("get_corename")
    if ask is None:
        return None
    ask.restype = ctypes.c_char_p
    return ask().decode()


def threads() -> int | None:
    """How many threads a large product takes at the moment; None if there is no OpenBLAS to be asked."""
    ask = function("get_num_threads")
    return None if ask is None else int(ask())


@cache
def function(name: str) -> Any:  # noqa: ANN401 - ctypes has no public name for it
    """One of OpenBLAS' functions, by its name without what a build adds to it; None if it is not found."""
    linked = library()
    found = (getattr(linked, symbol.format(name), None) for symbol in _SYMBOLS)
    return next((function for function in found if function is not None), None)


def library(load: Callable[[str], object] = ctypes.CDLL) -> object:
    """The linked module as a library whose symbols, and those of the libraries that it needs, can be looked up; None if there is none."""
    for name in _MODULES:
        try:
            return load(str(importlib.import_module(name).__file__))
        except (ImportError, OSError):
            continue
    return None
