"""Whether an argument is of the type that is expected: the first thing that every public function of the room asks."""

from __future__ import annotations

from whygrad.errors import ContentError


def kind(name: str, given: object, expected: type, *, optional: bool = True) -> None:
    """Checks that an argument is of a type, or None."""
    if not isinstance(given, expected) and not (optional and given is None):
        says = f"{expected.__name__} or None" if optional else expected.__name__
        raise ContentError(f"{name} is of type {type(given).__name__}, expected {says}")
