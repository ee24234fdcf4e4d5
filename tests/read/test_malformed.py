"""Whatever is pasted, the reader answers: with a reading, or with one sentence."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader import TEXTS

from whygrad.errors import WhygradError
from whygrad.read import read_text
from whygrad.records import Reading

PIECES = [
    'gradients["dx"][1][2]', "dx", "dWf[3][1]", "dbf[4]", "da_prev[2][3]", "dWax[3][1]", "dWf[9][9]", "dx[:, :, t]", "a[4][3]",
    "gradients[", "dx[", "=", ":", "|", "->", "-", "--", "\t", "\n", "\n\n", " ", ",", ";", '"', "'", "\\", "\\n", "`", "**", ">", "&",
    "&quot;", "&#0;", "&#x110000;", "[", "]", "[[", "]]", "(", ")", "{", "}", "array(", "np.float64(", "dtype=float64", "<table>", "<tr>",
    "<td>", "</tr>", "<", "</", "<!--", "0.31", "-0.18", "[0.1 0.2 0.3 0.4]", "[0.5]", "nan", "-inf", "1e-05", "1e999", "1e-999",
    "1e99999", "1.2.3", "0x1f", "1_000", "1+2j", "1,5", "0,12345", "\u0661\u0662.\u0663", "\u00b2", "\u2460", "\u22120.5", "\u20130.5",
    "...", "None", "True", "def f(x):", "return", "    return x", "Expected Output:", "expected", "mine", "but got", "instead of",
    "My output:", "# What I get", "dx.shape = (3, 10, 4)", "dx.shape = (", "dWf.shape = ()", "\x00", "\x1b[0m", "\x1b[", "\ufeff",
    "=3D", "=\n", "=E2", "```diff\n", "```", "\n- ", "\n+ ", "--- expected", ".. list-table::", "\n* - ", "\n  - ", "\\text{",
    "\\begin{align}",
    "_{prev}", "......", " . . . ", "<-", "# ", "assert ", "AssertionError: ", "@ada: ", "\nbo 9:41 AM\n", "wrote:\n", "Attempt 2",
    "now", "Before:",
    "float32(", "dtype=float32", "dWl", "dao", "d\u0131", "same as expected", "soll", "\u202e", "\ud800", "\U0001f600", "lstm_backward",
    "9" * 50, "[" * 30, "]" * 30, "\u00a0", "\r", "\r\n", "\x0c", "\u2028",
]  # fmt: skip

WHOLE = """\
gradients["dx"][1][2] = [0.1 0.2 0.3 0.4]
gradients["da0"][2][3] = 0.5
gradients["dbf"][4] = [-0.17]
Expected Output:
da0[2][3] = 0.312770310257"""

ODD = [
    "dWf[3][1]1,5" + "9" * 50,
    "", " ", "\n", "\0", "\ufeff", "=", "[", "]", "|", "dx", "dx =", "dx = [", "dx[1][2] =", "dx[1][2] = [", "dx[1][2] = [0.1",
    "dx[1][2] = ]", "dx[1][2] = [[[[", "dx[1][2] = nan", "dx[1][2] = [nan", "dWf[3][1] = 0.", "dWf[3][1] = .", "dWf[3][1] = -",
    "dWf[3][1] = +-0.1", "dWf[3][1] = 1e", "dWf[3][1] = e5", "dWf[3][1] = 1e5000", "dWf[3][1] = -1e5000", "dWf[3][1] = 1e-5000",
    "dWf[3][1] = 0x10", "dWf[99999999999999999999][1] = 1.0", "dWf[-1][1] = 1.0", "dWf[][] = 1.0", "dWf[3 = 1.0", "dWf3][1] = 1.0",
    'gradients["dWf"', 'gradients["dWf"]', 'gradients["dWf"][3][1]', 'gradients[""] = 1', "gradients = {}", "{'dx': array([[[",
    "{'dx': [[[1.0]]]}", "dx.shape", "dx.shape =", "dx.shape = (", "dx.shape = (3,", "dx.shape = (99999999999999999999,)",
    "dx.shape = ()", "Expected Output:", "expected: 0.5", "dWf[3][1] = 0.5 0.6 0.7", "dWf[3][1] = expected",
    "dWf[3][1] = expected expected 0.5 mine mine", "dWf[3][1] mine 0.5 mine 0.6", "dWf[3][1] expected 0.5 expected 0.6", "dx da0\n1",
    "dx da0\n1 2\n3", "| dx | da0 |\n|---|---|\n", "| dx | da0 |\n| 1.0 | 2.0 | 3.0 |", "dbf\ndbi\ndbc", "dbf dbi dbc dbo",
    "def f():\ndWf[3][1] = 0.5", "dWf[3][1] = \u0661\u0662\u0663", "dWf[3][1] = \u00bd", "dWf[3][1] = \u2460", "dWf[\u0663][1] = 0.5",
    "dx[\u00b2][1] = 0.5", "dx\u00b2 = 0.5", "d\u0130 = 0.5", "DX[1][2] = \u0130", "\u212aW = 1.0", "dWf[3][1] = \uff11\uff0e\uff15",
    "<tr><td>dWf[3][1]<td>0.5", "<tr>" * 50, "</tr>" * 50, "&" * 100, "&#xFFFFFFFF;", "\\" * 99, "*" * 99, "`" * 99, ">" * 99,
    "dWf[3][1] = " + "9" * 5000, "dWf[3][1] = 0." + "1" * 5000, "dx[1][2] = " + "[" * 2000 + "1" + "]" * 2000,
    "dx[1][2] = [" + "1. " * 5000 + "]", "dWf[3][1] = 0.5\n" * 3000, "dWf[3][1] = nan\ndWf[3][1] = inf",
    "dbf[4] = [nan]\nExpected Output:\ndbf[4] = [nan]", "dbf[4] = []", "dbf[4] = [[]]", "dbf[4] = [0.1, [0.2, [0.3]]]",
    "dbf = [[[[[0.1]]]]]",
]  # fmt: skip


def answers(text: str) -> bool:
    """Whether ``text`` gives a sound reading or one sentence."""
    try:
        reading = read_text(text, "post.txt")
    except WhygradError as error:
        sentence = str(error)
        return sentence.startswith("post.txt ") and "\n" not in sentence and len(sentence) < 400
    assert isinstance(reading, Reading)
    assert reading.blocks
    for block in reading.blocks:
        assert block.numbers
        for number in (*block.numbers, *block.expected):
            assert number.low <= number.high or math.isnan(number.low)
            assert len(number.text) <= 40
    assert len(reading.unread) <= 20
    return all(len(line) <= 120 for line in reading.unread)


@pytest.mark.parametrize("place", range(len(ODD)))
def test_odd_texts_are_answered(place: int) -> None:
    """Texts made by hand to be cut, empty, nested, over-long, in other digits, out of range."""
    assert answers(ODD[place])
    assert answers(f"{WHOLE}\n{ODD[place]}\n{WHOLE}")


@pytest.mark.parametrize("seed", range(120))
def test_spoiled_posts_are_answered(seed: int) -> None:
    """A good post with pieces cut out, doubled, moved and put in."""
    rng = random.Random(seed)
    text = WHOLE
    for _ in range(rng.randint(1, 8)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randrange(12))
        text = text[:start] + rng.choice(["", rng.choice(PIECES), text[start:end] * 2, text[:end][::-1]]) + text[end:]
    assert answers(text)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_mixture_of_pieces_is_answered(text: str) -> None:
    """Labels, brackets, numbers, markup and broken characters in any order."""
    assert answers(text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    """Any Unicode at all."""
    assert answers(text)


LONG = {
    **{name: make(40_000) for name, make in TEXTS.items()},
    "assertions without a label": "AssertionError: 0.1 != 0.2\n" * 1_500,
    "digits": "1" * 40_000,
    "written line ends": "\\n" * 120_000,
    "dashes": "- " * 20_000,
    "words": "expected " * 5_000,
    "beyond every bound": "a " * 600_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_of_anything_is_answered(name: str) -> None:
    """Whatever is repeated; whether the time grows with the length is seen in ``benchmarks/reader.py``."""
    assert answers(LONG[name])
