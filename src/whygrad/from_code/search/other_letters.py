"""A call that tells a helper by a text what to compute, and names the part of another: with that text replaced all comes right.

So it is with a call of what a table has under a key. Only calls are looked at from which a finding without a name may follow, or one within
the helper that is called.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.left_at_its_default import left_at_a_default
from whygrad.from_code.search.slips_tried import Option, mended
from whygrad.sandbox.trees import parsed, walk, walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_ANOTHERS = "name-replaced"
_LETTERS = ("f", "i", "c", "o")


class _Call(NamedTuple):
    """A call, the name of what is called, the text that it is given, and the piece in which it stands; where it is a table, its keys.

    ``made`` are the names that its line gives a value.
    """

    node: ast.Call
    name: str
    text: ast.Constant
    piece: Piece
    keys: tuple[str, ...] = ()
    made: tuple[str, ...] = ()


def told_by_the_text(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with the call in the place of what follows from its text; as they are where no one text mends it."""
    pieces, function = mending.pieces, mending.function
    unclear = any(one.id in {None, _ANOTHERS} or one.within != one.function for one in found)
    calls = [call for call in _calls(pieces, function) if any(_may_follow(one, call) for one in found)] if unclear else []
    texts = ((call, text) for call in calls for text in _other_texts(pieces, function, call))
    by_texts = [Option(_finding(function, call), edited(pieces, call.piece, call.text, repr(text)).pieces) for call, text in texts]
    options = [*by_texts, *left_at_a_default(mending, found)]
    return mended(mending, found, options) if options else found


def _calls(pieces: Sequence[Piece], function: str) -> Iterator[_Call]:
    """The calls in the function that give a text to a function of the program's own, or ask a table of it for one."""
    tables = {name: keys for piece in pieces for name, keys in _tables(piece)}
    defined = {node.name for piece in pieces for node in walked(piece.text) if isinstance(node, ast.FunctionDef)}
    for piece in pieces:
        of_function = [one for one in walked(piece.text) if isinstance(one, ast.FunctionDef) and one.name == function]
        made = dict(names for one in of_function for names in _made(one))
        for node in (inner for one in of_function for inner in walk(one) if isinstance(inner, ast.Call)):
            match node.func:
                case ast.Subscript(ast.Name(table), ast.Constant(str()) as key) if table in tables:
                    yield _Call(node, table, key, piece, tables[table])
                case _:
                    pass
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                if name in defined and isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield _Call(node, name, given, piece, made=made.get(id(node), ()))


def _made(around: ast.FunctionDef) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The calls that are all of a line, with the name that it gives a value."""
    for line in walk(around):
        match line:
            case ast.Assign([ast.Name(name)], ast.Call() as call):
                yield id(call), (name,)
            case _:
                pass


def _tables(piece: Piece) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The dictionaries that a piece writes out, with their keys."""
    for line in parsed(piece.text).body:
        match line:
            case ast.Assign([ast.Name(name)], ast.Dict(keys)):
                yield name, tuple(key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
            case _:
                pass


def _may_follow(finding: Finding, call: _Call) -> bool:
    """Whether a finding has no name and stands at the call, or within what is called, or says that what the call made is another's.

    What is called by the text itself is not: its name says what it is.
    """
    others = [name for name in call.made if not name.endswith(str(call.text.value))]
    if finding.id == _ANOTHERS and not set(others).isdisjoint(re.findall(r"\w+", finding.text)):
        return True
    first = call.node.lineno + call.piece.line - 1
    here = finding.source == call.piece.source and first <= finding.line < first + (call.node.end_lineno or 0) - call.node.lineno + 1
    return (here and finding.id is None) or (
        finding.within != finding.function and (bool(call.keys) or last_name(finding.within) == call.name)
    )


def _other_texts(pieces: Sequence[Piece], function: str, call: _Call) -> list[str]:
    """The texts that the same helper is given by other calls, or compares with, and the letters of the gates in the place of one."""
    beside = [other.text.value for other in _calls(pieces, function) if other.name == call.name]
    helpers = (node for piece in pieces for node in walked(piece.text) if isinstance(node, ast.FunctionDef))
    compares = (part for node in helpers if node.name == call.name for part in walk(node) if isinstance(part, ast.Compare))
    within = [part.value for one in compares for part in walk(one) if isinstance(part, ast.Constant)]
    texts = dict.fromkeys((*call.keys, *beside, *within, *(_LETTERS if call.text.value in _LETTERS else ())))
    return [text for text in texts if isinstance(text, str) and text != call.text.value]


def _finding(function: str, call: _Call) -> Finding:
    says = f"{call.name} is {'asked for' if call.keys else 'given'} {call.text.value!r} in this call, where another text belongs"
    what = (
        f"The text tells {call.name} what to take. Read it once with each text that it is given in this function: which call means which?"
    )
    asks = "What the mathematics asks for: each gate has its own weight, bias and activation, and the derivative of that activation."
    hints = f"Look at the calls of {call.name} in {function}.", what, asks
    return finding_at(call.piece, call.text, function, "name-replaced", says, hints=hints, quantity=call.name)
