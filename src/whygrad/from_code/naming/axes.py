"""Arrays of all steps whose entries are right and stand elsewhere: a step off, or with the axes in another order."""

from __future__ import annotations

import ast
import re
from itertools import permutations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from whygrad.from_code.naming.what_is_cut import A_STEP_OFF, computed_text
from whygrad.from_code.naming.wording import Wording, short
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array


STACKS = re.compile(r"stack|concatenate|r_\[")
"""How a stack is put together."""
_IN_PARTS = re.compile(r"split\(|\[[^\]]*:")
"""What gives several names parts of something."""


def a_step_off(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
    """All steps side by side, each one place too early or too late, or the last of them first."""
    if value.ndim != 3:  # noqa: PLR2004 - all steps
        return None
    if same(value[..., ::-1], right, wording.search.tolerance):
        known = "input-gradient-stored-wrong" if wording.function.endswith("backward") else "output-stored-wrong"
        return wording.plain(known, f"{short(wording.found)} holds the steps in reverse order, the last one first", exact=True)
    for mine, theirs, which in ((value[..., 1:], right[..., :-1], "before"), (value[..., :-1], right[..., 1:], "after")):
        if theirs.size and same(mine, theirs, wording.search.tolerance):
            says = f"{short(wording.found)} holds at each step what belongs to the step {which}"
            cut = slices(computed_text(wording.found))
            stored = wording.quantity in {"dx", "dxt"} or "dx" in map(observed.result_of, wording.found.cured)
            other = "input-gradient-stored-wrong" if stored else "name-replaced"
            known = "slice-wrong" if cut else other if wording.function.endswith("backward") else None
            plain = wording.plain(known, says, exact=True)
            what = A_STEP_OFF.format(quantity=short(wording.found))
            return plain if known == "input-gradient-stored-wrong" else plain.asking(what)
    return None


def one_too_many(wording: Wording, value: Array, right: Array) -> Name | None:
    """All steps side by side, and one more before or behind them."""
    if not value.ndim == right.ndim == 3:  # noqa: PLR2004 - all steps
        return None
    for rest, where in ((value[..., 1:], "in front of"), (value[..., :-1], "behind")):
        if same(rest, right, wording.search.tolerance):
            says = f"{short(wording.found)} holds {value.shape[-1]} steps, of {right.shape[-1]} that x has: one stands {where} them"
            return wording.plain("loop-wrong", says, exact=True).asking(A_STEP_OFF.format(quantity=short(wording.found)))
    return None


def joined_otherwise(wording: Wording, value: Array, right: Array, text: str) -> Name | None:
    """Parts of something cut elsewhere, the right column several times, or steps put together along an axis that they have already."""
    shapes = f"shape {value.shape}; what belongs here has shape {right.shape}"
    tolerance, name, place = wording.search.tolerance, short(wording.found), wording.found.record.place
    if place.kind == "target" and _IN_PARTS.search(wording.search.subject.text.right_side(place)):
        return wording.plain("slice-wrong", f"{name} has {shapes}", exact=False)
    if value.ndim == right.ndim == 2 and right.shape[1] == 1 and len(value) == len(right) and same(value - right, 0 * value, tolerance):  # noqa: PLR2004
        return wording.plain("sum-wrong", f"{name} has one and the same column several times: {shapes}", exact=True)
    if value.size == right.size and value.ndim < right.ndim and STACKS.search(text):
        says = f"{name} has its parts one behind the other, along an axis that they have already: {shapes}"
        return wording.plain("stack-wrong", says, exact=same(np.sort(value, axis=None), np.sort(right, axis=None), tolerance))
    return None


def turned(wording: Wording, value: Array, right: Array) -> bool:
    """Whether an array of all steps has the right entries, and its axes in another order."""
    orders = permutations(range(3)) if value.ndim == right.ndim == 3 else ()  # noqa: PLR2004 - all steps
    return any(same(value.transpose(order), right, wording.search.tolerance) for order in orders)


def slices(text: str) -> bool:
    """Whether a part of something is taken anywhere in an expression; another axis, as in ``x[:, np.newaxis]``, takes none."""
    tree = expression_of(text)
    cuts = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)] if tree is not None else []
    return any(isinstance(node, ast.Slice) for cut in cuts for node in ast.walk(cut) if not _another_axis(cut))


def is_slice(text: str) -> bool:
    """Whether an expression takes a part of something and does nothing else."""
    tree = expression_of(text)
    return isinstance(tree, ast.Subscript) and slices(text)


def cut_wrongly(text: str) -> Literal["stack-wrong", "slice-wrong"]:
    """What it is called that a part with another shape is taken: of what a stack gives that is put together there, or of something else."""
    tree = expression_of(text)
    cuts = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Subscript)] if tree is not None else []
    return "stack-wrong" if any(slices(cut) and STACKS.search(cut) for cut in cuts) else "slice-wrong"


def _another_axis(cut: ast.expr) -> bool:
    parts = cut.elts if isinstance(cut, ast.Tuple) else []
    return any(ast.unparse(part) in {"None", "np.newaxis"} for part in parts) and all(
        ast.unparse(part) in {":", "...", "None", "np.newaxis"} for part in parts
    )
