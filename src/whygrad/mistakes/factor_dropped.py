"""A gradient is a product of everything that lies on the path, and one factor is left out.

The line is long and the factors are short names, so one is lost in copying or was never thought of. The numbers that come out have a
believable size, and nothing looks wrong until they are compared. What is computed from this line is wrong; the other gates' weights and
biases are right.

To check, follow the path in the forward pass from this quantity to the loss, and count: every function on the way gives one factor.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.expression import Expression
from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Leave out one factor, or two that stand together; one matrix of a product, or that of every such product."""
    dots = [dot for dot in expression.calls("np.dot") if ".dot(" not in expression.of(dot)[len("np.dot(") :]]
    for some in ([dots] if len(dots) > 1 else []) + [[dot] for dot in dots]:
        for kept, gone in ((1, 0), (0, 1)):
            text = expression.put_each([(dot, expression.factor(dot.args[kept])) for dot in some])
            yield Rewrite(text, " and ".join(called(expression.of(dot.args[gone]), site) for dot in some))
    for root, factors in expression.products():
        for size in (1, 2):
            for start in range(len(factors) - size + 1):
                rest = factors[:start] + factors[start + size :]
                if rest:
                    gone = _called([expression.of(node) for node in factors[start : start + size]], site)
                    slip = _of_a_sigmoid([expression.of(node) for node in factors], start) if size == 1 else ""
                    yield Rewrite(expression.put(root, expression.product(rest)), gone, slip)
        yield from _of_one_term(expression, root, factors, site)


def _called(pieces: list[str], site: Site) -> str:
    """What factors that stand together are called; the two halves of a sigmoid's derivative as one."""
    if pieces[-1] == f"1 - {pieces[0]}":
        return f"the derivative of the sigmoid that made {called(pieces[0], site)}"
    return " and ".join(called(piece, site) for piece in pieces)


def _of_one_term(expression: Expression, root: ast.BinOp, factors: list[ast.expr], site: Site) -> Iterator[Rewrite]:
    """Where one factor is a sum and all is written out term by term: half of a sigmoid's derivative left out of one of the terms."""
    texts = [expression.of(node) for node in factors]
    for node in factors if root is expression.tree else ():
        inner = Expression(site.sums[node.id]) if isinstance(node, ast.Name) and node.id in site.sums else None
        sums = [some for whole, some in inner.sums() if whole is inner.tree] if inner else []
        terms = sums[0] if sums else []
        rest = [factor for factor in factors if factor is not node]
        for place, factor in enumerate(factors):
            if not inner or factor is node or not _of_a_sigmoid(texts, place):
                continue
            fewer = [other for other in rest if other is not factor]
            for short in range(len(terms)):
                parts = [
                    f"{sign} {inner.term(term)} * {expression.product(fewer if at == short else rest)}"
                    for at, (sign, term) in enumerate(terms)
                ]
                gone = f"{called(texts[place], site)}, in one of the terms"
                yield Rewrite(" ".join(parts).removeprefix("+ "), gone, f"{_of_a_sigmoid(texts, place)}, term {short}")


def _of_a_sigmoid(factors: list[str], place: int) -> str:
    """The slip where one half of a sigmoid's derivative is dropped: the same at every gate, whatever else stands there."""
    if f"1 - {factors[place]}" in factors:
        return "the value of a sigmoid's derivative"
    value = factors[place].removeprefix("1 - ")
    return "one minus the value of a sigmoid's derivative" if value != factors[place] and value in factors else ""


OPERATOR = Operator(
    id="factor-dropped",
    title="A factor of a product is missing",
    about=__doc__ or "",
    says="a factor is missing from {quantity}: {detail}.",
    hint=(
        "Everything that lies between {quantity} and the loss gives one factor of the product, and here not all of them are there. "
        "This spoils {quantity} and whatever is computed from there; no other number is touched. Follow the path once more through the"
        " forward pass and count the factors."
    ),
    examples=(
        Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * it * (1 - it)"),
        Example("lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = ot"),
    ),
    rewrites=rewrites,
)
