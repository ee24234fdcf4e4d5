"""A small LSTM's arguments and a harness around a program text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.assignments.sequence_models import SEQUENCE_MODELS
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

N_X, N_A, N_Y, M, T = 3, 5, 2, 4, 4


@pytest.fixture(scope="session")
def parts() -> dict[str, str]:
    """The text of every reference function."""
    return {name: "\n".join(lines) for name, lines in SEQUENCE_MODELS.functions.items() if not name.endswith("_check")}


@pytest.fixture(scope="session")
def around(parts: dict[str, str]) -> Callable[[str], Harness]:
    """A harness around one program text, which stands from line 11 on in cell 3."""
    return lambda text: Harness([Piece("nb.ipynb, cell 3", 11, text)], parts)


@pytest.fixture
def forward() -> tuple[Any, ...]:
    """The arguments of lstm_forward."""
    draw = np.random.default_rng(3).standard_normal
    weights = {f"W{gate}": draw((N_A, N_A + N_X)) for gate in "fico"} | {f"b{gate}": draw((N_A, 1)) for gate in "fico"}
    return draw((N_X, M, T)), draw((N_A, M)), weights | {"Wy": draw((N_Y, N_A)), "by": draw((N_Y, 1))}


@pytest.fixture(scope="session")
def exact_parts(parts: dict[str, str]) -> dict[str, str]:
    """The same without BLAS, which sums in another order where memory lies otherwise: these give the same bits in every process."""
    return {name: text.replace("np.dot(", "np.einsum('ij,jk', ") for name, text in parts.items()}


@pytest.fixture
def backward(around: Callable[[str], Harness], forward: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of lstm_backward."""
    from whygrad.sandbox.requests import Request  # noqa: PLC0415 - the one place

    caches = around("").run(Request("lstm_forward", forward, frozenset())).value[3]
    return np.random.default_rng(4).standard_normal((N_A, M, T)), caches
