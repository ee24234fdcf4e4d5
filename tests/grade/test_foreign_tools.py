"""What course systems read, given to the tools that their makers publish: these did not see how it was written."""

from __future__ import annotations

import io
import json
import logging
import sys
import tarfile
import unittest
from argparse import Namespace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from small_class import STATUSES

if TYPE_CHECKING:
    from pathlib import Path

    from small_class import Graded

SIGNS = {True: ":) ", False: ":( ", None: ":| "}
"""How check50 begins the line of a check that passed, failed, was skipped."""


@pytest.mark.parametrize("path", STATUSES)
def test_check50_shows_it(graded: Graded, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As text and as a page: every check with its sign; what could not be run as check50 shows an error of its own server."""
    renderer = pytest.importorskip("check50.renderer")
    document = json.loads(graded.text("check50", path))
    if "error" in document:
        errors = import_module("check50._exceptions")
        with pytest.raises(SystemExit):
            errors.ExceptHook(outputs=("ansi",))(errors.RemoteCheckError, errors.RemoteCheckError(document), None)
        assert document["error"]["value"] in capsys.readouterr().err
        return
    shown: str = renderer.to_ansi(**document)
    page: str = renderer.to_html(**document)
    for result in document["results"]:
        assert SIGNS[result["passed"]] + result["description"] in shown
        assert result["name"] in page


@pytest.mark.parametrize("path", STATUSES)
def test_coursera_takes_it(graded: Graded, path: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Coursera's own check of what a grader leaves behind finds nothing to complain of; the container is played."""
    grade = pytest.importorskip("coursera_autograder.commands.grade")
    content = graded.text("coursera", path).encode()

    class Container:
        """A container that has ended well and left a file."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else is asked of it
            return lambda *_, **__: b"" if name == "logs" else 0

        def get_archive(self, container: str, place: str) -> tuple[list[bytes], None]:
            """The file, as Docker hands it out."""
            del container
            archive = io.BytesIO()
            with tarfile.open(fileobj=archive, mode="w") as tar:
                member = tarfile.TarInfo(place.rpartition("/")[2])
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            return [archive.getvalue()], None

    with caplog.at_level(logging.ERROR):
        grade.run_container(Container(), "container", Namespace(timeout=1, dst_dir=str(tmp_path), no_rm=False))
    assert not caplog.records


@pytest.mark.parametrize("path", STATUSES)
def test_gradescope_knows_the_words(graded: Graded, path: str) -> None:
    """What Gradescope's own library writes of a test stands in each of ours, and is of the same type."""
    runner = pytest.importorskip("gradescope_utils.autograder_utils.json_test_runner")
    decorators = pytest.importorskip("gradescope_utils.autograder_utils.decorators")

    class Example(unittest.TestCase):
        """One test that passes and one that fails."""

        @decorators.weight(1)
        @decorators.number("1")
        @decorators.visibility("visible")
        def test_passes(self) -> None:
            """All is well."""
            sys.stdout.write("said")

        @decorators.weight(1)
        @decorators.number("2")
        @decorators.visibility("visible")
        def test_fails(self) -> None:
            """Nothing is well."""
            raise AssertionError

    stream = io.StringIO()
    runner.JSONTestRunner(stream=stream, visibility="visible", stdout_visibility="hidden").run(
        unittest.defaultTestLoader.loadTestsFromTestCase(Example)
    )
    theirs = json.loads(stream.getvalue())
    ours = json.loads(graded.text("gradescope", path))
    assert {name for name in theirs if name not in {"leaderboard", "score"}} <= set(ours)
    known = {test["status"]: test for test in theirs["tests"]}
    for test in ours["tests"]:
        example = known[test["status"]]
        assert set(example) <= set(test)
        assert all(isinstance(test[name], (int, float) if isinstance(value, float) else type(value)) for name, value in example.items())
