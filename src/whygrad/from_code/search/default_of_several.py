"""The default of a helper's parameter on which several calls rely, where those that give it are right: told is the default, no call."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.search.left_at_its_default import asked_for, defaults_left
from whygrad.from_code.search.slips_tried import Option
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.small_edits import ACTIVATIONS, SIGMOID, TANH
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.edited import Mending

_SEVERAL = 2
"""Calls that rely on one default."""


def default_of_several(mending: Mending) -> Iterator[Option]:
    """Such defaults, each with what else may stand there: what one of two activations is not, the other truth."""
    around = functions(mending.pieces, mending.function)
    calls = [node for _, caller in around if caller.name == mending.function for node in walk(caller) if isinstance(node, ast.Call)]
    for piece, helper in around:
        of_it = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == helper.name]
        left = [pair for call in of_it for pair in defaults_left(call, helper)] if helper.name != mending.function else []
        relied = Counter(parameter for parameter, _ in left)
        for parameter, default in dict(left).items():
            relying = relied[parameter]
            if not _SEVERAL <= relying < len(of_it):
                continue
            says = f"{parameter} of {helper.name} is {ast.unparse(default)} where a call does not give it, and something else belongs there"
            hints = (
                f"Look at the head of {helper.name}, and at its calls in {mending.function}.",
                f"{relying} calls rely on what the head says of {parameter}. What have these calls in common, and what do the others give?",
                asked(mending.function),
            )
            told = finding_at(piece, default, mending.function, "name-replaced", says, hints=hints, within=helper.name)
            for other in _others(default, parameter, helper):
                yield Option(told, edited(mending.pieces, piece, default, other).pieces)


def _others(default: ast.expr, parameter: str, helper: ast.FunctionDef) -> Iterator[str]:
    match default:
        case ast.Constant(bool(value)):
            yield str(not value)
        case ast.Constant(str(value)):
            texts = dict.fromkeys((*asked_for(parameter, helper), *ACTIVATIONS))
            yield next((repr(text) for text in texts if text != value), repr(""))
        case ast.Name(name) | ast.Attribute(attr=name) if name == ACTIVATIONS[1]:
            yield SIGMOID
        case ast.Name() | ast.Attribute():
            yield TANH
        case _:
            pass
