"""Problems of any size for the eight functions: the arrays by name, drawn from an explicit seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIZES = {"n_x": 3, "n_a": 5, "n_y": 2, "m": 4, "steps": 6}


@pytest.fixture(scope="session")
def rnn_problem() -> Callable[..., dict[str, NDArray[Any]]]:
    """(seed, any of the sizes) -> x, a0 and the five parameters."""

    def draw(seed: int = 0, **sizes: int) -> dict[str, NDArray[Any]]:
        n_x, n_a, n_y, m, steps = (SIZES | sizes).values()
        shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
        return _drawn(seed, {"x": (n_x, m, steps), "a0": (n_a, m), **shapes})

    return draw


@pytest.fixture(scope="session")
def lstm_problem() -> Callable[..., dict[str, NDArray[Any]]]:
    """(seed, any of the sizes) -> x, a0 and the ten parameters."""

    def draw(seed: int = 0, **sizes: int) -> dict[str, NDArray[Any]]:
        n_x, n_a, n_y, m, steps = (SIZES | sizes).values()
        gates = {name: shape for g in "fico" for name, shape in ((f"W{g}", (n_a, n_a + n_x)), (f"b{g}", (n_a, 1)))}
        return _drawn(seed, {"x": (n_x, m, steps), "a0": (n_a, m), **gates, "Wy": (n_y, n_a), "by": (n_y, 1)})

    return draw


def _drawn(seed: int, shapes: dict[str, tuple[int, ...]]) -> dict[str, NDArray[Any]]:
    """Deviation 1/2 keeps the gates open: a tanh close to 1 has lost the digits of 1 - tanh², whoever computes it."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(scale=0.5, size=shape) for name, shape in shapes.items()}
