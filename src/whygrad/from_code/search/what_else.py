"""What the search finds in a program in which something is mended already, if that explains all that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import Search
from whygrad.from_code.observe.over_time import side_by_side
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.places.locate import find_all
from whygrad.from_code.search.told_of_found import findings_of
from whygrad.from_code.search.told_together import each_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece


def what_else(mending: Mending, program: Sequence[Piece]) -> tuple[Finding, ...]:
    """The findings in the function in another program; none where that is still wrong with them mended."""
    function, case = mending.function, mending.case
    with mending.host.holding(program) as other:
        subject = Subject(other, program, function, case.arguments, frozenset({function}))
        search = Search(subject, side_by_side(subject, quantities(function, case)))
        found = find_all(search)
        return each_once(findings_of(search, case, found)) if search.complete else ()
