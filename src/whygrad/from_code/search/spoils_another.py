"""An edit of a helper that makes one function right and another one wrong mends nothing: the helper does its work."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.search.searches import as_searched, mending_of
from whygrad.from_code.text.called_by import functions
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.text.small_edits import Edit
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece

_CHOOSES = ast.If | ast.IfExp | ast.For | ast.While | ast.Try | ast.Match | ast.BoolOp | ast.Compare | ast.Dict | ast.comprehension
"""What makes one call of a helper go another way than the next."""


def right_ones(examination: Examination, function: str) -> list[Mending]:
    """The learner's other functions that are right and share a helper with this one, each with a case in which it is right."""
    alone = [(other, examination.trials.alone(other)) for other in sharing_a_helper(examination, function)]
    ones = (mending_of(examination, other, trial.case) for other, trial in alone if trial.problem is None)
    return [one for one in ones if one is not None]


def right_with_own_caches(examination: Examination, function: str) -> list[Mending]:
    """Those that are right with the learner's own caches, and can read no others; objects are caches that nobody else can make."""
    right = (one for one in sharing_a_helper(examination, function) if examination.verdict(one).verdict == "right")
    ones = (as_searched(examination, one) for one in right if one not in OUTPUTS)
    return [one for one in ones if one is not None and one.all_right(one.answer(one.pieces))]


def wrong_ones(examination: Examination, function: str) -> list[Mending]:
    """Those that are not right, and come to their end, each with a case in which it is wrong."""
    failed = [(other, examination.trials.failed(other)) for other in sharing_a_helper(examination, function)]
    ended = ((other, trial) for other, trial in failed if trial is not None and trial.reply.status == "returned")
    ones = (mending_of(examination, other, trial.case) for other, trial in ended)
    return [one for one in ones if one is not None]


def sharing_a_helper(examination: Examination, function: str) -> list[str]:
    """The learner's other functions that share a helper with this one, where anything edited can be run."""
    trials, pieces = examination.trials, examination.trials.definitions.pieces
    helpers = _helpers(pieces, function) if examination.host is not None else set[int]()
    return [other for other in sorted(trials.own - {function}) if helpers & _helpers(pieces, other)] if helpers else []


def _helpers(pieces: Sequence[Piece], function: str) -> set[int]:
    """The helpers that a function calls, directly or not, without the activations, which all of them share."""
    return {id(helper) for _, helper in functions(pieces, function) if helper.name not in {*FUNCTIONS, *ACTIVATIONS}}


def at_work_in(right: Iterable[Mending]) -> frozenset[str]:
    """The helpers that functions which are right call by their names, if each line of them is run whatever they are handed."""
    found = set[str]()
    for one in right:
        within = [helper for _, helper in functions(one.pieces, one.function)]
        calls = (node.func for helper in within for node in walk(helper) if isinstance(node, ast.Call))
        called = {call.id for call in calls if isinstance(call, ast.Name)} - {*FUNCTIONS}
        found |= {one.name for one in within if one.name in called and not any(isinstance(node, _CHOOSES) for node in walk(one))}
    return frozenset(found)


def spoils(kept: Iterable[Mending], piece: Piece, edit: Edit) -> bool:
    """Whether one of the functions is no longer right with an edit."""
    return any(not one.all_right(one.ran(piece, edit.node, edit.text)) for one in kept)
