"""What is asked of somebody's code, and what comes back: plain data, so that it can go through a pipe.

A ``Value`` is a nest of tuples, lists and dictionaries (with text keys) around arrays, numbers, texts, True, False and None. What a run
returns that is none of these comes back as an ``Odd``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from whygrad.records import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

__all__ = ["Called", "Host", "Odd", "Path", "Piece", "Raised", "Reply", "Request", "Runner", "Seen", "Substitute", "Value"]

Value = Any
Path = tuple[str | int, ...]
"""Where a value stands within another: ("caches", 0, 3) and the like, from the outside in."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that is no ``Value``; ``type`` is its type's name."""

    type: str


@dataclass(frozen=True, slots=True)
class Substitute:
    """Put something else at a place (its number among the traced places) at one of its visits, counted from 0; None: at every visit.

    ``value`` replaces what was computed there; where ``copy`` is True the value's own copy does, in which no two arrays share memory.
    """

    place: int
    visit: int | None
    value: Value = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One call of one function.

    ``own`` are the names of the assignment's functions that are the learner's in this run; the others are the stand-ins'.
    ``watched`` are names of functions whose every call is recorded. ``seed`` fills what ``np.empty`` hands out.
    With ``trace`` the learner's functions are run in their rewritten form and the value at every place in ``wanted`` (None: at all) is
    recorded; ``after``, ``shared``, ``globals`` and ``matrix`` of the reply are then left empty. Where nothing is wanted, what watched
    functions return is not recorded either, and ``after`` is there.
    At a place in ``lazy`` nothing is computed if something is put there, so that what raises there can be passed by.
    ``part``: it gets one part of so many of the time that is allowed, since its text shows a loop that may have no end, or has none.
    ``notebook`` are (name, value) that stand in the learner's notebook during this run only.
    ``bare``: nobody looks at ``after``, ``shared`` and ``matrix``, so they are left empty.
    """

    call: str
    arguments: tuple[Value, ...]
    own: frozenset[str]
    watched: frozenset[str] = frozenset()
    trace: bool = False
    substitutes: tuple[Substitute, ...] = ()
    seed: int = 0
    notebook: tuple[tuple[str, Value], ...] = ()
    wanted: frozenset[int] | None = None
    lazy: frozenset[int] = frozenset()
    part: int = 1
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception out of somebody's code: its type's name, its text, and where in the code (None where it was raised elsewhere).

    ``name`` is the name that was looked for and is not there, ``of`` the type's name of the object it was looked for in, if it was one.
    ``span`` is the part of the code that raised, from its line and column to its last line and the column after it, as in a syntax tree.
    """

    type: str
    text: str
    source: str | None = None
    line: int | None = None
    name: str | None = None
    of: str | None = None
    span: tuple[int, int, int, int] | None = None


@dataclass(slots=True)
class Called:
    """One call of a watched function: what it was given (copied before the call) and what it returned, or raised.

    There are so many that freezing them would take long.
    """

    name: str
    arguments: tuple[Value, ...]
    value: Value
    raised: Raised | None = None


@dataclass(slots=True)
class Seen:
    """The value at a place at one of its visits, copied when it was there. There are so many that freezing them would take long."""

    place: int
    visit: int
    value: Value


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request.

    ``after`` are the arguments as the call left them. ``shared`` are pairs of places in the value whose arrays share memory. ``globals``
    are the names that the learner's functions read from the notebook and that are not functions, modules or the language's own;
    ``random`` whether random numbers were drawn; ``matrix`` whether a ``np.matrix``, which is an array here, was returned;
    ``last`` that the time for all requests is up.
    """

    status: Literal["returned", "raised", "timeout", "died", "refused", "too-large"]
    value: Value = None
    raised: Raised | None = None
    after: tuple[Value, ...] = ()
    shared: tuple[tuple[Path, Path], ...] = ()
    calls: tuple[Called, ...] = ()
    seen: tuple[Seen, ...] = ()
    globals: frozenset[str] = frozenset()
    random: bool = False
    matrix: bool = False
    output: str = ""
    problem: str = field(default="")
    last: bool = False


class Runner(Protocol):
    """Whatever answers requests: in place or in a child process."""

    def run(self, request: Request) -> Reply:
        """One call; its arguments are copied before it."""
        ...


class Host(Runner, Protocol):
    """A runner that can run another program in the meantime, such as this one with a line mended."""

    def holding(self, pieces: Sequence[Piece]) -> AbstractContextManager[Host]:
        """What runs these pieces."""
        ...
