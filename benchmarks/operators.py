"""Every operator of ``whygrad.mistakes`` at every site of the reference program's eight functions.

``slips`` plants a typist's slips into programs of any style; here the mistakes are those that whygrad itself knows, in the one program that
they are made for. What concerns the notebook's check, or names that the notebook holds, stands in no function and is left out.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from runs import run
from slips import Slip
from styles import FUNCTIONS

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes import OPERATORS, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes import Edit

OF_THE_NOTEBOOK = "stale("
"""What stands in an edit where a value is taken from the notebook."""
DIGITS = 9
"""To so many digits equal results are the same."""
ALSO = {
    "accumulated-wrongly": "sign-flipped overwritten-not-summed left-at-zero operator-replaced",
    "accumulates-itself": "accumulated-wrongly left-at-zero accumulator-copied",
    "cache-of-wrong-step": "call-argument-wrong returned-otherwise",
    "call-argument-wrong": "carry-missing names-exchanged gate-swapped name-replaced operator-replaced sign-flipped term-dropped "
    "term-repeated",
    "carry-wrong": "sign-flipped carry-missing name-replaced",
    "handed-over-wrongly": "activation-wrong called-otherwise factor-added left-at-zero name-replaced names-exchanged sign-flipped "
    "term-repeated",
    "initial-gradient-wrong": "left-at-zero transpose-wrong mean-for-sum sign-flipped",
    "initial-state-wrong": "draws-random sign-flipped",
    "input-gradient-stored-wrong": "left-at-zero transpose-wrong",
    "left-at-zero": "carry-missing",
    "names-exchanged": "name-replaced gate-swapped transpose-wrong call-argument-wrong",
    "output-slot-as-state": "initial-state-wrong state-not-carried view-of-output left-at-zero",
    "product-for-matrix-product": "transpose-wrong",
    "returned-wrong": "name-replaced initial-gradient-wrong gate-swapped left-at-zero",
    "slice-wrong": "raises",
    "stack-wrong": "left-at-zero term-dropped",
    "state-not-carried": "initial-state-wrong call-argument-wrong name-replaced names-exchanged",
    "sigmoid-miswritten": "sign-flipped bracket-moved operator-replaced activation-wrong",
    "state-stored-wrong": "name-replaced gate-swapped left-at-zero",
    "sum-wrong": "name-replaced",
    "term-added": "term-repeated",
    "upstream-wrong-step": "upstream-missing call-argument-wrong term-repeated",
    "view-of-output": "initial-state-wrong state-stored-wrong",
}
"""What else an operator's mistake may rightly be called: the same said in other words, or more closely."""


@cache
def program() -> str:
    """The reference program as one text: the eight functions after one another."""
    return "\n".join(
        ["import numpy as np", "from rnn_utils import *", *("\n".join(("", *SEQUENCE_MODELS.functions[name])) for name in FUNCTIONS), ""]
    )


def planted() -> list[Slip]:
    """Every edit of every operator that is a program, each text once; ``names`` are the operators whose edits give the same results."""
    made: dict[str, list[tuple[str, Slip]]] = defaultdict(list)
    for operator, edit in _edits():
        slip = _slip(operator, edit)
        if slip is not None:
            made[slip.made(program())].append((operator, slip))
    alike: dict[bytes, set[str]] = defaultdict(set)
    results = {text: _results(text) for text in made}
    for text, found in made.items():
        alike[results[text] or text.encode()].update(operator for operator, _ in found)
    return [replace(slip, names=_names(alike[results[text] or text.encode()])) for text, ((_, slip), *_) in made.items()]


def _names(operators: set[str]) -> frozenset[str]:
    return frozenset(operators).union(*(ALSO.get(name, "").split() for name in operators))


def _edits() -> Iterator[tuple[str, Edit]]:
    for function in FUNCTIONS:
        for number, line in enumerate(SEQUENCE_MODELS.functions[function]):
            site = Site(SEQUENCE_MODELS, function, number, line)
            for operator in OPERATORS.values():
                for edit in operator.at(site):
                    if OF_THE_NOTEBOOK not in str(edit.lines) and any(name in FUNCTIONS for name, _, _ in edit.lines):
                        yield operator.id, edit


def _slip(operator: str, edit: Edit) -> Slip | None:
    """The edit as changed lines of the program; None where that is no program."""
    lines = program().split("\n")
    starts = {name: lines.index(SEQUENCE_MODELS.functions[name][0]) + 1 for name in FUNCTIONS}
    changes = [(starts[name] + number, lines[starts[name] + number - 1], text) for name, number, text in edit.lines if name in FUNCTIONS]
    (line, before, after), *others = changes
    slip = Slip(line, operator, before, after, frozenset(), others=tuple(others))
    try:
        tree = ast.parse(slip.made(program()))
    except SyntaxError:
        return None
    return replace(slip, found_at=frozenset(_found_at(tree, edit, changes)))


def _found_at(tree: ast.Module, edit: Edit, changes: list[tuple[int, str, str]]) -> Iterator[int]:
    """The changed lines as they are numbered afterwards; of a line that is gone, moved away or made zero, also those where it is missed."""
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == edit.function)
    for line, before, after in changes:
        earlier = sum(text.count("\n") for other, _, text in changes if other < line)
        yield from range(line + earlier, line + earlier + after.count("\n") + 1)
        name = before.strip().partition(" = ")[0].partition("[")[0]
        if edit.operator != "left-at-zero" and after and "\n" not in after and after.strip().startswith(name):
            continue
        for node in ast.walk(function):
            match node:
                case ast.For() | ast.Return():
                    yield node.lineno
                case ast.Assign(value=ast.Call(func=ast.Name(id=called))) if "cell" in called:
                    yield node.lineno
                case ast.Assign(targets=[target]) if isinstance(target, ast.Name) and target.id == name:
                    yield node.lineno
                case _:
                    pass


def _results(text: str) -> bytes | None:
    """What all functions give, to nine digits of each array's largest entry; None where one raises."""
    runs = run(text)
    if runs is None or any(arrays is None for arrays in runs.values()):
        return None
    found: list[bytes] = []
    for arrays in runs.values():
        for name, array in sorted((arrays or {}).items()):
            value = np.asarray(array)
            size = float(np.max(np.abs(value), initial=0.0)) if value.dtype.kind in "fiub" else 0.0
            rounded = np.round(value / size, DIGITS) + 0.0 if size and np.isfinite(size) else value
            found.append(f"{name} {value.shape} {size:.{DIGITS}e} {np.asarray(rounded).tolist()}".encode())
    return b"\n".join(found)
