"""For a cache of which form a backward function takes the one that it is given: an object, a dictionary, a tuple of other entries?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from whygrad.from_code.text.written import Written
    from whygrad.sandbox.requests import Raised

_KINDS = ("tuple", "list")
"""The kinds of the course's caches."""
_ASKED_FOR = "such as list or tuple"
"""What NumPy says of what is neither."""
_ARRAYS = frozenset(name for entries in ENTRIES.values() for name in entries if name != "parameters") | {"x"}
"""What the course calls an array that is in a cache: who takes one of these apart wanted its sizes."""


def takes_another_form(written: Written, raised: Raised) -> bool:
    """Whether the error says that one of the course's caches is not what the text uses it as."""
    if raised.type == "AttributeError":
        return raised.of in _KINDS
    if raised.type == "TypeError":
        return any(kind in raised.text.replace(_ASKED_FOR, "") for kind in _KINDS) and not _of_sizes(written, raised)
    return raised.type in {"ValueError", "IndexError"} and _unpacks_caches(written, raised)


def _of_sizes(written: Written, raised: Raised) -> bool:
    """Whether the part that raised works with the shapes of arrays, which are tuples too."""
    if raised.span is None or raised.source != written.piece.source:
        return False
    line, column, end_line, end = raised.span
    span = line - written.piece.line + 1, column, end_line - written.piece.line + 1, end
    nodes = (node for node in written.nodes if isinstance(node, ast.BinOp))
    part = next((node for node in nodes if (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == span), None)
    return part is not None and any(isinstance(node, ast.Attribute) and node.attr == "shape" for node in ast.walk(part))


def asks_past_the_end(written: Written, raised: Raised) -> bool:
    """Whether the error says that one step's cache has fewer entries than the text asks for; of the pair around it nothing is said."""
    if raised.type != "IndexError" or "tuple" not in raised.text or raised.span is None or raised.source != written.piece.source:
        return False
    line, column, end_line, end = raised.span
    span = line - written.piece.line + 1, column, end_line - written.piece.line + 1, end
    for node in ast.walk(written.node):
        if isinstance(node, ast.Subscript) and (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == span:
            return not (isinstance(node.value, ast.Name) and node.value.id in written.parameters)
    return False


def unpacks_otherwise(written: Written, raised: Raised) -> bool:
    """Whether the line that raised takes one step's cache apart, into another number of names than it has entries.

    It is one step's if it is taken by its number out of a list that was unpacked from the last argument.
    """
    if raised.type != "ValueError" or "unpack" not in raised.text or raised.line is None or raised.source != written.piece.source:
        return False
    line, lists = raised.line - written.piece.line + 1, set[str]()
    for node in written.nodes:
        match node:
            case ast.Assign([ast.Tuple(targets)], ast.Name(name)) if name == written.parameters[-1] and node.lineno < line:
                lists |= {target.id for target in targets if isinstance(target, ast.Name)}
            case _:
                pass
    taken = (node.value for node in written.nodes if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or 0))
    return any(isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id in lists for value in taken)


def unpacks_as_the_course_does(written: Written | None, cell: str) -> bool:
    """Whether the text takes a cache apart into the course's own names, in the course's order."""
    names = list(ENTRIES[cell.partition("_")[0]])
    return written is not None and any(
        [target.id for target in node.elts if isinstance(target, ast.Name)] == names
        for node in written.nodes
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store)
    )


def _unpacks_caches(written: Written, raised: Raised) -> bool:
    """Whether the line that raised takes the last argument, or what was taken from it, apart."""
    if raised.source != written.piece.source or raised.line is None or not written.parameters:
        return False
    line, names = raised.line - written.piece.line + 1, {written.parameters[-1]}
    assigned = sorted((node for node in ast.walk(written.node) if isinstance(node, ast.Assign)), key=lambda node: node.lineno)
    for node in assigned:
        value: ast.expr = node.value
        while isinstance(value, ast.Subscript):
            value = value.value
        if not isinstance(value, ast.Name) or value.id not in names:
            continue
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            return True
        names |= {name for target in node.targets for name in names_in(target)} - _ARRAYS
    return False
