"""A line's expression, evaluated part by part with the values that it read: a change of one part is worked out upwards from there.

Somebody else wrote the text, so nothing of it is executed: operators, NumPy's arithmetic and the two activations are known here, each by
its name, and anything else has no value.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import Array, array_of
from whygrad.from_code.observe.harmless import ACTIVATIONS, CALLS, OPERATORS, asks_for_more, harmless, known_function, small, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

_NODES = 200
"""Nodes of the tree of a line evaluated here."""
_BARE = {name: name for name in CALLS - {"sum", "max", "min", "prod", "copy"}}
"""Of what is known, what is called without ``np.`` is NumPy's too."""
_NAME = re.compile(r"\bv\d+\b")
"""The names by which a line's chains go while it is changed."""
_JOINED, _JOINS = {"np.r_": "concatenate", "np.c_": "hstack"}, re.compile(r"\bnp\.[rc]_\[")
"""What matrices are put together by that stands like an index."""
_NEW = frozenset(("None", "np.newaxis"))
UNKNOWN: Any = object()
"""The value of what cannot be worked out."""
_LARGEST = 4_000
"""Entries of what comes out of a part: no chain of products can grow beyond memory."""


class Expression:
    """An expression in which each chain that was read is one name; ``texts`` are the chains by these names."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        """Parse the text; ``tree`` is None where it is more than plain arithmetic of small arrays.

        Among the values may be functions of NumPy that go by other names here.
        """
        known = {name: array for name, value in values.items() if (array := array_of(value)) is not None and small(array)}
        self.texts = {f"v{number}": name for number, name in enumerate(known)}
        self.values: dict[str, Any] = {f"v{number}": _own(value) for number, value in enumerate(known.values())}
        self._called = {
            name: value.__name__ for name, value in values.items() if callable(value) and getattr(value, "__name__", "") in CALLS
        }
        self.tree = self.parsed(text)
        self._parents: dict[int, ast.expr] = {}
        self._values: dict[int, Any] = {}
        if self.tree is not None:
            self._parents = _parents_of(self.tree)

    def parsed(self, text: str) -> ast.expr | None:
        """The tree of a text, its chains put together; None where it is more than plain arithmetic."""
        try:
            tree = self._plain(_parsed(text))
        except (SyntaxError, ValueError, RecursionError):
            return None
        return tree if sum(1 for _ in ast.walk(tree)) <= _NODES and all(map(harmless, ast.walk(tree))) else None

    def nodes(self) -> Iterator[ast.expr]:
        """The parts that have a value, from the outside in."""
        for node in ast.walk(self.tree) if self.tree is not None else ():
            if isinstance(node, ast.expr) and (node is self.tree or id(node) in self._parents):
                yield node

    def around(self, node: ast.expr) -> ast.expr | None:
        """The part within which a part stands."""
        return self._parents.get(id(node))

    def value(self, node: ast.expr) -> Any:  # noqa: ANN401 - an array, or several
        """What a part is worth in this run."""
        if id(node) not in self._values:
            self._values[id(node)] = self.worth(node)
        return self._values[id(node)]

    def worth(self, node: ast.expr) -> Any:  # noqa: ANN401
        """What any tree in this line's names is worth."""
        return self.applied(node, [self.value(child) if id(child) in self._parents else self.worth(child) for child in _children(node)])

    def changed(self, node: ast.expr, value: Any) -> Any:  # noqa: ANN401
        """What the whole is worth if one part is worth something else."""
        while node is not self.tree and value is not UNKNOWN:
            parent = self._parents[id(node)]
            value = self.applied(parent, [value if child is node else self.value(child) for child in _children(parent)])
            node = parent
        return value

    def applied(self, node: ast.expr, given: Sequence[Any]) -> Any:  # noqa: ANN401
        """What a part makes of the values of its own parts."""
        if any(value is UNKNOWN for value in given):
            return UNKNOWN
        try:
            with np.errstate(all="ignore"):
                value = self._applied(node, list(given))
            return cast("Any", UNKNOWN if isinstance(value, np.ndarray) and cast("Array", value).size > _LARGEST else value)
        except (TypeError, KeyError, ValueError, IndexError, ZeroDivisionError, OverflowError, AttributeError, MemoryError):
            return UNKNOWN

    def _applied(self, node: ast.expr, given: list[Any]) -> Any:  # noqa: ANN401, PLR0911 - one for each kind of part
        match node:
            case ast.Name(name):
                return self.values.get(name, UNKNOWN)
            case ast.Constant(value):
                return value
            case ast.BinOp(_, operation, _):
                return UNKNOWN if too_large(given) else OPERATORS[type(operation)](*map(_number, given))
            case ast.UnaryOp(ast.USub(), _):
                return -given[0]
            case ast.Attribute(_, "T"):
                return given[0].T
            case ast.Tuple() | ast.List():
                return tuple(given)
            case ast.Call(function, _, keywords):
                if asks_for_more(function, given):
                    return UNKNOWN
                names = [keyword.arg or "" for keyword in keywords]
                first = len(given) - len(names)
                return _function(function)(*given[:first], **dict(zip(names, given[first:], strict=True)))
            case _:
                return UNKNOWN

    def with_values(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """What the whole is worth if these names are worth something else, wherever they stand."""
        other = object.__new__(Expression)
        other.texts, other.values, other.tree = self.texts, {**self.values, **values}, self.tree
        other._parents, other._values = self._parents, {}
        return UNKNOWN if other.tree is None else other.value(other.tree)

    def with_value(self, node: ast.expr, name: str, value: Any) -> Expression:  # noqa: ANN401
        """The same line with one part replaced by a new name that has a value."""
        other = object.__new__(Expression)
        other.texts, other.values = {**self.texts, name: self.named(node)}, {**self.values, name: value}
        around: set[int] = set()
        inner: ast.expr | None = node
        while inner is not None:
            around.add(id(inner))
            inner = self._parents.get(id(inner))
        other.tree = self.tree and _put(self.tree, node, ast.Name(name, ast.Load()), around)
        other._parents = _parents_of(other.tree) if other.tree is not None else {}
        other._values = {number: known for number, known in self._values.items() if number not in around}  # what is shared has its value
        return other

    def named(self, node: ast.expr) -> str:
        """The text of a part in the line's own names."""
        return _NAME.sub(lambda found: self.texts.get(found[0], found[0]), ast.unparse(node))

    def _plain(self, tree: ast.expr) -> ast.expr:
        names = {_spelled(text): name for name, text in self.texts.items()}
        of_numpy = {**_BARE, **self._called}

        class Plain(ast.NodeTransformer):
            def generic_visit(self, node: ast.AST) -> ast.AST:
                if isinstance(node, ast.Subscript) and ast.unparse(node.value) in _JOINED and isinstance(node.slice, ast.Tuple):
                    called = ast.Attribute(ast.Name("np", ast.Load()), _JOINED[ast.unparse(node.value)], ast.Load())
                    node = ast.Call(called, [ast.Tuple(node.slice.elts, ast.Load())], [])
                if isinstance(node, ast.Subscript) and (axis := _new_axis(node.slice)) is not None:
                    called = ast.Attribute(ast.Name("np", ast.Load()), "expand_dims", ast.Load())
                    node = ast.Call(called, [node.value, ast.Constant(axis)], [])
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
                    return self.visit(node.func.value)
                if isinstance(node, ast.Call) and (many := _by_their_names(node)):
                    node.args, node.keywords = [one.value for one in node.keywords[:many]], node.keywords[many:]
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _of_a_module(node.func, names):
                    node.func = ast.Name(node.func.attr, ast.Load())
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in of_numpy:
                    node.func = ast.Attribute(ast.Name("np", ast.Load()), of_numpy[node.func.id], ast.Load())
                chain = isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and not _JOINS.search(ast.unparse(node))
                if (chain or (isinstance(node, ast.Call) and not known_function(node.func, names))) and ast.unparse(node) in names:
                    return ast.copy_location(ast.Name(names[ast.unparse(node)], ast.Load()), node)
                return super().generic_visit(node)

        return Plain().visit(tree)


def _of_a_module(function: ast.Attribute, names: Collection[str]) -> bool:
    """Whether it is an activation of a module of helpers, such as ``utils.sigmoid``: of what holds no array here."""
    return function.attr in ACTIVATIONS and isinstance(function.value, ast.Name) and function.value.id not in {*names, "np", "self"}


def _parents_of(tree: ast.expr) -> dict[int, ast.expr]:
    """By the ``id`` of each part, the part that it stands in."""
    return {id(child): node for node in ast.walk(tree) if isinstance(node, ast.expr) for child in _children(node)}


def _put(tree: Any, node: ast.expr, other: ast.expr, around: Collection[int]) -> Any:  # noqa: ANN401 - a tree, or what it is made of
    """The tree with a part replaced: what is ``around`` it, by its ``id``, is made anew, and everything else is shared."""
    if tree is node:
        return other
    if isinstance(tree, list):
        return [_put(item, node, other, around) for item in cast("list[Any]", tree)]
    if isinstance(tree, ast.keyword):
        return ast.keyword(tree.arg, _put(tree.value, node, other, around))
    if not isinstance(tree, ast.expr) or id(tree) not in around:
        return tree
    return type(tree)(**{field: _put(item, node, other, around) for field, item in ast.iter_fields(tree)})


@lru_cache(maxsize=512)
def expression_of(text: str) -> ast.expr | None:
    """The tree of a text, which nobody may change; None where that is no expression."""
    try:
        return _parsed(text)
    except SyntaxError:
        return None


def _parsed(text: str) -> ast.expr:
    """The tree of an expression, over several lines too, in which NumPy is called np."""
    tree = ast.parse(f"({text.strip()})" if "\n" in text else text.strip(), mode="eval").body
    for node in ast.walk(tree) if "numpy" in text else ():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "numpy":
            node.value.id = "np"
    return tree


def _new_axis(index: ast.expr) -> int | None:
    """Which axis an index such as ``[:, None]`` adds to a vector; None where it does anything else."""
    match index:
        case ast.Tuple([ast.Slice(None, None, None), new]):
            return 1 if ast.unparse(new) in _NEW else None
        case ast.Tuple([new, ast.Slice(None, None, None)]):
            return 0 if ast.unparse(new) in _NEW else None
        case _:
            return None


def _by_their_names(call: ast.Call) -> int:
    """How many of the first arguments an activation, or a function of NumPy, is given by name."""
    names = [keyword.arg for keyword in call.keywords] if not call.args else []
    takes = ["x"] if ast.unparse(call.func) in ACTIVATIONS else ["a", "b"] if isinstance(call.func, ast.Attribute) else []
    return next((number for number in range(len(takes), 0, -1) if names[:number] == takes[:number]), 0)


def _own(value: Array) -> Array:
    """A copy that nothing can be written into."""
    mine = np.array(value)
    mine.flags.writeable = False
    return mine


def _number(value: Any) -> Any:  # noqa: ANN401
    """An array or number; a list times a number is no arithmetic."""
    if array_of(value) is None:
        raise TypeError
    return value


def _function(function: ast.expr) -> Callable[..., Any]:
    if isinstance(function, ast.Name):
        return ACTIVATIONS[function.id]
    if not isinstance(function, ast.Attribute):
        raise TypeError
    name = function.attr
    if isinstance(function.value, ast.Name) and function.value.id == "np":
        return getattr(np, name)
    return _method(name)


def _method(name: str) -> Callable[..., Any]:
    """The function that calls this method of its first argument."""

    def method(array: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        return getattr(array, name)(*given, **named)

    return method


def _children(node: ast.AST) -> list[ast.expr]:
    """The parts that an expression is made of, in the order of ``applied``."""
    match node:
        case ast.BinOp(left, _, right):
            return [left, right]
        case ast.UnaryOp(_, operand):
            return [operand]
        case ast.Attribute(value, "T"):
            return [value]
        case ast.Tuple(elts) | ast.List(elts):
            return elts
        case ast.Call(function, args, keywords):
            library = isinstance(function, ast.Name) or (isinstance(function, ast.Attribute) and ast.unparse(function.value) == "np")
            receiver = [] if library or not isinstance(function, ast.Attribute) else [function.value]
            return [*receiver, *args, *(keyword.value for keyword in keywords)]
        case _:
            return []


@lru_cache(maxsize=512)
def _spelled(text: str) -> str:
    try:
        return ast.unparse(_parsed(text))
    except (SyntaxError, ValueError):
        return text


def broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether an array of the second shape can be added to one of the first without changing its shape."""
    return len(one) == len(other) and all(b in (a, 1) for a, b in zip(one, other, strict=True))
