"""From functions of a running notebook or program to a `Source`. The function objects stay at hand, to be run where they are."""

from __future__ import annotations

import ast
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any, cast

from whygrad.errors import UnreadableError, UsageError
from whygrad.read.cells import cut_out
from whygrad.read.methods import as_functions
from whygrad.read.parse import Definition, Trouble, attempt
from whygrad.read.pieces import FUNCTIONS
from whygrad.read.renamed import renamed
from whygrad.read.source import Origin, Source
from whygrad.read.variants import variants
from whygrad.records import Piece

HERE = "this notebook"
_OLD_CELL = re.compile(r"<ipython-input-(\d+)-")

Live = Callable[..., Any]
Texts = dict[str, tuple[list[str], list[ast.stmt]]]
"""The lines and the statements of each file or cell."""


def read_live(objects: Mapping[str, object] | Iterable[object]) -> Source:
    """The code of functions that are there already: of ``globals()``, or of the functions given.

    Of ``globals()`` the assignment's functions are taken, but for those that were imported from whygrad. Helper functions and classes that
    they use come along when they are written in the same notebook or module; those of the assignment are judged too. A function whose text
    is not to be had (it came from ``exec``, is compiled, or is an object's decorated method) is named in ``Source.without_source``; it is
    in ``Source.live`` all the same. What a function reads of the one within which it was defined is in ``Source.around``, as is the object
    of a method.

    Raises:
        UsageError: something among ``objects`` is no function, two of them have one name, or a mapping holds gradients.
        UnreadableError: none of the assignment's functions is among them.
    """
    space = cast("Mapping[str, object]", objects) if isinstance(objects, Mapping) else dict[str, object]()
    named = _from_globals(space) if isinstance(objects, Mapping) else _given(objects)
    ours = tuple(name for name, function in named.items() if _is_ours(function)) if isinstance(objects, Mapping) else ()
    for name in ours:
        del named[name]
    defined = {*named, *(name for name, value in space.items() if isinstance(value, FunctionType))}
    if not set(named).intersection(FUNCTIONS):
        if ours:
            raise UnreadableError(f"{', '.join(ours)}: that is whygrad's own and not your code; give me functions that you wrote.")
        for name, meant in variants(defined):
            raise UnreadableError(f"{name} is defined here, but I look for {meant}; give the function that name and try again.")
        raise UnreadableError(f"None of the functions that I know is defined here; I look for {', '.join(FUNCTIONS)}.")
    pieces: dict[tuple[str, int], Piece] = {}
    origins: dict[str, Origin] = {}
    without: list[str] = []
    said = [f"{name} is defined, but I look for {meant}" for name, meant in variants(defined)]
    said += [f"{name} is {type(value).__name__} and no function; run the cell that defines it" for name, value in _overwritten(space)]
    also: list[Piece] = []
    around: dict[str, object] = {}
    texts: Texts = {}
    helpers = _helpers(named.values(), texts)
    named |= {name: helpers[name] for name in FUNCTIONS if name in helpers and name not in named}
    for name, function in {**helpers, **named}.items():
        found = _method(function, texts, around) if isinstance(function, MethodType) else _piece(function, texts)
        if found:
            piece, origin, filename = found
            pieces[piece.source, piece.line] = piece
            origins[piece.source] = origins[filename] = origin
            around |= {outer: value for plain in _functions(function) for outer, value in _outer(plain).items() if outer not in FUNCTIONS}
            also += [Piece(piece.source, piece.line, f"{name} = {own}", (name,)) for own in piece.names if name in named and name != own]
        elif name in named:
            without.append(name)
            said += [f"{file} is not what {name} was loaded from any more: load it anew" for file in _changed(function)]
    ordered = sorted(pieces.values(), key=lambda piece: (origins[piece.source].cell or 0, piece.source, piece.line))
    imports = {"whygrad": ours} if ours else {}
    all_of_them = tuple(renamed([*ordered, *also]))
    return Source(
        HERE, all_of_them, imports=imports, origins=origins, live=named, without_source=tuple(without), around=around, said=tuple(said)
    )


def _is_ours(function: Live) -> bool:
    """Whether it is one of whygrad's own functions, which a notebook has imported to compare its own with."""
    return (getattr(function, "__module__", None) or "").partition(".")[0] == "whygrad"


def _from_globals(objects: Mapping[str, object]) -> dict[str, Live]:
    if objects and all(str(name).startswith("d") for name in objects) and not any(map(callable, objects.values())):
        raise UsageError("a dictionary of gradients was given: give globals(), the functions, or what the check printed as a str")
    return {name: cast("Live", objects[name]) for name in FUNCTIONS if callable(objects.get(name))}


def _overwritten(space: Mapping[str, object]) -> list[tuple[str, object]]:
    """The functions whose names stand for something else in ``globals()``."""
    return [(name, space[name]) for name in FUNCTIONS if name in space and not callable(space[name])]


def _given(objects: Iterable[object]) -> dict[str, Live]:
    named: dict[str, Live] = {}
    for one in objects:
        if not callable(one):
            raise UsageError(f"One of the things given is no function but {type(one).__name__}; give functions, or globals().")
        name = _name(one)
        if named.setdefault(name, cast("Live", one)) != one:  # a method is made anew each time it is asked for
            raise UsageError(f"Two of the functions given are called {name}; give one of them.")
    nameless = [type(one).__name__ for one in named.values() if not hasattr(one, "__name__")]
    if nameless and named.keys().isdisjoint(FUNCTIONS):
        asks = f"give it in a dictionary under the name of the function, as in diagnose({{'{FUNCTIONS[-1]}': ...}})"
        raise UsageError(f"An object of type {nameless[0]} has no name that says which function it is; {asks}.")
    return named


def _name(function: Live) -> str:
    """The name under which the function stands in its own module; a function without a name or in a wrapper does not know it."""
    own = getattr(function, "__name__", type(function).__name__)
    if own in FUNCTIONS:
        return own
    inner = getattr(function, "func", function)  # of a ``functools.partial``
    places = (name for plain in _functions(inner) for name in FUNCTIONS if plain.__globals__.get(name) is function)
    return next(places, getattr(inner, "__name__", own))


def _plain(function: object) -> FunctionType | None:
    """The function itself, without its wrappers and without the object that it is bound to."""
    seen: set[int] = set()
    while id(function) not in seen:
        seen.add(id(function))
        function = function.__func__ if isinstance(function, MethodType) else getattr(function, "__wrapped__", _within(function))
    return function if isinstance(function, FunctionType) else None


def _within(function: object) -> object:
    """What a decorator has wrapped that does not say so: a function for whose own name its module has the wrapper."""
    held = _outer(function).values() if isinstance(function, FunctionType) else ()
    return next((one for one in held if isinstance(one, FunctionType) and one.__globals__.get(one.__name__) is function), function)


def _helpers(functions: Iterable[Live], texts: Texts) -> dict[str, Live]:
    """The functions and classes that these use, directly or through others, and that are written in the same module."""
    todo = [plain for function in functions for plain in _functions(function)]
    seen = {id(plain) for plain in todo}
    helpers: dict[str, Live] = {}
    while todo:
        caller = todo.pop()
        around = _outer(caller)
        for name in (*around, *_names_in(caller.__code__), *_decorators(caller, texts)):
            called = around.get(name, caller.__globals__.get(name))
            new = [plain for plain in _functions(called) if id(plain) not in seen and plain.__module__ == caller.__module__]
            if new:
                seen.update(map(id, new))
                helpers[name] = cast("Live", called)
                todo += new
    return helpers


def _outer(function: FunctionType) -> dict[str, object]:
    """What a function reads of the one within which it was defined, where that has a value."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if cell != CellType()}


def _functions(value: object) -> list[FunctionType]:
    """The function that a value is, or the methods of the class that it is."""
    values = vars(value).values() if isinstance(value, type) else (value,)
    return [plain for inner in values if (plain := _plain(inner))]


def _names_in(code: CodeType) -> Iterator[str]:
    """The names that a function reads, inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _decorators(function: FunctionType, texts: Texts) -> Iterator[str]:
    """The names in the decorators above a function."""
    for node in _nodes(function, texts):
        if isinstance(node, Definition) and _made(node, function.__code__):
            yield from (part.id for one in node.decorator_list for part in ast.walk(one) if isinstance(part, ast.Name))


def _nodes(function: FunctionType, texts: Texts) -> Iterator[ast.AST]:
    """All that stands in the file or cell that a function is from, whose text is then among the ``texts``."""
    filename = function.__code__.co_filename
    if filename not in texts:
        linecache.checkcache(filename)  # a module that was loaded anew is another text
        lines = [line.rstrip("\r\n") for line in linecache.getlines(filename, function.__globals__)]
        body = attempt(lines)
        texts[filename] = lines, [] if isinstance(body, Trouble) else body
    return (inner for statement in texts[filename][1] for inner in ast.walk(statement))


def _piece(function: Live, texts: Texts) -> tuple[Piece, Origin, str] | None:
    """The text of a function or class, the file or cell it is from, and the name Python has for that; None where it is not to be had."""
    for plain in _functions(function):
        for node in _nodes(plain, texts):
            name = _class_around(node, plain.__code__, function.__name__) if isinstance(function, type) else _made(node, plain.__code__)
            if name:
                filename = plain.__code__.co_filename
                lines = texts[filename][0]
                origin = _origin(filename, tuple(lines))
                return _as_global(cut_out(cast("ast.stmt", node), lines, origin, 1, (name,)), plain.__code__), origin, filename
    return None


def _as_global(piece: Piece, code: CodeType) -> Piece:
    """A function that was defined within another one, with what it changes there among the global names."""
    if "nonlocal" not in piece.text:
        return piece
    lines = list(piece.lines)
    for node in ast.walk(ast.parse(piece.text)):
        if isinstance(node, ast.Nonlocal) and not set(node.names).isdisjoint(code.co_freevars):
            lines[node.lineno - 1] = lines[node.lineno - 1].replace("nonlocal", "global", 1)
    return replace(piece, text="\n".join(lines))


def _method(method: MethodType, texts: Texts, around: dict[str, object]) -> tuple[Piece, Origin, str] | None:
    """The same of a method that is bound to an object, turned into a function; the object comes ``around`` it."""
    plain = _plain(method)
    for node in () if plain is None else _nodes(plain, texts):
        if plain is not None and isinstance(node, ast.ClassDef) and any(_made(inner, plain.__code__) for inner in node.body):
            filename = plain.__code__.co_filename
            lines = texts[filename][0]
            origin = _origin(filename, tuple(lines))
            owner, *functions = as_functions(cut_out(node, lines, origin, 1, (node.name,)), (), ()) or (None,)
            for function in functions if owner else ():
                if function.names == (plain.__name__,) and owner:
                    for name in owner.names:
                        own = name.removesuffix(f"_of_{node.name}")
                        if around.setdefault(own, method.__self__) is method.__self__:
                            function = replace(function, text=function.text.replace(name, own))  # noqa: PLW2901 - the same in its own words
                        else:
                            around[name] = method.__self__
                    return function, origin, filename
    return None


def _changed(function: Live) -> list[str]:
    """The file that a function without a text is from: its lines are others now than when it was loaded."""
    return [file for plain in _functions(function) if plain.__name__ != "<lambda>" and (file := _file(plain.__code__.co_filename))]


def _file(filename: str) -> str | None:
    """A file as it is called where Python was started; None for what is none, or the program's own."""
    path = Path(filename)
    if not path.is_file() or filename == getattr(sys.modules["__main__"], "__file__", None):
        return None
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else filename


def _made(node: ast.AST, code: CodeType) -> str | None:
    """The function's name if the statement is the one that made it: a definition, or a name for a function without one."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return name if name == code.co_name and first == code.co_firstlineno else None
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(lineno=first)):
            return name if code.co_name == "<lambda>" and first == code.co_firstlineno else None
        case _:
            return None


def _class_around(node: ast.AST, method: CodeType, name: str) -> str | None:
    """The class's name if the statement is its definition and holds the method."""
    if isinstance(node, ast.ClassDef) and node.name == name and any(_made(inner, method) for inner in node.body):
        return name
    return None


def _origin(filename: str, lines: tuple[str, ...]) -> Origin:
    """The cell, by its number in ``In [3]``, where IPython knows it; else the file."""
    number = _OLD_CELL.match(filename)
    if number:
        return Origin(HERE, int(number[1]), lines)
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    name_of: Callable[[str], tuple[str, str] | None] | None = getattr(getattr(shell, "compile", None), "format_code_name", None)
    label = name_of(filename) if name_of else None
    number = re.fullmatch(r"In ?\[(\d+)\]", label[1]) if label else None
    if number:
        return Origin(HERE, int(number[1]), lines)
    file = _file(filename)
    return Origin(HERE, None, lines, name=file) if file else Origin(filename, None, lines)
