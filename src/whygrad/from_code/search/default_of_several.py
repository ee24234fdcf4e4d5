"""The default of a helper's parameter on which several calls rely, where those that give it are right: told is the default, no call.

So it is with a call in a loop, which relies on it for several gates, where another call gives just what the default is, and need not: that
was meant to be something else. The helper may be a class, which is called to make an object.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.search.left_at_its_default import asked_for, called_by, defaults_left
from whygrad.from_code.search.slips_tried import Option
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.small_edits import ACTIVATIONS, SIGMOID, TANH
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.edited import Mending

_SEVERAL = 2
"""Calls that rely on one default."""
_LOOPS = ast.For | ast.While | ast.ListComp | ast.DictComp | ast.GeneratorExp
"""What comes to a call several times."""


def default_of_several(mending: Mending) -> Iterator[Option]:
    """Such defaults, each with what else may stand there: what one of two activations is not, the other truth."""
    around = functions(mending.pieces, mending.function)
    calls = {id(node): node for _, caller in around for node in walk(caller) if isinstance(node, ast.Call)}.values()
    loops = [node for _, caller in around for node in walk(caller) if isinstance(node, _LOOPS)]
    turning = {id(node) for loop in loops for node in walk(loop)}
    for piece, helper in around:
        name = called_by(piece, helper)
        of_it = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]
        left = [(call, pair) for call in of_it for pair in defaults_left(call, helper)] if helper.name != mending.function else []
        relied = Counter(parameter for _, (parameter, _) in left)
        for parameter, default in dict(pair for _, pair in left).items():
            relying, turns = relied[parameter], any(id(call) in turning for call, (its, _) in left if its == parameter)
            if not (relying >= _SEVERAL or (turns and _given_as_well(of_it, default))) or relying == len(of_it):
                continue
            says = f"{parameter} of {name} is {ast.unparse(default)} where a call does not give it, and something else belongs there"
            hints = (
                f"Look at the head of {name}, and at its calls for {mending.function}.",
                f"Some calls rely on what the head says of {parameter}. What belongs to these, and what do the others give?",
                asked(mending.function),
            )
            told = finding_at(piece, default, mending.function, "name-replaced", says, hints=hints, within=helper.name)
            for other in _others(default, parameter, helper):
                yield Option(told, edited(mending.pieces, piece, default, other).pieces)


def _given_as_well(calls: Sequence[ast.Call], default: ast.expr) -> bool:
    """Whether a call gives, as it need not, what the default is."""
    given = (part for call in calls for part in (*call.args, *(one.value for one in call.keywords)))
    return any(ast.unparse(part) == ast.unparse(default) for part in given)


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
