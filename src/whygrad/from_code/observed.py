"""What is seen of a run, each small thing under a name: a step of a result, an entry of a step's cache, an argument of a call of the cell.

The names are texts, which are quick to look up, and can be shown. All that is read off them is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CALL, _CACHED, _STEP, _SHAPE = "call ", " in the cache of step ", " at step ", ", its shape"


def of_call(number: int) -> str:
    """What a call of the cell is called; its arguments are ``within`` it."""
    return f"{_CALL}{number}"


def within(name: str, slot: int) -> str:
    """A part of an argument, or of a call."""
    return f"{name}, {slot}"


def cached(entry: str, step: int) -> str:
    """An entry of a step's cache."""
    return f"{entry}{_CACHED}{step}"


def at_step(result: str, step: int) -> str:
    """One step of a result."""
    return f"{result}{_STEP}{step}"


def shape(result: str) -> str:
    """The shape of a result that has steps."""
    return f"{result}{_SHAPE}"


def is_result(name: str) -> bool:
    """Whether something is returned, and no argument of a call."""
    return not name.startswith(_CALL)


def is_cached(name: str) -> bool:
    """Whether it is an entry of a cache."""
    return _CACHED in name


def result_of(name: str) -> str:
    """Of what is returned: the name of the whole."""
    return name.partition(_CACHED)[0].partition(_STEP)[0].removesuffix(_SHAPE)


def step_of(name: str) -> int | None:
    """Of one step of a result: which; None for anything else."""
    return int(name.partition(_STEP)[2]) if _STEP in name else None


def argument(name: str) -> tuple[int, int] | None:
    """Of an argument: the call and the place of the argument there; None for a result."""
    if is_result(name):
        return None
    call, slot = name.removeprefix(_CALL).split(", ")[:2]
    return int(call), int(slot)


def results(names: Iterable[str]) -> list[str]:
    """Those that are returned."""
    return [name for name in names if is_result(name)]
