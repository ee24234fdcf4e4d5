"""The right programs of ``tests/styles/``, read as text: run as a notebook would run them, and held against the reference.

Each style is a whole program of the four LSTM functions, most of the RNN ones too. Sizes: ``n_x`` inputs, ``n_a`` hidden units, ``n_y``
outputs, ``m`` examples, ``T_x`` steps forward, ``T`` <= ``T_x`` steps backward.
"""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Namespace = dict[str, Any]
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "styles"
TEXTS: Mapping[str, str] = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))}
FUNCTIONS = tuple(SEQUENCE_MODELS.vocabulary.roles)
"""The eight functions in the order in which they are written in the notebook."""
REFERENCE = SEQUENCE_MODELS.namespace()
SINGLE = frozenset({"float32"})
"""Styles that compute in single precision."""
CACHED = {
    "rnn": ("a_next", "a_prev", "xt"),
    "lstm": ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt"),
}
RETURNED = {
    "rnn_cell_forward": ("a_next", "yt_pred"),
    "rnn_forward": ("a", "y_pred"),
    "lstm_cell_forward": ("a_next", "c_next", "yt_pred"),
    "lstm_forward": ("a", "y", "c"),
}


def loaded(text: str, file: str = "<style>") -> Namespace:
    """The names that a program defines; errors name ``file``.

    While it is executed it finds the course's module ``rnn_utils``, and its own, as dataclasses do.
    """
    helper, program = ModuleType("rnn_utils"), ModuleType("notebook")
    vars(helper).update({name: REFERENCE[name] for name in ("sigmoid", "softmax")})
    own = {module.__name__: module for module in (helper, program)}
    before = {name: sys.modules[name] for name in own if name in sys.modules}
    sys.modules.update(own)
    try:
        exec(compile(text, file, "exec"), vars(program))  # noqa: S102 - our own program, or one with a planted mistake
    finally:
        for name in own:
            del sys.modules[name]
        sys.modules.update(before)
    return vars(program)


def sizes_of(seed: int) -> dict[str, int]:
    """Random sizes, all of them different, at least three steps forward and two backward."""
    n_x, n_a, n_y, m, T_x = (int(size) for size in np.random.default_rng(seed).permutation(range(2, 8))[:5])  # noqa: N806 - the course's name
    return {"n_x": n_x, "n_a": n_a, "n_y": n_y, "m": m, "T_x": max(3, T_x), "T": max(2, T_x - seed % 2)}


def arguments(function: str, seed: int, sizes: Mapping[str, int]) -> tuple[Any, ...]:
    """What one call of ``function`` is given: random arrays of deviation 1/2, caches from the reference's forward pass."""
    rng = np.random.default_rng((seed, FUNCTIONS.index(function)))

    def draw(*shape: int) -> Any:  # noqa: ANN401 - an array of any shape
        return rng.normal(scale=0.5, size=shape)

    n_x, n_a, n_y, m, steps = (sizes[name] for name in ("n_x", "n_a", "n_y", "m", "T_x"))
    lstm, cell, backward = function.startswith("lstm"), "cell" in function, function.endswith("backward")
    if lstm:
        parameters = {name: draw(n_a, n_a + n_x if name[0] == "W" else 1) for name in ("Wf", "bf", "Wi", "bi", "Wc", "bc", "Wo", "bo")}
        parameters |= {"Wy": draw(n_y, n_a), "by": draw(n_y, 1)}
    else:
        shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
        parameters = {name: draw(*shape) for name, shape in shapes.items()}
    forward = (draw(n_x, m), *(draw(n_a, m) for _ in range(1 + lstm))) if cell else (draw(n_x, m, steps), draw(n_a, m))
    if not backward:
        return (*forward, parameters)
    cache = REFERENCE[function.replace("backward", "forward")](*forward, parameters)[-1]
    upstream = tuple(draw(n_a, m) for _ in range(1 + lstm)) if cell else (draw(n_a, m, sizes["T"] if lstm else steps),)
    return (*upstream, cache)


def called(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever it returns
    """What the function makes of copies of its arguments."""
    with np.errstate(all="ignore"):
        return function(*deepcopy(given))


def flat(function: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - what somebody's function returned
    """Every array of a result by name: gradients, or outputs and the entries of the caches ("it of step 2").

    Raises:
        TypeError, ValueError, KeyError: The result has not the form that the assignment asks for.
    """
    if function.endswith("backward"):
        return dict(value)
    *outputs, cache = value
    named = dict(zip(RETURNED[function], outputs, strict=True))
    entries = CACHED[function.partition("_")[0]]
    steps = [cache] if "cell" in function else list(cache[0])
    for t, step in enumerate(steps):
        *arrays, parameters = step
        named |= {f"{entry} of step {t}": array for entry, array in zip(entries, arrays, strict=True)}
        named |= {f"{name} of step {t}": array for name, array in parameters.items()}
    return named if "cell" in function else named | {"x": cache[1]}


def worst(function: str, value: Any, right: Any) -> float:  # noqa: ANN401 - results of any form
    """The largest difference to the right result, beside the size of its array; infinite where names, shapes or steps differ."""
    try:
        mine, theirs = flat(function, value), flat(function, right)
        if mine.keys() != theirs.keys() or any(np.shape(mine[name]) != array.shape for name, array in theirs.items()):
            return float("inf")
        differences = [float(np.max(np.abs(mine[name] - array)) / (1e-300 + np.max(np.abs(array)))) for name, array in theirs.items()]
    except (TypeError, ValueError, KeyError, AttributeError):
        return float("inf")
    return float("inf") if np.isnan(differences).any() else max(differences)


def tolerance(style: str) -> float:
    """How far a right program of this style may be from the reference, beside the size of the array."""
    return 1e-4 if style in SINGLE else 1e-10
