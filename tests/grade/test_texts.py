"""Texts with printed numbers: what is right in them counts for as much as is there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from small_class import POST, grade, read, write

from whygrad import diagnose
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.assignments.expected import expected_text
from whygrad.from_code.reference.parts import PARTS
from whygrad.grade.formats import FILES
from whygrad.grade.judge import numbers_of
from whygrad.grade.pages import slug
from whygrad.grade.records import Numbers
from whygrad.read import read_text

WHOLE = expected_text(SEQUENCE_MODELS, "lstm_cell_backward")
ONE = WHOLE.splitlines()[1] + "\n"
"""The first of its eleven lines of numbers."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three texts, in the folder above, and what is written about it."""
    folder = write(tmp_path_factory.mktemp("class"), {"one.txt": ONE, "whole.txt": WHOLE, "wrong.txt": POST})
    assert grade(folder, "-o", folder / "out", "--write", ",".join(FILES)) == 0
    return folder / "out"


def of(out: Path, system: str, name: str) -> str:
    """What a course system reads."""
    return (out / system / slug(str(out.parent / name)) / FILES[system]).read_text(encoding="utf-8")


def test_the_numbers_of_a_text_are_counted(out: Path) -> None:
    """In its line, in the table, and on the class's page; one right number is not a right check."""
    lines = {path.rpartition("/")[2]: line for path, line in read(out / "results.jsonl").items()}
    assert lines["one.txt"]["numbers"] == {"checks": ["lstm_cell_backward"], "asked": 11, "there": 1}
    assert lines["whole.txt"]["numbers"] == {"checks": ["lstm_cell_backward"], "asked": 11, "there": 11}
    with (out / "class.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["path"].rpartition("/")[2]: row["numbers"] for row in csv.DictReader(stream)}
    assert rows["one.txt"] == "1 of 11 in lstm_cell_backward"
    assert rows["wrong.txt"] == "3 of 10 in lstm_backward"
    page = (out / "index.html").read_text(encoding="utf-8")
    in_part = page[page.index("Right as far as they go") :].partition("</section>")[0]
    assert "one.txt" in in_part
    assert "whole.txt" not in in_part


def test_points_are_in_proportion(out: Path) -> None:
    """Of one number of eleven an eleventh; only the whole check has all points; nothing in part is a failure or passed."""
    for name, points in (("one.txt", 0.0909), ("whole.txt", 1), ("wrong.txt", 0)):
        assert json.loads(of(out, "gradescope", name))["tests"][0]["score"] == points
        assert json.loads(of(out, "prairielearn", name))["score"] == points
        assert json.loads(of(out, "coursera", name))["fractionalScore"] == points
    assert "That is 1 of the 11 gradients that lstm_cell_backward prints" in json.loads(of(out, "coursera", "one.txt"))["feedback"]
    assert [json.loads(of(out, "check50", name))["results"][0]["passed"] for name in ("one.txt", "whole.txt")] == [None, True]
    assert ET.fromstring(of(out, "junit", "one.txt")).find(".//skipped") is not None  # noqa: S314 - our own file


def test_few_words_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the summary alone sees that not all was there."""
    write(tmp_path, {"class/one.txt": ONE})
    assert grade(tmp_path / "class", "-o", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "1 right" in said
    assert "Right as far as it goes, with only some of the numbers: 1 text.\n" in said


def test_right_functions_are_not_called_wrong_for_their_check(tmp_path: Path) -> None:
    """Where the notebook's own check alone explains the numbers, the functions are right in the table and for the course's systems."""
    lines = "\n".join(SEQUENCE_MODELS.functions["lstm_backward_check"])
    drawn = compiled(tuple(lines.replace("Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)").splitlines()))
    found = SEQUENCE_MODELS.run_check("lstm_backward", {"lstm_backward_check": drawn})
    text = "".join(f'gradients["{name}"]{list(at)} = {found[name][at]}\n' for name, at in SEQUENCE_MODELS.printed["lstm_backward"])
    folder = write(tmp_path, {"drawn.txt": text})
    assert grade(folder, "-o", folder / "out", "--write", "gradescope") == 0
    (line,) = read(folder / "out" / "results.jsonl").values()
    assert (line["status"], line["diagnosis"]["verdict"]) == ("right", "explained")
    assert json.loads(of(folder / "out", "gradescope", "drawn.txt"))["tests"][0]["score"] == 1


def test_functions_in_a_text_are_judged_as_alone(tmp_path: Path) -> None:
    """Where it has no numbers, and where these stay unexplained."""
    wrong = PARTS["rnn_cell_backward"].replace("1 - a_next ** 2", "1 + a_next ** 2")
    folder = write(tmp_path, {"code.txt": f"Why?\n\n{wrong}\n", "both.txt": f'gradients["dxt"][1][2] = 0.123456\n\n{wrong}\n'})
    assert grade(folder, "-o", tmp_path / "out") == 0
    lines = read(tmp_path / "out" / "results.jsonl")
    assert len(lines) == 2
    for path, line in lines.items():
        assert line["status"] == "wrong"
        (alone,), (told,) = diagnose(Path(path)).mistakes, line["diagnosis"]["mistakes"]
        assert alone.location is not None
        assert (told["says"], told["location"]["line"]) == (alone.says, alone.location.line)
        assert alone.function == "rnn_cell_backward"


def test_a_number_that_stands_there_twice_counts_once() -> None:
    """Nor does an earlier run of the same check."""
    assert numbers_of(read_text(ONE * 2, "a text")) == Numbers(("lstm_cell_backward",), 11, 1)
