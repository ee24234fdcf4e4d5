"""No answer by recognising digits: another seed and other sizes, whose numbers stand in no table, and the mistakes are found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from whygrad.assignments import ASSIGNMENTS, Assignment
from whygrad.from_numbers import explain
from whygrad.read import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Change, Notebook

    from whygrad.records import Result

PLANTED = [
    ("rnn_backward", (("rnn_backward", "da_prevt = gradients['da_prev']", "pass"),), {("carry-missing", "rnn_backward")}),
    (
        "rnn_cell_backward",
        (("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)"),),
        {("transpose-wrong", "rnn_cell_backward")},
    ),
    (
        "lstm_backward",
        (("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),),
        {("view-of-output", "lstm_forward")},
    ),
    pytest.param(
        "lstm_backward",
        (
            ("lstm_backward", "da_prevt = gradients['da_prev']", "pass"),
            ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it"),
        ),
        {("carry-missing", "lstm_backward"), ("name-replaced", "lstm_cell_backward")},
        marks=pytest.mark.slow,
    ),
]


@pytest.fixture
def explained(other_notebook: Notebook, tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """The search for the other course; its tables are made once."""
    return Explained(other_notebook, tmp_path_factory.getbasetemp() / "other-course")


class Explained:
    """Reads a text as everybody's, explains it as the other course's."""

    def __init__(self, notebook: Notebook, folder: Path) -> None:
        self.notebook = notebook
        self.folder = folder

    def __call__(self, text: str) -> Result:
        """What the search says."""
        return explained_as(self.notebook.assignment, text, self.folder)


def explained_as(course: Assignment, text: str, folder: Path) -> Result:
    """Read as the known course, explain as this one."""
    reading = replace(read_text(text, "the text"), assignment=course.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ASSIGNMENTS, course.id, course)
        return explain(reading, folder)


@pytest.mark.parametrize(("check", "changes", "wanted"), PLANTED)
def test_the_mistake_is_found_under_other_numbers(
    explained: Explained, notebook: Notebook, check: str, changes: tuple[Change, ...], wanted: set[tuple[str, str]]
) -> None:
    """The same mistake prints other numbers here, and is found from these."""
    text = explained.notebook.printed(check, *changes)
    assert text != notebook.printed(check, *changes)
    result = explained(text)
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {(mistake.id, mistake.function) for mistake in result.mistakes} == wanted


def test_the_known_course_means_nothing_here(explained: Explained, notebook: Notebook) -> None:
    """What is right in one course is wrong in the other, and the other way round."""
    assert explained(explained.notebook.printed("rnn_cell_backward")).verdict == "right"
    assert explained(notebook.printed("rnn_cell_backward")).verdict == "unknown"


def test_two_courses_keep_their_tables_apart(notebook: Notebook, other_notebook: Notebook, tmp_path: Path) -> None:
    """One cache folder serves two courses whose checks have the same names: each answers as with a folder of its own."""
    change = ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")
    for course, own in (("first", notebook), ("second", other_notebook)):
        text = own.printed("rnn_cell_backward", change)
        shared = explained_as(replace(own.assignment, id=course), text, tmp_path / "shared")
        assert shared == explained_as(replace(own.assignment, id=course), text, tmp_path / course)
