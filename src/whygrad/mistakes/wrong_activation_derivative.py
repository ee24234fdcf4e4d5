"""The factor for an activation is there, but it is not that activation's derivative at that place.

The cache holds what came out of the sigmoid or tanh, and the derivative must be written with that value. People take the tanh of it once
more, square inside instead of outside, lose the square or the one minus, use the activation itself or the other activation's derivative.
The numbers have a believable size. What is computed from this line is wrong, everything else is right.

To check, compare the factor for one entry with a difference quotient: move what goes into the activation by 0.0001, and see by how much
what comes out moves.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_SQUARED = re.compile(r"1 - (np\.tanh\((\w+)\)|(\w+)) \*\* 2$")


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Every tanh derivative and every sigmoid derivative written in the ways people get them wrong."""
    yield from _of_tanh(expression, site)
    yield from _of_the_gate_beside(expression, site)
    yield from _of_sigmoid(expression)
    yield from _of_the_gradient(expression)


def _of_tanh(expression: Expression, site: Site) -> Iterator[Rewrite]:
    squared = [node for node in expression.nodes if isinstance(node, ast.BinOp) and _SQUARED.match(expression.of(node))]
    for node in squared:
        found = _SQUARED.match(expression.of(node))
        base, inside = (found[1], found[2] or found[3]) if found else ("", "")
        maker = f"the tanh {'of' if found and found[2] else 'behind'} {inside}"
        written = {expression.of(node), f"1 - {inside} * {inside}"}
        for new, how in _TANH_WAYS:
            text = new.format(x=inside, t=base)
            if text not in written:
                written.add(text)
                yield Rewrite(
                    expression.put(node, text if text.isidentifier() or _inside(expression, node) else f"({text})"),
                    f"that of {maker} {how}",
                    f"tanh of {inside}: {new}",
                )
        if inside == "a_next" and "Waa" in site.scope:
            for new, how in _RNN_WAYS:
                yield Rewrite(expression.put(node, new), f"that of {maker} {how}", f"tanh of {inside}: {new}")
        for state in states(site):
            if state != inside and base == inside:  # of a tanh's argument it is a name replaced
                yield Rewrite(
                    expression.put(node, f"1 - np.tanh({state}) ** 2"),
                    f"that of {maker} is taken of another state",
                    f"tanh of {inside} -> {state}",
                )
    if len(squared) > 1 and len({expression.of(node) for node in squared}) == 1:
        for new, how in _TANH_WAYS:
            yield Rewrite(expression.put_all(list(squared), f"{new.format(x='c_next', t='np.tanh(c_next)')}"), f"that of the tanh {how}")


def _of_the_gate_beside(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The derivative of the sigmoid behind the gate that stands in the candidate's equation, for that of the tanh behind the candidate."""
    for node in expression.nodes:
        found = _SQUARED.match(expression.of(node)) if isinstance(node, ast.BinOp) else None
        candidate = found[3] if found else None
        for gate in dict.fromkeys(name.id for name in expression.names if candidate and name.id != candidate):
            if site.assignment.vocabulary.kind(gate) == "gate":
                how = f"that of the sigmoid behind {gate} stands where that of the tanh behind {candidate} belongs"
                yield Rewrite(expression.put(node, f"1 - {gate}"), how, f"tanh of {candidate}: 1 - the gate beside it")


def _of_sigmoid(expression: Expression) -> Iterator[Rewrite]:
    for root, factors in expression.products():
        texts = [expression.of(node) for node in factors]
        for gate in {name.id for name in expression.names}:
            if gate in texts and f"1 - {gate}" in texts:
                rest = [node for node, text in zip(factors, texts, strict=True) if text not in {gate, f"1 - {gate}"}]
                for new, how in _SIGMOID_WAYS:
                    text = f"{expression.product(rest)} * {new.format(g=gate)}" if rest else new.format(g=gate)
                    yield Rewrite(expression.put(root, text), f"that of the sigmoid behind {gate} {how}", f"sigmoid: {new}")


def _of_the_gradient(expression: Expression) -> Iterator[Rewrite]:
    """The derivative taken of what it is multiplied with."""
    for root, factors in expression.products():
        texts = [expression.of(node) for node in factors]
        rest = [
            node
            for node, text in zip(factors, texts, strict=True)
            if not (_SQUARED.match(text) or f"1 - {text}" in texts or (text.startswith("1 - ") and text[4:] in texts))
        ]
        if rest and len(rest) < len(factors):
            own = expression.product(rest)
            tanh = any(map(_SQUARED.match, texts))
            derivative = f"(1 - ({own}) ** 2)" if tanh else f"({own}) * (1 - ({own}))"
            yield Rewrite(expression.put(root, f"{own} * {derivative}"), "it is taken of the gradient itself", "of the gradient itself")
            if tanh:
                how = "it is taken of the tanh of the gradient, and the gradient is no factor"
                yield Rewrite(expression.put(root, f"(1 - np.tanh({own}) ** 2)"), how, "tanh of the gradient")
            else:
                text = f"({own}) * (1 - ({own}))"
                yield Rewrite(expression.put(root, text), "it has the gradient in place of the gate", "the gradient for the gate")


def _inside(expression: Expression, node: ast.BinOp) -> bool:
    return expression.text[: node.col_offset].endswith("(") and expression.text[node.end_col_offset :].startswith(")")


_RNN_WAYS = (
    ("1 - (np.dot(Waa, a_prev) + np.dot(Wax, xt) + parameters['ba']) ** 2", "is taken of what goes into it"),
    ("1 - np.tanh((np.dot(Waa, a_prev) + np.dot(Wax, xt) + parameters['ba']) ** 2)", "has its square inside the tanh"),
    ("1 - np.tanh(da_next) ** 2", "is taken of the tanh of a gradient"),
    ("1 - a_next * a_prev", "has two states for the square of one"),
    ("1 - a_next * da_next", "has a gradient in the square"),
)
_TANH_WAYS = (
    ("1 - np.tanh({x}) ** 2", "is taken of a value that is already a tanh"),
    ("1 - np.tanh(np.tanh({x})) ** 2", "is taken with the tanh applied twice"),
    ("1 - {x} ** 2", "is taken without the tanh"),
    ("1 - {x} ** 4", "is taken with a square too many and without the tanh"),
    ("1 - np.tanh({x} ** 2)", "has its square inside the tanh"),
    ("1 - np.tanh({x} ** 2) ** 2", "has a square too many inside the tanh"),
    ("1 - {t} ** 4", "has a square too many"),
    ("{t} ** 2", "lacks the one minus"),
    ("1 - {t}", "lacks the square"),
    ("1 - np.tanh({x})", "is taken of a value that is already a tanh, and lacks the square"),
    ("1 - {t} * {x}", "has what goes into the tanh for one of the two factors of its square"),
    ("(1 - {t}) ** 2", "has its square around the bracket"),
    ("1 - {t} * 2", "has a doubling for the square"),
    ("1 - 2 ** {t}", "has base and exponent exchanged"),
    ("{t}", "is the activation itself"),
    ("np.tanh({x})", "is the activation once more"),
    ("1 + {t} ** 2", "has a plus for the minus"),
    ("{t} * (1 - {t})", "is the sigmoid's derivative"),
    ("1 / np.cosh({t}) ** 2", "is taken of a value that is already a tanh"),
    ("sigmoid({x}) * (1 - sigmoid({x}))", "is the derivative of a sigmoid"),
    ("1 - sigmoid({x}) ** 2", "is taken with a sigmoid"),
    ("{x} > 0", "is the derivative of a relu"),
)
_SIGMOID_WAYS = (
    ("(1 - {g} ** 2)", "is the tanh's derivative"),
    ("(1 - np.tanh({g}) ** 2)", "is the tanh's derivative, of a tanh"),
    ("sigmoid({g}) * (1 - sigmoid({g}))", "is taken of a value that is already a sigmoid"),
    ("{g} * (1 - {g} ** 2)", "has a square too many"),
    ("{g} ** 2 * (1 - {g})", "has a square too many"),
    ("sigmoid({g})", "is the activation once more"),
    ("{g} * (1 - {g}) ** 2", "has a square too many"),
    ("{g} * (1 + {g})", "has a plus for the minus"),
    ("{g} * ({g} - 1)", "has its sign turned round"),
    ("({g} - {g} * {g} * {g})", "has a power too many"),
    ("(1 - {g}) * (1 - {g})", "has one factor twice"),
    ("{g} - {g} ** 2", "lacks its bracket"),
    ("{g} * 1 - {g}", "lacks its bracket"),
)


OPERATOR = Operator(
    id="wrong-activation-derivative",
    title="A wrong derivative of the activation",
    about=__doc__ or "",
    says="the derivative of an activation is wrong in {quantity}: {detail}.",
    hint=(
        "Which activation is it, and does the line take what went into it, or what came out of it? This spoils {quantity} and whatever is "
        "computed from there; no other number is touched. Compare the factor for one entry with a difference quotient: move what goes "
        "into the activation by 0.0001, and see by how much what comes out moves."
    ),
    examples=(
        Example("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 - np.tanh(a_next) ** 2) * da_next"),
        Example("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * (1 - ft ** 2)"),
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = dc_next + da_next * ot * (1 - c_next ** 4)",
        ),
    ),
    rewrites=rewrites,
)
