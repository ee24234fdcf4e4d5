"""What a forward cell keeps under the name of another quantity, in a cache of its own layout: told by the names, proved by a run.

The learner's two cells are run one behind the other. With the quantity that the entry's name says put there, all gradients come right.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.subject import same
from whygrad.from_code.reference.inputs import ENTRIES, answer
from whygrad.from_code.reference.parts import ARGUMENTS, PARTS, chain_of, partner
from whygrad.from_code.verdict.problems import problem_of
from whygrad.from_code.words import of_any_step
from whygrad.sandbox.requests import Request, Substitute
from whygrad.sandbox.standins import unused
from whygrad.sandbox.tracer import places
from whygrad.sandbox.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from whygrad.from_code.verdict.trials import Trials
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Seen, Value


def kept_wrongly(trials: Trials, function: str) -> dict[str, str]:
    """The entries of a forward cell's cache that keep another quantity than they are called by, and what stands there instead."""
    backward, own = partner(function), trials.own & {function, partner(function)}
    trial = trials.trial(chain_of(function), own, 1)
    if "cell" not in function or len(own) < 2 or trial.problem is None or trial.problem.kind != "numbers":  # noqa: PLR2004 - both
        return {}
    request = Request(chain_of(function), trial.case.arguments, own, trace=True)
    right = dict(zip(ENTRIES[function.partition("_")[0]], _reference_cache(function, trial.case.arguments), strict=True))
    for entries in _written_side_by_side(trials, function, request):
        wrong = {field: (place, seen) for field, place, seen in entries if _holds_another(field, seen.value, right)}
        mended = tuple(Substitute(seen.place, seen.visit, right[_meant(field, right)]) for field, (_, seen) in wrong.items())
        reply = trials.runner.run(replace(request, substitutes=mended)) if wrong else None
        if reply is not None and problem_of(backward, trial.case, reply, trials.definitions) is None:
            return {field: " ".join(place.text.split()) for field, (place, _) in wrong.items()}
    return {}


def _reference_cache(function: str, arguments: tuple[Value, ...]) -> tuple[Value, ...]:
    return answer(function, arguments[: len(ARGUMENTS[function])])[-1]


def _written_side_by_side(trials: Trials, function: str, request: Request) -> Iterable[list[tuple[str, Place, Seen]]]:
    """The arrays that the cell writes out in one dictionary or call each, with the names of the keys or fields that get them."""
    pieces = trials.definitions.pieces
    known = places(pieces, unused(PARTS, request.own))
    beside: dict[tuple[int, int], list[tuple[str, Place, Seen]]] = defaultdict(list)
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
    for node in ast.walk(parsed(text)):
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
