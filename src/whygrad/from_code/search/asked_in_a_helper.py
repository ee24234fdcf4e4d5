"""A helper that asks for another text than the one by which its callers name a gate, or what they want: the lines that call it are right.

Where a call gives it a text that could as well be another one, the helper is told only if more comes right in another function too.
"""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.behind_a_helper import mended_by_text
from whygrad.from_code.search.in_the_common_helper import better
from whygrad.from_code.search.one_edit import holds, keys_of, lines_of, mends_all, told_of
from whygrad.from_code.search.spoils_another import spoils
from whygrad.from_code.text.small_edits import nodes_of
from whygrad.from_code.text.table_edits import rows_of_texts, table_edits
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line
    from whygrad.from_code.text.small_edits import Edit

_MOST = 60
"""Edited programs that are run for one function."""


def asked_in_a_helper(
    tried: Sequence[Mending], found: tuple[Finding, ...], kept: Sequence[Mending], wrong: Sequence[Mending]
) -> tuple[Finding, ...]:
    """The finding at the one such line of a helper that the lines told call; those given where there is none, or more than one.

    The function has to be right in all cases in which it is ``tried``, those ``kept`` right in theirs; ``wrong`` are other functions.
    """
    mending = tried[0]
    lines = lines_of(mending.pieces, mending.function)
    at = [line for line in lines for one in found if holds(line[0], line[2], one) and line[1].name == last_name(one.within)]
    helpers = {name for _, around, line in at for name in (around.name, *names_in(line))} - {mending.function}
    asking = [line for line in lines if line[1].name in helpers and any(map(_asked, nodes_of(line[2])))]
    mends: dict[int, tuple[Finding, bool]] = {}
    for (piece, around, line), edit in islice(_edits(mending, asking), _MOST):
        if id(line) in mends or not all(mends_all(one, piece, edit) for one in tried) or spoils(kept, piece, edit):
            continue
        elsewhere = better(wrong, edited(mending.pieces, piece, edit.node, edit.text).pieces)
        if elsewhere or not any(_tells(node, around.name) for _, _, other in at for node in nodes_of(other)):
            mends[id(line)] = told_of(mending.function, around, piece, edit), elsewhere
    if len(mends) != 1:
        return found
    ((one, elsewhere),) = mends.values()
    known = not elsewhere and any(other.sure and mended_by_text(other, mending) is not None for other in found)
    return found if known else (one,)


def _asked(node: ast.AST) -> bool:
    """Whether something is compared with a text."""
    match node:
        case ast.Compare(_, [ast.Eq() | ast.NotEq()], [ast.Constant(str())]):
            return True
        case _:
            return False


def _tells(node: ast.AST, helper: str) -> bool:
    """Whether a call gives a helper a text."""
    called = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == helper
    return called and any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.iter_child_nodes(node))


def _edits(mending: Mending, asking: Sequence[Line]) -> Iterator[tuple[Line, Edit]]:
    """Other texts in the place of those that these lines ask for."""
    keys, rows = keys_of(mending), rows_of_texts(mending.pieces) if asking else []
    for one in asking:
        asked = [node.comparators[0] for node in nodes_of(one[2]) if isinstance(node, ast.Compare) and _asked(node)]
        yield from ((one, edit) for edit in table_edits(one[2], keys, rows) if any(edit.node is node for node in asked))
