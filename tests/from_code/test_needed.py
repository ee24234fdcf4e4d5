"""What each part of a line would have to be: arithmetic undone."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.from_code.lines.needed import needed
from whygrad.from_code.observe.expression import Expression

DRAW = np.random.default_rng(3).standard_normal
A, B, C = DRAW((3, 2)), DRAW((3, 2)), DRAW((3, 2))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a + b", C + B),
        ("b - a", B - C),
        ("a - b", C - B),
        ("b * a", B * C),
        ("b / a", B / C),
        ("-a", -C),
        ("np.tanh(a)", np.tanh(C)),
        ("sigmoid(a)", 1 / (1 + np.exp(-C))),
        ("np.exp(a).T", np.exp(C).T),
        ("b * (1 - a * b)", B * (1 - C * B)),
    ],
)
def test_a_part_is_told_from_what_the_line_should_give(text: str, right: np.ndarray) -> None:
    """If the line gives what it would with c for a, then c is what belongs at a."""
    line = Expression(text, {"a": A, "b": B})
    found = {line.named(node): belongs for node, _, belongs in needed(line, right)}
    assert np.allclose(found["a"], C)


def test_behind_a_matrix_product_nothing_is_told() -> None:
    """Many matrices give the same product."""
    line = Expression("np.dot(a.T, b)", {"a": A, "b": B})
    assert [line.named(node) for node, _, _ in needed(line, A.T @ C)] == ["np.dot(a.T, b)"]
