"""Parameters as torch names and stacks them: ``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, ``bias_hh_l0``, ``weight_hr_l0``.

torch's RNN, LSTM (gates i, f, g, o) and GRU (gates r, z, n, with ``linear_before_reset``), any number of layers, one direction or both,
with two biases or none. A network with one bias is given to torch with a second one of zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, StructureError
from whygrad.recurrent import checks
from whygrad.recurrent.activations import RELU, TANH
from whygrad.recurrent.configuration import DEFAULT_ACTIVATIONS, Configuration
from whygrad.recurrent.exchange.gates import reordered, taken
from whygrad.recurrent.kinds import kind, mapping
from whygrad.recurrent.parameters import Parameters, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]

_GATES = {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}
_NAMES = {
    "input_weights": "weight_ih",
    "recurrent_weights": "weight_hh",
    "bias": "bias_ih",
    "recurrent_bias": "bias_hh",
    "projection": "weight_hr",
}


def to_torch(configuration: Configuration, network: Network) -> dict[str, Array]:
    """The arrays of a ``state_dict``, by torch's names; copies, of the configuration's dtype.

    Raises:
        ContentError: torch has no such network.
        ArgumentError: The network is not the configuration's.
    """
    _known(configuration)
    checks.network(configuration, network)
    arrays: dict[str, Array] = {}
    for k, block in enumerate(network):
        for name, array in block.arrays():
            stacked = (
                array if name == "projection" else reordered(array, configuration.gates, _GATES[configuration.cell], configuration.hidden)
            )
            arrays[_full(configuration, k, name)] = stacked.copy()
        if configuration.biases == 1:
            arrays[_full(configuration, k, "recurrent_bias")] = np.zeros_like(arrays[_full(configuration, k, "bias")])
    return arrays


def from_torch(configuration: Configuration, arrays: Mapping[str, Array]) -> Network:
    """The network of a ``state_dict`` whose values are arrays, as copies of the configuration's dtype; further entries are left alone.

    With one bias in the configuration torch's two are added up, which a GRU does not allow.

    Raises:
        StructureError: An array is missing.
        ShapeError: An array has the wrong shape.
        ContentError: torch has no such network, or an array does not hold finite floating-point numbers.
    """
    _known(configuration)
    mapping("arrays", arrays)
    gates, hidden, dtype = configuration.gates, configuration.hidden, configuration.dtype
    network: list[Parameters] = []
    for k in range(configuration.layers * configuration.directions):
        expected = shapes(configuration, k // configuration.directions)
        if configuration.biases == 1:
            expected["recurrent_bias"] = expected["bias"]
        block: dict[str, Array] = {}
        for name, shape in expected.items():
            full = _full(configuration, k, name)
            if full not in arrays:
                raise StructureError(f"arrays: {full} is missing, expected shape {shape}")
            array = taken(full, arrays[full], shape, dtype)
            block[name] = array if name == "projection" else reordered(array, _GATES[configuration.cell], gates, hidden)
        if configuration.biases == 1:
            block["bias"] += block.pop("recurrent_bias")
        network.append(Parameters(**block))
    return tuple(network)


def _full(configuration: Configuration, k: int, name: str) -> str:
    layer, direction = divmod(k, configuration.directions)
    return f"{_NAMES[name]}_l{layer}{'_reverse' if direction else ''}"


def _known(configuration: Configuration) -> None:
    """Raises if torch has no such network."""
    kind("configuration", configuration, Configuration, optional=False)
    gru = configuration.cell == "gru"
    kinds = [configuration.activations_of(direction) for direction in range(configuration.directions)]
    known = {(TANH,), (RELU,)} if configuration.cell == "rnn" else {DEFAULT_ACTIVATIONS[configuration.cell]}
    reasons = {
        "direction": configuration.direction == "reverse",
        "peepholes": configuration.peepholes,
        "input_forget": configuration.input_forget,
        "clip": configuration.clip is not None,
        "activations": len(set(kinds)) > 1 or kinds[0] not in known,
        "linear_before_reset": gru and not configuration.linear_before_reset,
        "biases": gru and configuration.biases == 1,
    }
    for field, unknown in reasons.items():
        if unknown:
            raise ContentError(f"{field} is {getattr(configuration, field)!r}, which torch's {configuration.cell.upper()} does not have")
    if configuration.projection is not None and configuration.projection >= configuration.hidden:
        raise ContentError(
            f"projection is {configuration.projection}, and torch's LSTM has those below hidden, {configuration.hidden}, alone"
        )
