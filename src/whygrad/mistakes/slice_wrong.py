"""The weights are not cut into hidden and input part, or at the wrong place.

The weights multiply the stack of hidden state and input: the columns of the hidden state lead back to it, the other columns lead back to
the input. An old hint of the course takes rows where columns are meant.
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
    ("", "the weights are not cut at all"),
    ("[:, n_a:]", "the columns of the input are taken"),
    ("[:, :n_a]", "the columns of the hidden state are taken"),
    ("[n_a:, :]", "rows are taken where columns are meant"),
    ("[:n_a, :]", "rows are taken where columns are meant"),
    ("[:, n_a - 1:]", "the cut is one column too early"),
    ("[:, :n_a - 1]", "the cut is one column too early"),
    ("[:, -n_a:]", "the last n_a columns are taken"),
    ("[:, :-n_a]", "the first columns are taken, all but n_a"),
    ("[:, 3:]", "the cut is at the number of inputs"),
    ("[:, :3]", "the cut is at the number of inputs"),
    ("[:, :5]", "the cut is at a fixed number"),
    ("[:, 5:]", "the cut is at a fixed number"),
)


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each cut of a weight, or all of them, made otherwise; with and without the transpose."""
    del site
    cuts = [node for node in expression.nodes if isinstance(node, ast.Subscript)]
    for node in cuts:
        for cut, how in _WAYS:
            yield Rewrite(expression.put(node, expression.of(node.value) + cut), how)
    for cut, how in _WAYS:
        for last in ("", ".T"):
            text = re.sub(r"\[[^]]*n_a[^]]*\]\.T", cut + last, expression.text)
            if text != expression.text:
                yield Rewrite(text, how, f"all {cut} {last}")
        inner = re.sub(r"\[[^]]*n_a[^]]*\]\.T", f".T{cut}", expression.text)
        if cut and inner != expression.text:
            yield Rewrite(inner, how, f"all inside {cut}")
    if cuts:
        full = re.sub(r"\[[^]]*n_a[^]]*\]", "", expression.text)
        for cut, how in (
            ("[:n_a, :]", "the hidden part of the stacked gradient is taken"),
            ("[n_a:, :]", "the input part of the stacked gradient is taken"),
            ("[-3:, :]", "the last rows of the stacked gradient are taken"),
            ("[:3, :]", "the first rows of the stacked gradient are taken"),
        ):
            yield Rewrite(f"({full}){cut}", how, f"stacked {cut}")


OPERATOR = Operator(
    id="slice-wrong",
    title="The weights are cut wrongly",
    about=__doc__ or "",
    says="in {quantity}, {detail}.",
    hint="The weight has one column for every entry of the stack [a_prev; x]. Which columns lead back to this quantity? Here {detail}.",
    examples=(
        Example(
            "lstm_cell_backward",
            ("dxt = np.dot(Wf[:, n_a:].T, dft) + np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct) + np.dot(Wo[:, n_a:].T, dot)"),
            ("dxt = np.dot(Wf.T, dft) + np.dot(Wi.T, dit) + np.dot(Wc.T, dcct) + np.dot(Wo.T, dot)"),
        ),
    ),
    rewrites=rewrites,
)
