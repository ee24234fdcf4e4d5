"""Runs one function of somebody's program with right parts around it, and tells all that can be told of the run.

The pieces of the program are executed anew for each run, so that no run sees what another has left behind. Of the assignment's functions
only those the request names are the learner's own; the reference functions stand in for the others.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
from dataclasses import replace
from functools import lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.cells import CELLS, MOST_CALLS, Cells
from whygrad.sandbox.names_read import names_read
from whygrad.sandbox.raised import raised
from whygrad.sandbox.recorder import Recorder
from whygrad.sandbox.requests import Called, Odd, Raised, Reply
from whygrad.sandbox.standins import HELPERS, NOTEBOOK_NAMES, NoisyNumPy, importer, unused
from whygrad.sandbox.surroundings import Bounded, as_it_was, put, put_in_closure, put_on_object, quiet, random_streams
from whygrad.sandbox.tracer import Traced, plain_code, traced
from whygrad.sandbox.values import copied, handed, holds_matrix, plain, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from whygrad.sandbox.requests import Piece, Request
    from whygrad.sandbox.values import Kept

Namespace = dict[str, Any]

_STARRED = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_CALLS = 2_000
"""Calls of watched functions that are kept."""


class Harness:
    """The program of a learner, ready to be run piece by piece.

    ``pieces`` are executed in their order, each one with its own file name and line numbers; one that fails is left out.
    ``parts`` gives the text of every function of the reference program by name. ``alone``: nobody else draws random numbers in this
    process, so the streams need not be put back.
    """

    def __init__(self, pieces: Sequence[Piece], parts: Mapping[str, str], *, alone: bool = False) -> None:
        self._pieces, self._alone = tuple(pieces), alone
        self._sources = {piece.source for piece in pieces}
        self._codes = [plain_code(piece) for piece in pieces]
        self._numpy = NoisyNumPy()
        self._reference: Namespace = {"np": np}
        for name, text in parts.items():
            exec(_part(name, text), self._reference)  # noqa: S102 - our own program
        self._parts: dict[str, Callable[..., Any]] = {name: self._reference[name] for name in parts}
        self._standins = {name: _called_as_ours(name, part) for name, part in self._parts.items()}
        self._live: dict[str, Callable[..., Any]] = {}
        self._traced: dict[frozenset[str], tuple[Traced, frozenset[int]]] = {}

    @classmethod
    def live(cls, functions: Mapping[str, Callable[..., Any]], parts: Mapping[str, str], pieces: Sequence[Piece] = ()) -> Harness:
        """The same for function objects of this very process; ``pieces``, where their source is known, serve for tracing alone.

        What a run puts into the functions' own global names is taken out again when it ends; the random streams are put back too. Where the
        functions read a list, an array or the like there, each run has a copy of its own.
        """
        harness = cls(pieces, parts)
        harness._live = dict(functions)
        harness._sources |= {function.__code__.co_filename for function in functions.values() if isinstance(function, FunctionType)}
        return harness

    @property
    def sources(self) -> frozenset[str]:
        """What Python calls the files and cells that the code is from."""
        return frozenset(self._sources)

    def run(self, request: Request) -> Reply:
        """Answer a request. Whatever the learner's code raises comes back in the reply; only ``KeyboardInterrupt`` goes through."""
        arguments, kept = handed(request.arguments)
        run = _Run(request, self._seen_into(request.own)[1] if request.trace else frozenset(), kept, self._sources)
        output = run.output
        with quiet(output), random_streams(request.seed, put_back=not self._alone) as drawn, contextlib.ExitStack() as stack:
            self._numpy.seed(request.seed)
            try:
                function, names = self._ready(request, run, stack)
            except _NotThereError as missing:
                return Reply("refused", raised=missing.raised, output=output.getvalue(), problem=str(missing))
            try:
                value = function(*arguments)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever foreign code raises is an answer
                status, value, error_raised = "raised", None, raised(error, self._sources)
            else:
                status, error_raised = "returned", None
            draws = drawn()
        reply = Reply(
            status=status,
            value=plain(value, kept=kept),
            raised=error_raised,
            after=plain(arguments, kept=kept),
            shared=() if request.trace else shared(value, arguments),
            calls=tuple(run.calls),
            seen=tuple(run.recorder.seen),
            globals=names,
            random=draws,
            matrix=holds_matrix(value),
            output=output.getvalue(),
        )
        run.names.clear()  # its functions hold it: emptied, all that the run has made is gone at once
        return reply

    def _ready(self, request: Request, run: _Run, stack: contextlib.ExitStack) -> tuple[Callable[..., Any], frozenset[str]]:
        """The function to call, everything around it bound as the request asks; and the notebook's names that it reads."""
        bound: dict[str, Callable[..., Any]] = {}
        own = {name for name in request.own if name in self._parts}
        for scope in self._scopes():
            stack.enter_context(as_it_was(scope, names_read(self._live, scope)))
        if self._live and not request.trace:
            space = _scope_of(self._live)
            mine = {name: function for name, function in self._live.items() if name in own}
            bound = {name: run.watch(name, mine.get(name, part), self._live.get(name)) for name, part in self._parts.items()}
            for scope in self._scopes():
                known = {name: value for name, value in bound.items() if name not in HELPERS or name not in scope}
                stack.enter_context(put(scope, known | self._noisy_names(scope) | copied(dict(request.notebook))))
            others = {name: value for name, value in bound.items() if name not in HELPERS}
            for function in self._live.values():
                stack.enter_context(put_in_closure(function, others))
                stack.enter_context(put_on_object(function, others))
        else:
            space, failed = self._executed(own, run, bound, trace=request.trace)
            mine = {name: value for name, value in bound.items() if name in own}
            if request.call in own and request.call not in bound:
                raise _NotThereError(request.call, failed)
            bound = self._around(run) | bound
            space.update({name: value for name, value in bound.items() if name not in space} | copied(dict(request.notebook)))
        stack.enter_context(put(self._reference, bound))
        if request.call == CELLS and not self._live:
            run.cells = Cells(space)
            return run.cells.run, frozenset()
        if request.call not in bound:
            raise _NotThereError(request.call, None)
        return bound[request.call], frozenset() if request.trace else names_read(mine, space)

    def _scopes(self) -> list[Namespace]:
        """The global names of the live functions, by module."""
        found = {id(scope): scope for function in self._live.values() for scope in [_globals(function)] if scope is not None}
        return list(found.values())

    def _seen_into(self, own: frozenset[str]) -> tuple[Traced, frozenset[int]]:
        """The rewritten program for runs in which these are the learner's, and the places in it that only read."""
        if own not in self._traced:
            program = traced(self._pieces, unused(self._parts, own))
            self._traced[own] = program, frozenset(place.id for place in program.places if place.kind in {"read", "part"})
        return self._traced[own]

    def _executed(self, own: set[str], run: _Run, bound: dict[str, Callable[..., Any]], *, trace: bool) -> tuple[Namespace, Raised | None]:
        """A fresh namespace with all pieces executed; each function of the assignment is bound as soon as it is defined."""
        outside = _scope_of(self._live)
        imported = {name: part for name, part in self._around(run).items() if name not in HELPERS}
        space: Namespace = {
            **HELPERS,
            **NOTEBOOK_NAMES,
            **outside,
            "np": self._numpy,
            **self._noisy_names(outside),
            "__name__": "submission",
            "__builtins__": {**vars(builtins), "__import__": importer(self._numpy, imported), "print": run.output.print},
        }
        run.names = space
        program = self._seen_into(run.own)[0] if trace else None
        if program is not None:
            space[program.hook] = run.recorder
        failed: Raised | None = None
        for number, as_written in enumerate(self._codes):
            code = (program and program.code(number, run.lazy)) or as_written
            if isinstance(code, Raised):
                failed = failed or code
                continue
            try:
                exec(code, space)  # noqa: S102 - what this room is for
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - a piece that fails is left out
                failed = failed or raised(error, self._sources)
            for name in self._parts.keys() & space.keys():
                learners, part = space[name], self._parts[name]
                if learners is not None and learners is imported.get(name):  # out of another file, which is not there
                    space[name] = bound.get(name, learners)
                elif learners is not None and learners is not bound.get(name) and name not in HELPERS:
                    bound[name] = run.watch(name, learners if name in own else part, learners)
                    space[name] = bound[name]
                    _put_in_tables(space, learners, bound[name])
        return space, failed

    def _around(self, run: _Run) -> dict[str, Callable[..., Any]]:
        """What stands in for the learner's functions, their calls noted where they are watched."""
        return self._standins | {name: run.watch(name, part, None) for name, part in self._parts.items() if name in run.watched}

    def _noisy_names(self, scope: Namespace) -> Namespace:
        """The names of a live scope that stand for NumPy, with what stands for it during a run."""
        stands = {id(np): self._numpy, id(np.empty): self._numpy.empty, id(np.empty_like): self._numpy.empty_like}
        return {name: stands[id(value)] for name, value in scope.items() if id(value) in stands}


class _Run:
    """What is noted during one run."""

    def __init__(self, request: Request, reads: frozenset[int], kept: Kept, sources: set[str]) -> None:
        self.own, self.lazy = request.own, request.lazy
        self.watched, self._kept, self._sources = request.watched, kept, sources
        self._results = request.wanted is None or bool(request.wanted)
        self.recorder = Recorder(request.substitutes, request.wanted, reads, kept)
        self.calls: list[Called] = []
        self.cells: Cells | None = None
        self.names: Namespace = {}
        self.output = Bounded()

    def watch(self, name: str, function: Callable[..., Any], learners: Callable[..., Any] | None) -> Callable[..., Any]:
        """``function``, with its calls noted where it is watched.

        A stand-in is called as the learner's own function would be: with its names of the arguments, and what is too much is left out.
        """
        standin = function is not learners
        if name not in self.watched and not standin:
            return function
        if name not in self.watched and learners is None:
            return _called_as_ours(name, function)
        wanted = len(_order_of_ours(function)) if standin else None
        order = _order_of_ours(function) if learners is None else _order(learners)

        def called(*arguments: object, **named: object) -> object:
            given = _positional(order, arguments, named)
            if name not in self.watched or len(self.calls) >= (_CALLS if self.cells is None else MOST_CALLS):
                return function(*given[:wanted]) if standin else function(*arguments, **named)
            before = plain(given, kept=self._kept)
            if self.cells is not None:
                self.cells.note(name, function)
                return self._in_cells(Called(name, before, Odd("nothing")), lambda: function(*arguments, **named))
            value = function(*given[:wanted]) if standin else function(*arguments, **named)
            self.calls.append(Called(name, before, plain(value, kept=self._kept) if self._results else Odd("not noted")))
            return value

        called.__name__ = name
        return called

    def _in_cells(self, called: Called, function: Callable[[], Any]) -> object:
        """A call that the notebook makes; one that raises is noted too."""
        place = len(self.calls)
        self.calls.append(called)
        try:
            value = function()
        except Exception as error:
            self.calls[place] = replace(called, value=None, raised=raised(error, self._sources))
            raise
        self.calls[place] = replace(called, value=plain(value))
        return value


class _NotThereError(Exception):
    def __init__(self, name: str, why: Raised | None) -> None:
        super().__init__(f"{name} is not defined")
        self.raised = why


@lru_cache(maxsize=100)
def _part(name: str, text: str) -> CodeType:
    """The code of a part, of which one process makes many namespaces."""
    return compile(text, f"<reference {name}>", "exec")


@lru_cache(maxsize=200)
def _called_as_ours(name: str, standin: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the reference that may be called by its arguments' names, in any order, and with too many."""
    order = _order_of_ours(standin)

    def called(*arguments: object, **named: object) -> object:
        return standin(*_positional(order, arguments, named)[: len(order)])

    called.__name__ = name
    return called


@lru_cache(maxsize=200)
def _order_of_ours(standin: Callable[..., Any]) -> tuple[str, ...]:
    """The same for a function of the reference, which is asked for at every run."""
    return _order(standin)


def _order(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's arguments in their order."""
    if type(function) is FunctionType and not function.__dict__ and not function.__code__.co_flags & _STARRED:
        code = function.__code__
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def _positional(order: tuple[str, ...], arguments: tuple[object, ...], named: Mapping[str, object]) -> tuple[object, ...]:
    """The arguments of a call in the order of the definition; unknown names come last."""
    rest = [name for name in order[len(arguments) :] if name in named]
    return (*arguments, *(named[name] for name in rest), *(value for name, value in named.items() if name not in rest))


def _globals(function: object) -> Namespace | None:
    """The global names of a function, where it is one written in Python."""
    return getattr(inspect.unwrap(cast("Any", function)), "__globals__", None)


def _scope_of(functions: Mapping[str, Callable[..., Any]]) -> Namespace:
    """The global names of all these functions."""
    space: Namespace = {}
    for function in functions.values():
        space.update(_globals(function) or {})
    return space


def _put_in_tables(space: Namespace, learners: object, standin: Callable[..., Any]) -> None:
    """What a decorator has entered in a table of the learner's is called from there: it is the stand-in too."""
    for table in [cast("dict[Any, Any]", value) for name, value in space.items() if type(value) is dict and name != "__builtins__"]:
        for key in [key for key, value in table.items() if value is learners]:
            table[key] = standin
