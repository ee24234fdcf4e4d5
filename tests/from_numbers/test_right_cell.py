"""A forward pass whose cell is right hands on what it would if the cell computed every call anew."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.variants import Variants
from whygrad.mistakes import Edit

LOOPS = {"rnn_backward": "rnn_forward", "lstm_backward": "lstm_forward"}
VARIANTS = Variants(SEQUENCE_MODELS)


def agree(check: str, half: FirstHalf, edit: Edit) -> bool:
    """Whether the first half hands the backward function, bit for bit, what the whole program does."""
    whole, own = Program(SEQUENCE_MODELS, (edit,)).record(check), half.run((edit,))
    if own is None:
        return whole is None
    if whole is None:
        return True  # it raises later
    (da, (caches, *_)), (own_da, (own_caches, *_)) = whole.arguments, own.arguments
    one, other = ([da, *(value for cache in few for value in cache[:-1])] for da, few in ((da, caches), (own_da, own_caches)))
    same = all(np.array_equal(*pair, equal_nan=True) for pair in zip(one, other, strict=True))
    weights = [(cache[-1], mine[-1]) for cache, mine in zip(caches, own_caches, strict=True)]
    return same and all(np.array_equal(right[name], mine[name]) for right, mine in weights for name in right)


@pytest.mark.parametrize("check", LOOPS)
def test_it_is_what_the_whole_check_hands_on(check: str) -> None:
    """Edits of the loop and of the check, one after the other, so that calls return."""
    half = FirstHalf(SEQUENCE_MODELS, check)
    for name in (LOOPS[check], f"{check}_check"):
        for edit in VARIANTS.of_function(name)[::5]:
            assert agree(check, half, edit), edit.lines


@pytest.mark.parametrize("check", LOOPS)
@pytest.mark.parametrize(
    "more",
    [
        "a_next *= 0.5",  # into what the cell returned
        "for weights in parameters.values():\n            weights += 0.1",
        "parameters = {name: value + 0.1 for name, value in parameters.items()}",
        "parameters['ba' if 'ba' in parameters else 'bf'] = 0.5 * np.ones_like(a0[:, :1])",
        "a_next = a_next.tolist()",
    ],
)
def test_a_loop_may_write_where_it_likes(check: str, more: str) -> None:
    """Into what the cell returned, into its weights: no later call and no later run sees anything of it."""
    loop = LOOPS[check]
    lines = SEQUENCE_MODELS.functions[loop]
    number = next(at for at, line in enumerate(lines) if line.strip().startswith("caches.append"))
    edit = Edit("", loop, "", ((loop, number, f"{lines[number]}\n        {more}"),), "")
    half = FirstHalf(SEQUENCE_MODELS, check)
    assert agree(check, half, Edit("", loop, "", ((loop, number, lines[number]),), ""))
    assert agree(check, half, edit)
    assert agree(check, half, Edit("", loop, "", ((loop, number, lines[number]),), ""))


@pytest.mark.parametrize("check", LOOPS)
def test_a_cell_may_write_into_what_it_is_given(check: str) -> None:
    """It is run with what all runs share, which is locked, and where it writes into that with a copy: no later run sees anything of it."""
    cell = LOOPS[check].replace("_forward", "_cell_forward")
    lines = SEQUENCE_MODELS.functions[cell]
    number = next(at for at, line in enumerate(lines) if line.strip().startswith("a_next = "))
    half = FirstHalf(SEQUENCE_MODELS, check)
    for more in ("a_prev *= 0.5", "parameters['by'] = 1.0", "xt = xt + 1"):
        assert agree(check, half, Edit("", cell, "", ((cell, number, f"{lines[number]}\n    {more}"),), ""))
        assert agree(check, half, Edit("", cell, "", ((cell, number, "    a_next = np.tanh(a_prev)"),), ""))
