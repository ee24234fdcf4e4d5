"""A sequence that takes what the cell hands back by the order in its dictionary, which is another one in the learner's own cell."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.reference.parts import cell_of, chain_of
from whygrad.from_code.verdict.problems import problem_of
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.text.written import Written
    from whygrad.from_code.verdict.trials import Trials
    from whygrad.records import Location
    from whygrad.sandbox.requests import Host, Piece


def taken_by_order(trials: Trials, function: str) -> tuple[Location, str] | None:
    """The line that goes by the order, and the keys in the order in which the learner's cell hands them back, if it is not the course's."""
    cell, written = cell_of(function), trials.definitions.functions.get(function)
    if cell == function or cell not in trials.own or written is None:
        return None
    alone = trials.alone(cell)
    own, asked = (
        list(map(str, cast("Any", value))) if isinstance(value, dict) else [] for value in (alone.reply.value, alone.case.expected)
    )
    line = _goes_by_order(written) if own != asked and own and asked else None
    return None if line is None else (line, ", ".join(own))


def right_in_order(host: Host, trials: Trials, function: str) -> bool:
    """Whether the learner's functions are right together once the cell hands its gradients back in the course's order."""
    cell = trials.definitions.functions[cell_of(function)]
    ends = [node for node in cell.nodes if isinstance(node, ast.Return) and node.value is not None]
    if len(ends) != 1:
        return False
    trial = trials.chain(function, 0)
    keys = tuple(cast("dict[str, object]", trials.alone(cell_of(function)).case.expected))
    with host.holding(_in_order(trials.definitions.pieces, cell, ends[0], keys)) as runner:
        own = trials.members(function)
        request = Request(chain_of(function), trial.case.arguments, own, notebook=trials.planted(own, 0))
        return problem_of(function, trial.case, runner.run(request), trials.definitions) is None


def _in_order(pieces: Sequence[Piece], cell: Written, end: ast.Return, keys: tuple[str, ...]) -> tuple[Piece, ...]:
    """The program in which the cell's dictionary has its keys in this order."""
    value = cast("ast.expr", end.value)
    return edited(pieces, cell.piece, value, f"(lambda given: {{key: given[key] for key in {keys!r}}})({ast.unparse(value)})").pieces


def _goes_by_order(written: Written) -> Location | None:
    """The first line that takes a dictionary's values, or goes through it, without a key."""
    for node in written.nodes:
        match node:
            case ast.Call(ast.Attribute(_, "values" | "items"), []):
                return written.at(node.lineno, node.col_offset)
            case _:
                pass
    return None
