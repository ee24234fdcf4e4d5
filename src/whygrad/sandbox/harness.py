"""Runs one function of somebody's program with right parts around it, and tells all that can be told of the run.

The pieces of the program are executed anew for each run, so that no run sees what another has left behind. Of the assignment's functions
only those the request names are the learner's own; the reference functions stand in for the others.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import sys
from functools import cached_property, lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.records import names_of_file
from whygrad.sandbox.cells import CELLS, Cells
from whygrad.sandbox.names_read import data_read, names_read
from whygrad.sandbox.noisy import NoisyNumPy
from whygrad.sandbox.noted import Namespace, Run, called_as_ours
from whygrad.sandbox.raised import raised
from whygrad.sandbox.requests import Raised, Reply
from whygrad.sandbox.standins import HELPERS, NOTEBOOK_NAMES, NotHereError, importer, unused
from whygrad.sandbox.surroundings import as_it_was, put, put_in_closure, put_on_object, quiet, random_streams, wrapping
from whygrad.sandbox.tracer import Traced, binds_only, defines_only, plain_codes, traced
from whygrad.sandbox.values import copied, handed, holds_matrix, plain, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from whygrad.sandbox.requests import Piece, Request

_NAME = "submission"
"""What the program is called as a module."""
_SEQUENCES = frozenset(("rnn_forward", "rnn_backward", "lstm_forward", "lstm_backward"))
"""The parts that call a cell at each step."""


class _Submission(ModuleType):
    """What the program finds of itself among Python's modules."""

    def __init__(self, run: Run) -> None:
        super().__init__(_NAME)
        self.__dict__["_run"] = run

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        try:
            return self.__dict__["_run"].names[name]
        except KeyError:
            raise AttributeError(f"module {_NAME!r} has no attribute {name!r}") from None


class _Parts:
    """The functions of the reference, and what is put in the place of a learner's: the same, called in any way."""

    def __init__(self, parts: dict[str, Callable[..., Any]]) -> None:
        self.parts = parts
        self.standins = {name: called_as_ours(name, part) for name, part in parts.items()}


class Harness:
    """The program of a learner, ready to be run piece by piece.

    ``pieces`` are executed in their order, each one with its own file name and line numbers; one that fails is left out.
    ``parts`` gives the text of every function of the reference program by name. ``alone``: nobody else draws random numbers in this
    process, so the streams need not be put back.
    """

    def __init__(self, pieces: Sequence[Piece], parts: Mapping[str, str], *, alone: bool = False) -> None:
        self._pieces, self._texts, self._alone = tuple(pieces), parts, alone
        self._sources = {piece.source for piece in pieces}
        self._codes = plain_codes(self._pieces)
        self._plain = frozenset(number for number, piece in enumerate(pieces) if defines_only(piece.text))
        """The pieces that do nothing but define functions, so nothing is entered in a table."""
        self._binds = [binds_only(piece.text) for piece in pieces]
        self._numpy = NoisyNumPy()
        self._reference: Namespace = {"np": np}
        for name, text in parts.items():
            exec(_part(name, text), self._reference)  # noqa: S102 - our own program
        self._parts: dict[str, Callable[..., Any]] = {name: self._reference[name] for name in parts}
        self._joined = _Parts(self._parts)
        self._live: dict[str, Callable[..., Any]] = {}
        self._around_live: Namespace = {}
        self._traced: dict[frozenset[str], tuple[Traced, frozenset[int]]] = {}

    @cached_property
    def _apart(self) -> _Parts:
        """The parts for a call of a cell: a cell may call its sequence with one step, which must not call that cell again."""
        among_themselves: Namespace = {"np": np}
        for name, text in self._texts.items():
            exec(_part(name, text), among_themselves)  # noqa: S102 - our own program
        return _Parts({name: among_themselves[name] if name in _SEQUENCES else part for name, part in self._parts.items()})

    def _parts_for(self, run: Run) -> _Parts:
        calls_a_cell = "_cell_" in run.call and any("_cell_" in name for name in run.own)
        return self._apart if calls_a_cell else self._joined

    @classmethod
    def live(
        cls,
        functions: Mapping[str, Callable[..., Any]],
        parts: Mapping[str, str],
        pieces: Sequence[Piece] = (),
        around: Mapping[str, object] | None = None,
    ) -> Harness:
        """The same for function objects of this very process; ``pieces``, where their source is known, serve for tracing alone.

        For that, ``around`` is what they read beside their global names.

        What a run puts into the functions' own global names is taken out again when it ends; the random streams are put back too. Where the
        functions read a list, an array or the like there, each run has a copy of its own.
        """
        harness = cls(pieces, parts)
        harness._live, harness._around_live = dict(functions), dict(around or {})
        harness._sources |= {function.__code__.co_filename for function in functions.values() if isinstance(function, FunctionType)}
        return harness

    @property
    def sources(self) -> frozenset[str]:
        """What Python calls the files and cells that the code is from."""
        return frozenset(self._sources)

    def run(self, request: Request) -> Reply:
        """Answer a request. Whatever the learner's code raises comes back in the reply.

        Only ``KeyboardInterrupt`` goes through where somebody may have asked for it: not where the harness is ``alone`` in a process.
        """
        arguments, kept = handed(request.arguments)
        run = Run(request, self._seen_into(request.own)[1] if request.trace else frozenset(), kept, self._sources)
        output = run.output
        with quiet(output), random_streams(request.seed, put_back=not self._alone) as streams, contextlib.ExitStack() as stack:
            self._numpy.seed(request.seed)
            try:
                function, names = self._ready(request, run, stack)
            except _NotThereError as missing:
                return Reply("refused", raised=missing.raised, output=output.getvalue(), problem=str(missing))
            streams.start()  # what is drawn while the program is defined is not drawn by the function
            try:
                value = function(*arguments)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt) and not self._alone:
                    raise
                status, value, error_raised = "raised", None, raised(error, self._sources)
            else:
                status, error_raised = "returned", None
            draws = streams.drawn()
        reply = Reply(
            status=status,
            value=plain(value, kept=kept),
            raised=error_raised,
            after=() if request.bare or (request.trace and request.wanted != frozenset()) else plain(arguments, kept=kept),
            shared=() if request.bare or request.trace else shared(value),
            calls=tuple(run.calls),
            seen=tuple(run.recorder.seen),
            globals=names,
            random=draws,
            matrix=not (request.bare or request.trace) and holds_matrix(value),
            output=output.getvalue(),
        )
        run.names.clear()  # its functions hold it: emptied, all that the run has made is gone at once
        return reply

    @contextlib.contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Harness]:
        """What runs another program; of live functions those runs alone that are traced."""
        other = Harness(pieces, self._texts, alone=self._alone)
        other._live, other._around_live, other._sources = self._live, self._around_live, self._sources
        yield other

    def _ready(self, request: Request, run: Run, stack: contextlib.ExitStack) -> tuple[Callable[..., Any], frozenset[str]]:
        """The function to call, everything around it bound as the request asks; and the notebook's names that it reads."""
        bound: dict[str, Callable[..., Any]] = {}
        own = {name for name in request.own if name in self._parts}
        for scope in self._scopes():
            stack.enter_context(as_it_was(scope, names_read(self._live, scope)))
        stack.enter_context(as_it_was(self._around_live, self._around_live))
        if self._live and not request.trace:
            space = _scope_of(self._live)
            mine = {name: function for name, function in self._live.items() if name in own}
            bound = {name: run.watch(name, mine.get(name, part), self._live.get(name)) for name, part in self._parts_for(run).parts.items()}
            for scope in self._scopes():
                known = {name: value for name, value in bound.items() if name not in HELPERS or name not in scope}
                stack.enter_context(put(scope, wrapping(mine, known, scope) | self._noisy_names(scope) | copied(dict(request.notebook))))
            others = {name: value for name, value in bound.items() if name not in HELPERS}
            space.update(others)
            for function in self._live.values():
                stack.enter_context(put_in_closure(function, others, mine))
                stack.enter_context(put_on_object(function, others))
        else:
            stack.enter_context(put(cast("Namespace", sys.modules), {_NAME: _Submission(run)}))
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
        return bound[request.call], frozenset() if request.trace else data_read(mine, space)

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

    def _executed(  # noqa: C901 - one answer for each kind of value
        self, own: set[str], run: Run, bound: dict[str, Callable[..., Any]], *, trace: bool
    ) -> tuple[Namespace, Raised | None]:
        """A fresh namespace with all pieces executed; each function of the assignment is bound as soon as it is defined.

        Beside it, why the one to call may not be there: what was raised first, or that it is of another file; nothing where it is ``None``.
        """
        outside = _scope_of(self._live) | self._around_live
        imported = {name: part for name, part in self._around(run).items() if name not in HELPERS}
        space: Namespace = {
            **HELPERS,
            **NOTEBOOK_NAMES,
            **{name: value for source in self._sources for name, value in names_of_file(source).items()},
            "np": self._numpy,
            **outside,
            **self._noisy_names(outside),
            "__name__": _NAME,
            "__builtins__": {**vars(builtins), "__import__": importer(self._numpy, imported), "print": run.output.print},
        }
        run.names = space
        parts, program = self._parts_for(run).parts, self._seen_into(run.own)[0] if trace else None
        if program is not None:
            space[program.hook] = run.recorder
        failed: Raised | None = None
        lacks: dict[str, Raised | None] = {}
        for number, as_written in enumerate(self._codes):
            code = (program and program.code(number, run.lazy)) or as_written
            if isinstance(code, Raised):
                failed = failed or code
                continue
            stopped = False
            try:
                exec(code, space)  # noqa: S102 - what this room is for
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt) and not self._alone:
                    raise
                stopped, failed = True, failed or raised(error, self._sources)
            binds = self._binds[number] if number else None  # there may be names before the first piece
            for name in self._parts.keys() & (space.keys() if binds is None else binds & space.keys()):
                learners, part = space[name], parts[name]
                if learners is None:
                    lacks[name] = failed if stopped else None
                elif learners is imported.get(name):  # out of another file, which is not there
                    space[name] = bound.get(name, learners)
                    lacks[name] = Raised(NotHereError.__name__, f"{name} is not available here", name=name)
                elif learners is not bound.get(name) and name not in HELPERS:
                    bound[name] = run.watch(name, learners if name in own else part, learners)
                    space[name] = bound[name]
                    if number not in self._plain:
                        _put_in_tables(space, learners, bound[name])
        return space, lacks.get(run.call, failed)

    def _around(self, run: Run) -> dict[str, Callable[..., Any]]:
        """What stands in for the learner's functions, their calls noted where they are watched."""
        around = self._parts_for(run)
        return around.standins | {name: run.watch(name, part, None) for name, part in around.parts.items() if name in run.watched}

    def _noisy_names(self, scope: Namespace) -> Namespace:
        """The names of a live scope that stand for NumPy, with what stands for it during a run."""
        stands = {id(np): self._numpy, id(np.empty): self._numpy.empty, id(np.empty_like): self._numpy.empty_like}
        return {name: stands[id(value)] for name, value in scope.items() if id(value) in stands}


class _NotThereError(Exception):
    def __init__(self, name: str, why: Raised | None) -> None:
        super().__init__(f"{name} is not defined")
        self.raised = why


@lru_cache(maxsize=100)
def _part(name: str, text: str) -> CodeType:
    """The code of a part, of which one process makes many namespaces."""
    return compile(text, f"<reference {name}>", "exec")


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
