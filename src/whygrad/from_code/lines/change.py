"""One small change of a line: what it would be worth, which mistake that undoes, and what the line has, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import ast

Form = Literal["", "exchanged", "a number", "itself", "sum", "an activation", "activated twice"]
"""What a sentence is about that asks for words of its own: names that take turns, a plain number that is missing, an array that is summed
up, another function where a sum or an activation belongs, an activation of what is one already."""


class Change(NamedTuple):
    """A part, what it would be worth, the mistake that this undoes, and what the line has, in words, with the ``form`` of these.

    ``put`` is the name whose value that is, if it is one's; no words tell it.
    """

    part: ast.expr
    value: Any
    id: str
    says: str
    form: Form = ""
    put: str = ""

    @property
    def slip(self) -> tuple[str, str, str]:
        """What is the same at each visit of the line."""
        return self.id, self.says, self.put
