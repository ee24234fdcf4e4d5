"""What a forward cell keeps in the place of another quantity, in a cache of its own layout: told by the names, proved by a run.

The learner's two cells are run one behind the other. With the quantity that the entry's name says put there, all gradients come right; or,
where a quantity is kept twice and another one nowhere, with this one in one of the two places. The last that is tried is what holds no
quantity of the cache at all, since it was changed before it was kept, or is computed otherwise.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.contract import course_layout, returned
from whygrad.from_code.reference.inputs import ENTRIES, answer
from whygrad.from_code.reference.parts import ARGUMENTS, PARTS, chain_of, partner
from whygrad.from_code.verdict.problems import problem_of
from whygrad.from_code.words import of_any_step
from whygrad.sandbox.requests import Request, Substitute
from whygrad.sandbox.standins import unused
from whygrad.sandbox.tracer import places
from whygrad.sandbox.trees import walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from whygrad.from_code.verdict.trials import Trials
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Seen, Value


Entry: TypeAlias = "tuple[str, Place, Seen]"
"""What is kept: under which key or field, at which place of the text, and what it was."""
NO_MORE = "another value than "
"""Before the text of what is kept, where that holds no quantity of the cache."""


def kept_wrongly(trials: Trials, function: str) -> dict[str, str]:
    """The entries of a forward cell's cache that keep another quantity than they are called by, and what stands there instead."""
    backward, own = partner(function), trials.own & {function, partner(function)}
    trial = trials.trial(chain_of(function), own, 1)
    if "cell" not in function or len(own) < 2 or trial.problem is None or trial.problem.kind != "numbers":  # noqa: PLR2004 - both
        return {}
    alone = trials.alone(function)
    if returned(function, alone.reply.value, ()):
        return {}
    request = Request(chain_of(function), trial.case.arguments, own, trace=True)
    right = dict(zip(ENTRIES[function.partition("_")[0]], _reference_cache(function, trial.case.arguments), strict=True))
    as_the_course = course_layout(function, alone.reply.value[-1], alone.case.expected[-1]) and not trials.one_spoilt(function)
    for entries in _written_side_by_side(trials, function, request):
        wrong = [(entry, right[_meant(entry[0], right)]) for entry in entries if _holds_another(entry[0], entry[2].value, right)]
        wrong += _exchanged_with(wrong, entries, right)
        twice = [] if as_the_course else _kept_twice(entries, right)  # what is wrong shows at its place
        others = [(entry, right[meant]) for entry in entries if (meant := _is_none(entry[0], entry[2].value, right))]
        spoilt = [] if as_the_course else [[one] for one in _spoilt(entries, right)]
        for option in [*([wrong] if wrong else []), *([one] for one in twice), *([others] if others else []), *spoilt]:
            mended = tuple(Substitute(seen.place, seen.visit, value) for (_, _, seen), value in option)
            reply = trials.runner.run(replace(request, substitutes=mended))
            if problem_of(backward, trial.case, reply, trials.definitions) is None:
                no_more = NO_MORE if option is others or option in spoilt else ""
                return {field: no_more + " ".join(place.text.split()) for (field, place, _), _ in option}
    return {}


def _exchanged_with(
    wrong: Sequence[tuple[Entry, Value]], entries: Sequence[Entry], right: Mapping[str, Value]
) -> list[tuple[Entry, Value]]:
    """The entries of which the name says nothing that hold what belongs into a wrong one, with what that holds."""
    nameless = [entry for entry in entries if not _meant(entry[0], right)]
    return [(entry, held.value) for (_, _, held), belongs in wrong for entry in nameless if same(entry[2].value, belongs)]


def _kept_twice(entries: Sequence[Entry], right: Mapping[str, Value]) -> list[tuple[Entry, Value]]:
    """Each entry without a name that holds a quantity, with each of its shape that none of them holds; first those held twice."""
    held = [next((name for name, one in right.items() if name != "parameters" and same(seen.value, one)), "") for _, _, seen in entries]
    nameless = [(held.count(name) == 1, entry) for entry, name in zip(entries, held, strict=True) if name and not _meant(entry[0], right)]
    twice = [entry for _, entry in sorted(nameless, key=lambda one: one[0])]
    lost = [value for name, value in right.items() if name not in {*held, "parameters"}]
    return [(entry, value) for entry in twice for value in lost if shape_of(value) == shape_of(entry[2].value)]


def _spoilt(entries: Sequence[Entry], right: Mapping[str, Value]) -> list[tuple[Entry, Value]]:
    """The entries without a name that hold no quantity, with each of their shape that none holds."""
    arrays = {name: one for name, one in right.items() if name != "parameters"}
    lost = [one for one in arrays.values() if not any(same(seen.value, one) for _, _, seen in entries)]
    none = [entry for entry in entries if not _meant(entry[0], right) and not any(same(entry[2].value, one) for one in arrays.values())]
    return [(entry, one) for entry in none for one in lost if shape_of(one) == shape_of(entry[2].value)]


def _reference_cache(function: str, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
    return answer(function, arguments[: len(ARGUMENTS[function])])[-1]


def _written_side_by_side(trials: Trials, function: str, request: Request) -> Iterable[list[Entry]]:
    """The arrays that the cell writes out in one dictionary or call each, with the names of the keys or fields that get them."""
    pieces = trials.definitions.pieces
    known = places(pieces, unused(PARTS, request.own))
    beside: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for seen in trials.runner.run(request).seen:
        place = known[seen.place]
        if place.function == function and place.kind in {"value", "argument"} and isinstance(seen.value, np.ndarray):
            beside[place.statement, place.parent].append((_field(place, pieces), place, seen))
    return beside.values()


def _field(place: Place, pieces: Sequence[Piece]) -> str:
    """The key, or the field of a class, under which an entry is kept; empty where there is none."""
    called, _, slot = place.target.rpartition("(")
    if place.kind == "value":
        return place.target.strip("'\"")
    slot = slot.rstrip(")")
    fields = [field for piece in pieces if called and called in piece.text for field in _fields(piece.text, called)]
    return (fields[int(slot)] if int(slot) < len(fields) else "") if slot.isdigit() else slot


def _fields(text: str, name: str) -> Iterator[str]:
    """The fields of a data class or named tuple, in their order."""
    for node in walked(text):
        match node:
            case ast.ClassDef(name=called, body=body) if called == name:
                yield from (line.target.id for line in body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name))
            case ast.Assign([ast.Name(called)], ast.Call(args=[_, ast.Constant(str() as fields)])) if called == name:
                yield from fields.replace(",", " ").split()
            case ast.Assign([ast.Name(called)], ast.Call(args=[_, ast.List(fields) | ast.Tuple(fields)])) if called == name:
                yield from (str(field.value) for field in fields if isinstance(field, ast.Constant))
            case _:
                pass


def _meant(field: str, right: Mapping[str, Value]) -> str:
    """The course's name of the entry that a field is called by; empty where it says nothing."""
    return next((name for name in right if field and of_any_step(name) == of_any_step(field)), "")


def _holds_another(field: str, value: Value, right: Mapping[str, Value]) -> bool:
    """Whether an entry holds a quantity of the cache, and another one than its name says."""
    meant = _meant(field, right)
    holds = any(name != "parameters" and same(value, one) for name, one in right.items())
    return bool(meant) and meant != "parameters" and holds and not same(value, right[meant])


def _is_none(field: str, value: Value, right: Mapping[str, Value]) -> str:
    """What an entry is called by that holds no quantity of the cache, of the shape of the one that its name says; empty for any other."""
    meant = _meant(field, right)
    if not meant or meant == "parameters" or shape_of(value) != shape_of(right[meant]):
        return ""
    return "" if any(name != "parameters" and same(value, one) for name, one in right.items()) else meant
