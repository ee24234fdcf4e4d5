"""A factor behind a sum multiplies the whole sum only if brackets say so; without them it takes the nearest term alone.

Long gradient lines are written term by term, and the derivative of the activation is added at the end. If a bracket is missing, closes
one factor too early or one too late, every factor is still there and the line looks complete. The numbers have the right size, and only
those that are computed from this line are wrong. Where the other term happens to be zero, as at the last step of a sequence, they are
even right.

To check, give each part of the line a name of its own, on a line of its own, and put the result together from these names.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_TOKEN = re.compile(r"[A-Za-z_][\w.]*(?=\()|[A-Za-z_][\w.]*|\d+|\*\*|[-+*/(),=\[\]:]")
_ARGUMENTS = {"dot(np)": 2, "tanh(np)": 1, "sigmoid": 1}
"""How many arguments a function takes, named as ``_structure`` does: with one more, NumPy writes into it."""


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each pair of brackets dropped, or one end of it moved to every other place; a new pair at every place; a sum's first term alone.

    And a sum that has a line of its own, written out where it is a factor, without brackets; and brackets that open a product dropped by
    somebody who writes them behind the other factors. Where several equations have a pair around the same, it is one slip in all.
    """
    for root, factors in expression.products():
        first, *others = factors
        if isinstance(first, ast.BinOp) and isinstance(first.op, ast.Sub) and isinstance(first.left, ast.Constant):
            rest, last = expression.product(others), expression.factor(first.right)
            yield Rewrite(expression.put(root, f"{rest} * {expression.of(first.left)} - {last}"))
        for at, factor in enumerate(factors):
            if isinstance(factor, ast.BinOp) and isinstance(factor.op, (ast.Add, ast.Sub)) and not isinstance(factor.left, ast.Constant):
                sign = "+" if isinstance(factor.op, ast.Add) else "-"
                rest = expression.product(factors[:at] + factors[at + 1 :])
                first, last = expression.factor(factor.left), expression.factor(factor.right)
                yield Rewrite(expression.put(root, f"({first} * {rest} {sign} {last})"))
    yield from _written_out(expression, site)
    tokens = _TOKEN.findall(expression.text)
    seen = {_structure(expression.tree)}
    dropped = {_joined(inner): _joined(inside) for inner, inside in _without_a_pair(tokens)}
    for text in dict.fromkeys([*dropped, *map(_joined, _moved(tokens))]):
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, MemoryError):
            continue
        key = _structure(tree)
        if key and key not in seen:
            seen.add(key)
            inside = dropped.get(text, "")
            shared = inside and site.assignment.vocabulary.normal(site.target, inside) == inside
            yield Rewrite(text, slip=f"none around {inside}" if shared else "")


def _written_out(expression: Expression, site: Site) -> Iterator[Rewrite]:
    for root, factors in expression.products():
        for at, factor in enumerate(factors):
            if isinstance(factor, ast.Name) and factor.id in site.sums:
                rest = expression.product(factors[:at] + factors[at + 1 :])
                yield Rewrite(expression.put(root, f"{site.sums[factor.id]} * {rest}"))
                yield Rewrite(expression.put(root, f"{rest} * {site.sums[factor.id]}"))


def _structure(node: ast.AST) -> str:
    """The expression with a bracket around every part, so that equal ones are equal texts; empty for what nobody writes.

    That is a tuple, a call of a result, a function with too few arguments or with one to write its result into. (Much faster than
    ``ast.dump``, for a hundred thousand expressions.)
    """
    match node:
        case ast.Name():
            return node.id
        case ast.Constant():
            return repr(node.value)
        case ast.BinOp():
            head, parts = type(node.op).__name__, [node.left, node.right]
        case ast.Call(ast.Name() | ast.Attribute()):
            head, parts = _structure(node.func), [*node.args, *node.keywords]
            if len(node.args) != _ARGUMENTS.get(head, len(node.args)):
                return ""
        case ast.Call() | ast.Tuple():
            return ""
        case ast.Attribute():
            head, parts = node.attr, [node.value]
        case _:
            head = getattr(node, "arg", type(getattr(node, "op", node)).__name__)
            parts = [part for part in ast.iter_child_nodes(node) if not isinstance(part, (ast.expr_context, ast.unaryop))]
    texts = [_structure(part) for part in parts]
    return f"{head}({', '.join(texts)})" if all(texts) else ""


def _pairs(tokens: list[str]) -> list[tuple[int, int]]:
    """Where each pair of brackets opens and closes."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, sign in enumerate(tokens):
        if sign == "(":
            stack.append(place)
        elif sign == ")":
            pairs.append((stack.pop(), place))
    return pairs


def _calls(tokens: list[str], start: int) -> bool:
    """Whether the bracket that opens there is that of a call."""
    return start > 0 and (tokens[start - 1][0].isalpha() or tokens[start - 1][0] == "_")


def _without_a_pair(tokens: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The expression without each pair of brackets, and what stands in these."""
    for start, end in _pairs(tokens):
        if not _calls(tokens, start):
            inside = tokens[start + 1 : end]
            yield tokens[:start] + inside + tokens[end + 1 :], inside


def _moved(tokens: list[str]) -> Iterator[list[str]]:
    pairs = _pairs(tokens)
    for start, end in pairs:
        inner = tokens[:start] + tokens[start + 1 : end] + tokens[end + 1 :]
        if not _calls(tokens, start):
            for place in range(end):
                yield [*inner[:place], "(", *inner[place : end - 1], ")", *inner[end - 1 :]]
        for place in range(start + 2, len(inner) + 1):
            yield [*inner[:start], "(", *inner[start:place], ")", *inner[place:]]
    operators = [place for place, token in enumerate(tokens) if token in {"*", "+", "-"}]
    starts = [0, *(place + 1 for place in operators), *(start + 1 for start, _ in pairs)]
    for start in starts:
        for end in [*operators, len(tokens), *(end for _, end in pairs)]:
            if end > start + 1:
                yield [*tokens[:start], "(", *tokens[start:end], ")", *tokens[end:]]


def _joined(tokens: list[str]) -> str:
    text = " ".join(tokens)
    for glue in ("(", "[", "."):
        text = text.replace(f"{glue} ", glue)
    for glue in (")", "]", ",", "."):
        text = text.replace(f" {glue}", glue)
    return re.sub(r"(?<=[\w]) (?=[(\[])", "", text)


OPERATOR = Operator(
    id="bracket-moved",
    title="A bracket is missing or misplaced",
    about=__doc__ or "",
    says="a bracket of {quantity} is missing or stands in the wrong place.",
    hint=(
        "The right pieces may all be there, but brackets say how much of the line a factor, a sign or a power is for. This spoils "
        "{quantity} and whatever is computed from there; no other number is touched. Give each part of the line a name and a line of "
        "its own, and put the whole together from the names."
    ),
    examples=(
        Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * it * 1 - it"),
        Example("rnn_cell_backward", "dWax = np.dot(da_next * (1 - a_next ** 2), xt.T)", "dWax = np.dot(da_next * 1 - a_next ** 2, xt.T)"),
    ),
    rewrites=rewrites,
)
