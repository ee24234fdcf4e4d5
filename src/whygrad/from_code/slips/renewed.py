"""A loop that computes the cell by itself, in which no line gives a carry its new value: all that reads the carry follows from that."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, Search, callee, last_name
from whygrad.from_code.observe.roles import gives_results, put
from whygrad.from_code.observe.subject import by_place
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Substitute

_READS = frozenset(("read", "argument", "value", "element"))


def never_renewed(search: Search) -> Iterator[Found | None]:
    """A name that the loop gives no new value, or its first one again, with what the step before left it wherever it is read."""
    if search.subject.cell == search.subject.function or search.subject.calling or not gives_results(search):
        return
    own = [record for record in search.now.records if record.place.function == search.subject.function]
    gave: dict[str, list[Record]] = defaultdict(list)
    for record in own:
        if record.place.kind in GIVES:
            gave[record.place.target].append(record)
    for name, given in gave.items():
        start = array_of(given[0].value)
        if name.isidentifier() and start is not None and start.ndim == 2 and name not in search.once(_changed):  # noqa: PLR2004 - a state
            for made, puts, right in (*_kept_at_all_steps(search, name, given, own), *_given_again(search, given)):
                yield search.attempt(made, "renewed", puts, right)


def _kept_at_all_steps(
    search: Search, name: str, given: Sequence[Record], own: Sequence[Record]
) -> Iterator[tuple[Record, list[Substitute], Array]]:
    """What gives such a name its value before the loop, or only behind it, and what belongs wherever the loop reads it.

    The last is what it should hold at the second step.
    """
    steps = len(search.quantities.calls)
    reads = by_place(one for one in own if (one.place.kind in _READS and one.place.text == name) or _only_stores(one, name))
    each = [visits for visits in reads.values() if len(visits) == steps > 1]
    end = each[-1][-1].time if each else 0
    if any(record.time <= end for record in given[1:]) or len(given) > 2:  # noqa: PLR2004 - before the loop, and behind it
        return
    if any(visits[0].place.kind == "argument" and callee(visits[0].place.target) in search.once(_own_functions) for visits in each):
        return  # what is called there may be the cell, and then it is the call that misses what it should be given
    last = [visits[0] for visits in reads.values() if len(visits) == 1 and visits[0].time > end]
    for carried in _carried(search):
        for held in (carried, carried[1:]) if same(given[0].value, carried[0], search.tolerance) else ():  # before the line, behind it
            pairs = [(one, right) for visits in each for one, right in zip(visits, held, strict=False)]
            yield given[-1], put([*pairs, *((one, carried[-1]) for one in last)] if pairs else []), carried[1]


def _given_again(search: Search, given: Sequence[Record]) -> Iterator[tuple[Record, list[Substitute], Array]]:
    """The line that gives a name its first value again at every turn, and what it should hold instead."""
    each = [visits for visits in by_place(given).values() if len(visits) == len(search.quantities.calls) > 1]
    for visits in each if len(each) > 1 else ():  # another line of the loop gives it a new value
        for carried in _carried(search):
            if all(same(record.value, carried[0], search.tolerance) for record in visits):
                yield visits[0], put(list(zip(visits, carried, strict=False))), carried[1]


def _only_stores(record: Record, name: str) -> bool:
    """Whether a line stores what a name holds in a part of an array, and does nothing else."""
    place = record.place
    return place.kind == "assign" and "[" in place.target and place.text.partition("=")[2].strip() == name


def _carried(search: Search) -> Iterator[list[Array]]:
    """Of each carry what it holds at every step, in the order of the loop, and after the last one."""
    calls, results = search.quantities.calls, search.quantities.results
    if search.subject.function.endswith("forward"):
        last = [results["0"][..., -1], *([results["2"][..., -1]] if "2" in results else [])]
        yield from ([*(call[slot] for call in calls), last[slot - 1]] for slot in range(1, len(calls[0]) - 1))
        return
    given = search.subject.arguments[0]
    back = [call[0] - given[:, :, step] for call, step in zip(calls, range(len(calls))[::-1], strict=True)]
    yield [np.zeros_like(back[0]), *back[1:], results["da0"]]
    yield from ([call[slot] for call in calls] for slot in range(1, len(calls[0]) - 1))


def _own_functions(search: Search) -> set[str]:
    """The names of the learner's functions, without what is around them."""
    return set(map(last_name, search.subject.text.signatures))


def _changed(search: Search) -> set[str]:
    """The names that a line of the function adds to, or stores parts into."""
    found: set[str] = set()
    for piece in search.subject.pieces:
        for node in walked(piece.text) if search.subject.function in piece.text else ():
            match node:
                case ast.AugAssign(ast.Name(name)) | ast.Subscript(ast.Name(name), _, ast.Store()):
                    found.add(name)
                case _:
                    pass
    return found
