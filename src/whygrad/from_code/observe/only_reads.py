"""Whether a part of a line only looks up what was stored before: an attribute, an entry, ``getattr(self, name)``, ``vars(kept)``."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.sandbox.places import Place

_KINDS = frozenset(("element", "value", "return", "assign"))
_LOOKS_UP = frozenset(("getattr", "vars"))


def sets_attribute(place: Place) -> bool:
    """Whether a place is what ``setattr`` gives a name of an object."""
    return (place.kind, place.target) == ("argument", "setattr(2)")


def only_reads(place: Place) -> bool:
    """Whether nothing is computed at a place, and nothing stored but in a name for what an object holds."""
    return _looks_up(place.computes.strip(), entries=place.kind != "assign") if place.kind in _KINDS else False


@lru_cache(maxsize=2_000)
def _looks_up(text: str, *, entries: bool) -> bool:
    try:
        node = ast.parse(text.removeprefix("return").strip(), mode="eval").body
    except SyntaxError:
        return False
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _LOOKS_UP
    return isinstance(node, ast.Attribute) or (entries and isinstance(node, ast.Subscript))
