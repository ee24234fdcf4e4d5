"""The lines survive whatever ends a run: torn ones are dropped, the others are taken over, and nothing is judged twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from whygrad.errors import UsageError
from whygrad.grade.records import Options, Outcome
from whygrad.grade.results import Results, lines_of
from whygrad.records import Result
from whygrad.report.json import to_json_line

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = Options()
WANTED = {"a.py": (".py", "11"), "b.py": (".py", "22"), "c.py": (".py", "11"), "d.txt": (".txt", "11")}
OUTCOME = Outcome("right", 0.25, to_json_line(Result("right")), "page", "code")


def run(folder: Path, wanted: dict[str, tuple[str, str]] = WANTED, shard: tuple[int, int] | None = None, options: Options = OPTIONS) -> int:
    """Judge what is left to judge; how many contents that was."""
    with Results(folder, shard, wanted, options) as results:
        left = list(results.todo)
        for content in left:
            results.add(content, OUTCOME)
        return len(left)


def paths(file: Path) -> list[str]:
    """Whose lines stand in a file."""
    return [line.path for line in lines_of(file)]


def test_each_content_is_judged_once_and_each_name_has_its_line(tmp_path: Path) -> None:
    """The same bytes under another suffix are another content."""
    assert run(tmp_path) == 3
    assert sorted(paths(tmp_path / "results.jsonl")) == sorted(WANTED)
    assert run(tmp_path) == 0
    assert sorted(paths(tmp_path / "results.jsonl")) == sorted(WANTED)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.999])
def test_a_torn_last_line_is_judged_again(tmp_path: Path, kept: float) -> None:
    """Wherever it was torn, even just before its line break; the lines before it stay as they are."""
    run(tmp_path)
    file = tmp_path / "results.jsonl"
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:-1]) + whole[-1][: int(len(whole[-1]) * kept)])
    assert run(tmp_path) == 1
    assert file.read_bytes().splitlines(keepends=True)[:-1] == whole[:-1]
    assert sorted(paths(file)) == sorted(WANTED)


def test_a_line_of_noise_costs_only_itself(tmp_path: Path) -> None:
    """Bytes that are no JSON in the middle of the file."""
    run(tmp_path)
    file = tmp_path / "results.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + b"\xff\x00{]\n" + b"".join(lines[1:]))
    assert run(tmp_path) == 0
    assert file.read_bytes() == b"".join(lines)


@pytest.mark.parametrize("spoiled", [None, {}, {"functions": None}, {"mistakes": [1]}])
def test_a_line_without_a_whole_diagnosis_is_judged_again(tmp_path: Path, spoiled: dict[str, object] | None) -> None:
    """It is JSON, and a line, but nothing can be told from it."""
    run(tmp_path)
    file = tmp_path / "results.jsonl"
    lines = {line["path"]: line for line in map(json.loads, file.read_text().splitlines())}
    lines["b.py"]["diagnosis"] = lines["b.py"]["diagnosis"] | spoiled if spoiled else spoiled
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines.values()))
    assert run(tmp_path) == 1
    assert sorted(paths(file)) == sorted(WANTED)


def test_another_content_version_or_option_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it replaces is no longer there."""
    run(tmp_path)
    assert run(tmp_path, {**WANTED, "b.py": (".py", "33")}) == 1
    assert run(tmp_path, {**WANTED, "b.py": (".py", "33")}, options=Options(seconds=1.0)) == 3
    monkeypatch.setattr("whygrad.grade.results.__version__", "9.9")
    assert run(tmp_path, {**WANTED, "b.py": (".py", "33")}, options=Options(seconds=1.0)) == 3
    assert len(paths(tmp_path / "results.jsonl")) == len(WANTED)


def test_a_file_that_was_renamed_is_not_judged_again(tmp_path: Path) -> None:
    """Its line has the new path."""
    run(tmp_path)
    assert run(tmp_path, {"z/b.py": (".py", "22")}) == 0
    assert paths(tmp_path / "results.jsonl") == ["z/b.py"]


def test_shards_are_taken_over_by_the_run_of_the_whole(tmp_path: Path) -> None:
    """Each shard writes a file of its own; the whole judges only what no shard did."""
    assert run(tmp_path, {"a.py": WANTED["a.py"]}, (1, 12)) == 1
    assert run(tmp_path, {"b.py": WANTED["b.py"]}, (12, 12)) == 1
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == ["results-01-of-12.jsonl", "results-12-of-12.jsonl"]
    assert run(tmp_path) == 1
    assert sorted(paths(tmp_path / "results.jsonl")) == sorted(WANTED)


def test_two_runs_cannot_write_into_one_file(tmp_path: Path) -> None:
    """The second is told so; another shard is another file."""
    with Results(tmp_path, None, WANTED, OPTIONS):
        with pytest.raises(UsageError, match=f"writes into {tmp_path};"):
            run(tmp_path)
        assert run(tmp_path, shard=(1, 2)) == 3


def test_a_name_cannot_steer_a_terminal_or_break_a_line(tmp_path: Path) -> None:
    """Whatever stands in a path, a line is one line of plain ASCII, and the path comes back as it was."""
    name = "a\n\x1b[2J\u202e\u2028é.py"
    run(tmp_path, {name: (".py", "11")})
    text = (tmp_path / "results.jsonl").read_bytes()
    assert text.isascii()
    assert text.count(b"\n") == 1
    assert b"\x1b" not in text
    assert json.loads(text)["path"] == name
