"""The order of axes that users choose, as views: inside, a sequence is (T, features, B) and a state (features, B)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]

AXES: Mapping[str, str] = {"time-first": "TBn", "batch-first": "BTn", "features-first": "nBT"}
STATE_AXES: Mapping[str, str] = {"time-first": "kBn", "batch-first": "kBn", "features-first": "knB"}


_TO_STEPS = {layout: [axes.index(axis) for axis in "TnB"] for layout, axes in AXES.items()}
_FROM_STEPS = {layout: ["TnB".index(axis) for axis in axes] for layout, axes in AXES.items()}
_TO_STATES = {layout: [axes.index(axis) for axis in "knB"] for layout, axes in STATE_AXES.items()}


def as_steps(array: Array, layout: str) -> Array:
    """A sequence in the user's order as a (T, n, B) view."""
    return array.transpose(_TO_STEPS[layout])


def from_steps(array: Array, layout: str) -> Array:
    """A (T, n, B) sequence as a view in the user's order."""
    return array.transpose(_FROM_STEPS[layout])


def as_states(array: Array, layout: str) -> Array:
    """States in the user's order as a (layers x directions, n, B) view."""
    return array.transpose(_TO_STATES[layout])


def sequence_shape(configuration: Configuration, steps: int, features: int, batch: int) -> tuple[int, ...]:
    """The shape of a sequence in the user's order."""
    sizes = {"T": steps, "n": features, "B": batch}
    return tuple(sizes[axis] for axis in AXES[configuration.layout])


def new_sequence(configuration: Configuration, steps: int, features: int, batch: int) -> Array:
    """An array for a sequence, in the user's order."""
    return np.zeros(sequence_shape(configuration, steps, features, batch), configuration.dtype)


def new_states(configuration: Configuration, features: int, batch: int) -> Array:
    """An array for the states of all layers and directions, in the user's order."""
    sizes = {"k": configuration.layers * configuration.directions, "n": features, "B": batch}
    return np.zeros([sizes[axis] for axis in STATE_AXES[configuration.layout]], configuration.dtype)
