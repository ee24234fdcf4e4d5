"""A mentor's own texts: they replace ours in every format, and a file that is not right is refused in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest

from whygrad import cli
from whygrad.diagnosis import Diagnosis
from whygrad.errors import UsageError
from whygrad.from_code.naming.broken import Broken
from whygrad.mistakes import OPERATORS
from whygrad.records import Explanation
from whygrad.report.of_code import OF_CODE
from whygrad.report.own_texts import OwnText, read_texts, with_texts, without_room

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import Result

OWN = """[view-of-output]
says = "{quantity} in {function} is a window { on } another array: W_{f}, \\\\frac{a}{b}"
hints = ["Where: lecture 3.", "What: slide 12.", "Mathematics: slide 20."]
"""


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_texts_replace_ours_in_every_format(one: Result, tmp_path: Path) -> None:
    """Sentence and hints are the mentor's, with function and quantity filled in, and nothing of ours is left."""
    own = with_texts(one, read_texts(written(tmp_path, OWN)))
    diagnosis = Diagnosis(own)
    for shown in (diagnosis.to_text(3), diagnosis.to_markdown(3), diagnosis.to_html(3), diagnosis.to_json(), diagnosis.to_github(3)):
        assert "a window { on } another array" in " ".join(shown.split())
        assert "slide 20" in shown
        assert "view of the output" not in shown
    (mistake,) = json.loads(diagnosis.to_json())["mistakes"]
    assert mistake["says"] == "c_next in lstm_forward is a window { on } another array: W_{f}, \\frac{a}{b}"


def test_other_explanations_too(one: Result) -> None:
    """An alternative speaks as the first explanation does."""
    same = replace(one, alternatives=(Explanation(one.mistakes, 24, -2.0),))
    both = with_texts(same, {"view-of-output": OwnText("mine")})
    assert both.alternatives[0].mistakes[0].says == "mine"
    assert both.mistakes[0].hints == one.mistakes[0].hints


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[view-of-outptu]\nsays = "a"\n', "there is no mistake called view-of-outptu; the nearest is view-of-output"),
        ('[zzz]\nsays = "a"\n', "there is no mistake called zzz; 'whygrad mistakes' lists them"),
        ("[view-of-output]\nsays = 3\n", "says of view-of-output has to be a text"),
        ('[view-of-output]\nsays = " "\n', "says of view-of-output has to be a text"),
        ('[view-of-output]\nhints = ["a", "b"]\n', "hints of view-of-output has to be a list of three texts"),
        ('[view-of-output]\nhints = ["a", "b", 3]\n', "hints of view-of-output has to be a list of three texts"),
        ('[view-of-output]\nhints = "a"\n', "hints of view-of-output has to be a list of three texts"),
        ('[view-of-output]\nhint = "a"\n', 'view-of-output takes says = "..." and hints = ["...", "...", "..."], not hint'),
        (
            '[view-of-output]\nsays = "{functoin} is wrong"\n',
            (
                "view-of-output has {functoin}, but only {function} and {quantity} are filled in; "
                "write { functoin } where the brackets are meant"
            ),
        ),
        (
            '[view-of-output]\nhints = ["a", "at {step}", "c"]\n',
            "view-of-output has {step}, but only {function} and {quantity} are filled in; write { step } where the brackets are meant",
        ),
        (
            '[view-of-output]\nsays = "{quantity.__class__} is wrong"\n',
            (
                "view-of-output has {quantity.__class__}, but only {function} and {quantity} are filled in; "
                "write { quantity.__class__ } where the brackets are meant"
            ),
        ),
        (
            '[view-of-output]\nsays = "{quantity!r:>9}"\n',
            (
                "view-of-output has {quantity!r:>9}, but only {function} and {quantity} are filled in; "
                "write { quantity!r:>9 } where the brackets are meant"
            ),
        ),
        ("[view-of-output]\n", 'view-of-output takes says = "..." and hints = ["...", "...", "..."], or both'),
        ("view-of-output = 1\n", 'view-of-output takes says = "..." and hints = ["...", "...", "..."], or both'),
    ],
)
def test_a_file_that_is_not_right(text: str, says: str, tmp_path: Path) -> None:
    """One sentence that names the file, the id and what was expected."""
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_texts(path)
    assert str(caught.value) == f"{path}: {says}"


@pytest.mark.parametrize("text", [b"[view-of-output", b"\xff\xfe"])
def test_no_toml(text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line: exit code 2, one line, and nothing was run before."""
    path = tmp_path / "mine.toml"
    path.write_bytes(text)
    assert cli.main(["nowhere.txt", "--texts", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"whygrad: {path} is no TOML file: ")
    assert "codec" not in said
    assert cli.main(["nowhere.txt", "--texts", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr() == ("", f"whygrad: the texts in {tmp_path / 'none.toml'} could not be read (No such file or directory).\n")


@pytest.mark.parametrize(("words", "left_out"), [(60, []), (200, ["view-of-output"])])
def test_a_hint_that_is_too_long_for_a_reply_is_found(one: Result, words: int, left_out: list[str]) -> None:
    """With marks in it, and its line breaks; another level is not asked for."""
    own = {"view-of-output": OwnText(hints=("where", "print\n`c` and *{quantity}* " + "word " * words, "what"))}
    told = with_texts(one, own)
    assert without_room(told, own, Diagnosis(told).to_markdown(2), 2) == left_out
    assert without_room(told, own, Diagnosis(told).to_markdown(1), 1) == []


def test_a_byte_order_mark_is_no_part_of_the_texts(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    assert read_texts(written(tmp_path, f"\ufeff{OWN}")) == read_texts(written(tmp_path, OWN))


def test_every_id_can_be_named() -> None:
    """The ids of the JSON document: those of the operators, and those that only code has."""
    assert set(OF_CODE) == {*get_args(Broken), "unnamed"} - set(OPERATORS)
