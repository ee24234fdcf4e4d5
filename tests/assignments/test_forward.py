"""The checks of the forward functions: a right program prints the course's own numbers."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.assignments import ASSIGNMENTS, SEQUENCE_MODELS
from whygrad.assignments import SEQUENCE_MODELS_FORWARD as FORWARD


@pytest.mark.parametrize("check", FORWARD.printed)
def test_the_keys_are_what_a_right_program_prints(check: str) -> None:
    """Every number, to the last printed digit."""
    outputs = FORWARD.run_check(check)
    for texts in FORWARD.keys[check].values():
        assert [name for name, _ in FORWARD.printed[check]] == list(texts)
        for name, index in FORWARD.printed[check]:
            expected = np.array(texts[name].strip("[]").split(), float)
            digits = 5e-9 if "[" in texts[name] else 5e-13
            assert np.allclose(np.atleast_1d(outputs[name][index]), expected, 0, digits)


def test_it_is_the_same_program() -> None:
    """Only the checks differ, and what the names mean that only these print."""
    for name, lines in SEQUENCE_MODELS.functions.items():
        assert name.endswith("_check") or FORWARD.functions[name] == lines
    assert FORWARD.vocabulary.words.items() > SEQUENCE_MODELS.vocabulary.words.items()
    assert list(ASSIGNMENTS) == [SEQUENCE_MODELS.id, FORWARD.id]
