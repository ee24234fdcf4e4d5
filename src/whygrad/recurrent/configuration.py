"""What a recurrent network is: its cell, sizes and options, all in one frozen record."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeGuard, cast, get_args

import numpy as np

from whygrad.errors import ContentError
from whygrad.recurrent.activations import SIGMOID, TANH, Activation
from whygrad.recurrent.kinds import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Cell: TypeAlias = Literal["rnn", "lstm", "gru"]
Direction: TypeAlias = Literal["forward", "reverse", "bidirectional"]
Layout: TypeAlias = Literal["time-first", "batch-first", "features-first"]
Precision: TypeAlias = Literal["float32", "float64", "complex128"]

DEFAULT_ACTIVATIONS: Mapping[str, tuple[Activation, ...]] = {"rnn": (TANH,), "lstm": (SIGMOID, TANH, TANH), "gru": (SIGMOID, TANH)}
_CHOICES = {"cell": get_args(Cell), "direction": get_args(Direction), "layout": get_args(Layout), "dtype": get_args(Precision)}
_FLAGS = ("peepholes", "input_forget", "linear_before_reset", "checkpoint")
_LARGEST = 2**24  # with larger sizes NumPy cannot even count the bytes
_ONLY_LSTM = ("peepholes", "input_forget", "projection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A recurrent network.

    Args:
        cell: "rnn" (Elman 1990), "lstm" with forget gate (Gers 2000) or "gru" (Cho 2014). The equations stand in the cells' modules.
        inputs: n_x, the features of an input.
        hidden: H, the units of a layer in one direction.
        layers: Layers on top of each other; the input of a layer is the output of the one below.
        direction: "forward", "reverse" (from the last step to the first), or "bidirectional": both, outputs side by side.
        layout: The order of axes of inputs and outputs: "time-first" (T, B, n), "batch-first" (B, T, n) or "features-first" (n, B, T),
            which is the course's. States are (layers x directions, B, n), or (layers x directions, n, B) with "features-first".
        dtype: "float32", "float64", or "complex128" for a complex step through the network. All arrays have it.
        biases: 0, 1, or 2: none, one at the gates, or one with the input product and one with the recurrent product, as torch, ONNX and
            cuDNN have it.
        activations: One for an RNN (f), three for an LSTM (f of the gates, g of the candidate, h of the cell state), two for a GRU (f of
            the gates, g of the candidate); twice as many for another choice in the reverse direction. Empty: tanh, and sigmoid for f.
        clip: The pre-activations of all gates are cut to [-clip, clip], as in ONNX.
        peepholes: LSTM: the gates see the cell state (Gers & Schmidhuber 2002).
        input_forget: LSTM: f = 1 - i, no forget gate of its own (Greff 2017, ONNX).
        projection: LSTM: h = R (o * h(c)), with this number of features (Sak 2014).
        linear_before_reset: GRU: the reset gate acts on U h + b instead of on h, as in cuDNN, torch, and Keras (``reset_after``).
        dropout: Chance that an output of a layer below the last is set to zero, while a generator is passed to ``forward``; what is kept is
            multiplied by 1 / (1 - dropout).
        checkpoint: Keep the state at every √T-th step only and compute the steps between again in the backward pass: one more forward
            pass, and the tape beyond the inputs and outputs of the layers takes O(√T) memory.

    Raises:
        ContentError: An argument is none of these; the text says which and what was expected.
    """

    cell: Cell
    inputs: int
    hidden: int
    layers: int = 1
    direction: Direction = "forward"
    layout: Layout = "time-first"
    dtype: Precision = "float64"
    biases: int = 1
    activations: tuple[Activation, ...] = ()
    clip: float | None = None
    peepholes: bool = False
    input_forget: bool = False
    projection: int | None = None
    linear_before_reset: bool = False
    dropout: float = 0.0
    checkpoint: bool = False

    def __post_init__(self) -> None:
        """Checks every field, and that those given belong to the cell. NumPy's numbers become Python's."""
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, plain(getattr(self, field.name)))
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            _expect(name, value, isinstance(value, str) and value in choices, f"one of {', '.join(choices)}")
        for name in ("inputs", "hidden", "layers"):
            _expect(name, getattr(self, name), _size(getattr(self, name)), f"a whole number above 0, {_LARGEST} at most")
        for name in _FLAGS:
            _expect(name, getattr(self, name), isinstance(getattr(self, name), bool), "True or False")
        _expect("biases", self.biases, _whole(self.biases) and self.biases in {0, 1, 2}, "0, 1 or 2")
        clip, finite, largest = self.clip, f"a finite number above 0 ({self.dtype})", float(np.finfo(self.dtype).max)
        _expect("clip", clip, clip is None or (_number(clip) and 0 < clip <= largest), f"None or {finite}")
        _expect("dropout", self.dropout, _number(self.dropout) and 0 <= self.dropout < 1, "a number from 0 to below 1")
        below = not self.dropout or self.layers > 1
        _expect("dropout", self.dropout, below, "0.0, because only a layer below the last is dropped from and layers is 1")
        projection = self.projection
        _expect("projection", projection, projection is None or _size(projection), f"None or a whole number above 0, {_LARGEST} at most")
        for name in _ONLY_LSTM if self.cell != "lstm" else ():
            value, empty = getattr(self, name), False if name in _FLAGS else None
            _expect(name, value, not value, f"{empty}, because only an LSTM has it and cell is {self.cell!r}")
        gru = not self.linear_before_reset or self.cell == "gru"
        _expect("linear_before_reset", self.linear_before_reset, gru, f"False, because only a GRU has it and cell is {self.cell!r}")
        self._check_activations()

    def _check_activations(self) -> None:
        count = len(DEFAULT_ACTIVATIONS[self.cell])
        allowed = {0, count, count * self.directions}
        right = is_tuple_of(Activation, self.activations, allowed)
        counts = " or ".join(map(str, sorted(allowed)))
        _expect(
            "activations", self.activations, right, f"a tuple of {counts} Activation records for a {self.direction} {self.cell.upper()}"
        )
        for k, one in enumerate(self.activations):
            for name, value in (("alpha", one.alpha), ("beta", one.beta)):
                fits = value is None or abs(value) <= float(np.finfo(self.dtype).max)
                _expect(f"activations[{k}].{name}", value, fits, f"a finite number ({self.dtype})")

    @property
    def directions(self) -> int:
        """2 if bidirectional, else 1."""
        return 2 if self.direction == "bidirectional" else 1

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates in the order in which their rows are stacked: o, i, f, g of an LSTM; n, z, r of a GRU; h of an RNN."""
        if self.cell == "lstm":
            return ("o", "i", "g") if self.input_forget else ("o", "i", "f", "g")
        return ("n", "z", "r") if self.cell == "gru" else ("h",)

    @property
    def peephole_gates(self) -> tuple[str, ...]:
        """The gates that see the cell state, in the order of their rows."""
        return tuple(gate for gate in self.gates if gate != "g") if self.peepholes else ()

    @property
    def features(self) -> int:
        """The features of a hidden state: the projection's, or H."""
        return self.projection or self.hidden

    @property
    def outputs(self) -> int:
        """The features of an output: of a hidden state, times the directions."""
        return self.features * self.directions

    def layer_inputs(self, layer: int) -> int:
        """The features of what comes into a layer, counted from 0."""
        return self.inputs if layer == 0 else self.outputs

    def activations_of(self, direction: int) -> tuple[Activation, ...]:
        """The activations of one direction, 0 or 1."""
        default = DEFAULT_ACTIVATIONS[self.cell]
        return (self.activations[direction * len(default) :] or self.activations)[: len(default)] or default

    def backwards(self, direction: int) -> bool:
        """Whether this direction, 0 or 1, goes from the last step to the first."""
        return self.direction == "reverse" or direction == 1

    def replace(self, **fields: Any) -> Configuration:  # noqa: ANN401 - as dataclasses.replace
        """A configuration with these fields changed."""
        return dataclasses.replace(self, **fields)


def is_tuple_of(kind: type, given: object, counts: Collection[int]) -> bool:
    """Whether it is a tuple of so many objects of a type."""
    return (
        isinstance(given, tuple) and len(many := cast("tuple[object, ...]", given)) in counts and all(isinstance(one, kind) for one in many)
    )


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _size(value: object) -> TypeGuard[int]:
    return _whole(value) and 0 < value <= _LARGEST


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expect(name: str, value: object, right: bool, expected: str) -> None:  # noqa: FBT001 - private
    if not right:
        raise ContentError(f"{name} is {value!r}, expected {expected}")
