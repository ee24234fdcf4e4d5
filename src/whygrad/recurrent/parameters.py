"""The parameters of one layer in one direction, as a record of arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.configuration import Configuration
from whygrad.recurrent.kinds import kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Parameters:
    """One layer in one direction; as gradients, the gradient at each of them.

    The rows of all gates are stacked, H rows a gate, in the order ``Configuration.gates``. G is the number of gates, P the features of
    the hidden state (H without projection). None is what the configuration has not.

    Args:
        input_weights: W, (G H, n), n the features that come into the layer.
        recurrent_weights: U, (G H, P).
        bias: b, (G H,): the only bias, or the one with W x.
        recurrent_bias: The one with U h, (G H,).
        peepholes: (number of peephole gates, H), rows in the order ``Configuration.peephole_gates``.
        projection: R, (P, H).
    """

    input_weights: Array
    recurrent_weights: Array
    bias: Array | None = None
    recurrent_bias: Array | None = None
    peepholes: Array | None = None
    projection: Array | None = None

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Name and array of each parameter that is there."""
        for field in fields(self):
            array = getattr(self, field.name)
            if array is not None:
                yield field.name, array


Network: TypeAlias = tuple[Parameters, ...]
"""The parameters of a network: layer by layer from below, in each layer the forward direction first."""


def shapes(configuration: Configuration, layer: int) -> dict[str, tuple[int, ...]]:
    """The shape of each parameter that a layer, counted from 0, has in each direction."""
    hidden, features = configuration.hidden, configuration.features
    rows = len(configuration.gates) * hidden
    optional = {
        "bias": (rows,) if configuration.biases > 0 else None,
        "recurrent_bias": (rows,) if configuration.biases > 1 else None,
        "peepholes": (len(configuration.peephole_gates), hidden) if configuration.peepholes else None,
        "projection": (features, hidden) if configuration.projection else None,
    }
    weights = {"input_weights": (rows, configuration.layer_inputs(layer)), "recurrent_weights": (rows, features)}
    return weights | {name: shape for name, shape in optional.items() if shape}


def make_network(configuration: Configuration, make: Callable[[tuple[int, ...]], Array]) -> Network:
    """A network whose arrays are made by ``make`` from their shapes."""
    return tuple(
        Parameters(**{name: make(shape) for name, shape in shapes(configuration, layer).items()})
        for layer in range(configuration.layers)
        for _ in range(configuration.directions)
    )


def initial_parameters(configuration: Configuration, generator: np.random.Generator) -> Network:
    """Parameters drawn uniformly between -1/√H and 1/√H, as torch does it.

    Args:
        configuration: Says the shapes and the dtype.
        generator: Draws, layer by layer; the numbers of float32 are those of float64, rounded.

    Raises:
        ContentError: The configuration or the generator is none.
    """
    kind("configuration", configuration, Configuration, optional=False)
    kind("generator", generator, np.random.Generator, optional=False)
    bound = configuration.hidden**-0.5
    return make_network(configuration, lambda shape: generator.uniform(-bound, bound, shape).astype(configuration.dtype))


def zero_parameters(configuration: Configuration) -> Network:
    """Zeros in the shapes and the dtype of the configuration's parameters.

    Raises:
        ContentError: The configuration is none.
    """
    kind("configuration", configuration, Configuration, optional=False)
    return make_network(configuration, lambda shape: np.zeros(shape, configuration.dtype))
