"""How sentences count and call things."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.mistakes.words import counted
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def which_step(step: int, steps: int) -> str:
    """How a sentence calls a step of whygrad's own sequence: the last two by their place, for the learner's have other numbers."""
    return {steps - 1: "the last step", steps - 2: "the last step but one"}.get(step, f"step {step}")


def kind(value: Any) -> str:  # noqa: ANN401 - whatever was seen
    """What sort of thing a value is."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {cast('Any', value).shape}"
    if isinstance(value, (tuple, list)):
        many = counted(len(cast("Sequence[Any]", value)), "value")
        return f"a tuple of {many}" if isinstance(value, tuple) else f"a list of {many}"
    if isinstance(value, Odd) and value.type.startswith("array of "):
        return f"an array of dtype {value.type.removeprefix('array of ')}"
    for known, name in _KINDS:
        if isinstance(value, known):
            return name
    return "something else"


_KINDS = (
    (dict, "a dictionary"), (str, "a text"), (bool, "True or False"), (type(None), "None"), ((int, float, complex), "a number"),
)  # fmt: skip


def of_any_step(name: str) -> str:
    """A name without what says no more than that it is of this step."""
    return name.lower().replace("_", "").removesuffix("t")


def alike(one: str, other: str) -> float:
    """How alike two names are written, from 0 to 1."""
    return SequenceMatcher(None, one, other).ratio()


def rather_called(names: Sequence[str], ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether names are more like the ones, each like its own, than like the others."""
    called, *orders = ([of_any_step(name) for name in some] for some in (names, ones, others))
    mine, theirs = (sum(map(alike, called, order)) for order in orders)
    return mine > theirs


def likest(name: str, others: Iterable[str]) -> list[str]:
    """Other names, first those that are written most like this one."""
    return sorted((other for other in others if other != name), key=lambda other: -alike(other, name))
