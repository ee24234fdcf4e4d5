"""The small words of a report: lists, places and steps. Every text that comes from outside is made printable here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from whygrad.records import Mistake

_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_APART = ", and at "
CHECK_ITSELF = "the notebook's check itself"


def sentence(text: str) -> str:
    """``text`` on one line, with one full stop at its end, or with the mark of its question."""
    said = printable(text).removesuffix(".")
    return said if said.endswith("?") else f"{said}."


def first_few(items: Sequence[str], shown: int) -> str:
    """``a, b, c and 7 more``: a long list never fills the screen, and a single one left over is simply shown."""
    if len(items) <= shown + 1:
        return listed([printable(item) for item in items])
    return f"{', '.join(printable(item) for item in items[:shown])} and {len(items) - shown:,} more"


def function_of(mistake: Mistake) -> str:
    """The function's name, or the words for a mistake in the notebook's check."""
    return CHECK_ITSELF if mistake.function is None else mistake.function


def functions_of(mistakes: Iterable[Mistake]) -> tuple[str, ...]:
    """The functions with a mistake, each once, in order."""
    return tuple(dict.fromkeys(function_of(mistake) for mistake in mistakes))


def step_of(mistake: Mistake) -> str:
    """``step 0, the first``; empty where the mistake holds at every step."""
    if mistake.step is None:
        return ""
    return "step 0, the first" if mistake.step == 0 else f"step {mistake.step}"


def quantity_of(mistake: Mistake) -> str:
    """``c_prev (step 0, the first)``."""
    step = step_of(mistake)
    return f"{printable(mistake.quantity)} ({step})" if step else printable(mistake.quantity)


def place_of(mistake: Mistake) -> str:
    """``in lstm_forward, at c_prev (step 0, the first)``."""
    return f"in {function_of(mistake)}, at {quantity_of(mistake)}"


def what_in(mistake: Mistake) -> str:
    """``in lstm_forward, the state is a view of the output (c_prev, step 0, the first)``: the place stands in it once."""
    says, function = printable(mistake.says).rstrip("."), function_of(mistake)
    quantity = printable(mistake.quantity)
    quantity_named = re.search(rf"(?<!\w){re.escape(quantity)}(?!\w)", says)
    function_named = function in says or (mistake.function is None and "check" in says)
    details = ", ".join(part for part in ("" if quantity_named else quantity, step_of(mistake)) if part)
    return (says if function_named else f"in {function}, {says}") + (f" ({details})" if details else "")


def places_of(mistakes: Sequence[Mistake]) -> str:
    """``in lstm_backward at dx and da0, and in lstm_cell_backward at dbo``: grouped by function, in order.

    Where a place is a list of its own, semicolons part the functions.
    """
    groups = [
        f"in {function} at {_at([*dict.fromkeys(quantity_of(mistake) for mistake in mistakes if function_of(mistake) == function)])}"
        for function in functions_of(mistakes)
    ]
    comma = ";" if any(_APART in group for group in groups) else ","
    return groups[0] if len(groups) == 1 else f"{f'{comma} '.join(groups[:-1])}{comma} and {groups[-1]}"


def _at(quantities: Sequence[str]) -> str:
    """The places in one function, some of which may be lists: ``dft and dit, and at dot``."""
    return _APART.join(quantities) if any(" and " in one for one in quantities) else listed(quantities)


def summary_of(mistakes: Sequence[Mistake], hint: int) -> str:
    """An explanation on one line: where only at hint 1, else also what."""
    return places_of(mistakes) if hint == 1 else "; and ".join(what_in(mistake) for mistake in mistakes)


def change_of(first: Sequence[Mistake], other: Sequence[Mistake]) -> str:
    """``in place of the second mistake: in lstm_cell_backward, ...``: what another explanation has and the first has not.

    Empty where they have none in common, or where no word says which of the first is meant.
    """
    said, also = [what_in(mistake) for mistake in first], [what_in(mistake) for mistake in other]
    gone = [place for place, text in enumerate(said) if text not in also]
    new = [text for text in also if text not in said]
    if len(gone) == len(first) or not gone or not new or len(first) > len(_PLACES):
        return ""
    which = f"{listed([_PLACES[place] for place in gone])} {'mistake' if len(gone) == 1 else 'mistakes'}"
    return f"in place of the {which}: {'; and '.join(new)}"


def by_check(labels: Sequence[str], all_of: Mapping[str, int], shown: int) -> str:
    """``all 11 of lstm_cell_backward; dx[1][2][3] and da0[2][3] of lstm_backward``: labels that name their check, by check.

    ``all_of`` has the checks of which no number is left out, and how many these are.
    """
    groups: dict[str, list[str]] = {}
    for label in labels:
        name, _, check = label.partition(" of ")
        groups.setdefault(check, []).append(name)
    told = [
        f"all {all_of[check]:,} of {check}" if all_of.get(check, 0) > 1 else f"{first_few(names, shown)}{f' of {check}' if check else ''}"
        for check, names in groups.items()
    ]
    return "; ".join(told)
