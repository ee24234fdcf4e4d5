"""Parameters and attributes of ONNX's operators RNN, LSTM (gates i, o, f, c) and GRU (gates z, r, h).

An operator is one layer. Its inputs W (D, G H, n) and R (D, G H, H) hold the weights of its D directions, B (D, 2 G H) the biases with
W x and then those with R h, P (D, 3 H) the peepholes of i, o, f. ONNX's c is our g, its h of a GRU our n. With ``input_forget`` the forget
gate's rows are there without being used; they are left away here, and written as zeros.
"""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, ShapeError
from whygrad.recurrent import checks
from whygrad.recurrent.activations import KINDS, Activation
from whygrad.recurrent.configuration import Configuration, Precision
from whygrad.recurrent.exchange.gates import reordered, taken
from whygrad.recurrent.kinds import kind, sequence
from whygrad.recurrent.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]

_GATES = {"rnn": ("h",), "lstm": ("i", "o", "f", "g"), "gru": ("z", "r", "n")}
_PEEPHOLES = ("i", "o", "f")
_SAME = ("direction", "clip", "input_forget", "linear_before_reset")
_ATTRIBUTES = {*_SAME, "hidden_size", "layout", "activations", "activation_alpha", "activation_beta"}


def from_onnx(
    operator: str,
    weights: Array,
    recurrence: Array,
    biases: Array | None = None,
    peepholes: Array | None = None,
    **attributes: Any,  # noqa: ANN401 - ONNX has numbers, texts and lists
) -> tuple[Configuration, Network]:
    """The network of an operator: one layer, with copies of its weights.

    Args:
        operator: "RNN", "LSTM" or "GRU".
        weights: W, (D, G H, n), float32 or float64, which becomes the configuration's dtype.
        recurrence: R, (D, G H, H).
        biases: B, (D, 2 G H); None is none.
        peepholes: P, (D, 3 H); None is none.
        attributes: The operator's, by ONNX's names; text as ``str``. Layout 1 is "batch-first".

    Raises:
        ContentError: The operator or an attribute is unknown, or an array does not hold finite floating-point numbers.
        ShapeError: An array has the wrong shape.
    """
    cell = str(operator).lower()
    weights, recurrence = np.asarray(weights), np.asarray(recurrence)
    if cell not in _GATES:
        raise ContentError(f"operator is {operator!r}, expected RNN, LSTM or GRU")
    for name in attributes.keys() - _ATTRIBUTES:
        raise ContentError(f"attribute {name} is unknown, expected one of {', '.join(sorted(_ATTRIBUTES))}")
    if weights.ndim != 3 or recurrence.ndim != 3 or not weights.size or not recurrence.size:  # noqa: PLR2004 - the axes of W and R
        raise ShapeError(
            f"W and R have shapes {weights.shape} and {recurrence.shape}, expected (D, G H, n) and (D, G H, H), none of them 0"
        )
    if str(weights.dtype) not in get_args(Precision):
        raise ContentError(f"W has dtype {weights.dtype}, expected one of {', '.join(get_args(Precision))}")
    configuration = Configuration(
        cell=cell,  # pyright: ignore[reportArgumentType] - checked above
        inputs=weights.shape[2],
        hidden=recurrence.shape[2],
        layout="batch-first" if _flag(attributes, "layout") else "time-first",
        dtype=str(weights.dtype),  # pyright: ignore[reportArgumentType] - checked above
        biases=0 if biases is None else 2,
        peepholes=peepholes is not None,
        activations=_activations(attributes),
        direction=attributes.get("direction", "forward"),
        clip=attributes.get("clip"),
        input_forget=_flag(attributes, "input_forget"),
        linear_before_reset=_flag(attributes, "linear_before_reset"),
    )
    count, hidden, onnx = configuration.directions, configuration.hidden, _GATES[cell]
    size = attributes.get("hidden_size", hidden)
    if not isinstance(size, Integral) or size != hidden:
        raise ContentError(f"attribute hidden_size is {size!r}, expected {hidden}, as R has it")
    rows = len(onnx) * hidden
    expected = {"R": (count, rows, hidden), "W": (count, rows, configuration.inputs), "B": (count, 2 * rows), "P": (count, 3 * hidden)}
    given = {"R": recurrence, "W": weights, "B": biases, "P": peepholes}  # R first: it says H, from which what W must be follows
    arrays = {name: taken(name, array, expected[name], configuration.dtype) for name, array in given.items() if array is not None}
    return configuration, tuple(_block(configuration, {name: array[k] for name, array in arrays.items()}) for k in range(count))


def to_onnx(configuration: Configuration, network: Network, layer: int = 0) -> dict[str, Array]:
    """The inputs W, R and, where there are such, B and P of the operator that is this layer, counted from 0; copies of its dtype.

    Raises:
        ContentError: ONNX or the network has no such layer.
        ArgumentError: The network is not the configuration's.
    """
    kind("configuration", configuration, Configuration, optional=False)
    checks.place("layer", layer, configuration.layers)
    if configuration.projection is not None:
        raise ContentError(f"projection is {configuration.projection!r}, which ONNX's LSTM does not have")
    checks.network(configuration, network)
    count, hidden, onnx = configuration.directions, configuration.hidden, _GATES[configuration.cell]
    arrays: dict[str, list[Array]] = {name: [] for name in "WRBP"}
    for block in network[layer * count : (layer + 1) * count]:
        stacked = {name: reordered(array, configuration.gates, onnx, hidden) for name, array in block.arrays() if name != "peepholes"}
        arrays["W"].append(stacked["input_weights"])
        arrays["R"].append(stacked["recurrent_weights"])
        if "bias" in stacked:
            second = stacked.get("recurrent_bias", np.zeros_like(stacked["bias"]))
            arrays["B"].append(np.concatenate([stacked["bias"], second]))
        if block.peepholes is not None:
            arrays["P"].append(reordered(block.peepholes.ravel(), configuration.peephole_gates, _PEEPHOLES, hidden))
    return {name: np.stack(many) for name, many in arrays.items() if many}


def _block(configuration: Configuration, arrays: Mapping[str, Array]) -> Parameters:
    onnx, gates, hidden = _GATES[configuration.cell], configuration.gates, configuration.hidden
    blocks = [arrays["W"], arrays["R"], *(np.split(arrays["B"], 2) if "B" in arrays else ())]
    parameters: list[Array | None] = [reordered(array, onnx, gates, hidden) for array in blocks]
    parameters += [None] * (4 - len(parameters))
    if "P" in arrays:
        parameters.append(reordered(arrays["P"], _PEEPHOLES, configuration.peephole_gates, hidden).reshape(-1, hidden))
    return Parameters(*parameters)  # pyright: ignore[reportArgumentType] - the weights are there


def _flag(attributes: Mapping[str, Any], name: str) -> bool:
    """An attribute that is 0, as where it is not given, or 1."""
    value = attributes.get(name, 0)
    if not isinstance(value, Integral) or value not in {0, 1}:
        raise ContentError(f"attribute {name} is {value!r}, expected 0 or 1")
    return bool(value)


def _activations(attributes: Mapping[str, Any]) -> tuple[Activation, ...]:
    """Alphas and betas are used up in order by those functions that have them."""
    for field, expected in (("activations", "names"), ("activation_alpha", "numbers"), ("activation_beta", "numbers")):
        sequence(f"attribute {field}", attributes.get(field, ()), expected)
    known = {name.lower(): name for name in KINDS}
    numbers = {field: iter(attributes.get(f"activation_{field}", ())) for field in ("alpha", "beta")}
    names: Sequence[str] = attributes.get("activations", ())
    activations: list[Activation] = []
    for name in names:
        own = known.get(str(name).lower())
        if own is None:
            raise ContentError(f"attribute activations names {name!r}, expected {', '.join(KINDS)}")
        given = {field: next(values, None) for field, values in numbers.items() if getattr(KINDS[own], field) is not None}
        activations.append(Activation(own, **given))
    return tuple(activations)
