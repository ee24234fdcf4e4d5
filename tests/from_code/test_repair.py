"""A small change of a line that gives the right value names the mistake; nothing but arithmetic is ever evaluated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from whygrad.from_code.lines.repair import repair
from whygrad.from_code.observe.expression import UNKNOWN, Expression
from whygrad.from_code.observe.subject import Record
from whygrad.sandbox.places import Place

DRAW = np.random.default_rng(5).standard_normal
A, B, C = DRAW((4, 4)), DRAW((4, 4)), DRAW((4, 4))


def read(text: str, value: Any) -> Record:  # noqa: ANN401 - an array
    """A record of something that was read."""
    return Record(Place(0, "f", "read", "nb", 1, 1, 1, 1, text, "", 1, -1), 0, value, 0, 0, "")


@pytest.mark.parametrize(
    ("text", "right", "known"),
    [
        ("a + b", A * B, "operator-replaced"),
        ("a - b", A + B, "sign-flipped"),
        ("a * b", A @ B, "product-for-matrix-product"),
        ("np.dot(a, b)", A.T @ B, "transpose-wrong"),
        ("a * b", A * C, "name-replaced"),
        ("a * b * b", A * B, "factor-added"),
        ("a * b + c", A * (B + C), "bracket-moved"),
        ("np.square(np.tanh(a)) + b", np.tanh(A + B) ** 2, "bracket-moved"),
        ("np.dot(a, b).T", A.T @ B, "transpose-wrong"),
        ("a.dot(b).T", A @ B.T, "transpose-wrong"),
        ("np.transpose(a @ b)", A.T @ B, "transpose-wrong"),
        ("np.dot(a, b).transpose()", A @ B.T, "transpose-wrong"),
        ("np.mean(a, axis=1, keepdims=True)", A.sum(axis=1, keepdims=True), "mean-for-sum"),
        ("1 - a", 1 - A**2, "wrong-activation-derivative"),
        ("a * (1 - a)", 1 - A**2, "wrong-activation-derivative"),
        ("b * np.tanh(a) * (1 - np.tanh(a))", B * (1 - np.tanh(A) ** 2), "wrong-activation-derivative"),
        ("sigmoid(a)", np.tanh(A), "activation-wrong"),
    ],
)
def test_the_change_that_cures_names_the_mistake(text: str, right: Any, known: str) -> None:  # noqa: ANN401
    """Each line is one slip away from the right value."""
    found = repair(text, [read("a", A), read("b", B)], {"c": C}, right, 1e-9)
    assert found is not None
    assert found.id == known


@pytest.mark.parametrize(
    "text",
    [
        "a * (999 * 999 * 999) * (999 * 999 * 999)",
        "a + (-999 * -999 * -999) * (999 * 999 * 999)",
        "a + (True + True) * (True + True) * 999",
        "np.concatenate((a, a)) * 1000 * 1000 * 1000 * 1000",
        "np.tanh(a, a)",
    ],
)
@np.errstate(all="ignore")
def test_a_change_is_no_way_around(text: str) -> None:
    """A line that is harmless as it stands may become a power without end, or a list without end, by one change; what it read stays."""
    before = A.copy()
    assert repair(text, [read("a", A)], {}, C, 1e-9) is None
    assert np.array_equal(A, before)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd()",
        "a.tofile('x')",
        "np.zeros(10 ** 12)",
        "9 ** 9 ** 9",
        "(a,) * 1000",
        "np.zeros_like(a, shape=(999, 999, 999))",
        "np.tanh(a, out=a)",
        "[b for b in a]",
        "a.__class__",
    ],
)
def test_only_plain_arithmetic_is_evaluated(text: str) -> None:
    """Anything else is not looked at, however it ends."""
    assert repair(text, [read("a", A)], {}, A, 1e-9) is None


@pytest.mark.parametrize(
    "text",
    [
        "np.ones_like(a, 'f', 'K', True, (9, 9, 9))",
        "np.einsum('ijk,lmn->k', np.concatenate((w, w, w, w)), np.concatenate((v, v, v, v)))",
    ],
)
def test_nothing_large_is_made(text: str) -> None:
    """No part names a shape of its own, and two arrays that would make a large one are not put together."""
    line = Expression(text, {"a": A, "v": DRAW((1, 200, 1)), "w": DRAW((200, 1, 1))})
    assert line.tree is not None
    assert line.value(line.tree) is UNKNOWN


def test_a_text_that_may_name_a_type_is_refused() -> None:
    """A type of strings can be of any size."""
    assert Expression("np.sum(a, 0, 'S99999999')", {"a": A}).tree is None
