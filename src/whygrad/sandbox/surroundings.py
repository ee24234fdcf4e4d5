"""What is around a run, for as long as it takes: its output is taken up, warnings are quiet, names are bound, random streams begin anew.

The functions of these streams are taken by name: a program may write ``np.random.seed = 1``.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import warnings
from collections import deque
from contextlib import nullcontext
from functools import lru_cache
from random import Random, getstate, seed, setstate
from types import CellType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.random import Generator as BitStream
from numpy.random import RandomState, get_state, random_sample, set_state
from numpy.random import seed as np_seed

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Mapping
    from contextlib import AbstractContextManager

_OUTPUT = 20_000
"""Characters of output that are kept."""


class Bounded(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str, /) -> int:
        """Take up what is left of the room."""
        room = _OUTPUT - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)

    @property
    def buffer(self) -> Any:  # noqa: ANN401 - a stream of bytes
        """What takes up the bytes that are written past the text."""
        return _Bytes(self)

    def print(self, *values: object, file: Any = None, **settings: Any) -> None:  # noqa: ANN401 - the language's own
        """Like ``print``; what would not be kept is not even made a text, for a large array takes long."""
        if file is not None or self.tell() < _OUTPUT:
            print(*values, file=file, **settings)


class _Bytes(io.BufferedIOBase):
    """Hands on as text what is written as bytes."""

    def __init__(self, text: Bounded) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, given: Any, /) -> int:  # noqa: ANN401 - whatever holds bytes
        first = bytes(memoryview(given)[:_OUTPUT])
        self._text.write(first.decode("utf-8", "replace"))
        return len(given)


@contextlib.contextmanager
def quiet(output: io.StringIO) -> Generator[None, None, None]:
    """Take up what is printed, and let no warning out."""
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def as_it_was(scope: dict[str, Any], read: Iterable[str]) -> Generator[None, None, None]:
    """Let the functions in a scope have copies of what they ``read`` there and can change, and put back all names at the end."""
    before, memo = dict(scope), dict[int, Any]()
    for name in read:
        if isinstance(before[name], _CHANGES) and _small(before[name]):
            with contextlib.suppress(Exception):  # somebody's object within it may not be copied
                scope[name] = copy.deepcopy(before[name], memo)
    try:
        yield
    finally:
        for name in scope.keys() - before.keys():
            del scope[name]
        scope.update(before)


_CHANGES = (np.ndarray, list, dict, set, bytearray, deque, BitStream, RandomState, Random)
_MOST_ITEMS, _MOST_BYTES = 10_000, 10_000_000
"""What is larger is not copied for each run."""


def _small(value: object) -> bool:
    """Whether a copy costs little."""
    todo, items = [value], 0
    while todo:
        one = todo.pop()
        if isinstance(one, np.ndarray) and one.nbytes > _MOST_BYTES:
            return False
        if isinstance(one, (list, tuple, set, dict, deque)):
            inner = cast("Collection[object]", one.values() if isinstance(one, dict) else one)
            items += len(inner)
            if items > _MOST_ITEMS:
                return False
            todo += inner
    return True


class RandomStreams:
    """NumPy's random numbers and Python's own, for one run."""

    def __init__(self, start: int) -> None:
        self._start = start

    def start(self) -> None:
        """Begin anew, whatever was drawn before."""
        np_seed(self._start)  # noqa: NPY002 - the stream that learners draw from
        seed(self._start)

    def drawn(self) -> bool:
        """Whether anything was drawn from NumPy's since the start, which a notebook's checks draw from too; to be asked once.

        The next number is another one than the first then, and costs less than the state.
        """
        return random_sample() != _first(self._start)  # noqa: NPY002 - as above


@contextlib.contextmanager
def random_streams(seed: int, *, put_back: bool = True) -> Generator[RandomStreams, None, None]:
    """Start the random streams at ``seed``, and put them back at the end."""
    before = (get_state(legacy=False), getstate()) if put_back else None  # noqa: NPY002 - as above
    streams = RandomStreams(seed)
    streams.start()
    try:
        yield streams
    finally:
        if before is not None:
            set_state(before[0])  # noqa: NPY002 - as above
            setstate(before[1])


@lru_cache(maxsize=16)
def _first(start: int) -> float:
    return RandomState(start).random_sample()


@contextlib.contextmanager
def put(space: dict[str, Any], names: Mapping[str, object]) -> Generator[None, None, None]:
    """Bind the names for a while."""
    before = {name: space[name] for name in names if name in space}
    space.update(names)
    try:
        yield
    finally:
        for name in names:
            space.pop(name, None)
        space.update(before)


def wrapping(own: Mapping[str, object], names: Mapping[str, object], there: Mapping[str, object]) -> dict[str, object]:
    """``names`` to put where others are ``there``; but one of one's ``own`` that wraps the one of its name there calls that one."""
    return {
        name: _unless_within(own[name], value, there[name]) if name in own and there.get(name, own[name]) is not own[name] else value
        for name, value in names.items()
    }


def _unless_within(function: object, instead: Any, there: Any) -> object:  # noqa: ANN401 - two functions
    """What is called ``instead``, but for the calls that ``function`` itself makes, which reach what is ``there``."""
    code = getattr(inspect.unwrap(cast("Any", function)), "__code__", None)

    def called(*arguments: object, **named: object) -> object:
        frame = inspect.currentframe()
        while frame is not None and frame.f_code is not code:
            frame = frame.f_back
        return (instead if frame is None else there)(*arguments, **named)

    return called


@contextlib.contextmanager
def put_in_closure(function: object, names: Mapping[str, object], own: Mapping[str, object]) -> Generator[None, None, None]:
    """The same as ``put`` for what a function reads of the one within which it was defined, and which has a value there."""
    inner = inspect.unwrap(cast("Any", function))
    cells = zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=True) if isinstance(inner, FunctionType) else ()
    taken = [(name, cell, cell.cell_contents) for name, cell in cells if name in names and cell != CellType()]
    instead = wrapping(own, names, {name: before for name, _, before in taken})
    for name, cell, _ in taken:
        cell.cell_contents = instead[name]
    try:
        yield
    finally:
        for _, cell, before in taken:
            cell.cell_contents = before


def put_on_object(function: object, names: Mapping[str, object]) -> AbstractContextManager[None]:
    """The same for the methods of the object to which a method is bound; it calls them by that object."""
    owner = function.__self__ if isinstance(function, MethodType) else None
    space = getattr(owner, "__dict__", None)
    if not isinstance(space, dict):
        return nullcontext()
    return put(cast("dict[str, Any]", space), {name: value for name, value in names.items() if hasattr(owner, name)})
