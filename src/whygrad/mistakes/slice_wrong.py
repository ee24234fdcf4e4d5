"""A part of something is taken, and it is not the part that belongs there: mostly of the weights of hidden state and input.

Some columns of the weights meet the hidden state, the others the input. They are not cut at all, cut at a wrong place, or rows are taken
for columns, as an old hint of the course did. Where the shapes do not agree NumPy stretches or complains; where they do, nothing shows.
Weights and biases of the cell are right, the gradient at the previous hidden state or at the input is wrong, and so is what a sequence
hands back.

The same happens to a stack of gates, where each has its own rows, and to a list of steps that loses one at the wrong end.

To check, print the shape of each part beside the shape of what it is cut from, and of what it should lead back to.
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

_WAYS = (
    ("", "a whole weight stands where a part of it belongs"),
    ("[:, n_a:]", "the columns of the input are taken"),
    ("[:, :n_a]", "the columns of the hidden state are taken"),
    ("[n_a:, :]", "rows are taken where columns are meant"),
    ("[:n_a, :]", "rows are taken where columns are meant"),
    ("[:, n_a - 1:]", "the cut is too early"),
    ("[:, :n_a - 1]", "the cut is too early"),
    ("[:, n_a + 1:]", "the cut is too late"),
    ("[:, :n_a + 1]", "the cut is too late"),
    ("[:, -n_a:]", "the cut is at the number of inputs"),
    ("[:, :-n_a]", "the cut is at the number of inputs"),
)

_INPUT_FIRST = {("da_prev", "[:, -n_a:]", ".T"), ("dxt", "[:, :-n_a]", ".T")}
"""Both cuts of who thinks that the columns of the input stand before those of the hidden state: one slip."""


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each cut of a weight, or all of them, made otherwise; with and without the transpose."""
    cuts = [node for node in expression.nodes if isinstance(node, ast.Subscript)]
    for node in cuts:
        for cut, how in _WAYS:
            yield Rewrite(expression.put(node, expression.of(node.value) + cut), how)
    for cut, how in _WAYS:
        for last in ("", ".T"):
            text = re.sub(r"\[[^]]*n_a[^]]*\]\.T", cut + last, expression.text)
            if text not in {expression.text, expression.text.replace(".T", "")}:
                turned_round = (site.target, cut, last) in _INPUT_FIRST
                yield Rewrite(text, how, "all, with the input first" if turned_round else f"all {cut} {last}")
        inner = re.sub(r"\[[^]]*n_a[^]]*\]\.T", f".T{cut}", expression.text)
        if cut and inner != expression.text:
            yield Rewrite(inner, _after_the_transpose(cut), f"all inside {cut}")
    if cuts:
        full = re.sub(r"\[[^]]*n_a[^]]*\]", "", expression.text)
        for cut, how in (
            ("[:n_a, :]", "the hidden part of the stacked gradient is taken"),
            ("[n_a:, :]", "the input part of the stacked gradient is taken"),
            ("[-3:, :]", "the last rows of the stacked gradient are taken"),
            ("[:3, :]", "the first rows of the stacked gradient are taken"),
        ):
            yield Rewrite(f"({full}){cut}", how, f"stacked {cut}")


def _after_the_transpose(cut: str) -> str:
    """What a cut of the transposed weight takes of the weight: its first axis are the weight's columns."""
    first, _, last = cut[1:-1].partition(", ")
    return dict(_WAYS)[f"[:, {first}]"] if last == ":" else "rows are taken where columns are meant"


OPERATOR = Operator(
    id="slice-wrong",
    title="A part is cut out wrongly",
    about=__doc__ or "",
    says="the weights are cut wrongly in {quantity}: {detail}.",
    hint=(
        "Each column of a weight meets one entry of the stack of hidden state and input, so some columns lead back to the one and the "
        "rest to the other. The gradients of the weights do not need the cut and are not touched. Print the shape of each cut weight, "
        "beside the shape of {quantity}."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dxt = np.dot(Wf[:, n_a:].T, dft) + np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct) + np.dot(Wo[:, n_a:].T, dot)",
            "dxt = np.dot(Wf[:, n_a:].T, dft) + np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct) + np.dot(Wo[n_a:, :].T, dot)",
        ),
    ),
    rewrites=rewrites,
)
