"""The product of a step: in pieces where OpenBLAS reads them in place, and the same numbers everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from whygrad.recurrent import Configuration, backward, forward, initial_parameters, openblas
from whygrad.recurrent.products import product

CELLS: dict[str, dict[str, Any]] = {
    "wide lstm": {"cell": "lstm", "inputs": 3, "hidden": 192},
    "narrow lstm": {"cell": "lstm", "inputs": 64, "hidden": 64},
    "gru": {"cell": "gru", "inputs": 3, "hidden": 192},
    "reset after": {"cell": "gru", "inputs": 3, "hidden": 192, "linear_before_reset": True, "biases": 2},
    "rnn": {"cell": "rnn", "inputs": 3, "hidden": 256},
}


def kernels(patch: pytest.MonkeyPatch, core: str | None, threads: int | None) -> None:
    """Makes OpenBLAS say this of itself."""
    patch.setattr(openblas, "core", lambda: core)
    patch.setattr(openblas, "threads", lambda: threads)


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(512, 129, 32), (96, 400, 32), (1024, 257, 100), (514, 129, 32), (20, 5, 10), (512, 512, 512)]
)
def test_a_product_is_a_product(
    rows: int, inner: int, columns: int, dtype: str, monkeypatch: pytest.MonkeyPatch, *, transposed: bool
) -> None:
    """Whatever its size, in pieces or not, it is left @ right, also after the numbers on the left have changed."""
    kernels(monkeypatch, "SkylakeX", 1)
    draw = np.random.default_rng(rows).normal
    left = draw(size=(inner, rows)).astype(dtype).T if transposed else draw(size=(rows, inner)).astype(dtype)
    right, target = draw(size=(inner, columns)).astype(dtype), np.empty((rows, columns), dtype)
    times = product(left, columns)
    for factor in (1, -3):
        left *= factor
        times(right, target)
        np.testing.assert_allclose(target, left @ right, atol=1e-2 if dtype == "float32" else 1e-10)


@pytest.mark.parametrize(("core", "threads"), [("Haswell", 1), ("SkylakeX", 2), (None, None)])
def test_pieces_are_for_kernels_that_read_in_place(core: str | None, threads: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other kernels copy each piece, and several threads share one large product: there it stays whole."""
    left = np.zeros((512, 129))
    kernels(monkeypatch, "SkylakeX", 1)
    assert product(left, 32) != left.dot
    assert product(left, 1) == left.dot
    assert product(left.astype(complex), 32).__name__ == "dot"
    kernels(monkeypatch, core, threads)
    assert product(left, 32) == left.dot


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_is_the_same_in_pieces(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outputs and all gradients are those of whole products, to rounding."""
    configuration, generator = Configuration(**CELLS[cell]), np.random.default_rng(4)
    parameters = initial_parameters(configuration, generator)
    x, upstream = generator.normal(size=(5, 64, configuration.inputs)), generator.normal(size=(5, 64, configuration.hidden))
    results: list[list[np.ndarray]] = []
    for core in (None, "SkylakeX"):
        kernels(monkeypatch, core, 1)
        outputs, _, tape = forward(configuration, parameters, x)
        gradients = backward(upstream, None, tape)
        results.append([outputs, gradients.inputs, *(array for _, array in gradients.parameters[0].arrays())])
    for whole, pieces in zip(*results, strict=True):
        np.testing.assert_allclose(pieces, whole, rtol=1e-10, atol=1e-10)


def asked(**environment: str) -> list[str]:
    """What OpenBLAS says of itself in a process with this environment."""
    program = "from whygrad.recurrent import openblas; print(openblas.core(), openblas.threads())"
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_openblas_is_asked() -> None:
    """Where NumPy has it and shows its symbols, the answers are those that the environment asks for; else they are None."""
    core, _ = asked()
    if core == "None":
        pytest.skip("NumPy shows no OpenBLAS here")
    assert asked(OPENBLAS_NUM_THREADS="1") == [core, "1"]
    if core in {"SkylakeX", "Cooperlake", "Haswell", "Zen"}:
        assert asked(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell") == ["Haswell", "1"]


def test_without_openblas_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be loaded, or has other symbols, gives None."""

    def refuses(_: str) -> object:
        raise OSError

    assert openblas.library(refuses) is None
    monkeypatch.setattr(openblas, "library", object)
    openblas.function.cache_clear()
    try:
        assert (openblas.core(), openblas.threads()) == (None, None)
    finally:
        openblas.function.cache_clear()
