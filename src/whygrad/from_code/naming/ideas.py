"""Which one wrong idea explains a line by itself: where several lines have it they are told as one mistake."""

from __future__ import annotations

import ast
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.naming.own_line import computed_there
from whygrad.from_code.naming.wording import Wording
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.expression import Expression
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.scope import scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.observe.experiment import Found, Search

_MOST_PLACES = 4
"""At which one name stands for another in a line."""
_SLOPES = ("slope_f", "slope_i", "slope_c", "slope_o", "slope_tanh")
"""What the reference calls the derivatives of a cell's activations, which read what may have no name in the learner's line."""


def ideas_of(search: Search, found: Found, known: str | None) -> tuple[str, ...]:
    """The ideas that a line with this mistake may follow from: what is read for what, or what it lacks."""
    if found.how == "unread":
        return ("called otherwise than it is read",)
    return tuple(dict.fromkeys(_ideas_at(Wording(search, found, (), {}, ()), known))) if found.how == "value" else ()


def _ideas_at(wording: Wording, known: str | None) -> Iterator[str]:
    text, right, _ = computed_there(wording, wording.found)
    tried = _tried(wording, known, text) if array_of(right) is not None and np.any(right) else ()
    yield from (idea for idea, value in tried if same(array_of(value), right, wording.tolerance))


def _tried(wording: Wording, known: str | None, text: str) -> Iterator[tuple[str, Any]]:
    """Each idea that goes with a mistake, and what the line would be worth without it."""
    line = Expression(
        text, {**scope(wording.search, wording.found.record), **{read.place.text: read.value for read in wording.found.reads}}
    )
    if line.tree is None:
        return
    match known:
        case "name-replaced" | "gate-swapped":
            yield from _read_for(line, {own: _others(line, own) for own in line.texts})
        case "activation-wrong" | "wrong-activation-derivative":
            yield from (("lacks a square", line.changed(node, array**2)) for node, array in _arrays(line))
            yield from _read_for(line, {own: _activated(line, own) for own in line.texts})
            yield from (("has the derivative of a sigmoid taken of a sigmoid", value) for value in _of_a_sigmoid(line))
            yield from _of_the_other_activation(line)
        case "bracket-moved" | "printed-formula":
            yield from (("lacks the bracket around the sum", value) for value in _with_a_bracket(line))
        case "term-dropped":
            fitting = ((node, array, bias) for node, array in _arrays(line) for bias in _biases(wording, len(array)))
            yield from (("lacks a bias", line.changed(node, array + bias)) for node, array, bias in fitting)
        case "factor-dropped":
            whole, read = array_of(line.value(line.tree)), [array for node, array in _arrays(line) if isinstance(node, ast.Name)]
            slopes = [1 - array for array in read if whole is not None and array.shape == whole.shape]
            yield from (("lacks a part of the derivative of a gate", whole * slope) for slope in slopes)
            gates = (1 - slope for slope in slopes if any(same(slope, array) for _, array in _arrays(line)))
            yield from (("lacks the gate itself in its derivative", whole * gate) for gate in gates)
            every = (*_slopes(line, whole), *(one for name in _SLOPES for one in _right(wording, name)))
            yield from (("lacks the derivative of an activation", whole * slope) for slope in every if shape_of(slope) == shape_of(whole))
        case "factor-added":
            whole, right = array_of(line.value(line.tree)), array_of(computed_there(wording, wording.found)[1])
            if right is not None and any(same(whole, right * slope, wording.tolerance) for slope in _slopes(line, right)):
                yield "has the derivative of an activation once too often", right
        case _:
            pass


def _right(wording: Wording, name: str) -> list[Any]:
    """What has this name in the reference."""
    return [array_of(one.value) for one in wording.search.quantities.named(name, wording.found.record.phase)]


def _biases(wording: Wording, rows: int) -> list[Any]:
    """The biases of so many rows that the function was given."""
    entries = next(iter(wording.search.quantities.tables[0].parameters), None) or {}
    arrays = (array_of(value) for name, value in entries.items() if name.startswith("b"))
    return [array for array in arrays if array is not None and array.shape == (rows, 1)]


def _read_for(line: Expression, meant: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, Any]]:
    """One name for what was meant, at one of the places where it stands or at several of them."""
    assert line.tree is not None  # noqa: S101 - asked before
    tree = ast.parse(ast.unparse(line.tree), mode="eval").body
    places: dict[str, list[ast.Name]] = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in line.texts:
            places[node.id].append(node)
    for own, nodes in places.items():
        for chosen in _choices(nodes):
            for other, text in meant[own]:
                for node in chosen:
                    node.id = other
                yield f"{line.texts[own]} for {text}", line.worth(tree)
            for node in chosen:
                node.id = own


def _choices(nodes: Sequence[ast.Name]) -> Iterable[Sequence[ast.Name]]:
    return (chosen for many in range(1, min(len(nodes), _MOST_PLACES) + 1) for chosen in combinations(nodes, many))


def _others(line: Expression, own: str) -> list[tuple[str, str]]:
    return [(other, text) for other, text in line.texts.items() if other != own]


def _activated(line: Expression, own: str) -> list[tuple[str, str]]:
    """A name's activations, put among the names of the line."""
    array, made = array_of(line.values[own]), list[tuple[str, str]]()
    for function, activation in (("tanh", np.tanh), ("sigmoid", ACTIVATIONS["sigmoid"])):
        if array is not None and array.ndim and array.dtype.kind == "f":
            with np.errstate(all="ignore"):
                line.values[f"{function} {own}"] = activation(array)
            made.append((f"{function} {own}", f"its {function}"))
    return made


def _slopes(line: Expression, made: object) -> Iterator[Any]:
    """The derivatives that an activation has whose output has a name, of the shape of what is made."""
    shape = shape_of(made)
    for array in map(array_of, line.values.values()):
        if array is not None and array.dtype.kind == "f" and array.ndim and array.shape == shape:
            yield from (array * (1 - array), 1 - array**2)


def _of_a_sigmoid(line: Expression) -> Iterator[Any]:
    """What a line would be worth with a sigmoid's derivative taken of what it is taken of once too often."""
    whole = None if line.tree is None else array_of(line.value(line.tree))
    for gate in map(array_of, line.values.values()):
        if gate is not None and whole is not None and gate.shape == whole.shape and ((gate > 0) & (gate < 1)).all():
            twice = ACTIVATIONS["sigmoid"](gate)
            yield whole * gate * (1 - gate) / (twice * (1 - twice))


def _of_the_other_activation(line: Expression) -> Iterator[tuple[str, Any]]:
    """What a line would be worth with the one activation's derivative of a name in the place of the other's."""
    whole = None if line.tree is None else array_of(line.value(line.tree))
    for _, made in _arrays(line):
        if whole is not None and made.shape == whole.shape and (abs(made) < 1).all() and made.all():
            of_sigmoid, of_tanh = made * (1 - made), 1 - made**2
            yield "has the tanh's derivative in the place of the sigmoid's", whole * of_sigmoid / of_tanh
            yield "has the sigmoid's derivative in the place of the tanh's", whole * of_tanh / of_sigmoid


def _with_a_bracket(line: Expression) -> Iterator[Any]:
    """What a sum would be worth if the last factors of its last term were for the whole of it."""
    match line.tree:
        case ast.BinOp(first, ast.Add(), product):
            before, behind = array_of(line.value(first)), 1.0
            while isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult):
                factor, product = array_of(line.value(product.right)), product.left
                within = array_of(line.value(product))
                if before is None or factor is None or within is None:
                    return
                behind = behind * factor
                yield (before + within) * behind
        case _:
            pass


def _arrays(line: Expression) -> Iterator[tuple[ast.expr, Any]]:
    """The parts of a line that are matrices of numbers."""
    values = ((node, array_of(line.value(node))) for node in line.nodes())
    yield from ((node, array) for node, array in values if array is not None and array.ndim == 2 and array.dtype.kind == "f")  # noqa: PLR2004
