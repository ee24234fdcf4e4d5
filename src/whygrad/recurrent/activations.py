"""The activation functions that ONNX names for its recurrent operators, each with its derivative.

An ``Activation`` is a name and, where the function has them, ``alpha`` and ``beta``. Values are computed in place. Complex numbers pass
through, as a complex step needs: a comparison looks at the real part alone.

Source: the ONNX operator specification, LSTM, GRU and RNN (attribute ``activations``), where the formulas and defaults stand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.errors import ContentError
from whygrad.recurrent.kinds import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Value = Callable[[Array, float, float], None]
    Slope = Callable[[Array, Array, float, float], Array]


@dataclass(frozen=True, slots=True)
class _Kind:
    """In place z := f(z); the derivative from the pre-activation z and the value y; the defaults of alpha and beta."""

    value: Value
    slope: Slope
    alpha: float | None = None
    beta: float | None = None


def _sign(z: Array) -> Array:
    return np.sign(np.real(z))


def _relu(z: Array, _alpha: float, _beta: float) -> None:
    z *= np.real(z) > 0


def _tanh(z: Array, _alpha: float, _beta: float) -> None:
    np.tanh(z, out=z)


def _sigmoid(z: Array, _alpha: float, _beta: float) -> None:
    """σ(z) = (1 + tanh(z/2)) / 2, which cannot overflow."""
    z *= 0.5
    np.tanh(z, out=z)
    z *= 0.5
    z += 0.5


def _affine(z: Array, alpha: float, beta: float) -> None:
    z *= alpha
    z += beta


def _leaky_relu(z: Array, alpha: float, _beta: float) -> None:
    np.multiply(z, alpha, out=z, where=np.real(z) < 0)


def _thresholded_relu(z: Array, alpha: float, _beta: float) -> None:
    z *= np.real(z) > alpha


def _scaled_tanh(z: Array, alpha: float, beta: float) -> None:
    z *= beta
    np.tanh(z, out=z)
    z *= alpha


def _hard_sigmoid(z: Array, alpha: float, beta: float) -> None:
    z *= alpha
    z += beta
    z[np.real(z) <= 0] = 0
    z[np.real(z) >= 1] = 1


def _elu(z: Array, alpha: float, _beta: float) -> None:
    below = np.real(z) < 0
    z[below] = alpha * np.expm1(z[below])


def _softsign(z: Array, _alpha: float, _beta: float) -> None:
    z /= 1 + z * _sign(z)


def _softplus(z: Array, _alpha: float, _beta: float) -> None:
    """log(1 + exp(z)) = max(z, 0) + log(1 + exp(-abs(z))), which cannot overflow."""
    size = z * _sign(z)
    z *= np.real(z) > 0
    z += np.log1p(np.exp(-size))


KINDS: Mapping[str, _Kind] = {
    "Relu": _Kind(_relu, lambda z, _y, _a, _b: np.real(z) > 0),
    "Tanh": _Kind(_tanh, lambda _z, y, _a, _b: 1 - y * y),
    "Sigmoid": _Kind(_sigmoid, lambda _z, y, _a, _b: y * (1 - y)),
    "Affine": _Kind(_affine, lambda z, _y, alpha, _b: np.full_like(z, alpha), 1.0, 0.0),
    "LeakyRelu": _Kind(_leaky_relu, lambda z, _y, alpha, _b: np.where(np.real(z) < 0, alpha, 1.0), 0.01),
    "ThresholdedRelu": _Kind(_thresholded_relu, lambda z, _y, alpha, _b: np.real(z) > alpha, 1.0),
    "ScaledTanh": _Kind(_scaled_tanh, lambda z, _y, alpha, beta: alpha * beta * (1 - np.tanh(beta * z) ** 2), 1.0, 1.0),
    "HardSigmoid": _Kind(_hard_sigmoid, lambda _z, y, alpha, _b: alpha * ((np.real(y) > 0) & (np.real(y) < 1)), 0.2, 0.5),
    "Elu": _Kind(_elu, lambda z, y, alpha, _b: np.where(np.real(z) < 0, y + alpha, 1.0), 1.0),
    "Softsign": _Kind(_softsign, lambda z, _y, _a, _b: 1 / (1 + z * _sign(z)) ** 2),
    "Softplus": _Kind(_softplus, lambda _z, y, _a, _b: -np.expm1(-y)),
}
_MOST = sys.float_info.max
_FROM_VALUE = {"Tanh", "Sigmoid"}  # whose derivative needs no pre-activation


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function f, by its name in ONNX.

    With z the pre-activation: ``Relu`` max(z, 0); ``Tanh``; ``Sigmoid``; ``Affine`` alpha z + beta; ``LeakyRelu`` z, or alpha z below 0;
    ``ThresholdedRelu`` z where z > alpha, else 0; ``ScaledTanh`` alpha tanh(beta z); ``HardSigmoid`` alpha z + beta between 0 and 1;
    ``Elu`` z, or alpha (exp(z) - 1) below 0; ``Softsign`` z / (1 + abs(z)); ``Softplus`` log(1 + exp(z)).
    At a kink the derivative is the one from below, but for ``LeakyRelu`` and ``Elu``, where it is the one from above.

    Args:
        name: One of the names above.
        alpha: As above; None is ONNX's default, and the only value for a function without alpha.
        beta: The same for beta.

    Raises:
        ContentError: The name is unknown, or the function has no alpha or beta, or that is not a finite number.
    """

    name: str
    alpha: float | None = None
    beta: float | None = None

    def __post_init__(self) -> None:
        """Checks the name, and that alpha and beta belong to it."""
        kind = KINDS.get(self.name) if isinstance(self.name, str) else None  # pyright: ignore[reportUnnecessaryIsInstance]
        if kind is None:
            raise ContentError(f"activation is {self.name!r}, expected one of {', '.join(KINDS)}")
        for field, default in (("alpha", kind.alpha), ("beta", kind.beta)):
            value = plain(getattr(self, field))
            if value is None:
                continue
            object.__setattr__(self, field, value)
            if default is None:
                raise ContentError(f"{field} is {value!r}, but the activation {self.name} has none: expected None")
            if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _MOST:
                raise ContentError(f"{field} of the activation {self.name} is {value!r}, expected a finite number")

    @property
    def needs_preactivation(self) -> bool:
        """Whether the derivative cannot be had from the function's value alone."""
        return self.name not in _FROM_VALUE

    def apply(self, z: Array) -> None:
        """Changes z to f(z) in place."""
        KINDS[self.name].value(z, *self._numbers())

    def slope(self, z: Array | None, y: Array) -> Array:
        """f'(z), from the pre-activation z (None where it is not needed) and y = f(z); a fresh array."""
        return KINDS[self.name].slope(y if z is None else z, y, *self._numbers())

    def _numbers(self) -> tuple[float, float]:
        kind = KINDS[self.name]
        alpha, beta = (default if value is None else value for value, default in ((self.alpha, kind.alpha), (self.beta, kind.beta)))
        return alpha or 0.0, beta or 0.0


SIGMOID = Activation("Sigmoid")
TANH = Activation("Tanh")
RELU = Activation("Relu")


def clip(z: Array, bound: float) -> None:
    """Changes z to what lies between -bound and bound, in place; complex numbers go by their real part."""
    z[np.real(z) > bound] = bound
    z[np.real(z) < -bound] = -bound


def inside(z: Array, bound: float) -> Array:
    """The derivative of ``clip``, from its value: 1 inside the bounds, 0 where z was cut."""
    return np.abs(np.real(z)) < bound
