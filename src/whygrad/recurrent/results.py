"""What the passes give: states, and gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class State:
    """The states of all layers and directions, or the gradient at them; layer by layer from below, forward direction first.

    P are the features of a hidden state: H, or those of the projection.

    Args:
        hidden: (layers x directions, B, P), or (layers x directions, P, B) with layout "features-first".
        cell: The same with H for P; None but for an LSTM.
    """

    hidden: Array | None
    cell: Array | None = None


@dataclass(frozen=True, slots=True)
class Gradients:
    """The gradient of a scalar loss at everything that went into ``forward``, each of the shape of what it belongs to.

    Args:
        inputs: At x; zero after the end of a sequence.
        initial: At h0 and c0, also where these were None.
        parameters: At the parameters.
    """

    inputs: Array
    initial: State
    parameters: Network
