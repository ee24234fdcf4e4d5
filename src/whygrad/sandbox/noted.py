"""What is noted during one run: the calls of watched functions, in the order of the arguments that their definitions give."""

from __future__ import annotations

import inspect
from dataclasses import replace
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from whygrad.sandbox.cells import MOST_CALLS, Cells
from whygrad.sandbox.raised import raised
from whygrad.sandbox.recorder import Recorder
from whygrad.sandbox.requests import Called, Odd
from whygrad.sandbox.surroundings import Bounded
from whygrad.sandbox.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whygrad.sandbox.requests import Request
    from whygrad.sandbox.values import Kept

Namespace = dict[str, Any]

_STARRED = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_CALLS = 2_000
"""Calls of watched functions that are kept."""


class Run:
    """What is noted during one run."""

    def __init__(self, request: Request, reads: frozenset[int], kept: Kept, sources: set[str]) -> None:
        self.call, self.own, self.lazy = request.call, request.own, request.lazy
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
            return called_as_ours(name, function)
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
        if learners is not None:  # whoever looks at its arguments' names sees the learner's
            called.__wrapped__ = learners  # pyright: ignore[reportFunctionMemberAccess] - as functools.wraps does
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


@lru_cache(maxsize=200)
def called_as_ours(name: str, standin: Callable[..., Any]) -> Callable[..., Any]:
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
