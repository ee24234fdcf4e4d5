"""The styles are right: each function of each agrees with the reference and with the derivative, on sizes of any kind."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from styles import FOLDER, FUNCTIONS, REFERENCE, SINGLE, TEXTS, arguments, called, loaded, sizes_of, tolerance, worst

from whygrad.differentiate import differentiate

PROGRAMS = {style: loaded(text, f"{style}.py") for style, text in TEXTS.items()}
WRITTEN = [(style, function) for style, space in PROGRAMS.items() for function in FUNCTIONS if function in space]


def test_there_are_styles_enough() -> None:
    """Every style has the four LSTM functions, most have all eight."""
    assert sum(function == "lstm_backward" for _, function in WRITTEN) == len(TEXTS) >= 14
    assert sum(function == "rnn_backward" for _, function in WRITTEN) >= 10


def test_a_style_that_python_cannot_read_is_named() -> None:
    """As a notebook's magic would be, which stops the tests of all styles."""
    with pytest.raises(SyntaxError) as raised:
        loaded("%matplotlib inline", "mine.py")
    assert raised.value.filename == "mine.py"


def test_the_list_of_styles_is_whole() -> None:
    """The README beside the styles says of each what is special in it."""
    listed = re.findall(r"^\| (\w+)\.py \| .{20,} \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(TEXTS)


@pytest.mark.parametrize(("style", "function"), WRITTEN)
def test_a_function_alone_agrees_with_the_reference(style: str, function: str) -> None:
    """On the reference's caches and arguments, 20 random sizes and seeds, every output, cache entry and gradient is the reference's."""
    for seed in range(20):
        given_ = arguments(function, seed, sizes_of(seed))
        assert worst(function, called(PROGRAMS[style][function], given_), called(REFERENCE[function], given_)) < tolerance(style), seed


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_the_chain_agrees_with_the_reference(style: str, kind: str) -> None:
    """The style's own backward pass on the caches of its own forward pass gives the reference's gradients."""
    space = PROGRAMS[style]
    if f"{kind}_backward" not in space:
        assert kind == "rnn"
        return
    for seed in range(10):
        sizes = sizes_of(100 + seed)
        forward = arguments(f"{kind}_forward", seed, sizes)
        da = np.random.default_rng(seed).normal(size=(sizes["n_a"], sizes["m"], sizes["T"]))
        mine, right = (called(of[f"{kind}_backward"], (da, called(of[f"{kind}_forward"], forward)[-1])) for of in (space, REFERENCE))
        assert worst(f"{kind}_backward", mine, right) < tolerance(style), seed


@pytest.mark.parametrize("style", sorted(TEXTS.keys() - SINGLE))
@given(seed=st.integers(0, 2**32 - 1), small=st.fixed_dictionaries(dict.fromkeys(("n_x", "n_a", "m", "T"), st.integers(1, 3))))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_the_gradients_are_the_derivative(style: str, seed: int, small: dict[str, int]) -> None:
    """Of the style's own forward pass, at x, a0 and every parameter, whatever the sizes."""
    space = PROGRAMS[style]
    sizes = small | {"n_y": 1, "T_x": small["T"]}
    x, a0, parameters = arguments("lstm_forward", seed, sizes)
    da = np.random.default_rng(seed).normal(size=(*a0.shape, sizes["T"]))

    def loss(x: Any, a0: Any, **weights: Any) -> Any:  # noqa: ANN401 - real or complex arrays
        return np.sum(da * space["lstm_forward"](x, a0, weights)[0])

    derivative = differentiate(loss, {"x": x, "a0": a0, **parameters}).gradients
    gradients = called(space["lstm_backward"], (da, called(space["lstm_forward"], (x, a0, parameters))[-1]))
    for name, gradient in gradients.items():
        assert np.allclose(gradient, derivative[name.removeprefix("d")], rtol=1e-7, atol=1e-9), name


def test_a_style_may_define_dataclasses() -> None:
    """They look up the module in which they are defined; nothing of a style's is left in the table of modules."""
    before = dict(sys.modules)
    cell = loaded("from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass Cell:\n    size: int = 3\n")[
        "Cell"
    ]
    assert cell().size == 3
    assert {name: sys.modules.get(name) for name in ("notebook", "rnn_utils")} == {n: before.get(n) for n in ("notebook", "rnn_utils")}
