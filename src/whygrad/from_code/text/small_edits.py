"""Small edits of a line, as text: what people exchange, turn round, or take one too far. Others try which of them mends a function."""

from __future__ import annotations

import ast
from copy import deepcopy
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PRODUCTS = frozenset(("dot", "matmul", "subtract", "divide"))
_SUMS = frozenset(("sum", "mean"))
_ARRANGES = frozenset(
    ("concatenate", "stack", "split", "array_split", "append", "insert", "delete", "expand_dims", "flip", "repeat", "roll")
)
"""Functions that go along an axis and make no one number of what lies there."""
_AXIS_BY_PLACE = _SUMS | {"concatenate", "stack", "expand_dims", "flip"}
"""NumPy's functions whose second argument is the axis."""
MAKES = frozenset(("zeros", "ones", "empty", "full"))
"""NumPy's functions that make an array of a size."""
_OTHER: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add, ast.Mult), ast.Mult: (ast.MatMult, ast.Add, ast.Div), ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_SIGNS = (ast.Add, ast.Sub)
NUMPY = frozenset(("np", "numpy"))
"""Names that stand for no value."""
GATES = "fico"
ACTIVATIONS = "sigmoid", "tanh"
SIGMOID, TANH = "(lambda z: 1 / (1 + np.exp(-z)))", "np.tanh"
"""The two as text, whatever a program calls them."""


class Edit(NamedTuple):
    """A node, the text in its place, the id of the mistake that it undoes, and what the line has, in words."""

    node: ast.expr | ast.stmt | ast.pattern
    text: str
    id: str
    says: str


def edits(line: ast.stmt) -> Iterator[Edit]:
    """The edits of what a statement does itself: of a loop or a condition what stands in front of its block."""
    yield from _of_statement(line)
    for part in head(line):
        if isinstance(part, ast.pattern):
            yield from _taken_exchanged(part)
        sizes = _sizes(part)
        for node in ast.walk(part):
            yield from (one for one in _of_node(node) if node not in sizes or one.id != "operator-replaced")


def _sizes(part: ast.AST) -> set[ast.AST]:
    """The sums in the size of an array that is made: a product of a shape would have the size of all memory; and a range's bounds."""
    calls = [(one, ast.unparse(one.func).rpartition(".")[2]) for one in ast.walk(part) if isinstance(one, ast.Call) and one.args]
    made = [call.args[0] for call, name in calls if name in MAKES]
    bounds = [bound for call, name in calls if name == "range" for bound in call.args]
    sizes = {one for size in made for one in ast.walk(size) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)}
    return {*sizes, *(one for bound in bounds for one in ast.walk(bound) if isinstance(one, ast.BinOp))}


def head(line: ast.stmt) -> list[ast.AST]:
    """What a statement does itself."""
    match line:
        case ast.For(target, around):
            return [target, around]
        case ast.While(test) | ast.If(test):
            return [test]
        case ast.With(items):
            return list(items)
        case ast.Match(subject, cases):
            return [subject, *(one.pattern for one in cases), *(one.guard for one in cases if one.guard is not None)]
        case ast.FunctionDef() | ast.ClassDef() | ast.Try():
            return []
        case _:
            return [line]


def nodes_of(line: ast.stmt) -> list[ast.AST]:
    """All nodes of what a statement does itself."""
    return [node for part in head(line) for node in walk(part)]


def _of_statement(line: ast.stmt) -> Iterator[Edit]:
    match line:
        case ast.AugAssign(target, ast.Add(), value):
            name = ast.unparse(target)
            yield Edit(
                line, f"{name} = {ast.unparse(value)}", "accumulated-wrongly", f"{name} is added to here, and should get a new value"
            )
        case ast.AugAssign(target, ast.Sub(), value):
            name = ast.unparse(target)
            yield Edit(line, f"{name} += {ast.unparse(value)}", "sign-flipped", f"{name} loses here what should be added to it")
        case ast.Assign([ast.Name() | ast.Subscript() | ast.Attribute() as target], value):
            name = ast.unparse(target)
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and ast.unparse(value.left) == name:
                says = f"{name} gets a new array here, and the one that it stood for stays as it was"
                yield Edit(line, f"{name} += {ast.unparse(value.right)}", "left-at-zero", says)
            yield Edit(line, f"{name} += {ast.unparse(value)}", "overwritten-not-summed", f"{name} loses here what it held before")
            yield Edit(value, f"-({ast.unparse(value)})", "sign-flipped", f"{name} has the other sign here than it should")
        case ast.For(_, around):
            yield from _turned_loop(around)
        case ast.Break():
            yield Edit(line, "continue", "loop-wrong", "the whole loop ends here, and not just this turn")
        case _:
            pass


def _turned_loop(around: ast.expr) -> Iterator[Edit]:
    says = "the loop goes the other way than it should"
    match around:
        case ast.Call(ast.Name("reversed"), [inner]):
            yield Edit(around, ast.unparse(inner), "loop-wrong", says)
        case ast.Call(ast.Name("zip"), parts) if 0 < sum(map(_is_turned, parts)) < len(parts):
            texts = [ast.unparse(part) for part in parts]
            texts = [text if _is_turned(part) else f"reversed(list({text}))" for part, text in zip(parts, texts, strict=True)]
            counts = "one of what goes along here comes from the first to the last, and the other from the last to the first"
            yield Edit(around, f"zip({', '.join(texts)})", "loop-wrong", counts)
        case ast.Call(ast.Name("range" | "zip")):
            yield Edit(around, f"reversed(list({ast.unparse(around)}))", "loop-wrong", says)
        case ast.Call(ast.Name("enumerate"), [ast.Call(ast.Name("reversed"), [inner])]):
            counts = "enumerate counts up here, while what it counts comes from the last to the first"
            yield Edit(around, f"reversed(list(enumerate({ast.unparse(inner)})))", "loop-wrong", counts)
        case ast.Call(ast.Name("enumerate"), [ast.Subscript(inner, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1))))]):
            counts = "enumerate counts up here, while what it counts comes from the last to the first"
            yield Edit(around, f"reversed(list(enumerate({ast.unparse(inner)})))", "loop-wrong", counts)
        case ast.Call(ast.Name("enumerate"), [inner]):
            yield Edit(around, f"reversed(list({ast.unparse(around)}))", "loop-wrong", says)
        case _:
            pass


def _is_turned(part: ast.expr) -> bool:
    """Whether something is gone through from its last to its first."""
    return (text := ast.unparse(part)).startswith("reversed(") or text.endswith("[::-1]")


def _of_node(node: ast.AST) -> Iterator[Edit]:  # noqa: C901 - one case for each kind of node
    match node:
        case ast.Tuple(parts) | ast.List(parts):
            for text, one, other in _exchanged(node, parts):
                whole = isinstance(node, ast.Tuple) and not any(isinstance(part, ast.Slice) for part in parts)
                yield Edit(node, f"({text})" if whole else text, "names-exchanged", in_each_others_place(one, other))
        case ast.Call(function, parts):
            name = ast.unparse(function)
            for text, one, other in _exchanged(node, parts):
                known = "transpose-wrong" if name.rpartition(".")[2] in _PRODUCTS else "call-argument-wrong"
                yield Edit(node, text, known, f"{in_each_others_place(one, other)} in this call of {name}")
            yield from _other_keywords(node, name)
            yield from _other_calls(node, name)
            yield from _out_of_brackets(node)
            yield from _other_bounds(node)
        case ast.BinOp(left, operator, right):
            yield from _moved_bracket(node, left, right)
            yield from _other_operators(node, left, operator, right)
            if isinstance(operator, ast.Div) and isinstance(right, ast.Name):
                says = f"a division by {right.id} does not belong in {ast.unparse(node)}"
                yield Edit(node, f"({ast.unparse(left)})", "mean-for-sum", says)
        case ast.Compare(_, [_], [_]):
            yield from _other_conditions(node)
        case ast.Attribute(base, "T"):
            yield Edit(node, ast.unparse(base), "transpose-wrong", f"{ast.unparse(node)} stands here, with rows and columns exchanged")
        case ast.Subscript(base, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))):
            yield Edit(node, ast.unparse(base), "loop-wrong", f"{ast.unparse(node)} goes the other way than it should")
        case ast.Subscript(_, index):
            yield from _other_indices(node, index)
        case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
            yield Edit(node, ast.unparse(operand), "sign-flipped", f"{ast.unparse(node)} has a minus in front that does not belong there")
        case _:
            pass


def with_exchanged(whole: ast.AST, one: ast.AST, other: ast.AST, field: str) -> str:
    """The text of a tree in which two of its nodes have in a field what the other one has."""
    changed, mine, theirs = deepcopy((whole, one, other))
    setattr(mine, field, getattr(other, field))
    setattr(theirs, field, getattr(one, field))
    return ast.unparse(changed)


def in_another_order(names: Sequence[str]) -> str:
    """What is said of names that get each other's values."""
    return f"{listed(names)} are unpacked here in another order than they stand in"


def in_each_others_place(one: ast.AST, other: ast.AST) -> str:
    """What is said of two parts of a line that are exchanged."""
    return f"{ast.unparse(one)} and {ast.unparse(other)} stand in each other's place"


def _exchanged(node: ast.expr, parts: list[ast.expr]) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """The node's text with two of its parts in each other's place."""
    whole = [part for part in parts if not isinstance(part, ast.Starred)]
    for one, other in list(combinations(range(len(whole)), 2))[:10]:
        changed = deepcopy(node)
        inner = changed.args if isinstance(changed, ast.Call) else changed.elts if isinstance(changed, ast.Tuple | ast.List) else []
        if len(inner) == len(whole) and ast.dump(whole[one]) != ast.dump(whole[other]):
            inner[one], inner[other] = inner[other], inner[one]
            text = ast.unparse(changed)
            yield text[1:-1] if isinstance(changed, ast.Tuple) else text, whole[one], whole[other]


def _taken_exchanged(pattern: ast.pattern) -> Iterator[Edit]:
    """Two names that a pattern gives a value, in each other's place."""
    taken = [node for node in ast.walk(pattern) if isinstance(node, ast.MatchAs) and node.pattern is None and node.name is not None]
    for one, other in combinations(taken, 2):
        yield Edit(pattern, with_exchanged(pattern, one, other, "name"), "names-exchanged", in_each_others_place(one, other))


def _other_keywords(node: ast.Call, name: str) -> Iterator[Edit]:
    last = name.rpartition(".")[2]
    for keyword in node.keywords:
        match keyword.value:
            case ast.Constant(bool(value)):
                known = "sum-wrong" if last in _SUMS else "name-replaced"
                yield Edit(keyword.value, str(not value), known, f"{ast.unparse(keyword)} stands here")
            case _:
                pass
    match _axis(node, last):
        case ast.Constant(int(value)) as given:
            for axis in {0, 1, 2} - {value}:
                known = "stack-wrong" if last in _ARRANGES else "sum-wrong"
                says = (
                    f"axis={value} is not the axis that belongs here"
                    if name == "dict"
                    else f"{name} goes along another axis here than it should"
                )
                yield Edit(given, str(axis), known, says)
        case _:
            pass


def _axis(node: ast.Call, last: str) -> ast.expr | None:
    """The axis that a call says, by its name or by its place: the second of NumPy's own, the first of a method."""
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "axis"), None)
    match node:
        case ast.Call(ast.Attribute(ast.Name(library)), parts) if library in NUMPY:
            return parts[1] if len(parts) > 1 and last in _AXIS_BY_PLACE else named
        case ast.Call(ast.Attribute(), [axis]) if last in _SUMS:
            return axis
        case _:
            return named


def _other_conditions(node: ast.Compare) -> Iterator[Edit]:
    """Another comparison of the same things, or with a number that is one more or less."""
    says = f"{ast.unparse(node)} holds at other times than it should"
    changed = deepcopy(node)
    changed.ops = [_COMPARED[type(one)]() for one in node.ops]
    yield Edit(node, ast.unparse(changed), "loop-wrong", says)
    side = node.comparators[0]
    match side:
        case ast.BinOp(whole, ast.Add() | ast.Sub(), ast.Constant(int())):
            others = [ast.unparse(whole)]
        case ast.Constant(int(number)) if not isinstance(number, bool):
            others = [str(other) for other in (number - 1, number + 1) if other >= 0]
        case ast.Name() | ast.Call() | ast.Subscript() | ast.Attribute():
            others = [f"{ast.unparse(side)} {way} 1" for way in "-+"]
        case _:
            others = []
    yield from (Edit(side, f"({other})", "loop-wrong", says) for other in others)


def _moved_bracket(node: ast.BinOp, left: ast.expr, right: ast.expr) -> Iterator[Edit]:
    """What stands behind a call of one value, taken into it."""
    if isinstance(left, ast.Call) and len(left.args) == 1 and not left.keywords:
        changed = deepcopy(node)
        call = deepcopy(left)
        changed.left = call.args[0]
        call.args = [changed]
        says = f"a bracket of {ast.unparse(node)} closes before {ast.unparse(right)}"
        yield Edit(node, ast.unparse(call), "bracket-moved", says)


def _out_of_brackets(node: ast.Call) -> Iterator[Edit]:
    """A call of one term or factor of what it is of, with the others outside of its brackets; or of all but the last.

    So where a function of two makes what it is of.
    """
    match node:
        case ast.Call(function, [ast.BinOp(left, ast.Mult() | ast.Add() as operator, right)], []):
            parts, sign = [right], " * " if isinstance(operator, ast.Mult) else " + "
            while isinstance(left, ast.BinOp) and isinstance(left.op, type(operator)):
                parts.insert(0, left.right)
                left = left.left
            texts = [f"({ast.unparse(part)})" for part in (left, *parts)]
            says = f"not all that stands in the brackets of {ast.unparse(node)} belongs there"
            splits = [(sign.join(texts[:number] + texts[number + 1 :]), one) for number, one in enumerate(texts)]
            for outside, inside in (*splits, *((one, rest) for rest, one in splits[-1:] if len(texts) > 2)):  # noqa: PLR2004 - else it is one
                yield Edit(node, f"({outside}{sign}{ast.unparse(function)}({inside}))", "bracket-moved", says)
        case ast.Call(function, [ast.Call(helper, [one, other], [])], []):
            outer, inner, first, second = map(ast.unparse, (function, helper, one, other))
            says = f"not all that stands in the brackets of {ast.unparse(node)} belongs there"
            yield from (
                Edit(node, f"{inner}({sides})", "bracket-moved", says)
                for sides in (f"{outer}({first}), {second}", f"{first}, {outer}({second})")
            )
        case _:
            pass


def _other_calls(node: ast.Call, name: str) -> Iterator[Edit]:
    """A list's other end, a sum for a mean, and what is handed in as it is."""
    takes = f"{name} takes one from the other end of the list than it should"
    puts = f"{name} puts it at the other end of the list than it should"
    match node:
        case ast.Call(ast.Attribute(base, "pop"), given, []) if not given or isinstance(given[0], ast.Constant):
            yield Edit(node, f"{ast.unparse(base)}.pop({'' if given else 0})", "loop-wrong", takes)
        case ast.Call(ast.Attribute(base, "append"), [given], []):
            yield Edit(node, f"{ast.unparse(base)}.insert(0, {ast.unparse(given)})", "loop-wrong", puts)
        case ast.Call(ast.Attribute(base, "insert"), [ast.Constant(0), given], []):
            yield Edit(node, f"{ast.unparse(base)}.append({ast.unparse(given)})", "loop-wrong", puts)
        case ast.Call(ast.Attribute(base, "mean") as called) if not (isinstance(base, ast.Name) and base.id in NUMPY):
            says = f"a mean of {ast.unparse(base)} stands here, where the sum belongs"
            yield Edit(called, f"{ast.unparse(base)}.sum", "mean-for-sum", says)
        case ast.Call(ast.Name(), [given], []):
            yield Edit(
                node, f"({ast.unparse(given)})", "name-replaced", f"{ast.unparse(node)} stands where something without {name} belongs"
            )
        case _:
            pass


def _other_bounds(node: ast.Call) -> Iterator[Edit]:
    """A range that begins one earlier or later, or ends so."""
    match node:
        case ast.Call(ast.Name("range"), [start, stop, *step], []):
            ends = [(start, "begin"), (stop, "end")]
            back = any(isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub) for one in step)
        case ast.Call(ast.Name("range"), [stop], []):
            ends, back = [(stop, "end")], False
        case _:
            return
    written = ast.unparse(node)
    for bound, which in ends:
        for way in (-1, 1):
            lacks = (way > 0) == ((which == "end") != back)  # with this bound one more is gone over
            what = "leaves out the first" if which == "begin" else "leaves out the last"
            more = "begins one too early" if which == "begin" else "goes on one too far"
            says = f"{written} {what} of those that it should go over" if lacks else f"{written} {more}"
            yield Edit(bound, _moved(bound, way), "loop-wrong", says)


def _moved(bound: ast.expr, way: int) -> str:
    """A bound one more or less, as one would write it."""
    match bound:
        case ast.Constant(int(number)):
            return str(number + way)
        case ast.UnaryOp(ast.USub(), ast.Constant(int(number))):
            return str(way - number)
        case ast.BinOp(whole, ast.Sub() | ast.Add() as sign, ast.Constant(1)) if isinstance(sign, ast.Sub) == (way > 0):
            return ast.unparse(whole)
        case _:
            return f"{ast.unparse(bound)} {'+' if way > 0 else '-'} 1"


def _other_operators(node: ast.BinOp, left: ast.expr, operator: ast.operator, right: ast.expr) -> Iterator[Edit]:
    lists = isinstance(operator, ast.Add) and any(isinstance(side, ast.List | ast.ListComp) for side in (left, right))
    if lists or isinstance(operator, ast.MatMult | ast.Sub | ast.Div):
        changed = deepcopy(node)
        changed.left, changed.right = changed.right, changed.left
        known = "transpose-wrong" if isinstance(operator, ast.MatMult) else "loop-wrong" if lists else "operator-replaced"
        yield Edit(node, f"({ast.unparse(changed)})", known, in_each_others_place(left, right))
    for other in _OTHER.get(type(operator), ()):
        changed = deepcopy(node)
        changed.op = other()
        sign = isinstance(operator, _SIGNS) and other in _SIGNS
        says = f"another sign belongs into {ast.unparse(node)}" if sign else f"another operation belongs into {ast.unparse(node)}"
        yield Edit(node, f"({ast.unparse(changed)})", "sign-flipped" if sign else "operator-replaced", says)


def _other_indices(node: ast.Subscript, index: ast.expr) -> Iterator[Edit]:
    """Each number in it one more and one less, each bound at the other side, and each single index one step off."""
    says = f"{ast.unparse(node)} takes another part than the one that belongs here"
    for part in ast.walk(index):
        match part:
            case ast.Constant(int(number)) if not isinstance(number, bool):
                yield from (Edit(part, str(other), "slice-wrong", says) for other in (number - 1, number + 1) if other >= 0)
            case ast.Slice(None, ast.expr() as bound, None) | ast.Slice(ast.expr() as bound, None, None):
                text = ast.unparse(bound)
                other = f":{text}" if part.lower is not None else f"{text}:"
                changed = ast.unparse(node).replace(f"{text}:" if part.lower is not None else f":{text}", other, 1)
                yield Edit(node, changed, "slice-wrong", says)
            case _:
                pass
    match index:
        case ast.Tuple([*_, ast.Name() | ast.BinOp() as last]) | (ast.Name() | ast.BinOp() as last):
            yield from (Edit(last, f"({ast.unparse(last)} {way} 1)", "slice-wrong", says) for way in "+-")
        case _:
            pass
