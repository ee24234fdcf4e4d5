"""Which edits are one mistake: the same slip in sibling equations is one, however often it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.mistakes import Edit, Edits


def grouped(edits: Edits) -> list[list[Edit]]:
    """The edits by mistake: the same slip in sibling equations is one."""
    groups: dict[tuple[str, str], list[Edit]] = {}
    for edit in edits:
        groups.setdefault((edit.function, edit.alike), []).append(edit)
    return list(groups.values())


def count_of(edits: Edits) -> int:
    """How many mistakes these edits are: two where one equation was edited twice, but the same slip in siblings is one."""
    return len({(edit.function, part.alike) for edit in edits for part in edit.parts})
