"""A class run: every submission has its line, each costs only itself, and the answers are those of single runs."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from small_class import SECONDS, STATUSES, Graded, grade

from whygrad import __version__, diagnose
from whygrad.grade.pages import slug
from whygrad.report.schema import schema


def test_every_submission_has_its_line(graded: Graded) -> None:
    """Each file has one line with its own status, whatever the others did, and the exit code is 0."""
    assert graded.code == 0
    assert {path: line["status"] for path, line in graded.lines.items()} == STATUSES


def test_a_line_says_what_it_is_the_answer_to(graded: Graded) -> None:
    """Path, content, version and options stand in it, and a whole diagnosis."""
    validator = jsonschema.Draft202012Validator(schema())
    for path, line in graded.lines.items():
        assert list(line) == ["schema", "path", "sha256", "whygrad", "options", "status", "seconds", "code", "numbers", "diagnosis"]
        assert line["whygrad"] == __version__
        assert line["options"] == {"seconds": SECONDS, "unsafe": False}
        if path.isascii() and "\\" not in path:
            assert line["sha256"] == hashlib.sha256((graded.folder / path).read_bytes()).hexdigest()
        validator.validate(line["diagnosis"])


@pytest.mark.parametrize("path", ["ada/right.py", "ben/wrong.ipynb", "cem/wrong.py", "kim/numbers.txt"])
def test_the_answer_is_a_single_run_s(graded: Graded, path: str) -> None:
    """But for the file's name, which stands beside it in the line, and what kept the code in."""
    single = json.loads(diagnose(graded.folder / path).to_json())
    assert _without_names(graded.lines[path]["diagnosis"]) == _without_names(single)


def _without_names(value: Any) -> Any:  # noqa: ANN401 - a JSON document
    if isinstance(value, dict):
        return {key: _without_names(entry) for key, entry in value.items() if key not in {"file", "source", "sandbox"}}
    if isinstance(value, list):
        return [_without_names(entry) for entry in value]
    return re.sub(r"(/\S*/|)(submission|right|wrong|numbers)\.(ipynb|py|txt)", "FILE", value) if isinstance(value, str) else value


def test_identical_files_are_judged_once(graded: Graded) -> None:
    """Both have their line, and the answer is one answer; nothing in the second one's names the first."""
    first, second = graded.lines["cem/wrong.py"], graded.lines["dia/copied.py"]
    assert {**first, "path": ""} == {**second, "path": ""}
    page = (graded.out / "pages" / f"{slug(second['path'])}.html").read_text(encoding="utf-8")
    assert "dia/copied.py" in page
    assert "cem" not in page + json.dumps(second)


def test_what_could_not_be_run_says_why(graded: Graded) -> None:
    """Hanging, dying, attacking and unreadable submissions are named, each with its own sentence."""
    why = {path: line["diagnosis"]["problem"] for path, line in graded.lines.items()}
    assert "did not come to an end" in why["eli/hangs.py"]
    assert "(exit code 3)" in why["fay/dies.py"]
    assert "wrote something of its own into the answers" in why["gus/noise.py"]
    assert "notebook" in why["hal/broken.ipynb"]
    assert why["ada/right.py"] is None


def test_every_submission_has_its_page(graded: Graded) -> None:
    """Under a harmless name, with its path as the heading."""
    pages = {path.name for path in (graded.out / "pages").glob("*.html")}
    assert pages == {f"{slug(line['path'])}.html" for line in graded.lines.values()}
    assert all(re.fullmatch(r"[A-Za-z0-9-]+\.html", name) for name in pages)


class _Seen(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))


def test_the_overview_is_harmless_and_complete(graded: Graded) -> None:
    """No script, no image, nothing from elsewhere; every submission is linked; the names that somebody chose are text."""
    seen = _Seen((graded.out / "index.html").read_text(encoding="utf-8"))
    assert not seen.tags & {"script", "img", "iframe", "object", "form"}
    assert seen.handlers == []
    links = set(seen.targets) - {"data:,"}
    assert links == {f"pages/{slug(line['path'])}.html" for line in graded.lines.values()}
    assert any("<img src=x onerror=alert(1)>" in text for text in seen.texts)


def test_the_overview_says_what_the_class_has_in_common(graded: Graded) -> None:
    """How many made which mistake and in which function, who shares code, what could not be run and why."""
    text = " ".join(_Seen((graded.out / "index.html").read_text(encoding="utf-8")).texts)
    number = len(graded.lines)
    assert f"{number} submissions" in text
    assert re.search(rf"right 2 ✗ wrong {number - 6} \? unknown 0 ! could not be run 4".replace(" ", r"\s+"), text)
    assert re.search(rf"lstm_\s*forward\s+{number - 6} submissions", text)
    group = text[text.index("The same code") : text.index("All submissions")]
    assert [name in group for name in ("cem/wrong.py", "dia/copied.py", "dia/otherwise.py", "ada/right.py")] == [True] * 4
    assert "did not come to an end" in text


def test_the_table_holds_no_formula(graded: Graded) -> None:
    """A row a submission; no cell begins like a formula, none has a line break."""
    with (graded.out / "class.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(graded.lines)
    assert not any(value.startswith(("=", "+", "-", "@", "\t")) or "\n" in value for row in rows for value in row.values())
    by_path = {row["path"]: row for row in rows}
    row = by_path[os.fspath(graded.folder / "cem/wrong.py")]
    assert (row["status"], row["mistakes"], row["lstm_forward"]) == ("wrong", "view-of-output in lstm_forward", "wrong")
    assert row["same code as"] == by_path[os.fspath(graded.folder / "dia/otherwise.py")]["same code as"] != ""
    assert (graded.out / row["page"]).exists()


def test_started_again_it_judges_nothing(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    """The same folder into the same place: not a line changes, and nothing is started; another level of hints writes pages anew."""
    before = (graded.out / "results.jsonl").read_bytes()
    page = graded.out / "pages" / f"{slug(graded.lines['ada/right.py']['path'])}.html"
    page.unlink()
    assert grade(graded.folder, "-o", graded.out) == 0
    assert f"{len(graded.lines)} of {len(graded.lines)} submissions were judged before" in capsys.readouterr().err
    assert (graded.out / "results.jsonl").read_bytes() == before
    assert page.exists()
    assert Path(page).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
