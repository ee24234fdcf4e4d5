"""A small LSTM's arguments and a harness around a program text."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.assignments.sequence_models import SEQUENCE_MODELS
from whygrad.sandbox import wire
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.sandbox.requests import Reply

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
def alike() -> Callable[[Reply, Reply], bool]:
    """Whether two replies are the same but for the last bits of their numbers: BLAS sums otherwise where memory lies otherwise."""

    def split(reply: Reply) -> tuple[bytes, Any]:
        content = wire.encode_reply(reply)
        (length,) = struct.unpack_from("<Q", content)
        numbers = content[8 + length :]
        return content[8 : 8 + length], np.frombuffer(numbers, np.uint8 if len(numbers) % 8 else float)

    def compared(one: Reply, other: Reply) -> bool:
        (head, numbers), (its, others) = split(one), split(other)
        return head == its and np.allclose(numbers, others, rtol=1e-12, atol=1e-15, equal_nan=True)

    return compared


@pytest.fixture
def backward(around: Callable[[str], Harness], forward: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of lstm_backward."""
    from whygrad.sandbox.requests import Request  # noqa: PLC0415 - the one place

    caches = around("").run(Request("lstm_forward", forward, frozenset())).value[3]
    return np.random.default_rng(4).standard_normal((N_A, M, T)), caches
