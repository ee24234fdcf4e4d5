"""Functions that stand in a text which people wrote are judged as those of a file."""

from __future__ import annotations

import ast
import json
import re
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from whygrad import diagnose
from whygrad.from_code.reference.parts import PARTS
from whygrad.read import defined_in
from whygrad.read.code_file import source_in_prose
from whygrad.read.in_prose import functions_in

if TYPE_CHECKING:
    from pathlib import Path

SEQUENCE = PARTS["lstm_backward"].replace("da[:, :, t] + da_prevt", "da[:, :, t]")
CELL = PARTS["lstm_cell_backward"]
POST = "Hello,\n\nmy sequence is wrong (see below). Why?\n\n{}\n\nThe check returns other numbers.\n"


def without_margins(text: str) -> str:
    """The text as a copy of a forum's page has it."""
    return "\n".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(
    "written", [SEQUENCE, indent(SEQUENCE, "    "), indent(SEQUENCE, "> "), f"```\n{SEQUENCE}\n```", SEQUENCE.replace("    ", "\t")]
)
def test_a_function_in_a_post_without_numbers_is_judged(written: str) -> None:
    """In the forms that forums, mails and editors give it; the line counts within the post."""
    text = POST.format(written)
    (mistake,) = diagnose(text).mistakes
    assert mistake.function == "lstm_backward"
    assert mistake.location is not None
    assert mistake.location.line == text[: text.index("da[:, :, t]")].count("\n") + 1
    assert mistake.location.text == "gradients = lstm_cell_backward(da[:, :, t], dc_prevt, caches[t])"


def numbered(text: str, shown: str = "{:3} {}") -> str:
    """The text with the numbers of its lines."""
    return "\n".join(shown.format(at, line) for at, line in enumerate(text.strip().splitlines(), 1))


CODE = SEQUENCE.strip().replace("'", '"')
DAMAGED = {
    "entities": CODE.replace('"', "&quot;"),
    "tags": "<br>\n".join(line.replace("    ", "&nbsp;" * 4) for line in CODE.splitlines()) + "</pre>",
    "no-break spaces": CODE.replace("    ", "\xa0 \xa0 "),
    "curly quotes": re.sub('"(.*?)"', "\u201c\\1\u201d", CODE),
    "minuses": CODE.replace("return", "x = 2 \u2212 1 \u00d7 3\n    return"),
    "entities of marks": CODE.replace("_", "&#95;"),
    "entities, escaped twice": CODE.replace('"', "&amp;quot;").replace("    ", "&amp;nbsp;" * 4),
    "a notebook's list": ",\n".join(f" {json.dumps(line)}" for line in CODE.splitlines(keepends=True)) + "\n]",
    "prompts": ">>> " + CODE.replace("\n", "\n... "),
    "prompts, a later line of a cell": "... " + CODE.replace("\n", "\n... "),
    "prompts of IPython": "In [12]: " + CODE.replace("\n", "\n    ...: "),
    "numbers": numbered(CODE),
    "numbers with colons": numbered(CODE, "{}: {}"),
    "numbers of a terminal, and more": numbered(CODE, "{:6}\t{}").replace('"', "&quot;"),
    "escapes": re.sub(r"([_*])", r"\\\1", CODE),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_was_done_to_code_on_its_way_is_undone(damage: str) -> None:
    """Every line keeps its number; what can be undone is no reason not to tell the line."""
    text = POST.format(DAMAGED[damage])
    assert defined_in(text) == ["lstm_backward"]
    source = source_in_prose(text, "post.txt")
    assert source is not None
    (piece,) = source.pieces
    assert piece.line == 5
    if damage != "minuses":
        assert ast.dump(ast.parse(piece.text)) == ast.dump(ast.parse(SEQUENCE))
    assert bool(source.said) == (not damage.startswith(("prompts", "numbers")) or damage.endswith("more"))


def test_what_a_page_took_for_its_own_marks_cannot_be_undone() -> None:
    """It is said that code stands there."""
    text = POST.format(CODE.replace("_", "").replace(" * ", "  "))
    assert source_in_prose(text, "post.txt") is None
    assert defined_in(text) == ["lstm_backward"]


@pytest.mark.parametrize(("shape", "axis", "judged"), [("(10, 3)", 0, True), ("(10, 3)", 1, False), ("(3, 10)", 0, True)])
def test_wrong_code_beside_numbers_that_tell_nothing_of_it_is_told(shape: str, axis: int, *, judged: bool) -> None:
    """And where it is wrong; else the numbers' own answer stands, that no mistake makes this shape."""
    code = PARTS["rnn_cell_backward"].replace("axis=1", f"axis={axis}")
    printed = f'gradients["dxt"][1][2] = -1.3872130506\ngradients["dxt"].shape = {shape}\ngradients["dWax"][3][1] = 0.410772824935'
    diagnosis = diagnose(f"rnn_cell_backward prints\n\n{printed}\n\nand is\n\n```\n{code}\n```\n")
    assert [mistake.location is not None for mistake in diagnosis.mistakes] == [True] * judged


def test_lost_margins_come_back_where_they_can_be_only_one_way(tmp_path: Path) -> None:
    """In a cell, which has no loop; where a loop ends nobody can tell."""
    (cell,) = functions_in(POST.format(indent(without_margins(CELL), "> ")), "post.txt")
    assert cell.text.splitlines() == [line.replace("        ", "    ") for line in CELL.strip().splitlines()]
    assert cell.first == 5
    file = tmp_path / "post.txt"
    file.write_text(POST.format(without_margins(CELL)))
    assert diagnose(file).verdict == "right"
    assert functions_in(POST.format(without_margins(SEQUENCE)), "post.txt") == []


def test_a_function_that_is_not_whole_beside_one_that_is_was_not_looked_at() -> None:
    """It is not called missing, and with it not all is right."""
    diagnosis = diagnose(POST.format(f"{without_margins(CELL)}\n\n{without_margins(SEQUENCE)}"))
    said = {one.function: (one.verdict, "was not looked at" in one.says) for one in diagnosis.result.functions}
    assert diagnosis.verdict == "unknown"
    assert said["lstm_cell_backward"] == ("right", False)
    assert said["lstm_backward"] == ("not reached", True)
    assert said["rnn_backward"] == ("missing", False)


@pytest.mark.parametrize("text", ["", CELL[:300], 'def lstm_backward(da, caches):\n    """Docs.\n', "def helper(x):\n    return x\n"])
def test_what_is_not_whole_or_not_ours_is_no_source(text: str) -> None:
    """It is left to the sentence that says so."""
    assert source_in_prose(POST.format(text), "post.txt") is None


def test_a_text_in_triple_quotes_may_stand_at_the_margin() -> None:
    """It does not end the function."""
    text = 'def lstm_backward(da, caches):\n    """\nArguments:\nda -- gradients\n"""\n    return {}'
    (cell,) = functions_in(f"{text}\nThanks", "post.txt")
    assert cell.text == text


@pytest.mark.parametrize("arrow", ["---->", "->", "\u2014>"])
def test_what_a_traceback_quotes_up_to_its_arrow_is_no_whole_function(arrow: str) -> None:
    """Else it would be told to return nothing."""
    begun = "      1 def lstm_backward(da, caches):\n      2     caches, x = caches\n"
    assert functions_in(POST.format(f"{begun}{arrow} 3     a1, c1 = caches[0]\n"), "post.txt") == []
    assert [cell.first for cell in functions_in(POST.format(f"{begun}      3     a1, c1 = caches[0]\n"), "post.txt")] == [5]
