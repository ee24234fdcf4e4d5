"""Whether a part of a line only looks up what was stored before: an attribute, an entry, ``getattr(self, name)``, ``vars(kept)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from whygrad.sandbox.places import Place

_KINDS = frozenset(("element", "value", "return", "assign"))
_LOOKS_UP = frozenset(("getattr", "vars"))


def sets_attribute(place: Place) -> bool:
    """Whether a place is what ``setattr`` gives a name of an object."""
    return (place.kind, place.target) == ("argument", "setattr(2)")


def only_reads(place: Place) -> bool:
    """Whether nothing is computed at a place, and nothing stored but in a name for what an object holds."""
    node = expression_of(place.computes.strip().removeprefix("return")) if place.kind in _KINDS else None
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _LOOKS_UP
    return isinstance(node, ast.Attribute) or (place.kind != "assign" and isinstance(node, ast.Subscript))
