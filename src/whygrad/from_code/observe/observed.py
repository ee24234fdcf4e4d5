"""What is seen of a run, each small thing under a name: a step of a result, an entry of a step's cache, an argument of a call of the cell.

The names are texts, which are quick to look up, and can be shown. All that is read off them is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.contract import in_order
from whygrad.from_code.reference.inputs import ENTRIES, OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from whygrad.sandbox.requests import Value

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


def without(observations: Mapping[str, Value], unasked: Collection[str]) -> dict[str, Value]:
    """These but for what is returned under such names."""
    return {name: value for name, value in observations.items() if not (is_result(name) and result_of(name) in unasked)}


def in_result(function: str, value: Value) -> dict[str, Value]:
    """What a function returned, entry by entry: gradients or outputs, each step by itself, and the entries of each step's cache."""
    if function not in OUTPUTS:
        return _by_step(cast("Mapping[str, Any]", value)) if isinstance(value, dict) else {}
    if not isinstance(value, (tuple, list)):
        return {}
    items = cast("Sequence[Any]", value)
    found = _by_step(dict(zip(OUTPUTS[function][:-1], items, strict=False)))
    entries = ENTRIES[function.partition("_")[0]]
    kept = items[-1] if items else None
    inside = cast("Sequence[Any]", kept) if isinstance(kept, (tuple, list)) else ()
    steps: Any = [kept] if "cell" in function else in_order(inside[0]) if inside else ()
    for t, step in enumerate(cast("Sequence[Any]", steps) if isinstance(steps, (tuple, list)) else ()):
        if isinstance(step, (tuple, list)):
            found |= {cached(entry, t): item for entry, item in zip(entries, cast("Any", step), strict=False)}
            found[cached(entries[-1], t)] = _stand_at(cast("Sequence[Any]", step))
    return found


def _stand_at(step: Sequence[Value]) -> int:
    """Where in a step's cache the parameters stand, the first dictionary in it; -1 where there is none."""
    return next((at for at, item in enumerate(step) if isinstance(item, dict)), -1)


def _by_step(values: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in values.items():
        if isinstance(value, np.ndarray) and cast("NDArray[Any]", value).ndim == 3:  # noqa: PLR2004 - (features, examples, steps)
            found[shape(name)] = np.asarray(cast("NDArray[Any]", value).shape)
            found |= {at_step(name, t): value[:, :, t] for t in range(cast("NDArray[Any]", value).shape[2])}
        else:
            found[name] = value
    return found


def in_call(number: int, arguments: Value) -> dict[str, Value]:
    """The arrays in the arguments of a call of the cell; the parameters within are left out."""
    found: dict[str, Value] = {}
    _flat(of_call(number), arguments, found)
    return found


def _flat(name: str, value: Value, found: dict[str, Value]) -> None:
    if isinstance(value, (tuple, list)):
        for number, item in enumerate(cast("Sequence[Any]", value)):
            _flat(within(name, number), item, found)
    else:
        found[name] = value
