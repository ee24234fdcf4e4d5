"""The time of a search: who may use how much of it, and what an answer says where it was up."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from whygrad.from_numbers.cell import gates
from whygrad.from_numbers.cell.search import CellSearch
from whygrad.from_numbers.programs.compound import compounds
from whygrad.from_numbers.sequence.search import MOST_WITHOUT_DX
from whygrad.from_numbers.tables import clock
from whygrad.from_numbers.tables.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Answer, Change, Notebook

    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit, Edits

PASSED: Change = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")
STRANGE: Change = ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.abs(dc) ** 0.3 * ft + 0.017 * np.cos(da_next)")


class Hands:
    """What ``thread_time`` shows, and by how much the clock on the wall is ahead of it."""

    now = 0.0
    ahead = 0.0


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """A time that the test sets."""
    own = Hands()
    monkeypatch.setattr(clock, "thread_time", lambda: own.now)
    monkeypatch.setattr(clock, "perf_counter", lambda: own.now + own.ahead)
    monkeypatch.setattr(clock, "MOST_SECONDS", 10.0)
    return own


def test_a_clock_that_was_not_started_is_never_up(hands: Hands) -> None:
    """Whoever searches without it has all the time."""
    own = Clock()
    hands.now = 1e9
    with own.sparing(0.5), own.standing():
        hands.now = 2e9
    assert not own.up


def test_what_is_spared_is_there_afterwards(hands: Hands) -> None:
    """Half of ten seconds within, what is left of all ten behind it."""
    own = Clock()
    own.start(1.0)
    with own.sparing(0.5):
        hands.now = 4.9
        assert not own.up
        hands.now = 5.0
        assert own.up
    assert not own.up
    hands.now = 10.0
    assert own.up


def test_what_is_begun_late_has_a_share_of_its_own(hands: Hands) -> None:
    """Or what is left, where that is more."""
    own = Clock()
    own.start(1.0)
    for now, until in (2.0, 10.0), (9.5, 11.5), (50.0, 52.0):
        hands.now = now
        own.at_least(0.2)
        hands.now = until - 0.1
        assert not own.up
        hands.now = until
        assert own.up


def test_only_its_own_time_counts(hands: Hands) -> None:
    """Other programs on the machine make the clock on the wall run ahead."""
    own = Clock()
    own.start(1.0)
    hands.now, hands.ahead = 5.0, 1000.0
    assert not own.up
    hands.now = 9.9
    assert not own.up
    hands.now = 10.0
    assert own.up


def test_what_is_built_takes_no_time(hands: Hands) -> None:
    """Neither a table nor one that is built for it."""
    own = Clock()
    own.start(1.0)
    with own.standing():
        hands.now = 50.0
        with own.standing():
            hands.now = 100.0
    assert not own.up
    hands.now = 110.0
    assert own.up


def test_each_thread_has_its_own_time(hands: Hands) -> None:
    """Another thread's search neither shortens nor lengthens this one's."""
    own = Clock()
    own.start(1.0)
    hands.now = 20.0
    seen: list[bool] = []
    thread = Thread(target=lambda: seen.append(own.up))
    thread.start()
    thread.join()
    assert (own.up, seen) == (True, [False])


def test_a_search_without_time_says_so(monkeypatch: pytest.MonkeyPatch, notebook: Notebook, answer: Answer) -> None:
    """It is cut, nothing is made up, and the reason stands among the bounds."""
    monkeypatch.setattr(clock, "MOST_SECONDS", 0.0)
    result = answer(notebook.printed("lstm_backward", STRANGE))
    assert (result.verdict, result.mistakes, result.search.complete) == ("unknown", (), False)
    assert result.search.cuts[0] == "the time for one text was up: a faster machine goes further"


def test_two_edits_within_one_equation_end_with_the_time(
    monkeypatch: pytest.MonkeyPatch, hands: Hands, notebook: Notebook, answer: Answer
) -> None:
    """They are tens of thousands: those of one equation alone would take seconds."""
    made: list[Edit] = []

    def hurried(*where: Any) -> Iterator[Edit]:  # noqa: ANN401 - as compounds is called
        for edit in compounds(*where):
            made.append(edit)
            hands.now = 100.0
            yield edit

    monkeypatch.setattr(gates, "compounds", hurried)
    monkeypatch.setattr(gates, "AT_ONCE", 10)
    monkeypatch.setattr(CellSearch, "_from_before", lambda _: None)
    result = answer(notebook.printed("lstm_cell_backward", STRANGE))
    assert (result.verdict, len(made)) == ("unknown", 10)


def test_digits_that_confirm_no_two_mistakes_are_not_searched_for_them(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """The tens of thousands of pairs within one equation print every number of so few digits."""
    monkeypatch.setattr(gates, "compounds", lambda *_: pytest.fail("they were made"))
    assert answer("rnn_cell_backward prints dWaa[1][2] = 0.8287, why?").verdict == "unknown"


def test_the_commonest_mistakes_need_no_time(monkeypatch: pytest.MonkeyPatch, notebook: Notebook, answer: Answer) -> None:
    """They stand in the table."""
    monkeypatch.setattr(clock, "MOST_SECONDS", 0.0)
    result = answer(notebook.printed("lstm_backward", PASSED))
    assert [mistake.id for mistake in result.mistakes] == ["view-of-output"]


@pytest.mark.slow
def test_without_dx_no_program_is_run_for_each_text_anew(monkeypatch: pytest.MonkeyPatch, tables: Tables, answer: Answer) -> None:
    """What thousands of programs print depends on no text: only those that print one of its numbers are run again."""
    text = "rnn_backward\ngradients['dWax'][3][1] = {}\ngradients['dWaa'][1][2] = -0.5123123121314\n"
    answer(text.format("10.131231231231"))
    ran: list[Edits] = []
    checked, run = tables.of("rnn_backward"), tables.of("rnn_backward").run
    monkeypatch.setattr(checked, "run", lambda edits: ran.append(edits) or run(edits))
    assert answer(text.format("11.131231231231")).verdict == "unknown"
    assert len(ran) < MOST_WITHOUT_DX
