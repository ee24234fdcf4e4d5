"""What single statements of Python do: which names they bind, what they import, whether an expression does work."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

_MAKERS = frozenset({"namedtuple", "partial", "vectorize", "dict", "list", "tuple", "set", "float32", "float64"})
"""Calls that make a definition or a constant, and do no work."""
_FILL = frozenset(
    {"append", "extend", "insert", "update", "add", "setdefault", "pop", "remove", "sort", "reverse", "clear", "add_argument"}
)
"""Methods that change what they are called on."""
DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
ANY = "*"
"""Stands for names that only running a statement tells."""
_NAMESPACES = frozenset({"globals", "locals", "vars"})
"""At the top of a program what these give holds its names."""


def parts_of(node: ast.expr) -> Sequence[ast.expr | None] | None:  # noqa: PLR0911 - one answer for each kind of expression
    """What an expression is made of that does no work by itself, else None.

    That is a literal, what a name holds, arithmetic, a function without a name, a call that makes a definition or a constant.
    """
    match node:
        case ast.Constant():
            return ()
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return parts
        case ast.Dict(keys=keys, values=values):
            return [*keys, *values]
        case ast.UnaryOp(operand=inner) | ast.Attribute(value=inner):
            return (inner,)
        case ast.BinOp(left=left, right=right):
            return left, right
        case ast.Lambda(args=arguments):
            return [*arguments.defaults, *arguments.kw_defaults]
        case ast.Call(func=(ast.Name(id=name) | ast.Attribute(attr=name)) as maker, args=parts, keywords=keywords) if name in _MAKERS:
            return [maker, *parts, *(keyword.value for keyword in keywords)]
        case _:
            return None


def names_of(targets: list[ast.expr]) -> tuple[str, ...] | None:
    """The names on the left of ``=``; None where something else than names is assigned to."""
    names: list[str] = []
    todo = list(reversed(targets))
    while todo:
        match todo.pop():
            case ast.Name(id=name):
                names.append(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                todo += reversed(parts)
            case ast.Starred(value=part):
                todo.append(part)
            case _:
                return None
    return tuple(names)


def blocks_of(node: ast.If | ast.Try | ast.TryStar) -> list[list[ast.stmt]]:
    """The blocks of statements; without the handlers of definitions, which do not fail."""
    if isinstance(node, ast.If):
        return [node.body, node.orelse]
    if all(isinstance(inner, DEFINING) for inner in node.body):
        return [node.body, node.orelse, node.finalbody]
    return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]


def imports_in(node: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The modules that a node imports, each with the names asked of it."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield "." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)


def bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns, or whose content it assigns to, leaving inner functions and comprehensions alone.

    ``ANY`` where it assigns to names that are computed (``globals().update(settings)``).
    """
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _FILL:
                yield name
            case ast.Subscript(ctx=ast.Store(), value=holder) | ast.Attribute(ctx=ast.Store(), value=holder):
                while isinstance(holder, ast.Subscript | ast.Attribute):
                    holder = holder.value
                yield from (holder.id,) if isinstance(holder, ast.Name) else _put_in_namespace(node)
            case _:
                yield from _put_in_namespace(node)
        todo += ast.iter_child_nodes(node)


def _put_in_namespace(node: ast.AST) -> Iterator[str]:
    """The names that are entered in what ``globals()`` gives."""
    match node:
        case ast.Subscript(value=ast.Call(func=ast.Name(id=space), args=[]), slice=key, ctx=ast.Store()) if space in _NAMESPACES:
            yield _key(key)
        case ast.Call(ast.Attribute(ast.Call(ast.Name(id=space), []), "update"), several, named) if space in _NAMESPACES:
            for given in several:
                yield from map(_key, given.keys) if isinstance(given, ast.Dict) else (ANY,)
            yield from (keyword.arg or ANY for keyword in named)
        case _:
            pass


def _key(key: ast.expr | None) -> str:
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ANY


def hands_out(names: Sequence[ast.expr], value: ast.expr, functions: Container[str]) -> bool:
    """Whether names, of which some are those of ``functions``, get functions that have another name, or that a call makes."""
    asked = [isinstance(name, ast.Name) and name.id in functions for name in names]
    match value:
        case ast.Call():
            return any(asked)
        case ast.Tuple(elts=values) if any(asked) and len(names) == len(values):
            kinds = ((ast.Name, ast.Attribute, ast.Call) if is_asked else (ast.Name, ast.Attribute) for is_asked in asked)
            return all(isinstance(one, kind) for one, kind in zip(values, kinds, strict=True))
        case _:
            return False


def read_at_once(text: str) -> set[str]:
    """The names that a statement reads when it is executed; what stands within a function is read when that is called."""
    found, todo = set[str](), list[ast.AST](ast.parse(text).body)
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                todo += [*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
            case ast.Lambda():
                todo += [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
            case ast.Name(name, ast.Load()):
                found.add(name)
            case _:
                todo += ast.iter_child_nodes(node)
    return found
