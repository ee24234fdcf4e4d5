"""The options of ``whygrad grade``, and what is said of a run that cannot be."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from small_class import POST, grade, read, write

from whygrad.cli import main
from whygrad.grade.command import _SYSTEMS
from whygrad.grade.formats import FILES
from whygrad.grade.pages import Pages, slug
from whygrad.grade.results import lines_of
from whygrad.grade.run import shard_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--shard", "0/3"], "--shard: '0/3' is not a part of a whole"),
        (["--shard", "4/3"], "--shard: '4/3' is not a part of a whole"),
        (["--shard", "x"], "--shard: 'x' is not a part of a whole"),
        (["--write", "gradescope,moodle"], "--write: 'moodle' is none of gradescope, prairielearn, coursera, junit, check50"),
        (["--write", ""], "--write: '' names none of gradescope, prairielearn, coursera, junit, check50"),
        (["--write", " ,"], "--write: ' ,' names none of gradescope"),
        (["--write", "junit", "--write", "moodle"], "--write: 'moodle' is none of"),
        (["--jobs", "2", "--scheduler", "tcp://x"], "--jobs is for this machine alone"),
        (["--jobs", "0"], "--jobs"),
        (["--seconds", "nan"], "--seconds: nan is no number of seconds"),
        (["--seconds", "1e9"], "--seconds: 1000000000.0 is not in the range 0.1<=x<=3600"),
        (["-o", ""], "-o: the name is empty"),
        ([""], "FOLDER: the name is empty"),
    ],
)
def test_wrong_usage_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str) -> None:
    """In one sentence, with exit code 2, and nothing is written."""
    write(tmp_path, {"a.txt": POST})
    assert grade(tmp_path, "-o", tmp_path / "out", *options) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_class_is_not_written_to_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several files cannot be, and a folder that is called "-" is what nobody meant."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.txt": POST})
    assert grade(tmp_path, "-o", "-") == 2
    assert capsys.readouterr().err == "whygrad: -o: a class gives several files; name the folder for them.\n"
    assert not (tmp_path / "-").exists()


def test_a_folder_without_submissions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to judge, which somebody who named the wrong folder must see."""
    assert grade(tmp_path, "-o", tmp_path / "out") == 2
    assert "nothing was judged" in capsys.readouterr().err


def test_names_that_are_not_in_utf8(tmp_path: Path) -> None:
    """A line, a page and all that course systems read, for numbers and for code."""
    code = "def rnn_cell_forward(xt, a_prev, parameters):\n    return a_prev, xt, (a_prev, a_prev, xt, parameters)\n"
    folder, out = write(tmp_path / "class", {b"\xe9/\xe9.txt": POST, b"\xe9/\xe9.py": code}), tmp_path / "out"
    assert grade(folder, "-o", out, "--write", ",".join(FILES)) == 0
    lines = read(out / "results.jsonl")
    assert [path[-6:] for path in sorted(lines)] == [r"xe9.py", r"e9.txt"]
    assert {line["status"] for line in lines.values()} <= {"wrong", "unknown"}
    assert len(list((out / "pages").glob("*.html"))) == len(lines)


def test_results_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file stands where the folder of pages should be."""
    write(tmp_path, {"class/a.txt": POST, "out/pages": "x"})
    assert grade(tmp_path / "class", "-o", tmp_path / "out") == 2
    assert "The results could not be written into" in capsys.readouterr().err
    (tmp_path / "circle").symlink_to("circle")
    for name in ("circle", "x" * 300):
        assert grade(tmp_path / "class", "-o", tmp_path / name) == 2
        said = capsys.readouterr().err
        assert f"{name} " in said
        assert "fault of whygrad" not in said


def test_one_file_is_a_class_of_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a course system reads then stands where it looks for it; the few lines that are printed say what was found."""
    write(tmp_path, {"a.txt": POST})
    assert grade(tmp_path / "a.txt", "-o", tmp_path / "out", "--write", "GradeScope, coursera") == 0
    assert (tmp_path / "out" / "gradescope" / "results.json").exists()
    assert (tmp_path / "out" / "coursera" / "feedback.json").exists()
    said = capsys.readouterr().out
    assert said.startswith("1 submission: 0 right, 1 wrong, 0 unknown, 0 could not be run.\n")
    assert said.endswith(f"Read on in {tmp_path / 'out' / 'index.html'}.\n")


def test_shards_have_every_submission_once(tmp_path: Path) -> None:
    """Three shards into one folder, then the whole: the union of the shards, and only then an overview."""
    write(tmp_path / "class", {f"{number}.txt": POST + f"Post {number}\n" for number in range(7)})
    out = tmp_path / "out"
    for number in (1, 2, 3):
        assert grade(tmp_path / "class", "-o", out, "--jobs", 1, "--shard", f"{number}/3") == 0
        assert not (out / "index.html").exists()
    shards = [(out / f"results-0{number}-of-03.jsonl").read_text().splitlines() for number in (1, 2, 3)]
    assert grade(tmp_path / "class", "-o", out) == 0
    assert sorted((out / "results.jsonl").read_text().splitlines()) == sorted(line for lines in shards for line in lines)
    assert (out / "index.html").exists()


def test_a_shard_is_found_by_the_name_alone() -> None:
    """The same on every machine and in every version; all parts are about as large."""
    assert [shard_of(f"{number}.py", 16) for number in range(5)] == [4, 12, 11, 11, 10]
    counts = [sum(shard_of(f"{number}.py", 4) == part for number in range(1000)) for part in (1, 2, 3, 4)]
    assert min(counts) > 200
    assert sum(counts) == 1000


def test_the_systems_of_the_command_are_those_that_can_be_written() -> None:
    """The command's list, which costs nothing to load, is the writers' list."""
    assert tuple(FILES) == _SYSTEMS


def test_a_folder_called_grade_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The word is a command only where it stands alone."""
    assert main([str(tmp_path / "grade")]) == 2
    assert "There is no file" in capsys.readouterr().err


def test_who_is_gone_leaves_nothing(tmp_path: Path) -> None:
    """A file that is no longer there loses its line, its page and what was written for course systems; what is somebody else's stays.

    A shard sees a part only, so it removes nothing.
    """
    folder, out = write(tmp_path / "class", {f"{name}.txt": POST + name for name in "abc"}), tmp_path / "out"
    assert grade(folder, "-o", out, "--write", "junit,coursera") == 0
    kept = write(out, {"pages/notes.html": "mine", "pages/0123456789ab.html": "mine", "junit/notes": "mine"})
    (beside,) = (path for path in (out / "coursera").iterdir() if path.name == slug(str(folder / "b.txt")))
    (beside / "notes").write_text("mine")
    (folder / "b.txt").unlink()
    everything = sorted(kept.rglob("*"))
    part = shard_of(str(folder / "a.txt"), 3)
    assert grade(folder, "-o", out, "--shard", f"{part}/3") == 0
    assert [path for path in everything if path not in set(out.rglob("*"))] == []
    assert grade(folder, "-o", out) == 0
    lost = {str(path.relative_to(out)) for path in everything} - {str(path.relative_to(out)) for path in out.rglob("*")}
    name = slug(str(folder / "b.txt"))
    assert lost == {f"pages/{name}.html", f"junit/{name}", f"junit/{name}/junit.xml", f"coursera/{name}/feedback.json"}


def test_another_level_of_hints_writes_the_pages_anew(tmp_path: Path) -> None:
    """Nothing is judged for that; and a run that was ended while it wrote them writes the rest when it is started again."""
    write(tmp_path / "class", {"a.txt": POST})
    out = tmp_path / "out"
    assert grade(tmp_path / "class", "-o", out) == 0
    line, (page,) = (out / "results.jsonl").read_bytes(), (out / "pages").glob("*.html")
    second = page.read_text(encoding="utf-8")
    assert grade(tmp_path / "class", "-o", out, "--hint", "1") == 0
    first = page.read_text(encoding="utf-8")
    assert first != second
    assert ["Hint 2" in text for text in (first, second)] == [False, True]
    assert "Hint 3" not in first + second
    page.write_text(second, encoding="utf-8")
    (out / "pages" / "made-by").write_text("")
    assert grade(tmp_path / "class", "-o", out, "--hint", "1") == 0
    assert page.read_text(encoding="utf-8") == first
    assert (out / "results.jsonl").read_bytes() == line


def test_no_page_keeps_a_higher_hint(tmp_path: Path) -> None:
    """Whether a run at another level was stopped after its first page, or only one shard was of that level."""
    folder, out = write(tmp_path / "class", {"a.txt": POST, "b.txt": f"{POST}\n"}), tmp_path / "out"
    assert grade(folder, "-o", out, "--hint", 1) == 0
    lines = list(lines_of(out / "results.jsonl"))

    def higher() -> int:
        return sum("Hint 3" in page.read_text(encoding="utf-8") for page in (out / "pages").glob("*.html"))

    Pages(out, 3).write([lines[0].path], "Hint 3", "{}")
    assert higher() == 1
    Pages(out, 1).complete(lines, whole=True)
    assert higher() == 0
    Pages(out, 3).complete(lines[:1], whole=False)
    Pages(out, 1).complete(lines[1:], whole=False)
    assert higher() == 1
    Pages(out, 1).complete(lines, whole=True)
    assert higher() == 0


def test_a_page_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever judges, where a class is judged for the first time; one that is missing or empty then is made of its line."""
    write(tmp_path / "class", {"a.txt": POST, "b.txt": f"{POST}\n"})
    out = tmp_path / "out"
    made: list[str] = []
    page = Pages._page  # noqa: SLF001 - nothing else makes one here
    monkeypatch.setattr(Pages, "_page", lambda pages, name, diagnosis: made.append(name) or page(pages, name, diagnosis))
    assert grade(tmp_path / "class", "-o", out) == 0
    assert made == []
    whole, empty = sorted((out / "pages").glob("*.html"))
    text = empty.read_text(encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    assert grade(tmp_path / "class", "-o", out) == 0
    assert empty.read_text(encoding="utf-8") == text
    whole.unlink()
    assert grade(tmp_path / "class", "-o", out) == 0
    assert (len(made), whole.exists()) == (2, True)


def test_what_course_systems_read_is_of_this_run(tmp_path: Path) -> None:
    """Whatever a run before has written is written anew, with this run's answer and hint; what one file had gives way to a class."""
    folder, out = write(tmp_path / "class", {"a.txt": POST, "b.txt": f"{POST}b"}), tmp_path / "out"
    alone = out / "junit" / "junit.xml"
    assert grade(folder / "a.txt", "-o", out, "--write", "junit", "--hint", 3) == 0
    said = alone.read_text(encoding="utf-8")
    assert grade(folder / "a.txt", "-o", out, "--hint", 1) == 0
    assert len(alone.read_text(encoding="utf-8")) < len(said)
    assert grade(folder, "-o", out, "--write", "coursera", "--write", "check50") == 0
    assert not alone.exists()
    files = sorted(out.glob("*/*/*"))
    assert [path.name for path in files] == ["check50.json"] * 2 + ["feedback.json"] * 2 + ["junit.xml"] * 2
    write(folder, {"a.txt": "dbf[4] = 1"})
    before = [path.read_text(encoding="utf-8") for path in files]
    assert grade(folder, "-o", out) == 0
    assert [path.read_text(encoding="utf-8") == text for path, text in zip(files, before, strict=True)].count(False) == 3


def test_what_lies_beside_a_submission_gets_no_course_file(tmp_path: Path) -> None:
    """It is no submission in a folder of its own; in the folder that was named it is one."""
    folder, out = write(tmp_path / "class", {"ada/a.txt": POST, "ada/__init__.py": ""}), tmp_path / "out"
    assert grade(folder, "-o", out, "--write", "junit") == 0
    assert len(list((out / "junit").iterdir())) == 1
    assert grade(folder / "ada", "-o", out) == 0
    assert len(list((out / "junit").iterdir())) == 2


def test_results_of_files_that_are_still_there_are_not_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another week into the same place is refused; what is gone is named, and a folder under another name is the same."""
    out = tmp_path / "out"
    first, second = (write(tmp_path / week, {f"{week}.txt": f"{POST}{week}", "same.txt": POST}) for week in ("one", "two"))
    assert grade(first, "-o", out) == 0
    lines = read(out / "results.jsonl")
    for other in (second, second / "same.txt"):
        assert grade(other, "-o", out) == 2
        assert f"has the results of other files, such as {first / 'one.txt'}; name them too" in capsys.readouterr().err
    assert read(out / "results.jsonl") == lines
    assert grade(first, second, "-o", out) == 0
    assert grade(first / ".." / "one", second, "-o", out) == 0
    assert "removed" not in capsys.readouterr().err
    shutil.rmtree(first)
    assert grade(second, "-o", out) == 0
    assert f"no longer there is removed: {first / '..' / 'one' / 'one.txt'}.\n" in capsys.readouterr().err


def test_pages_that_somebody_removed_are_made_again(tmp_path: Path) -> None:
    """The lines tell that the files beside them are ours."""
    write(tmp_path, {"one/a.txt": POST})
    assert grade(tmp_path / "one", "-o", tmp_path / "out") == 0
    shutil.rmtree(tmp_path / "out" / "pages")
    assert grade(tmp_path / "one", "-o", tmp_path / "out") == 0
    assert list((tmp_path / "out" / "pages").glob("*.html"))


@pytest.mark.parametrize("name", ["class.csv", "index.html", "results.jsonl", "written.json", "junit/junit.xml"])
def test_a_file_that_is_not_ours_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Somebody's own list of the class, say, where the results were to go."""
    write(tmp_path, {"a.txt": POST, name: "mine"})
    assert grade(tmp_path, "-o", tmp_path) == 2
    asks = "move it away, or choose another folder for the results (-o)"
    assert capsys.readouterr().err == f"whygrad: {tmp_path / name} is not whygrad's, and would be replaced; {asks}.\n"
    assert (tmp_path / name).read_text() == "mine"
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize("name", ["class.csv", "results.jsonl", "results.lock", "pages", "pages/made-by", "junit/a", "written.json"])
def test_nothing_is_written_through_a_link(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Wherever it leads, even to nothing."""
    folder, path = write(tmp_path / "class", {"a.txt": POST}), tmp_path / "out" / name
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere")
    assert grade(folder, "-o", tmp_path / "out", "--write", "junit") == 2
    assert f"{path} is a link, and whygrad writes through none; move it away, or" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()


def test_a_post_in_markdown_is_judged_like_a_text(tmp_path: Path) -> None:
    """What a forum has is kept so as often."""
    out = tmp_path / "out"
    assert grade(write(tmp_path / "class", {"a.txt": POST, "b.md": f"## Help\n\n```\n{POST}\n```\n"}), "-o", out) == 0
    records = [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["status"], one["numbers"]) for one in records] == [(records[0]["status"], records[0]["numbers"])] * 2
    assert records[0]["status"] == "wrong"
