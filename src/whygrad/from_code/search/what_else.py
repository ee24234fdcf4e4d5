"""What the search finds in a program in which something is mended already, if that explains all that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.search.find import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece


def what_else(mending: Mending, program: Sequence[Piece]) -> tuple[Finding, ...]:
    """The findings in the function in another program; none where that is still wrong with them mended."""
    with mending.host.holding(program) as other:
        found = find(other, program, mending.function, mending.case, mending.own)
    return () if any(one.whole is False for one in found) else found
