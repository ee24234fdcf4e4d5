"""The command line: which word is what, every exit code, one JSON document whatever happens, never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import jsonschema
import pytest

from whygrad import __version__, cli
from whygrad.__main__ import main as start
from whygrad.records import Confidence, Mistake, Reading, Result, Search
from whygrad.report.of_code import OF_CODE
from whygrad.report.schema import schema

if TYPE_CHECKING:
    from collections.abc import Callable

POST = """My output:
gradients["dx"][1][2] = [-0.07 0.28 -0.48 -0.43]
gradients["da0"][2][3] = 0.3
"""

EXPLAINED = Result(
    "explained",
    "sequence-models",
    ("lstm_backward",),
    "new",
    5,
    5,
    mistakes=(
        Mistake(
            "view-of-output",
            "lstm_forward",
            "c_prev",
            0,
            "c_prev is a view of the output",
            ("Look there.", "It is overwritten.", "It is zero."),
            Confidence(5, 4, 30, 900, -20.5),
        ),
    ),
    search=Search(900, complete=True),
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own with one post in it."""
    monkeypatch.chdir(tmp_path)
    Path("post.txt").write_text(POST, encoding="utf-8")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[[Result], None]:
    """Replaces the search by one that always finds this."""

    def put(result: Result) -> None:
        def explain(reading: Reading, _folder: Path | None = None) -> Result:
            assert reading.blocks
            return result

        monkeypatch.setattr("whygrad.from_numbers.explain", explain)

    return put


def document(text: str) -> dict[str, object]:
    """The one JSON document on standard output."""
    loaded = json.loads(text)
    jsonschema.validate(loaded, schema())
    return loaded


@pytest.mark.parametrize(
    ("verdict", "code", "code_with_exit_zero"),
    [("right", 0, 0), ("explained", 1, 0), ("partly", 1, 0), ("unknown", 1, 0), ("unreadable", 3, 3)],
)
def test_the_exit_code_follows_the_verdict(found: Callable[[Result], None], verdict: str, code: int, code_with_exit_zero: int) -> None:
    """0 right, 1 explained, partly or unknown, 3 unreadable; --exit-zero changes the 1 only."""
    found(replace(EXPLAINED, verdict=verdict, problem="No." if verdict == "unreadable" else None))
    assert cli.main(["post.txt"]) == code
    assert cli.main(["post.txt", "--exit-zero"]) == code_with_exit_zero


@pytest.mark.parametrize(
    "args",
    [
        ["post.txt", "--format", "json", "--hint", "1"],
        ["--format", "json", "--hint", "1", "post.txt"],
        ["--hint=1", "post.txt", "--format=json"],
        ["diagnose", "post.txt", "--format", "json"],
        ["--format", "json", "diagnose", "post.txt"],
        ["--format", "text", "--format", "json", "--", "post.txt"],
    ],
    ids=" ".join,
)
def test_options_stand_anywhere(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    """Before or after the file, with or without the command's name."""
    found(EXPLAINED)
    assert cli.main(args) == 1
    out, err = capsys.readouterr()
    assert document(out)["verdict"] == "explained"
    assert err == ""


@pytest.mark.parametrize(
    "name", ["./mistakes", "./expected", "./diagnose", "mistake", "Mistakes", "./grade", "grades", "report.txt", "help"]
)
def test_only_the_exact_word_is_a_command(found: Callable[[Result], None], name: str) -> None:
    """Any other word, and ./word, is a file."""
    found(EXPLAINED)
    Path(name).write_text(POST, encoding="utf-8")
    assert cli.main([name]) == 1


def test_a_file_after_two_dashes(found: Callable[[Result], None]) -> None:
    """After -- even an option's name is a file."""
    found(EXPLAINED)
    Path("--hint").write_text(POST, encoding="utf-8")
    assert cli.main(["--", "--hint"]) == 1


def test_hint_levels_reach_the_text(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """--hint 1, 2 (the default) and 3 show one, two and three hints' worth."""
    found(EXPLAINED)
    shown = []
    for options in (["--hint", "1"], [], ["--hint", "2"], ["--hint", "3"]):
        cli.main(["post.txt", *options])
        text = capsys.readouterr().out
        shown.append([hint in text for hint in ("Look there.", "It is overwritten.", "It is zero.")])
    assert shown == [[True, False, False], [False, True, False], [False, True, False], [False, True, True]]


def test_the_three_formats(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Text begins with the answer, Markdown with the answer in bold, JSON with the schema's name."""
    found(EXPLAINED)
    starts = {}
    for form in ("text", "markdown", "json"):
        cli.main(["post.txt", "--format", form])
        starts[form] = capsys.readouterr().out[:40]
    assert starts == {
        "text": "One mistake explains all 5 numbers: in l",
        "markdown": "**One mistake explains all 5 numbers: in",
        "json": '{\n  "schema": "whygrad/diagnosis/1",\n  "',
    }


def test_a_terminal_gets_colours(
    found: Callable[[Result], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rich is used where standard output is a terminal, and only there."""
    found(EXPLAINED)
    monkeypatch.setenv("FORCE_COLOR", "1")
    cli.main(["post.txt"])
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli.main(["post.txt"]) == 1
    assert "\x1b" in capsys.readouterr().out


def test_standard_input(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input, and messages call it so."""
    found(EXPLAINED)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(POST.encode())))
    assert cli.main(["-"]) == 1
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    capsys.readouterr()
    assert cli.main(["--format", "json", "-"]) == 3
    assert str(document(capsys.readouterr().out)["problem"]).startswith("standard input is empty;")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["post.txt", "--hint", "4"], "whygrad: --hint: '4' is not one of '1', '2', '3'.\n"),
        (["post.txt", "--format", "xml"], "whygrad: --format: 'xml' is not one of 'text', 'json', 'markdown', 'github', 'html'.\n"),
        (
            ["post.txt", "other.txt"],
            "whygrad: Got unexpected extra argument (other.txt); one FILE at a time; 'whygrad grade FOLDER' judges many.\n",
        ),
        (["mistakes", "carry-wrong", "b"], "whygrad: Got unexpected extra argument (b).\n"),
        ([""], "whygrad: FILE: the name is empty.\n"),
        (["post.txt", "--texts", ""], "whygrad: --texts: the name is empty.\n"),
        (["."], "whygrad: . is a folder; name a file in it, or judge all that are in it with 'whygrad grade'.\n"),
        (
            ["https://example.org/x.ipynb"],
            "whygrad: https://example.org/x.ipynb is an address, from which I fetch nothing; save what is there, and name that file.\n",
        ),
        ([os.fsdecode(b"caf\xe9.txt")], "whygrad: There is no file caf\\xe9.txt; check the name.\n"),
        (["grad", "class"], "whygrad: Got unexpected extra argument (class); did you mean 'whygrad grade'?\n"),
        (["--frmat", "json", "post.txt"], "whygrad: there is no option '--frmat'; did you mean '--format'?\n"),
        (["--zzz", "post.txt"], "whygrad: there is no option '--zzz'.\n"),
        (["--exit-zero"], "whygrad: Missing argument 'FILE'.\n"),
        (["mistakes", "view-of-outptu"], "whygrad: there is no mistake called view-of-outptu; the nearest: view-of-output.\n"),
        (["mistakes", "zzz"], "whygrad: there is no mistake called zzz; 'whygrad mistakes' lists them all.\n"),
        (["mistakes", "\x1b[31m"], "whygrad: there is no mistake called \\x1b[31m; 'whygrad mistakes' lists them all.\n"),
    ],
    ids=lambda value: ascii(" ".join(value)) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_sentence(args: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, one line on standard error, nothing on standard output."""
    assert cli.main(args) == 2
    assert capsys.readouterr() == ("", message)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["missing.txt", "--format", "json"], 2),
        (["--format", "json", "--nonsense", "post.txt"], 2),
        (["--format=json"], 2),
        (["post.txt", "--hint", "9", "--format", "json"], 2),
        (["mistakes", "zzz", "--format=json"], 2),
        (["empty.txt", "--format", "json"], 3),
        (["bytes.bin", "--format", "json"], 3),
        (["words.txt", "--format", "json"], 3),
        ([".", "--format", "json"], 2),
        (["\udcff\x1b.txt", "--format", "json"], 2),
    ],
    ids=ascii,
)
def test_json_is_written_whatever_happens(args: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """One document with the problem in it, and the same sentence on standard error."""
    Path("empty.txt").touch()
    Path("bytes.bin").write_bytes(b"\x80\xff\x00")
    Path("words.txt").write_text("hello", encoding="utf-8")
    assert cli.main(args) == code
    out, err = capsys.readouterr()
    found = document(out)
    assert found["verdict"] == "unreadable"
    assert err == f"whygrad: {found['problem']}\n"
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.txt", "words.txt", "fault.txt"])
def test_the_document_of_a_problem_goes_where_the_answer_would(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In place of yesterday's; but never over what was read, nor by a command line that is not understood."""

    def explain(_: Reading, _folder: Path | None = None) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr("whygrad.from_numbers.explain", explain)
    Path("words.txt").write_text("hello", encoding="utf-8")
    Path("fault.txt").write_text(POST, encoding="utf-8")
    Path("answer.json").write_text("yesterday's", encoding="utf-8")
    code = cli.main([name, "--format", "json", "-o", "answer.json"])
    out, err = capsys.readouterr()
    assert (code, out) == (3 if name == "words.txt" else 2, "")
    assert err == f"whygrad: {document(Path('answer.json').read_text(encoding='utf-8'))['problem']}\n"
    for args in (["words.txt", "-o", "words.txt"], ["words.txt", "-o", "fault.txt", "--nonsense"]):
        assert cli.main([*args, "--format", "json"]) in {2, 3}
        assert document(capsys.readouterr().out)["verdict"] == "unreadable"
    assert [Path(name).read_text(encoding="utf-8") for name in ("words.txt", "fault.txt")] == ["hello", POST]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github", "html"])
@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"caf\xe9.py"], ids=ascii)
def test_every_form_of_an_answer_for_a_name_that_is_not_in_utf8(name: bytes, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of numbers and of code, on standard output and into a file of such a name, with nothing in it that UTF-8 cannot hold."""
    code = "def rnn_cell_forward(xt, a_prev, parameters):\n    return a_prev, xt, (a_prev, a_prev, xt, parameters)\n"
    file = os.fsdecode(name)
    Path(file).write_text(POST if file.endswith(".txt") else code, encoding="utf-8")
    assert cli.main([file, "--format", form]) == 1
    out, err = capsys.readouterr()
    assert (err, out.encode().decode()) == ("", out)
    assert cli.main([file, "--format", form, "-o", f"{file}.out"]) == 1
    assert Path(f"{file}.out").read_text(encoding="utf-8") == out
    if form == "json":
        assert document(out)["verdict"] != "unreadable"
        jsonschema.validate(document(out), schema())


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError(), ZeroDivisionError("a\nb"), FloatingPointError()])
def test_a_failure_of_ours_is_one_sentence_that_names_the_file(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, no traceback, and a request to report it; in JSON too."""

    def explain(_: Reading, _folder: Path | None = None) -> NoReturn:
        raise error

    monkeypatch.setattr("whygrad.from_numbers.explain", explain)
    assert cli.main(["post.txt", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert document(out)["problem"] == err.removeprefix("whygrad: ").rstrip("\n")
    assert err.startswith(
        "whygrad: this is a fault of whygrad and not of what you gave it: 'whygrad post.txt --format json' ended with "
        f"{type(error).__name__} in test_cli.py, line "
    )
    assert err.endswith("; please report it together with the file.\n")
    assert err.count("\n") == 1


def test_an_interrupt_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with the usual code and no words."""

    def explain(_: Reading, _folder: Path | None = None) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("whygrad.from_numbers.explain", explain)
    assert cli.main(["post.txt"]) == 130
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_while_it_starts_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own traceback would be the first that somebody sees of it."""

    class Interrupted:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "whygrad.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "whygrad.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted, *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        start()
    assert ended.value.code == 130


def test_nothing_given(capsys: pytest.CaptureFixture[str]) -> None:
    """Without any argument: a short help on standard error."""
    assert cli.main([]) == 2
    usage = "Usage: whygrad FILE [--format text|json|markdown|github|html] [--hint 1|2|3] [-o OUTPUT]\nTry 'whygrad --help'.\n"
    assert capsys.readouterr() == ("", usage)


@pytest.mark.parametrize(("form", "start"), [("text", "One mistake"), ("json", "{"), ("markdown", "**One"), ("html", "<!DOCTYPE html>")])
def test_the_answer_goes_into_a_file(form: str, start: str, found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """``-o`` writes any format into a file and nothing to standard output; the exit code stays."""
    found(EXPLAINED)
    assert cli.main(["-o", "answer", "post.txt", "--format", form]) == 1
    assert Path("answer").read_text(encoding="utf-8").startswith(start)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("nowhere/answer", "the answer could not be written to nowhere/answer (No such file or directory)."),
        (".", "the answer could not be written to . (Is a directory)."),
        ("post.txt", "post.txt is a file that was read: the answer would take its place."),
        ("circle", "the answer could not be written to circle (the links of this name lead in a circle)."),
        ("", "-o: the name is empty."),
    ],
)
def test_an_answer_that_cannot_be_written(
    output: str, says: str, found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one sentence; what was read is never overwritten."""
    found(EXPLAINED)
    Path("circle").symlink_to("circle")
    assert cli.main(["post.txt", "-o", output]) == 2
    assert capsys.readouterr() == ("", f"whygrad: {says}\n")
    if output != "post.txt":  # which is not read where FILE is another
        assert cli.main(["nowhere.txt", "-o", output, "--format", "json"]) == 2
        assert document(capsys.readouterr().out)["problem"] == "There is no file nowhere.txt; check the name."
    assert Path("post.txt").read_text(encoding="utf-8") == POST


def test_what_standard_input_comes_from_is_not_overwritten(
    found: Callable[[Result], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell opened it, and its name is not on the command line."""
    found(EXPLAINED)
    kept = os.dup(0)
    with Path("post.txt").open(encoding="utf-8") as post:
        monkeypatch.setattr("sys.stdin", post)
        os.dup2(post.fileno(), 0)
        code = cli.main(["-", "-o", "post.txt"])
    os.dup2(kept, 0)
    os.close(kept)
    assert code == 2
    assert capsys.readouterr().err == "whygrad: post.txt is a file that was read: the answer would take its place.\n"
    assert Path("post.txt").read_text(encoding="utf-8") == POST


@pytest.mark.skipif(os.name != "posix", reason="pipes that have names")
def test_a_pipe_is_not_waited_for(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """The answer goes to who reads from it; nobody may ever do so."""
    found(EXPLAINED)
    os.mkfifo("pipe")
    assert cli.main(["post.txt", "-o", "pipe"]) == 2
    assert capsys.readouterr() == ("", "whygrad: the answer could not be written to pipe (nobody reads from this pipe).\n")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert cli.main(["post.txt", "-o", "pipe"]) == 1
    assert os.read(reader, 100_000).decode().startswith("One mistake")
    os.close(reader)


def test_a_full_disk_leaves_the_answer_before(
    found: Callable[[Result], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of the new one takes the place of nothing; through a link the file is replaced to which it leads."""
    found(EXPLAINED)
    Path("answer").write_text("before", encoding="utf-8")
    Path("link").symlink_to("answer")

    def full(path: Path, content: bytes) -> None:
        path.write_text(content.decode()[:9], encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert cli.main(["post.txt", "-o", "link"]) == 2
    assert capsys.readouterr().err == "whygrad: the answer could not be written to link (No space left on device).\n"
    assert Path("answer").read_text(encoding="utf-8") == "before"
    assert cli.main(["post.txt", "-o", "link"]) == 1
    assert Path("answer").read_text(encoding="utf-8").startswith("One mistake")
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(".")) == []


def test_a_dash_is_standard_output(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """As it is standard input in place of a file; no file of that name is made."""
    found(EXPLAINED)
    assert cli.main(["post.txt", "-o", "-", "--format", "markdown"]) == 1
    assert capsys.readouterr().out.startswith("**One mistake")
    assert not Path("-").exists()


def test_one_s_own_texts_are_not_overwritten(found: Callable[[Result], None], capsys: pytest.CaptureFixture[str]) -> None:
    """They are read too."""
    found(EXPLAINED)
    Path("mine.toml").write_text("# mine\n", encoding="utf-8")
    assert cli.main(["post.txt", "--texts", "mine.toml", "-o", "mine.toml"]) == 2
    assert capsys.readouterr() == ("", "whygrad: mine.toml is a file that was read: the answer would take its place.\n")
    assert Path("mine.toml").read_text(encoding="utf-8") == "# mine\n"


def test_html_is_loaded_only_where_it_is_asked_for() -> None:
    """The library behind the pages does not slow down any other answer."""
    post = Path(__file__).parent.parent / "examples" / "lstm-backward-wrong-output.txt"
    code = f"import sys; from whygrad import cli; cli.main([{str(post)!r}]); print('jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert done.stdout.endswith("False\n")


def test_the_search_for_numbers_is_not_loaded_for_code() -> None:
    """A notebook's answer does not wait for modules that only a text of numbers needs."""
    notebook = Path(__file__).parent.parent / "examples" / "lstm-view-of-output.ipynb"
    code = f"import sys; from whygrad import cli; cli.main([{str(notebook)!r}]); print('whygrad.from_numbers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert done.stdout.endswith("False\n")


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["post.txt", "--help"], ["diagnose", "-h"]])
def test_help_shows_every_command_and_examples(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The help names all commands, all options and the exit codes."""
    assert cli.main(args) == 0
    text = capsys.readouterr().out
    for words in ("whygrad mistakes", "whygrad expected", "--format", "--hint", "--exit-zero", "Examples:", "Exit codes:", "./mistakes"):
        assert words in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version stands in one place."""
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"whygrad {__version__}\n"


def test_mistakes_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, sorted."""
    assert cli.main(["mistakes"]) == 0
    listed, of_code = capsys.readouterr().out.split("\n\nIn code alone:\n")
    lines = listed.splitlines()
    assert lines == sorted(lines)
    assert of_code.splitlines() == sorted(of_code.splitlines())
    assert any(line.split(maxsplit=1) == ["view-of-output", "A cached state is a view of the output array"] for line in lines)


def test_what_only_code_has_is_explained_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Every id that an answer, or a class, can show has its page."""
    for id_, kind in OF_CODE.items():
        assert cli.main(["mistakes", id_]) == 0
        head, about = capsys.readouterr().out.split("\n\n")
        assert head == f"{id_}: {kind.title}"
        assert about.split() == kind.about.split()


def test_every_mistake_is_explained_without_the_right_way(capsys: pytest.CaptureFixture[str]) -> None:
    """A learner reads the page: it shows no right formula of an example, no third hint, and no blank that is left to fill in."""
    from whygrad.mistakes import OPERATORS  # noqa: PLC0415 - only this test needs them

    for name, operator in OPERATORS.items():
        assert cli.main(["mistakes", name]) == 0
        page = capsys.readouterr().out
        words, _, code = page.partition("It looks like this:")
        assert words.startswith(f"{name}: ")
        assert "{" not in words
        assert "mathematics asks" not in words
        for example in operator.examples:
            right = example.before.partition(" = ")[2] or example.before
            assert "forward" in example.function or right not in [line.partition(" = ")[2] for line in code.splitlines()]


def test_expected_prints_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    """All checks, or the one that is asked for."""
    assert cli.main(["expected"]) == 0
    whole = capsys.readouterr().out
    assert cli.main(["expected", "lstm_backward"]) == 0
    part = capsys.readouterr().out
    assert part in whole
    assert 'gradients["da0"][2][3] = 0.3127703102' in part
    assert cli.main(["expected", "lstm_forward"]) == 0
    assert "\na[4][3][6] = 0.1721177675" in capsys.readouterr().out
    assert cli.main(["expected", "lstm"]) == 2


def run(*args: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """``python -m whygrad`` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "whygrad", *args], capture_output=True, check=False, **options)  # type: ignore[call-overload]  # noqa: S603 - our own module


def test_as_a_module() -> None:
    """``python -m whygrad`` is the same command, with its exit codes."""
    assert run("--version").stdout.decode().strip() == f"whygrad {__version__}"
    assert run("missing.txt").returncode == 2


def test_as_a_module_among_files_of_others(tmp_path: Path) -> None:
    """A submission called like a module of Python's is not run in its place."""
    for name in ("tempfile", "random", "json", "click"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n", "utf-8")
    (tmp_path / "x.py").write_text("def lstm_forward(x, a0, parameters):\n    pass\n", "utf-8")
    assert run("x.py", cwd=tmp_path).returncode in {0, 1}
    assert not (tmp_path / "run").exists()


def test_output_is_utf8_whatever_the_locale() -> None:
    """A Latin-1 or ASCII system gets UTF-8 and no exception."""
    result = run("missing-é∘.txt", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"})
    assert result.returncode == 2
    assert "missing-é∘.txt" in result.stderr.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break in another way there")
def test_a_closed_pipe_is_quiet() -> None:
    """``whygrad mistakes | head -0`` says nothing on standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run([sys.executable, "-m", "whygrad", "mistakes"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (process.returncode, process.stderr) == (141, b"")


@pytest.mark.skipif(os.name != "posix", reason="a shell that can close a stream")
@pytest.mark.parametrize(("redirection", "code"), [("<&-", 3), (">&-", 2), ("2>&-", 1), ("<&- >&- 2>&-", 3)])
def test_a_closed_stream_is_an_empty_one(redirection: str, code: int) -> None:
    """Nothing to read is said in one sentence, and so is an answer that cannot be written."""
    file = "-" if "<&-" in redirection else f"'{Path(__file__).parents[1] / 'examples' / 'lstm-backward-wrong-output.txt'}'"
    done = subprocess.run(f"'{sys.executable}' -m whygrad {file} {redirection}", shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - our own words
    assert done.returncode == code
    assert "fault of whygrad" not in done.stderr
    assert (redirection == ">&-") == ("the answer could not be written (Bad file descriptor).\n" in done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "args", [["mistakes"], ["--help"], ["grade", "--help"], ["--version"], ["grade", "post.txt", "-o", "out"]], ids=" ".join
)
def test_a_full_disk_is_one_sentence(args: list[str]) -> None:
    """The answer that cannot be written is no traceback, and no fault of ours."""
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run([sys.executable, "-m", "whygrad", *args], stdout=full, stderr=subprocess.PIPE, check=False)  # noqa: S603 - our own module
    assert process.returncode == 2
    assert process.stderr.endswith(b"whygrad: the answer could not be written (No space left on device).\n")
    assert b"fault" not in process.stderr


def test_starting_loads_no_heavy_library() -> None:
    """Neither NumPy, rich, msgspec nor difflib is loaded before it is needed."""
    code = "import sys, whygrad.cli; print(sorted({'numpy', 'rich', 'msgspec', 'difflib', 'importlib.metadata'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603 - our own module
    assert done.stdout.decode().strip() == "[]"
