"""Of what is returned otherwise than asked for, or kept so in a cache: the line that makes it so, or the end of the function."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_code.observe.contract import CachesFault
    from whygrad.from_code.text.written import Written
    from whygrad.records import Location

_EMPTY = frozenset(("[]", "list()"))
_AFTER_THE_LOOP = ": this line stands after the loop, and adds the last one alone"
_MADE_ANEW = ": the list is made anew here at each turn of the loop"


def where_returned(written: Written, caches: CachesFault | None, names: Iterable[str], kept: str) -> tuple[Location | None, str]:
    """The line to tell, and what is to be said of it besides; the end of the function where no other is known.

    ``caches`` is what is wrong with them, ``names`` are those under which something else is stored, ``kept`` is its text.
    """
    late = _adds(written, after_loops=True) if caches == "one" else None
    anew = _empties(written) if caches == "one" else None
    own = _adds(written) if caches == "itself" else None
    own = own or next((place for name in names if (place := _stores(written, name, kept))), None) or _hands_over(written, kept)
    made = late or anew or own or _makes_caches(written, caches)
    if made is None:
        end = _ends(written)
        return written.at(end.lineno, end.col_offset), _of_the_end(written, end)
    return made, _AFTER_THE_LOOP if late else _MADE_ANEW if anew else ""


def _last_of(written: Written, nodes: Iterable[ast.stmt | ast.expr]) -> Location | None:
    """Where the last of some parts of a function stands."""
    return max((written.at(node.lineno, node.col_offset) for node in nodes), key=lambda at: at.line, default=None)


def _empties(written: Written) -> Location | None:
    """The last line of a loop that gives a name an empty list."""
    loops = (node for node in written.nodes if isinstance(node, ast.For | ast.While))
    lines = (line for loop in loops for line in ast.walk(loop) if isinstance(line, ast.Assign) and ast.unparse(line.value) in _EMPTY)
    return _last_of(written, lines)


def _hands_over(written: Written, text: str) -> Location | None:
    """The last call that is given just this."""
    calls = (node for node in written.nodes if isinstance(node, ast.Call))
    found = [one for call in calls for one in call.args if " ".join(ast.unparse(one).split()) == text]
    return _last_of(written, found)


def _adds(written: Written, *, after_loops: bool = False) -> Location | None:
    """The only line that adds to a list, or the only one after all loops if that is asked for."""
    adds = [node for node in written.nodes if isinstance(node, ast.Attribute | ast.AugAssign) and _is_an_add(node)]
    loops = [node for node in written.nodes if isinstance(node, ast.For | ast.While)]
    if after_loops:
        adds = [add for add in adds if loops and all(add.lineno > (loop.end_lineno or 0) for loop in loops)]
    return written.at(adds[0].lineno, adds[0].col_offset) if len(adds) == 1 else None


def _is_an_add(node: ast.Attribute | ast.AugAssign) -> bool:
    """Whether it is ``append``, or ``+=`` with a list written out."""
    return node.attr == "append" if isinstance(node, ast.Attribute) else isinstance(node.value, ast.List)


def _stores(written: Written, key: str, text: str) -> Location | None:
    """The last place that stores something under a key, or just this in a row at an index."""
    found: list[ast.expr] = []
    for node in written.nodes:
        match node:
            case ast.Dict(keys):
                found += [one for one in keys if isinstance(one, ast.Constant) and one.value == key]
            case ast.Call():
                found += [one.value for one in node.keywords if one.arg == key]
            case ast.Tuple(parts) | ast.List(parts) if key.isdigit():
                found += [part for part in parts[int(key) : int(key) + 1] if ast.unparse(part) == text]
            case ast.Assign([ast.Subscript(slice=ast.Constant(value))]) if value == key:
                found.append(node.targets[0])
            case _:
                pass
    return _last_of(written, found)


def _makes_caches(written: Written, fault: CachesFault | None) -> Location | None:
    """The last line that adds to the list of caches, if number or order are wrong, or that makes the tuple, or the name, if its form is."""
    number = fault in {"one", "number", "reversed", "others"}
    if not number and fault != "form":
        return None
    returned = [node.value for node in written.nodes if isinstance(node, ast.Return)]
    last = returned[-1].elts[-1] if returned and isinstance(returned[-1], ast.Tuple) and returned[-1].elts else None
    last = last.elts[0] if isinstance(last, ast.Tuple | ast.List) and last.elts else last
    if not isinstance(last, ast.Name):
        return None
    assigned = [node for node in written.nodes if isinstance(node, ast.Assign) and _is_named(node.targets[0], {last.id})]
    pairs = [node.value.elts[0] for node in assigned if isinstance(node.value, ast.Tuple) and node.value.elts]
    names = {last.id, *(node.id for node in pairs if isinstance(node, ast.Name))}
    if number:
        loops = [node for node in written.nodes if isinstance(node, ast.For | ast.While)]
        found = [node for loop in loops for node in ast.walk(loop) if isinstance(node, ast.stmt) and _adds_to(node, names)]
        found = [node for node in found if fault != "reversed" or "append" not in ast.unparse(node)]
    else:
        found = _copied_over_a_list(written, names) or [node for node in assigned if isinstance(node.value, ast.Tuple)]
    return _last_of(written, found)


def _copied_over_a_list(written: Written, names: set[str]) -> list[ast.Assign]:
    """The lines that give another name's value to one of these names, which another line has made an empty list."""
    given = [node for node in written.nodes if isinstance(node, ast.Assign) and _is_named(node.targets[0], names)]
    lists = {ast.unparse(node.targets[0]) for node in given if ast.unparse(node.value) in _EMPTY}
    return [node for node in given if isinstance(node.value, ast.Name) and ast.unparse(node.targets[0]) in lists]


def _adds_to(node: ast.stmt, names: set[str]) -> bool:
    """Whether a statement changes a list of one of these names, or sets the name."""
    match node:
        case ast.Expr(ast.Call(ast.Attribute(base, "append" | "extend" | "insert"))) | ast.AugAssign(base):
            return _is_named(base, names)
        case ast.Assign([target]):
            return _is_named(target, names)
        case _:
            return False


def _is_named(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _of_the_end(written: Written, end: ast.stmt) -> str:
    """What is to be said of the line with which a function ends, if it ends too early or returns nothing."""
    if not isinstance(end, ast.Return):
        return f": {ast.unparse(end)} alone hands nothing back" if isinstance(end, ast.Expr) else ": it ends here, without a return"
    return ": this return stands above other lines, which are never run" if written.node.body[-1].lineno > end.lineno else ""


def _ends(written: Written) -> ast.stmt:
    """The return behind which nothing is run, else the last one; where there is none the last line."""
    body, last = written.node.body, written.node.body[-1]
    always = next((line for line in body if isinstance(line, ast.Return)), None)
    returns = [node for node in written.nodes if isinstance(node, ast.Return)]
    return always or max(returns, key=lambda node: node.lineno, default=last)
