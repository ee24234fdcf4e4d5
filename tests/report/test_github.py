"""Annotations for GitHub: one command a line, whatever stands in the texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whygrad.records import Location, Result
from whygrad.report.github import to_github


def test_a_notebook_names_the_cell(coded: Result) -> None:
    """GitHub cannot point into a notebook, so cell and line stand in the message; each mistake and each wrong function has one line."""
    assert to_github(coded, hint=1) == (
        "::error title=whygrad%3A lstm_forward,file=work/rnn.ipynb::cell 4, line 12: "
        "Look at c_next in lstm_forward: the cell state of this step.\n"
        "::error title=whygrad%3A lstm_backward,file=work/rnn.ipynb::cell 6, line 3: Look at lstm_backward.\n"
        "::error title=whygrad%3A rnn_backward,file=work/rnn.ipynb::cell 5, line 1: "
        "rnn_backward is not right. The line could not be found.\n"
    )


def test_a_file_has_line_and_column(coded: Result) -> None:
    """GitHub shows the message beside the line of a Python file."""
    mistake = replace(coded.mistakes[0], location=Location("rnn.py", 12, 5, "c_next = c[:, :, 0]", "work/rnn.py"))
    (line,) = to_github(replace(coded, mistakes=(mistake,), unexplained=()), hint=1).splitlines()
    assert line.startswith("::error title=whygrad%3A lstm_forward,file=work/rnn.py,line=12,col=5::Look at c_next")


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_each_level_keeps_to_itself(coded: Result, hint: int) -> None:
    """What is wrong from level 2 on, what the mathematics asks at level 3 only."""
    text = to_github(coded, hint)
    says, (_, second, third) = coded.mistakes[0].says, coded.mistakes[0].hints
    assert [words in text for words in (says, second, third)] == [hint > 1, hint > 1, hint > 2]
    assert ("view-of-output" in text) == (hint > 1)
    assert ("all 4 entries differ" in text) == (hint > 1)
    assert text.count("\n") == 3


def test_what_means_something_to_github_is_escaped(coded: Result) -> None:
    """Percent signs in the message; colons and commas too in the properties; a line break ends no command."""
    place = Location("x", 1, 1, "x", "50%, a:b\n.py")
    mistake = replace(coded.mistakes[0], says="100% wrong\n::error::forged", hints=("", "second, part: yes", ""), location=place)
    text = to_github(replace(coded, mistakes=(mistake,), unexplained=()))
    assert text == (
        "::error title=whygrad%3A lstm_forward%3A view-of-output,file=50%25%2C a%3Ab .py,line=1,col=1::"
        "100%25 wrong ::error::forged. second, part: yes\n"
    )


def test_what_the_check_alone_does_is_a_warning(tie: Result) -> None:
    """The functions are right, and the run has exit code 0."""
    drawn = replace(tie.mistakes[0], id="check-draws-otherwise", function=None, says="the check draws Wy")
    assert to_github(replace(tie, mistakes=(drawn,), alternatives=())).startswith("::warning title=whygrad")


def test_right_code_has_no_annotation(coded: Result) -> None:
    """Nothing to say is nothing written."""
    assert to_github(replace(coded, verdict="right", mistakes=(), unexplained=())) == ""


@pytest.mark.parametrize(("problem", "words"), [(None, "What is wrong is not known."), ("No.", "No.")])
def test_a_whole_without_mistakes_has_one_annotation(problem: str | None, words: str) -> None:
    """Unexplained numbers are still an error of the run."""
    assert to_github(Result("unknown", problem=problem)) == f"::error title=whygrad::{words}\n"


def test_numbers_have_annotations_too(one: Result) -> None:
    """A mistake found from numbers has no file."""
    assert to_github(one, hint=1) == (
        "::error title=whygrad%3A lstm_forward::Look at c_next in lstm_forward: the cell state of this step.\n"
    )
