"""The class looked at together: what is counted, what is set apart, and what is said where a search ended early."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from whygrad.grade.command import _said
from whygrad.grade.index import write_index
from whygrad.grade.records import Line, Status
from whygrad.grade.summary import brief, summary
from whygrad.grade.table import mistakes_of, write_table
from whygrad.read.code_file import NONE_OF_THEM
from whygrad.records import Location, Mistake, Result, Search
from whygrad.report.json import to_json_line

if TYPE_CHECKING:
    from pathlib import Path

MISTAKE = Mistake("view-of-output", "lstm_forward", "c_next", 0, "says", ("one", "two", "three"))
NOTHING = Result("unreadable", problem=f"The file {NONE_OF_THEM}; I look for rnn_cell_forward.")


def line(path: str, status: Status, result: Result) -> Line:
    """A submission's line."""
    return Line(path, "0" * 64, "1", {}, status, 0.1, None, msgspec.Raw(to_json_line(result).encode()))


LINES = [
    line("ada/work.ipynb", "wrong", Result("explained", mistakes=(MISTAKE,), search=Search(9, complete=True))),
    line("ada/utils.py", "could not be run", NOTHING),
    line("ben/work.py", "wrong", Result("partly", mistakes=(MISTAKE,), search=Search(9, complete=False))),
    line("cem/utils.py", "could not be run", NOTHING),
    line("ben/notes.ipynb", "could not be run", NOTHING),
    line("ben/broken.py", "could not be run", Result("unreadable", problem="The file is not text.")),
]


def test_a_helper_file_beside_a_submission_is_set_apart() -> None:
    """It is a Python file with none of the functions, in the folder of a file that was judged; nothing else is."""
    found = summary(LINES)
    assert [one.path for one in found.beside] == ["ada/utils.py"]
    assert [one.path for one in found.briefs] == ["ada/work.ipynb", "ben/broken.py", "ben/notes.ipynb", "ben/work.py", "cem/utils.py"]
    assert found.statuses == {"wrong": 2, "could not be run": 3}
    assert sorted(one.path for group in found.not_run.values() for one in group) == ["ben/broken.py", "ben/notes.ipynb", "cem/utils.py"]


def test_more_may_be_wrong_where_no_line_was_found() -> None:
    """In a function that is wrong too, a mistake was not found."""
    partly = line("ada/work.py", "wrong", Result("partly", mistakes=(MISTAKE,), unexplained=("lstm_backward",)))
    assert mistakes_of(brief(partly)) == "at least view-of-output in lstm_forward"


def test_an_empty_file_has_none_of_the_functions() -> None:
    """Such as ``__init__.py``."""
    empty = line("ada/__init__.py", "could not be run", Result("unreadable", problem="The file is empty."))
    found = summary([*LINES, replace(empty, sha256=hashlib.sha256().hexdigest())])
    assert [one.path for one in found.beside] == ["ada/__init__.py", "ada/utils.py"]


def test_in_a_folder_that_was_named_each_file_is_somebodys() -> None:
    """Who handed in a file without the functions beside the files of others is counted."""
    found = summary(LINES, {"ada"})
    assert not found.beside
    assert found.statuses == {"wrong": 2, "could not be run": 4}
    found = summary([*LINES, line("ada/numpy.py", "could not be run", NOTHING)], {"ada"})
    assert [one.path for one in found.libraries] == ["ada/numpy.py"]


def test_what_is_not_filled_in_is_no_mistake_of_the_class() -> None:
    """Two who left the same function and made the same single mistake have not made the same two; the table still tells what is blank."""
    blank = replace(MISTAKE, id="not-filled-in", function="rnn_backward")
    result = Result("explained", mistakes=(blank, MISTAKE), search=Search(9, complete=True))
    found = summary([line(path, "wrong", result) for path in ("ada/work.ipynb", "ben/work.ipynb")])
    assert list(found.by_mistake) == [("view-of-output", "lstm_forward")]
    assert not found.same_mistakes
    assert mistakes_of(found.briefs[0]) == "not-filled-in in rnn_backward; view-of-output in lstm_forward"


def test_what_a_helper_spoils_in_two_functions_is_one_mistake_of_the_class() -> None:
    """It is counted once, and two who made it have not made the same two."""
    at = Location("submission.py", 3, 5, "return 1 - y")
    told = tuple(replace(MISTAKE, function=name, location=at) for name in ("rnn_cell_backward", "lstm_cell_backward"))
    result = Result("explained", mistakes=told, search=Search(9, complete=True))
    found = summary([line(path, "wrong", result) for path in ("ada/work.ipynb", "ben/work.ipynb")])
    assert list(found.by_mistake) == [("view-of-output", "rnn_cell_backward and lstm_cell_backward")]
    assert not found.same_mistakes
    assert mistakes_of(found.briefs[0]) == "view-of-output in rnn_cell_backward and lstm_cell_backward"


def test_what_is_set_apart_is_named(tmp_path: Path) -> None:
    """In the overview, in the table and on the command line: nothing is lost."""
    found = summary(LINES)
    write_index(tmp_path / "index.html", found, Counter())
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    apart = page.partition("<h2>Beside a submission</h2>")[2]
    assert "not counted above" in apart
    assert "1 file<" in apart
    assert "ada/utils.py" in apart
    assert "ada/utils.py" not in page.partition("<h2>Beside a submission</h2>")[0]
    write_table(tmp_path / "class.csv", found)
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["path"]: row for row in csv.DictReader(stream)}
    assert len(rows) == len(LINES)
    assert rows["ada/utils.py"]["status"] == "beside a submission"
    assert "Not counted, with none of the functions and beside a submission: 1 Python file.\n" in _said(found, tmp_path)
    assert "Not counted" not in _said(summary(LINES[:1]), tmp_path)


def test_a_file_with_the_name_of_a_library_is_told(tmp_path: Path) -> None:
    """Whoever handed it in gets errors from it that are not in the code; the sentence is not about functions that are missing."""
    found = summary([*LINES, line("ada/numpy.py", "could not be run", NOTHING)])
    write_index(tmp_path / "index.html", found, Counter())
    assert "With the name of a library: ada/numpy.py." in (tmp_path / "index.html").read_text(encoding="utf-8")
    write_table(tmp_path / "class.csv", found)
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as stream:
        why = {row["path"]: row["why it could not be run"] for row in csv.DictReader(stream)}
    assert "has the name of a library" in why["ada/numpy.py"]
    assert why["ada/utils.py"] == "It defines none of the functions, and lies in the folder of a file that does."
    assert "With the name of a library, which programs in its folder get this file for: ada/numpy.py.\n" in _said(found, tmp_path)


def test_where_the_search_ended_early_there_are_at_least_these(tmp_path: Path) -> None:
    """The overview and the table say so, and of a search that went to its end they do not."""
    found = summary(LINES)
    write_index(tmp_path / "index.html", found, Counter())
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<td>at least view-of-output in lstm_forward</td>") == 1
    assert page.count("<td>view-of-output in lstm_forward</td>") == 1
    write_table(tmp_path / "class.csv", found)
    with (tmp_path / "class.csv").open(encoding="utf-8", newline="") as stream:
        said = {row["path"]: row["mistakes"] for row in csv.DictReader(stream)}
    assert said["ben/work.py"] == "at least view-of-output in lstm_forward"
    assert said["ada/work.ipynb"] == "view-of-output in lstm_forward"
