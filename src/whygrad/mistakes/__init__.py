"""How people get it wrong: one operator a file, found by walking this package.

A file is an operator if its name is not one of the tools'; ``factor_dropped.py`` holds ``factor-dropped``. Adding one touches that file
only.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Edit, Edits, Example, Operator, Rewrite, Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TOOLS = {"anew", "expression", "gategradients", "operator", "orders", "words"}


class _Operators(Mapping[str, Operator]):
    """All operators by id; a file is imported when it is first asked for, so that a known answer is shown fast."""

    def __init__(self) -> None:
        self._made: dict[str, Operator] = {}
        self._files = {found.name.replace("_", "-"): found.name for found in pkgutil.iter_modules(__path__) if found.name not in _TOOLS}

    def __getitem__(self, key: str) -> Operator:
        if key not in self._made:
            self._made[key] = import_module(f"{__name__}.{self._files[key]}").OPERATOR
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


OPERATORS: Mapping[str, Operator] = _Operators()


def stands_alone(edits: Iterable[Edit]) -> bool:
    """Whether one of these is not looked for together with others."""
    return any((operator := OPERATORS.get(edit.operator)) is not None and operator.alone for edit in edits)


__all__ = ["OPERATORS", "Edit", "Edits", "Example", "Operator", "Rewrite", "Site", "stands_alone"]
