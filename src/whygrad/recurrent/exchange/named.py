"""A network as a flat mapping from names to arrays, as a file holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from whygrad.errors import StructureError
from whygrad.recurrent.configuration import Configuration
from whygrad.recurrent.exchange.gates import taken
from whygrad.recurrent.kinds import kind, mapping, sequence
from whygrad.recurrent.parameters import Parameters, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]


def to_arrays(network: Network) -> dict[str, Array]:
    """Each array under its record's number and its own name, "0.input_weights": the arrays themselves, not copies.

    Raises:
        ContentError: The network is no sequence of ``Parameters``.
    """
    sequence("network", network, "Parameters")
    for k, block in enumerate(network):
        kind(f"network[{k}]", block, Parameters, optional=False)
    return {f"{k}.{name}": array for k, block in enumerate(network) for name, array in block.arrays()}


def from_arrays(configuration: Configuration, arrays: Mapping[str, Array]) -> Network:
    """The network that ``to_arrays`` took apart, as copies of the configuration's dtype; further arrays are left alone.

    Raises:
        StructureError: An array is missing.
        ShapeError: An array has the wrong shape.
        ContentError: An array does not hold finite floating-point numbers.
    """
    kind("configuration", configuration, Configuration, optional=False)
    mapping("arrays", arrays)
    network: list[Parameters] = []
    for k in range(configuration.layers * configuration.directions):
        block: dict[str, Array] = {}
        for name, shape in shapes(configuration, k // configuration.directions).items():
            full = f"{k}.{name}"
            if full not in arrays:
                raise StructureError(f"arrays: {full} is missing, expected shape {shape}")
            block[name] = taken(full, arrays[full], shape, configuration.dtype)
        network.append(Parameters(**block))
    return tuple(network)
