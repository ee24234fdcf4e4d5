"""The benchmark of code plants what it says: its figures mean nothing otherwise."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice

import pytest
from code_answer import Answer, Said, examined, judged
from planted_code import NAMED, Case, Outcome, planted, singles, together
from runs import raising, run, wrong
from slips import Slip, slips
from styles import TEXTS


def slip(style: str, before: str, after: str) -> Slip:
    """The first slip of the style that makes the one line out of the other."""
    return next(one for one in slips(TEXTS[style]) if (one.before.strip(), one.after.strip()) == (before, after))


@pytest.mark.parametrize("style", TEXTS)
def test_a_slip_changes_just_its_line(style: str) -> None:
    """Every slip of every style differs from the style in one line, the one it names; its kind is a known one; and no two are the same."""
    lines = TEXTS[style].split("\n")
    found = slips(TEXTS[style])
    assert len({(one.line, one.after) for one in found}) == len(found) > 200
    for one in found:
        changed = one.made(TEXTS[style]).split("\n")
        assert [number for number, line in enumerate(lines, 1) if changed[number - 1] != line] == [one.line]
        assert len(changed) == len(lines)
        assert one.kind in NAMED
        assert one.line in one.found_at


def test_slips_are_repeatable() -> None:
    """The same program has the same slips in the same order, and the same seed draws the same cases."""
    assert slips(TEXTS["terse"]) == slips(TEXTS["terse"])
    first, second = (list(islice(together(list(TEXTS), random.Random(3), 2), 10)) for _ in range(2))
    assert first == second


def test_a_slip_is_made_where_it_belongs() -> None:
    """A program whose line reads otherwise is not changed."""
    one = slips(TEXTS["terse"])[0]
    with pytest.raises(ValueError, match=r"line \d+ is not"):
        one.made(TEXTS["classes"])


@pytest.mark.parametrize("style", TEXTS)
def test_a_right_program_is_not_wrong(style: str) -> None:
    """What the benchmark counts as wrong is nothing of a right program."""
    runs = run(TEXTS[style])
    assert runs
    assert not wrong(runs)
    assert not raising(runs)


def test_a_view_of_the_output_is_planted() -> None:
    """The first cell state as a view leaves the outputs of lstm_forward right and spoils its caches; no other function is wrong."""
    view = slip("course_template", "c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    case = planted("course_template", (view,))
    assert isinstance(case, Case)
    assert case.wrong == {"lstm_forward"}


def test_a_slip_in_a_helper_makes_each_function_wrong_that_uses_it() -> None:
    """The bias's sum in a helper function of both cells."""
    mean = slip("helper_functions", "db = np.sum(dz, axis=1, keepdims=True)", "db = np.mean(dz, axis=1, keepdims=True)")
    case = planted("helper_functions", (mean,))
    assert isinstance(case, Case)
    assert case.wrong == {"rnn_cell_backward", "lstm_cell_backward"}


def test_a_line_gone_from_a_loop_may_be_found_at_the_call() -> None:
    """The carry that is never assigned: its line, or the call of the cell that misses it."""
    gone = slip("gate_dictionaries", 'carry = g["da_prev"]', "pass")
    texts = [TEXTS["gate_dictionaries"].split("\n")[line - 1].strip() for line in sorted(gone.found_at)]
    assert texts == ["g = rnn_cell_backward(da[:, :, t] + carry, steps[t])", 'carry = g["da_prev"]']


def test_a_line_gone_from_a_cell_is_missed_where_its_array_is_made_and_read_by_its_loop_and_by_the_return() -> None:
    """What it calculated with, and all other lines, do not count."""
    gone = slip("float32", "dW[k][:] = np.matmul(dz, concat.T)", "pass")
    lines = TEXTS["float32"].split("\n")
    expected = [
        'dW = {k: np.zeros((n_a, concat.shape[0]), dtype=dtype) for k in "fico"}',
        'for k, dz in zip("fico", (dft, dit, dcct, dot)):',
        "dW[k][:] = np.matmul(dz, concat.T)",
        "return {",
        '"dWf": dW["f"], "dWi": dW["i"], "dWc": dW["c"], "dWo": dW["o"],',
    ]
    assert [lines[line - 1].strip() for line in sorted(gone.found_at)] == expected


def test_a_line_that_only_hands_on_a_name_may_be_found_where_the_name_is_made() -> None:
    """What is left out there may as well be missing in the line before; where another name is meant, it may not."""
    lines = TEXTS["helper_functions"].split("\n")
    found = [
        [lines[line - 1].strip() for line in sorted(slip("helper_functions", "return dc_next + through_a", after).found_at)]
        for after in ("return through_a", "return through_a + through_a")
    ]
    assert [len(texts) for texts in found] == [2, 1]
    assert found[0][0].startswith("through_a = ")


def test_an_endless_loop_is_no_case() -> None:
    """A step counter that is not counted down ends after a second, and is counted with those that raise."""
    assert planted("keywords_and_early_returns", (slip("keywords_and_early_returns", "t -= 1", "pass"),)) == "raises"


def test_every_style_can_be_spoiled_in_many_ways() -> None:
    """Of the first slips drawn a good part makes a function wrong, in nearly every style."""
    cases = [case for case in islice(singles(list(TEXTS), random.Random(4)), 120) if isinstance(case, Case)]
    assert len(cases) > 35
    assert len({case.style for case in cases}) > 9
    assert all(case.wrong for case in cases)


def test_a_pair_is_two_slips_that_both_count() -> None:
    """Two slips in one line, or two of which one changes nothing, are no pair."""
    view = slip("course_template", "c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    idle = slip("course_template", "da0 = np.zeros((n_a, m))", "da0 = da[:, :, 0]")
    assert planted("course_template", (view, view)) == "no change"
    assert planted("course_template", (view, idle)) == "no change"


def test_an_answer_is_counted_as_it_is() -> None:
    """Function, line, name and proof each count alone; an answer that blames a right function too does not count."""
    view = slip("course_template", "c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    case = planted("course_template", (view,))
    assert isinstance(case, Case)

    def counted(said: Said, *wrong: str) -> tuple[bool, bool, bool, bool, int]:
        one = Outcome(case, Answer(frozenset(wrong), (said,)), 0.0)
        return one.function, one.line, one.named, all(one.proofs), one.found

    good = Said("lstm_forward", view.line, "view-of-output", "proved")
    assert counted(good, "lstm_forward") == (True, True, True, True, 1)
    assert counted(good, "lstm_forward", "lstm_backward") == (False, True, True, True, 1)
    assert counted(replace(good, line=view.line + 1), "lstm_forward") == (True, False, False, True, 0)
    assert counted(replace(good, id="term-dropped"), "lstm_forward") == (True, True, False, True, 1)
    assert counted(replace(good, proof="located"), "lstm_forward") == (True, True, True, False, 1)


@pytest.mark.parametrize("style", TEXTS)
def test_no_style_is_called_wrong(style: str) -> None:
    """On random sizes, of which the benchmark takes 200; and on the usual ones there is nothing to mend."""
    assert judged(TEXTS[style], 3) == Answer(frozenset())
    assert examined(TEXTS[style]) == Answer(frozenset())
