"""What the names of an assignment mean: which belong together, and how a sentence calls them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Vocabulary:
    """The names of one assignment.

    ``roles``: what each function is (``cell forward``, ``forward``, ``cell backward``, ``backward``), in the notebook's order.
    ``siblings``: families of equations that say the same thing of different gates: family -> member -> part -> name. The same slip in
    sibling equations is one mistake; ``columns`` are those of a weight that meet the member, ``derivative`` is that of its activation as
    it is written. ``words``: what a name is called in a sentence. ``mathematics``: by (function, quantity), what the mathematics asks
    for, in words and symbols, never code. ``carries``: the loop's variables that hand a gradient to the earlier step.
    """

    roles: Mapping[str, str]
    siblings: Mapping[str, Mapping[str, Mapping[str, str]]]
    words: Mapping[str, str]
    mathematics: Mapping[tuple[str, str], str]
    carries: Mapping[str, str]

    def word(self, name: str) -> str:
        """What ``name`` is called in a sentence; the name itself where nothing better is known."""
        return self.words.get(name, name)

    @cached_property
    def member(self) -> dict[str, tuple[str, str, str]]:
        """Name -> (family, member, part)."""
        return {
            name: (family, member, part)
            for family, members in self.siblings.items()
            for member, parts in members.items()
            for part, name in parts.items()
            if not part.startswith(("partner", "columns", "derivative"))
        }

    @cached_property
    def phrases(self) -> dict[str, str]:
        """What pieces of equations are called, of those that were asked for."""
        return {}

    def kind(self, name: str) -> str | None:
        """The part that a name plays in its family (``weight``, ``gate``, ...)."""
        return self.member[name][2] if name in self.member else None

    def at_parameter(self, name: str) -> bool:
        """Whether a name is that of a parameter's gradient."""
        return self.kind(name) in {"weight gradient", "bias gradient"} or name == "dba"  # the only bias of its cell has no siblings

    def of_kind(self, name: str, kind: str) -> str | None:
        """The name that plays ``kind`` for the same member as ``name`` does: ``of_kind("Wf", "weight gradient") == "dWf"``."""
        if name not in self.member:
            return None
        family, member, _ = self.member[name]
        return self.siblings[family][member].get(kind)

    def normal(self, target: str, text: str) -> str:
        """``text`` with the names that belong to ``target``'s member replaced by their parts: equal for the same slip in siblings.

        The right derivative stands in ⟨ ⟩, for it differs where the activation does.
        """
        if target not in self.member:
            return text
        own, parts, names = self._parts[self.member[target][:2]]
        text = text.replace(own["columns"], "<columns>") if "columns" in own else text
        text = text.replace(own["derivative"], f"⟨{own['derivative']}⟩") if "derivative" in own else text
        return names.sub(lambda found: parts[found[0]], text)

    @cached_property
    def _parts(self) -> dict[tuple[str, str], tuple[Mapping[str, str], dict[str, str], re.Pattern[str]]]:
        """For each member: the names of its parts, the part of each name, and where such a name stands."""
        found: dict[tuple[str, str], tuple[Mapping[str, str], dict[str, str], re.Pattern[str]]] = {}
        for family, members in self.siblings.items():
            for member, own in members.items():
                parts = {name: f"<{part}>" for part, name in own.items()}
                names = "|".join(re.escape(name) for name in parts if name.isidentifier())
                found[family, member] = own, parts, re.compile(rf"(?<![\w.])(?:{names})(?!\w)")
        return found
