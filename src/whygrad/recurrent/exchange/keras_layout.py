"""Parameters as Keras keeps them: for each layer and direction the list ``[kernel, recurrent_kernel, bias]`` of ``get_weights``.

Kernels are transposed, (n, G H) and (H, G H). Gates: SimpleRNN one, LSTM i, f, c, o (c is our g), GRU z, r, h (h is our n). The bias of a
GRU with ``reset_after`` (our ``linear_before_reset`` with two biases) is (2, 3 H): that of W x, then that of U h. All others have one bias
or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, StructureError
from whygrad.recurrent import checks
from whygrad.recurrent.configuration import Configuration
from whygrad.recurrent.exchange.gates import reordered, taken
from whygrad.recurrent.kinds import kind, sequence
from whygrad.recurrent.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]

_GATES = {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("z", "r", "n")}


def to_keras(configuration: Configuration, network: Network) -> list[list[Array]]:
    """For each layer and direction, in the order of ``Network``, the list for ``set_weights``; copies, of the configuration's dtype.

    Keras' own ``Bidirectional`` takes the lists of both directions one after the other.

    Raises:
        ContentError: Keras has no such network.
        ArgumentError: The network is not the configuration's.
    """
    _known(configuration)
    checks.network(configuration, network)
    keras, hidden = _GATES[configuration.cell], configuration.hidden
    lists: list[list[Array]] = []
    for block in network:
        arrays = [reordered(array, configuration.gates, keras, hidden) for _, array in block.arrays()]
        weights, biases = [array.T.copy() for array in arrays[:2]], arrays[2:]
        lists.append([*weights, *([np.stack(biases)] if len(biases) > 1 else biases)])
    return lists


def from_keras(configuration: Configuration, lists: Sequence[Sequence[Array]]) -> Network:
    """The network of these lists, each that of a layer's ``get_weights``, in the order of ``Network``: copies of the configuration's dtype.

    Raises:
        StructureError: The number of lists, or of arrays in one, is not that of the configuration.
        ShapeError: An array has the wrong shape.
        ContentError: Keras has no such network, or an array does not hold finite floating-point numbers.
    """
    _known(configuration)
    sequence("lists", lists, "lists of arrays")
    keras, hidden, dtype, biases = _GATES[configuration.cell], configuration.hidden, configuration.dtype, configuration.biases
    count = configuration.layers * configuration.directions
    if len(lists) != count:
        raise StructureError(f"lists: {len(lists)} given, expected {count}, one for each layer and direction")
    rows = len(keras) * hidden
    network: list[Parameters] = []
    for k, arrays in enumerate(lists):
        sequence(f"lists[{k}]", arrays, "arrays")
        expected = [(configuration.layer_inputs(k // configuration.directions), rows), (hidden, rows)]
        expected += [[], [(rows,)], [(2, rows)]][biases]
        if len(arrays) != len(expected):
            raise StructureError(f"lists[{k}]: {len(arrays)} arrays, expected {len(expected)}")
        given = [taken(f"lists[{k}][{at}]", array, shape, dtype) for at, (array, shape) in enumerate(zip(arrays, expected, strict=True))]
        stacked = [given[0].T, given[1].T, *np.atleast_2d(*given[2:])] if biases else [given[0].T, given[1].T]
        network.append(Parameters(*(reordered(array, keras, configuration.gates, hidden) for array in stacked)))
    return tuple(network)


def _known(configuration: Configuration) -> None:
    """Raises if Keras has no such network."""
    kind("configuration", configuration, Configuration, optional=False)
    two = configuration.cell == "gru" and configuration.linear_before_reset
    reasons = {
        "peepholes": configuration.peepholes,
        "input_forget": configuration.input_forget,
        "projection": configuration.projection is not None,
        "clip": configuration.clip is not None,
        "biases": configuration.biases == (1 if two else 2),
    }
    for field, unknown in reasons.items():
        if unknown:
            raise ContentError(f"{field} is {getattr(configuration, field)!r}, which Keras' {configuration.cell.upper()} does not have")
