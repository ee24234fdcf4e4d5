"""A sequence's caches are the pair (list of caches, x): a backward function that never takes the pair apart counts its steps in it.

It raises at the first line that needs one step's cache. Where more results are right with the first of the pair at each of its readings,
that is the one thing that is wrong, at however many lines it shows.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.wording import in_general
from whygrad.from_code.observe.edited import edited, place_of, ran, right_of
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.words import counted
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.requests import Host, Piece, Reply

_OF_PAIRS = frozenset(("rnn_backward", "lstm_backward"))
_WHERE = "Look at what {name} holds when {function} begins."
_WHAT = (
    "The forward function hands back two things under this one name: the list with one cache for each step, and the input. Print "
    "len({name}), and the type of each entry: which of the two has as many entries as there are steps?"
)


def not_taken_apart(host: Host, pieces: Sequence[Piece], function: str, case: Case, reply: Reply, *, traced: bool) -> tuple[Finding, ...]:
    """The first line that takes the pair for the list, of a function that raised so; ``traced`` as runs are where no others can be."""
    if function not in _OF_PAIRS or reply.raised is None:
        return ()
    found = next(((n, node) for n, piece in enumerate(pieces) for node in _defined(piece, function)), None)
    reads = [] if found is None else list(_readings(found[1]))
    if found is None or not reads:
        return ()
    right, program = quantities(function, case).observations, tuple(pieces)
    for read in reversed(reads):  # what stands before a place stays where it is
        program = edited(program, program[found[0]], read, f"{read.id}[0]").pieces
    before, of = right_of(function, reply, right)
    after = right_of(function, ran(host, program, function, case, traced=traced), right)[0]
    if after <= before:
        return ()
    name, piece = reads[0].id, pieces[found[0]]
    line, column, text = place_of(piece, reads[0])
    words = {"name": name, "function": function}
    raised = f"no line takes the two apart, and so it raises {reply.raised.type}"
    rest = tuple(_what_else(host, program, function, case, name)) if after < of else ()
    return (
        Finding(
            function=function, within=function, source=piece.source, line=line, column=column, text=text,
            id="raises", quantity=name, step=None,
            says=f"{name} is still the pair of the list of caches and x here: {raised}",
            hints=(_WHERE.format(**words), _WHAT.format(**words), f"What the mathematics asks for: {in_general(function)}."),
            proof="proved", facts=(f"with the list in its place {counted(after - before, 'result')} more come right",),
            whole=after == of or bool(rest), raises="elsewhere",
        ),
        *rest,
    )  # fmt: skip


def _what_else(host: Host, program: Sequence[Piece], function: str, case: Case, name: str) -> Iterator[Finding]:
    """What is wrong beside that, if it is sure and explains the rest; nothing else."""
    told = what_else(host, program, function, case)
    if all(one.proof == "proved" and one.id is not None for one in told):
        as_written = f"{name}[0]", name
        yield from (replace(one, text=one.text.replace(*as_written), says=one.says.replace(*as_written)) for one in told)


def _defined(piece: Piece, function: str) -> Iterator[ast.FunctionDef]:
    return (node for node in parsed(piece.text).body if isinstance(node, ast.FunctionDef) and node.name == function)


def _readings(function: ast.FunctionDef) -> Iterator[ast.Name]:
    """Where the last parameter is read for the list, from the first to the last; nowhere if some line takes it apart."""
    given = function.args.args[-1].arg if function.args.args else ""
    nodes = list(walk(function))
    if any(
        isinstance(node, ast.Assign) and _is(node.value, given) and isinstance(node.targets[0], (ast.Tuple, ast.List)) for node in nodes
    ):
        return
    second = {id(node.value) for node in nodes if isinstance(node, ast.Subscript) and _is_one(node.slice)}
    loads = [node for node in nodes if isinstance(node, ast.Name) and _is(node, given) and isinstance(node.ctx, ast.Load)]
    yield from sorted((node for node in loads if id(node) not in second), key=lambda node: (node.lineno, node.col_offset))


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_one(node: ast.expr) -> bool:
    match node:
        case ast.Constant(1) | ast.UnaryOp(ast.USub(), ast.Constant(1)):
            return True
        case _:
            return False
