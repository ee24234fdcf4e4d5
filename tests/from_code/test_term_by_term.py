"""Several slips in one line: each is told by the part of the sum and the factor that it stands at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from styles import TEXTS

from whygrad.from_code.lines.sum_of_products import Part, parts_of, total
from whygrad.from_code.lines.term_by_term import slips
from whygrad.from_code.observe.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

DRAW = np.random.default_rng(7).standard_normal
VALUES = {name: DRAW((4, 3)) for name in "abcdef"}
RIGHT = "a * b * c * (1 - c) + d * b * c * (1 - c)"
SAID = [
    ("(a * b + d * b) * c", ["a missing factor: 1 - c"]),
    ("a * b + d * b * c * (1 - c)", ["c and 1 - c at one part of the sum only"]),
    ("(a * e + d * e) * c * (1 - c)", ["e where another value belongs"]),
    ("(a * e + d * b) * c * (1 - c ** 2)", ["1 - c ** 2 where another derivative belongs", "e where another value belongs"]),
    ("a * b * c * c * (1 - c)", ["a factor too many: c", "no part with d"]),
    ("(a * b - d * b) * c", ["a missing factor: 1 - c", "d * b * c with the wrong sign"]),
    ("np.multiply(a, b) * (c - c * c)", None),
    ("(a * b + d * b) * c * (1 - c) ** 2", ["(1 - c) ** 2 where another derivative belongs"]),
    ("e * f + e", None),
    ("a * e * c * (1 - c) + f * b * c * (1 - c)", ["e and f where other values belong"]),
]
SQUARE = "(1 - np.square(np.tanh(c_next)))"
DIT = f"dit = (dc_next * cct + ot * {SQUARE} * cct * da_next) * it * (1 - it)"
DCCT = f"dcct = (dc_next * it + ot * {SQUARE} * it * da_next) * (1 - np.square(cct))"
DC_PREV = f"dc_prev = dc_next * ft + ot * {SQUARE} * ft * da_next"
DXT = next(line.strip() for line in TEXTS["course_template"].split("\n") if line.strip().startswith("dxt = np.dot(parameters"))
C_NEXT = next(line.strip() for line in TEXTS["course_template"].split("\n") if line.strip().startswith("c_next = "))
LINES = [
    (DIT, f"dit = dc_next * c_prev + ot * {SQUARE} * c_prev * da_next * it * (1 - it)", "name-replaced", "has two slips: c_prev"),
    (DIT, f"dit = ot * {SQUARE} * cct * it * (1 - it)", "factor-dropped", "no part with the gradient that comes in at the cell state"),
    (DCCT, "dcct = (dc_next * it + ot * it * da_next) * (1 - np.tanh(cct))", "wrong-activation-derivative", "1 - np.tanh(cct) where"),
    (DC_PREV, "dc_prev = dc_next * it + ot * (1 - np.tanh(c_next)) * it * da_next", "gate-swapped", "it where another value belongs"),
    (DXT, DXT.replace("n_a:].T, dit", ":n_x].T, it").replace("n_a:", ":n_x"), "slice-wrong", "has two slips: parameters['Wf'][:, :n_x].T,"),
    (C_NEXT, "c_next = ft * a_prev + (1 - ft) * cct", "name-replaced", "has two slips: a_prev and 1 - ft where other values belong"),
    ("dtanh = (1 - a_next ** 2) * da_next", "dtanh = 1 - a_next", "wrong-activation-derivative", "a missing factor"),
]  # fmt: skip


def _parts(text: str) -> list[Part]:
    line = Expression(text, VALUES)
    assert line.tree is not None
    found = parts_of(line.tree, line.value, line.named)
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "said"), SAID, ids=[text for text, _ in SAID])
def test_each_part_is_held_against_its_like(text: str, said: list[str] | None) -> None:
    """What several parts have alike is said once; of what has little in common with the right sum nothing is said."""
    found = slips(_parts(text), _parts(RIGHT), lambda factor: factor.text, 1e-9)
    assert (found and [slip.says for slip in found]) == said


def test_a_sum_is_multiplied_out() -> None:
    """Brackets, NumPy's functions and signs make the same parts, and these come to what the line does."""
    parts = _parts("np.multiply(a + b, c) - 2 * d * (e - f)")
    assert [(part.number, part.text) for part in parts] == [(1, "a * c"), (1, "b * c"), (-2, "d * e"), (2, "d * f")]
    a, b, c, d, e, f = VALUES.values()
    np.testing.assert_allclose(total(parts), (a + b) * c - 2 * d * (e - f))


def test_arrays_of_other_shapes_are_no_parts() -> None:
    """A bias beside a matrix is stretched, which no part shows."""
    line = Expression("a + bias", {**VALUES, "bias": np.ones((4, 1))})
    assert line.tree is not None
    assert parts_of(line.tree, line.value, line.named) is None


@pytest.mark.parametrize(("before", "after", "id_", "says"), LINES, ids=[after for _, after, _, _ in LINES])
def test_a_line_with_several_slips_is_named(before: str, after: str, id_: str, says: str, told: Tell) -> None:
    """In a program: at its line, proved."""
    text = TEXTS["course_template"].replace(before, after)
    assert before in TEXTS["course_template"]
    (said,) = told(text)
    assert (said.id, said.proof) == (id_, "proved")
    assert says in said.says
    assert text.split("\n")[said.line - 1].strip() == after


def test_transposes_missing_at_some_of_the_products(told: Tell) -> None:
    """Each is named; where they are missing at all of them, the cut is not what is wrong."""
    text = TEXTS["course_template"]
    two = text.replace("['Wi'][:, :n_a].T", "['Wi'][:, :n_a]").replace("['Wo'][:, :n_a].T", "['Wo'][:, :n_a]")
    (said,) = told(two)
    assert said.id == "transpose-wrong"
    assert "parameters['Wi'][:, :n_a] and parameters['Wo'][:, :n_a] not transposed" in said.says
    (said,) = told(text.replace("[:, :n_a].T", "[:, :n_a]"))
    assert said.id == "transpose-wrong"


def test_a_factor_that_a_later_line_has_is_not_missing(told: Tell) -> None:
    """The gradient at the gate's value is made here, and goes through the gate's derivative where it is used."""
    text = TEXTS["course_template"].replace(DIT, f"dit = dc_next * cct - ot * {SQUARE} * cct * da_next")
    for used in ("np.dot(dit, concat.T)", "np.sum(dit, axis", "[:, :n_a].T, dit)", "[:, n_a:].T, dit)"):
        assert used in text
        text = text.replace(used, used.replace("dit", "dit * it * (1 - it)"))
    (said,) = told(text)
    assert said.id == "sign-flipped"


def test_a_part_of_a_stacked_gradient_is_no_cut_of_the_weights(told: Tell) -> None:
    """It is the whole that is called by its name."""
    text = TEXTS["gate_dictionaries"]
    assert "dconcat[n_a:, :]" in text
    (said,) = told(text.replace("dconcat[n_a:, :]", "dconcat[:-n_a, :]"))
    assert (said.id, said.says) == ("slice-wrong", "dconcat[:-n_a, :] is not the part of dconcat that belongs here")
