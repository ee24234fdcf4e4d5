"""What a line takes a part of: steps, a stack of gates, a weight, a stack of hidden state and input. Each has a hint of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import HOLDS
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.scope import scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.requests import Value

Kind = Literal["steps", "sequence", "gates", "weight", "stack", "part"]
_GATES = 4
_LONGEST = 60
"""Letters of a text that stands within a sentence."""
_ALL_STEPS = 3
"""Axes of an array of all steps."""
A_STEP_OFF = (
    "Steps stand one behind the other: what is left out, or put in front, moves all that follow to other places, and the shape may be "
    "the same. Print the first and the last slice of {quantity}, beside what belongs to the first and to the last step."
)
_HINTS: dict[Kind, str] = {
    "steps": A_STEP_OFF,
    "sequence": (
        "Print the shapes of {whole} and of {part}, axis by axis. Which axis holds the units (or inputs), which the examples, which the "
        "steps, and which of them is to be cut here?"
    ),
    "gates": (
        "Each gate has its own part of the stack, of one size for all, and one begins where another ends. Print where this cut begins "
        "and where it ends, beside the shape of {whole}: does anything belong to two gates, or to none?"
    ),
    "weight": (
        "Each column of a weight meets one entry of the stack of hidden state and input, so some columns belong to the one and the rest "
        "to the other. Print the shape of each cut weight, beside the shape of {quantity}."
    ),
    "stack": "Print the shape of {whole} and of {part}. Which part belongs to the hidden state, and which to the input?",
    "part": (
        "A part of something larger is taken here, and not the part that belongs here. Print the shape of the whole and of the part: "
        "which of its rows and columns are kept, and which are needed?"
    ),
}


class Cut(NamedTuple):
    """What is cut: its kind, and the texts of the part and of the whole, empty where several are cut or none is seen."""

    kind: Kind
    part: str = ""
    whole: str = ""

    def hint(self) -> str:
        """The second hint; ``{quantity}`` is left open."""
        texts = {"part": _shortened(self.part, "the part"), "whole": _shortened(self.whole, "the whole"), "quantity": "{quantity}"}
        return _HINTS[self.kind].format_map(texts)


def what_is_cut(search: Search, found: Found, says: str = "") -> Cut:
    """What the line takes a part of; of several parts those that the sentence names."""
    text = computed_text(found)
    cuts = [_of(search, found, node, text) for node in _cuts(text)]
    cuts = [one for one in cuts if one.part in " ".join(says.split())] or cuts
    kinds = {one.kind for one in cuts}
    if len(kinds) > 1:
        return Cut("part")
    if not cuts:
        weights = any(_is_weight(search, array_of(read.value)) for read in found.reads)
        return Cut("weight" if weights and found.record.place.kind != "argument" else "part")
    return cuts[0] if len(cuts) == 1 or cuts[0].kind in {"steps", "weight"} else Cut("part")


def computed_text(found: Found) -> str:
    """The text of what the line computes, without what it is given to."""
    place = found.record.place
    text = place.text.partition("=")[2] if place.kind in {"assign", "right", "after"} else place.text
    return " ".join((text.removeprefix("return") if place.kind == "return" else text).split())


def _cuts(text: str) -> Iterator[ast.Subscript]:
    """The parts that are taken in an expression, the outermost first; an index alone takes none."""
    tree = expression_of(text)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Subscript) and any(isinstance(inner, ast.Slice) and _bounds(inner) for inner in _axes(node)):
            yield node


def _axes(node: ast.Subscript) -> list[ast.expr]:
    """What stands in the brackets for each axis."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _bounds(cut: ast.Slice) -> bool:
    return any(one is not None for one in (cut.lower, cut.upper, cut.step))


def _of(search: Search, found: Found, node: ast.Subscript, text: str) -> Cut:
    part, whole = (ast.get_source_segment(text, one) or ast.unparse(one) for one in (node, node.value))
    value = _value(search, found, node.value)
    if isinstance(value, (list, tuple)):
        made = array_of(found.record.value)
        of_steps = search.subject.function != search.subject.cell and (made is None or made.ndim == _ALL_STEPS)
        return Cut("steps" if of_steps else "part", part, whole)
    array = array_of(value)
    if array is None:
        return Cut("part", part, whole)
    if array.ndim == _ALL_STEPS:
        return Cut("sequence", part, whole)
    at = [number for number, one in enumerate(_axes(node)) if isinstance(one, ast.Slice) and _bounds(one)]
    size = array.shape[at[0]] if len(at) == 1 and at[0] < array.ndim else 0
    units, inputs = _sizes(search)
    if size == _GATES * units and search.subject.function.startswith("lstm"):
        return Cut("gates", part, whole)
    if size == units + inputs and array.ndim == 2:  # noqa: PLR2004 - a matrix
        return Cut("weight" if _is_weight(search, array) else "stack", part, whole)
    return Cut("weight" if _is_weight(search, array) else "part", part, whole)


def _value(search: Search, found: Found, node: ast.expr) -> Value:
    """What a part of the line is worth there: by its name, or worked out; a display or a sum of lists is a list."""
    text, record = ast.unparse(node), found.record
    if isinstance(node, (ast.List, ast.Tuple)):
        return [None] * len(node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_value(search, found, side) for side in (node.left, node.right)]
        if all(isinstance(side, (list, tuple)) for side in sides):
            return [*sides[0], *sides[1]]
    for other in reversed(search.last[: record.time]):
        place = other.place
        if place.function == record.place.function and (
            (place.kind in HOLDS and place.target == text) or (place.kind in {"read", "argument"} and _spaced(place.text) == text)
        ):
            return other.value
    line = Expression(text, scope(search, record))
    return None if line.tree is None else array_of(line.value(line.tree))


def _spaced(text: str) -> str:
    tree = expression_of(text)
    return text if tree is None else ast.unparse(tree)


def _parameters(search: Search) -> dict[str, Value]:
    return next(iter(search.quantities.tables[0].parameters), None) or {}


def _sizes(search: Search) -> tuple[int, int]:
    """How many hidden units and how many inputs there are."""
    entries: dict[str, Any] = {name: array_of(value) for name, value in _parameters(search).items()}
    if (gate := entries.get("Wf")) is not None:
        return gate.shape[0], gate.shape[1] - gate.shape[0]
    inner, outer = entries.get("Waa"), entries.get("Wax")
    return (0, 0) if inner is None or outer is None else (inner.shape[0], outer.shape[1])


def _is_weight(search: Search, array: Array | None) -> bool:
    """Whether an array is made of nothing but entries of the weights: one of them, turned or not, or several side by side."""
    weights = [value.ravel() for name, one in _parameters(search).items() if name[0] == "W" and (value := array_of(one)) is not None]
    return array is not None and array.ndim == 2 and bool(weights) and bool(np.isin(array, np.concatenate(weights)).all())  # noqa: PLR2004


def _shortened(text: str, otherwise: str) -> str:
    """A text that may stand in a template; a long one by what it is."""
    return text.replace("{", "{{").replace("}", "}}") if len(text) <= _LONGEST else otherwise
