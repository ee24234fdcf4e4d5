"""What is a submission, and what is left out and said; a name cannot do harm, and two files never get one name."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_class import write

from whygrad.cli import main
from whygrad.errors import UsageError
from whygrad.grade.find import find, name_of, path_of
from whygrad.grade.pages import slug, title

if TYPE_CHECKING:
    from collections.abc import Iterator

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names that only Linux allows")


def names(folder: Path, *more: Path, out: str = "out") -> list[str]:
    """What is found in a folder, from there on."""
    return [os.path.relpath(one.path, folder) for one in find((folder, *more), folder / out).submissions]


def test_files_of_these_kinds_at_any_depth_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """Suffixes in capitals count; a README is nobody's."""
    deep = "/".join(["deep"] * 40)
    write(tmp_path, dict.fromkeys(["b.py", "a/c.IPYNB", f"{deep}/d.txt", "e.md", "README.md", "data.csv", "e.pyc", "f"], "x"))
    assert names(tmp_path) == ["a/c.IPYNB", "b.py", f"{deep}/d.txt", "e.md"]


def test_what_is_of_another_kind_is_said(tmp_path: Path) -> None:
    """Somebody's archive is no submission, but nobody vanishes without a word; hidden ones are nobody's, and odd suffixes have one name."""
    write(tmp_path, dict.fromkeys(["a.zip", "b/c.ZIP", "d.docx", "e", "f.not a kind", "g.(1)", ".DS_Store"], "x"))
    found = find((tmp_path,), tmp_path / "out")
    assert not found.submissions
    assert found.left_out == {".zip file": 2, ".docx file": 1, "other file": 3}
    assert find((tmp_path,), tmp_path).left_out == found.left_out


def test_what_lies_where_the_results_go_is_judged(tmp_path: Path) -> None:
    """But for what a run writes there: a folder of submissions that is named as OUT hides none of them."""
    write(tmp_path, dict.fromkeys(["x/a.py", "y/b.py", "y/c/d.py", "y/e.zip", "y/junit/f.py", "y/pages/ann/g.txt", "y/pages/h.pdf"], "x"))
    ours = [
        "pages/made-by",
        "results.jsonl",
        "results.lock",
        "results-01-of-02.jsonl",
        "class.csv",
        "index.html",
        "pages/a.html",
        "junit/a/junit.xml",
    ]
    write(tmp_path / "y", dict.fromkeys(ours, "x"))
    found = find((tmp_path,), tmp_path / "y")
    assert [one.path.name for one in found.submissions] == ["a.py", "b.py", "d.py", "f.py", "g.txt"]
    assert found.left_out == {".zip file": 1, ".pdf file": 1}


def test_what_nobody_handed_in_is_left_out_and_said(tmp_path: Path) -> None:
    """Hidden files and folders, checkpoints, virtual environments, and the results themselves."""
    files = ["x.py", ".git/a.py", ".ipynb_checkpoints/x.ipynb", "._x.py", "venv/pyvenv.cfg", "venv/lib/a.py"]
    write(tmp_path, dict.fromkeys([*files, "out/pages/a.html"], "x"))
    found = find((tmp_path,), tmp_path / "out")
    assert [one.path.name for one in found.submissions] == ["x.py"]
    assert found.left_out == {"hidden folder": 2, "hidden file": 1, "virtual environment": 1}


@linux
def test_links_are_not_followed(tmp_path: Path) -> None:
    """Neither one to a file of the teacher's, nor to a folder, nor one that leads round in a circle."""
    write(tmp_path, {"class/x.py": "x", "own/secret.txt": "secret"})
    folder = tmp_path / "class"
    (folder / "a.txt").symlink_to(tmp_path / "own" / "secret.txt")
    (folder / "b").symlink_to(tmp_path / "own")
    (folder / "c").symlink_to(folder)
    (folder / "d.py").symlink_to("nowhere")
    found = find((folder,), tmp_path / "out")
    assert [one.path.name for one in found.submissions] == ["x.py"]
    assert found.left_out == {"link": 4}


def test_a_folder_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody's work is in it, so neither the run nor the overview only counts it; the others are judged."""
    write(tmp_path, {"class/ada/x.py": "x", "class/ben/x.py": "x"})
    opened = os.scandir

    def scandir(folder: Path | str) -> Iterator[os.DirEntry[str]]:  # Python 3.13 itself calls it with a str
        if Path(folder).name == "ben":
            raise PermissionError
        return opened(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    folder, out = tmp_path / "class", tmp_path / "out"
    assert [one.path.parent.name for one in find((folder,), out).submissions] == ["ada"]
    assert main(["grade", str(folder), "-o", str(out)]) == 0
    says = f"whygrad: The folder {folder / 'ben'} could not be opened, so nothing in it is judged; change its rights, and run this again.\n"
    assert capsys.readouterr().err.startswith(says)
    assert main(["grade", str(folder / "ben"), "-o", str(out)]) == 2
    assert capsys.readouterr().err.startswith(says)
    assert f"1 locked folder ({folder / 'ben'})" in (out / "index.html").read_text(encoding="utf-8")


@linux
def test_a_pipe_is_no_submission(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "x.py")
    found = find((tmp_path,), tmp_path / "out")
    assert found.submissions == []
    assert found.left_out == {"pipe or device": 1}


def test_a_file_that_is_named_twice_is_one_submission(tmp_path: Path) -> None:
    """By itself and in its folder."""
    write(tmp_path, {"a/x.py": "x"})
    assert names(tmp_path, tmp_path / "a", tmp_path / "a" / "x.py") == ["a/x.py"]


@pytest.mark.parametrize("name", ["nowhere", "x.pdf", "circle", "dangling", "a" * 300])
def test_what_is_no_submission_cannot_be_named(tmp_path: Path, name: str) -> None:
    """A file that is not there or of another kind is wrong usage, with its name."""
    write(tmp_path, {"x.pdf": "x"})
    for link in ("circle", "dangling"):
        (tmp_path / link).symlink_to("gone" if link == "dangling" else link)
    with pytest.raises(UsageError, match=name):
        find((tmp_path / name,), tmp_path / "out")


@linux
@given(st.sets(st.binary(min_size=1).filter(lambda name: b"/" not in name and b"\0" not in name and name not in {b".", b".."}), min_size=2))
def test_two_files_never_get_one_name(raw: set[bytes]) -> None:
    """Any bytes make a name that is UTF-8, and it belongs to these bytes alone, as its slug does."""
    found = [name_of(Path(os.fsdecode(name))) for name in raw]
    assert {os.fsencode(path_of(name)) for name in found} == raw
    assert len(set(found)) == len(raw)
    assert len({slug(name) for name in found}) == len(raw)
    for name in found:
        name.encode()
        assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in slug(name))
        assert len(slug(name)) < 100
        assert "\n" not in title(name)


def test_a_long_name_is_shortened_at_its_front() -> None:
    """The end of a path says more."""
    assert title("x" * 999 + "end.py").endswith("xend.py")
    assert len(title("x" * 999)) < 210
