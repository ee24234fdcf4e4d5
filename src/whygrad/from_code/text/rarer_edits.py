"""Edits of a line that people's slips need less often: names far apart, all orders of what is unpacked, keys, what stands behind a dot."""

from __future__ import annotations

import ast
from copy import deepcopy
from functools import lru_cache
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from whygrad.from_code.text.row_edits import never_read
from whygrad.from_code.text.small_edits import NUMPY, Edit, head, in_another_order, in_each_others_place, with_exchanged
from whygrad.from_code.words import likest

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIRS, _OTHERS = 15, 5
"""Pairs of names that are exchanged in one line, and what is tried in the place of one key."""
_UNPACKED = 4
"""Names on the left that are put into each order."""


def rarer_edits(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """The edits of what a statement of a function does itself."""
    keys, behind, letters = _written_in(around)
    if isinstance(line, ast.AugAssign):
        yield from _target_exchanged(line)
        yield from _target_of_the_line_above(line, around)
    yield from _begun_anew(line)
    for part in head(line):
        yield from _exchanged(part)
        yield from (edit for node in ast.walk(part) for edit in (*_not_its_gradient(node, around), *_not_added_up(node)))
        for node in ast.walk(part):
            match node:
                case ast.Tuple(names, ast.Store()):
                    yield from _in_other_orders(node, names)
                case ast.Subscript(base, ast.Constant(str(key)) as written) | ast.Call(
                    ast.Attribute(base, "get"), [ast.Constant(str(key)) as written, *_]
                ):
                    says = f"{ast.unparse(node)} stands here, where another entry of {ast.unparse(base)} belongs"
                    fixed = f"{ast.unparse(node)} is the same for all gates, and another one belongs to each"
                    yield from (Edit(written, f"({key[:-1]!r} + {name})", "gate-swapped", fixed) for name in letters if len(key) > 1)
                    yield from (Edit(written, repr(other), "name-replaced", says) for other in likest(key, keys)[:_OTHERS])
                case ast.Slice(None, ast.UnaryOp(ast.USub()) as less, None) | ast.Slice(ast.UnaryOp(ast.USub()) as less, None, None):
                    yield from _at_the_other_end(node, less)
                case ast.Call(ast.Name()) if all(keyword.arg for keyword in node.keywords):
                    yield from _terms_of_other_arguments(node)
                case ast.Call(ast.Attribute(ast.Name(numpy), "clip" | "minimum" | "maximum"), [given, _, *_]) if numpy in NUMPY:
                    known = "gradient-clipped" if around.name.endswith("backward") else "activation-wrong"
                    yield Edit(node, f"({ast.unparse(given)})", known, f"{ast.unparse(node)} cuts off what lies beyond a bound")
                case ast.Attribute(base, name, ast.Load()) if not (isinstance(base, ast.Name) and base.id in NUMPY):
                    says = f"{ast.unparse(node)} stands here, where another part of {ast.unparse(base)} belongs"
                    whole = ast.unparse(base)
                    yield from (Edit(node, f"{whole}.{other}", "name-replaced", says) for other in likest(name, behind)[:_OTHERS])
                case _:
                    pass


def _begun_anew(line: ast.stmt) -> Iterator[Edit]:
    """The name that a call's result gets, in the place of an empty dictionary that the call is given."""
    match line:
        case ast.Assign([ast.Name(name)], ast.Call(args=given)):
            says = f"this call is given nothing to add to, where {name} belongs: what the turn before gave it is lost"
            empty = (one for one in given if isinstance(one, ast.Dict) and not one.keys)
            yield from (Edit(one, name, "overwritten-not-summed", says) for one in empty)
        case _:
            pass


def _not_added_up(node: ast.AST) -> Iterator[Edit]:
    """Two dictionaries made into one, in which one of two entries of a key is kept: their sum."""
    match node:
        case ast.Dict([None, None], [ast.Name(one), ast.Name(other)]) | ast.BinOp(ast.Name(one), ast.BitOr(), ast.Name(other)):
            both = f"{{**{one}, **{{key: {one}.get(key, 0) + {other}[key] for key in {other}}}}}"
            says = f"what stands in both {one} and {other} is taken from one of them, and not added up"
            yield Edit(node, both, "overwritten-not-summed", says)
        case ast.Call(ast.Attribute(ast.Name(one), "get"), [key, ast.Name(other)]):
            says = f"{ast.unparse(node)} gives one of the two, where their sum belongs"
            yield Edit(node, f"({one}.get({ast.unparse(key)}, 0) + {other})", "overwritten-not-summed", says)
        case _:
            pass


def _not_its_gradient(node: ast.AST, around: ast.FunctionDef) -> Iterator[Edit]:
    """Where a key put together for each gate begins with a ``d``, that key without it, in what no line reads, or takes by a text.

    So where what is held by the gates' letters alone is called so.
    """
    match node:
        case ast.Subscript(ast.Name(name), ast.Name() as letter, ast.Load()):
            index: ast.expr = ast.BinOp(ast.Constant(name), ast.Add(), letter)
        case ast.Subscript(_, ast.BinOp() | ast.JoinedStr() | ast.Call() as key, ast.Load()):
            index = deepcopy(key)
        case _:
            return
    says = f"{ast.unparse(node)} stands here, where another value belongs"
    for part in ast.walk(index):
        match part:
            case ast.Constant(str(text)) if text.startswith("d") and len(text) > 1:
                part.value = text[1:]
                yield from (Edit(node, f"{table}[{ast.unparse(index)}]", "kind-replaced", says) for table in _tables_of(around))
            case _:
                pass


def _terms_of_other_arguments(call: ast.Call) -> Iterator[Edit]:
    """A term of one argument of a call added to another one, or in the place of one of its terms."""
    sums = [_terms(one) for one in (*call.args, *(keyword.value for keyword in call.keywords))]
    names = [*([""] * len(call.args)), *(f"{keyword.arg}=" for keyword in call.keywords)]
    function = ast.unparse(call.func)

    def given(changed: dict[int, list[str]]) -> str:
        return f"{function}({', '.join(name + ' + '.join(changed.get(n, sums[n])) for n, name in enumerate(names))})"

    for one, other in permutations(range(len(sums)), 2) if max(map(len, sums), default=1) > 1 else ():
        for n, term in enumerate(sums[one]):
            rest = [*sums[one][:n], *sums[one][n + 1 :]]
            if rest:
                says = f"{term} is added to one argument of this call of {function}, and belongs to another"
                yield Edit(call, given({one: rest, other: [*sums[other], term]}), "call-argument-wrong", says)
            for m, theirs in enumerate(sums[other]) if one < other else ():
                says = f"{term} and {theirs} stand in each other's place in this call of {function}"
                mine = [*sums[other][:m], term, *sums[other][m + 1 :]]
                yield Edit(call, given({one: [*rest, theirs], other: mine}), "call-argument-wrong", says)


def _terms(whole: ast.expr) -> list[str]:
    """The texts of what an expression adds up."""
    match whole:
        case ast.BinOp(left, ast.Add(), right):
            return [*_terms(left), *_terms(right)]
        case _:
            return [ast.unparse(whole)]


def _at_the_other_end(node: ast.Slice, less: ast.UnaryOp) -> Iterator[Edit]:
    """The same number counted from the start, and on the other side of the colon."""
    does = "leaves something out" if node.upper is less else "takes something"
    last, first = f":{ast.unparse(less.operand)}", f"{ast.unparse(less.operand)}:"
    counted = f"{ast.unparse(less)} counts from the other end than it should"
    cut = f"[{ast.unparse(node)}] {does} at the other end than it should"
    yield Edit(node, first, "slice-wrong", cut if node.upper is less else counted)
    yield Edit(node, last, "slice-wrong", counted if node.upper is less else cut)


def _exchanged(part: ast.AST) -> Iterator[Edit]:
    """Two names that are read, each in the other's place, wherever they stand in an expression."""
    whole = part if isinstance(part, ast.expr) else getattr(part, "value", None)
    if not isinstance(whole, ast.expr):
        return
    read = [node for node in ast.walk(whole) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in NUMPY]
    called = [node.func for node in ast.walk(whole) if isinstance(node, ast.Call)]
    pairs = [(one, other) for one, other in combinations(read, 2) if one.id != other.id and (one in called) == (other in called)]
    for one, other in pairs[:_PAIRS]:
        yield Edit(whole, f"({with_exchanged(whole, one, other, 'id')})", "names-exchanged", in_each_others_place(one, other))


def _target_exchanged(line: ast.AugAssign) -> Iterator[Edit]:
    """What is changed in place, and a name that is read for it, each in the other's place."""
    for node in ast.walk(line.value):
        if isinstance(line.target, ast.Name) and isinstance(node, ast.Name) and node.id not in {line.target.id, *NUMPY}:
            changed, read = deepcopy((line, node))
            changed.target, read.id = ast.Name(node.id, ast.Store()), line.target.id
            yield Edit(line, ast.unparse(changed), "names-exchanged", f"{line.target.id} and {node.id} stand in each other's place")


def _target_of_the_line_above(line: ast.AugAssign, around: ast.FunctionDef) -> Iterator[Edit]:
    """The name that the line right above gives a value in the place of the one that is changed in place."""
    above = [one for one in ast.walk(around) if isinstance(one, ast.Assign | ast.AugAssign) and one.lineno < line.lineno]
    match max(above, key=lambda one: one.lineno, default=None), line.target:
        case ((ast.Assign([ast.Name(name)]) | ast.AugAssign(ast.Name(name))), ast.Name(changed)) if name != changed:
            says = f"this line changes {changed}, and what stands on its right belongs into another name"
            yield Edit(line.target, name, "name-replaced", says)
        case _:
            pass


def _in_other_orders(node: ast.Tuple, names: list[ast.expr]) -> Iterator[Edit]:
    """What is unpacked into names, in each other order of them that is more than two exchanged."""
    texts = [ast.unparse(name) for name in names]
    if len(texts) > _UNPACKED or any(isinstance(name, ast.Starred) for name in names):
        return
    says = in_another_order(texts)
    for order in permutations(texts):
        if sum(one != other for one, other in zip(order, texts, strict=True)) > 2:  # noqa: PLR2004 - two are exchanged elsewhere
            yield Edit(node, ", ".join(order), "names-exchanged", says)


@lru_cache(maxsize=16)
def _written_in(around: ast.FunctionDef) -> tuple[list[str], list[str], list[str]]:
    """The texts of a function, what stands behind its dots, and its names for a gate's letter."""
    nodes = list(ast.walk(around))
    keys = dict.fromkeys(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return list(keys), list(dict.fromkeys(node.attr for node in nodes if isinstance(node, ast.Attribute))), _letters(around)


def _letters(around: ast.FunctionDef) -> list[str]:
    """The names that may stand for a gate's letter: arguments of a function or a helper in it, and what loops go over."""
    given = [one.arg for node in ast.walk(around) if isinstance(node, ast.arguments) for one in node.args]
    turns = [node.target for node in ast.walk(around) if isinstance(node, ast.For | ast.comprehension)]
    return list(dict.fromkeys((*given, *(node.id for target in turns for node in ast.walk(target) if isinstance(node, ast.Name)))))


@lru_cache(maxsize=16)
def _tables_of(around: ast.FunctionDef) -> list[str]:
    """The names that a function does not read, and what it takes something of by a text."""
    nodes = list(ast.walk(around))
    taken = (node for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name | ast.Attribute))
    by_text = (
        node.value for node in taken if any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(node.slice))
    )
    return list(dict.fromkeys((*never_read(around), *map(ast.unparse, by_text))))
