"""Of what type an argument is: the one check that every room of the engine needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from whygrad.errors import ContentError


def kind(name: str, given: object, expected: type, *, optional: bool = True) -> None:
    """Checks that an argument is of a type, or None."""
    if not isinstance(given, expected) and not (optional and given is None):
        says = f"{expected.__name__} or None" if optional else expected.__name__
        raise ContentError(f"{name} is of type {type(given).__name__}, expected {says}")


def mapping(name: str, given: object) -> None:
    """Checks that an argument goes from names to something."""
    if not isinstance(given, Mapping):
        raise ContentError(f"{name} is of type {type(given).__name__}, expected a mapping from names to arrays")


def sequence(name: str, given: object, expected: str) -> None:
    """Checks that an argument is a list or tuple of what is expected."""
    if not isinstance(given, list | tuple):
        raise ContentError(f"{name} is of type {type(given).__name__}, expected a list of {expected}")


def plain(value: object) -> object:
    """A number of NumPy's as the same number of Python's; anything else as it is."""
    return cast("object", value.item()) if isinstance(value, np.generic) else value
