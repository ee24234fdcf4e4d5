"""What whygrad has written is replaced, what somebody has changed since is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.errors import UsageError
from whygrad.grade.written import RECORD, Written

if TYPE_CHECKING:
    from pathlib import Path

NAME = "junit/junit.xml"


def put(out: Path, text: str) -> None:
    """Write the file in a run of its own."""
    written = Written(out)
    written.refuse_others([NAME], out / "results.jsonl")
    written.put(NAME, lambda path: path.write_text(text))


def test_a_file_that_was_changed_by_hand_stays(tmp_path: Path) -> None:
    """It is named, with what to do, and neither replaced nor removed; moved away, or put back, it is in nobody's way."""
    put(tmp_path, "first")
    put(tmp_path, "second")
    (tmp_path / NAME).write_text("mine")
    for call in (lambda: put(tmp_path, "third"), lambda: Written(tmp_path).remove(NAME)):
        with pytest.raises(UsageError, match=r"junit.xml was changed since whygrad wrote it, which would be lost; move it away, or"):
            call()
        assert (tmp_path / NAME).read_text() == "mine"
    (tmp_path / NAME).unlink()
    put(tmp_path, "third")
    Written(tmp_path).remove(NAME)
    assert not (tmp_path / NAME).exists()
    put(tmp_path, "fourth")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["junit", "junit.xml", RECORD]


def test_a_run_that_ended_before_it_replaced_the_file_goes_on(tmp_path: Path) -> None:
    """The record has the new content already, and still the old one."""
    put(tmp_path, "first")
    put(tmp_path, "second")
    (tmp_path / NAME).write_text("first")
    put(tmp_path, "third")
    assert (tmp_path / NAME).read_text() == "third"


@pytest.mark.parametrize(("text", "ours"), [("", True), ('{"schema": "whygrad/grade/1", "pa', True), ('{"sch', True), ("a,b\n", False)])
def test_results_are_known_by_their_lines(tmp_path: Path, text: str, *, ours: bool) -> None:
    """The first one may have been torn."""
    (tmp_path / "results.jsonl").write_text(text)
    if ours:
        put(tmp_path, "first")
    else:
        with pytest.raises(UsageError, match=r"results.jsonl is not whygrad's, and would be replaced; move it away, or"):
            put(tmp_path, "first")
