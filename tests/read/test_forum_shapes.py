"""More shapes in which numbers arrive: mails, chats, tables, diffs, messages of tests, and several attempts in one text."""

from __future__ import annotations

import itertools
import quopri
import textwrap

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

Entries = dict[str, str]
MINE: Entries = {
    "dx[1][2]": "[-1.75312088 0.24461907 0.09371155 0.01483317]",
    "da0[2][3]": "0.61238870155190431",
    "dWax[3][1]": "8.7734209911502",
    "dWaa[1][2]": "-1.4439210075512303",
    "dba[4]": "[2.30144519]",
}
BEFORE: Entries = {**MINE, "da0[2][3]": "0.7711223344556612", "dWax[3][1]": "5.1234567890123", "dba[4]": "[1.11111119]"}
KEY: Entries = {
    "dx[1][2]": "[-2.07101689 -0.59255627 0.02466855 0.01483317]",
    "da0[2][3]": "-0.314942375127",
    "dWax[3][1]": "11.2641044965",
    "dWaa[1][2]": "2.30333312658",
    "dba[4]": "[-0.74747722]",
}
RIGHT: Entries = {**KEY, "da0[2][3]": "-0.3149423751266499", "dWax[3][1]": "11.264104496527777", "dWaa[1][2]": "2.303333126579893"}
CELL: Entries = {"dxt[1][2]": "-1.3872130506020928", "da_prev[2][3]": "-0.1523994937739543", "dba[4]": "[0.20023491]"}


def booked(label: str) -> str:
    """``gradients["dx"][1][2]`` for ``dx[1][2]``."""
    name, _, index = label.partition("[")
    return f'gradients["{name}"][{index}'


def printed(entries: Entries) -> str:
    """As the notebook prints them."""
    return "\n".join(f"{booked(label)} = {value}" for label, value in entries.items())


def each(form: str, mine: Entries = MINE, key: Entries = KEY) -> str:
    """A line for each label."""
    return "\n".join(form.format(l=label, b=booked(label), m=value, e=key[label]) for label, value in mine.items())


def values(entries: Entries) -> dict[str, list[float]]:
    """The numbers under each label."""
    return {label: [float(text) for text in value.strip("[]").split()] for label, value in entries.items()}


def read(text: str) -> list[tuple[str, dict[str, list[float]], dict[str, list[float]], bool]]:
    """The blocks: check, numbers, expected numbers, and whether it is an earlier one."""

    def of(numbers: tuple[object, ...]) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for number in numbers:
            label = next(own for own in (*MINE, *CELL) if number.label.startswith(own))  # type: ignore[attr-defined]
            found.setdefault(label, []).append(float(number.text))  # type: ignore[attr-defined]
        return found

    reading = read_text(text, "post.txt")
    assert reading.unread == ()
    return [(block.check, of(block.numbers), of(block.expected), block.earlier) for block in reading.blocks]


BOTH = f"{printed(MINE)}\n\nExpected Output:\n\n{printed(KEY)}\n"
WRAPPED = (
    f"My loop gives {', '.join(f'{booked(k)} = {v}' for k, v in MINE.items())}, while the notebook says that dx[1][2] should be "
    f"{KEY['dx[1][2]']}, {', '.join(f'{k} {v}' for k, v in KEY.items() if k != 'dx[1][2]')}, which is something else."
)
DIFF = "\n".join(f"-{booked(k)} = {KEY[k]}\n+{booked(k)} = {v}" for k, v in MINE.items())
SHAPES = {
    "quoted-printable": quopri.encodestring(BOTH.encode()).decode(),
    "quoted-printable below a mail's head": "Subject: =?utf-8?q?caf=C3=A9?=\n\n" + quopri.encodestring(f"Café\n{BOTH}".encode()).decode(),
    "list-table": ".. list-table:: g\n   :header-rows: 1\n\n   * - entry\n     - mine\n     - expected\n"
    + each("   * - ``{l}``\n     - {m}\n     - {e}"),
    "list-table of MyST": "```{list-table}\n* - entry\n  - expected\n  - mine\n" + each("* - {b}\n  - {e}\n  - {m}") + "\n```",
    "lines of dots": f"{each('{l} ........ {m}')}\n\nEXPECTED\n\n{each('{l} . . . . . {e}')}",
    "LaTeX": "\\begin{align*}\n"
    + "\n".join(f"\\mathrm{{{k.partition('[')[0]}}}[{k.partition('[')[2]} &= {v} \\\\" for k, v in MINE.items())
    + f"\n\\end{{align*}}\n\nExpected Output:\n{printed(KEY)}",
    "LaTeX's derivatives": "\\begin{array}{ll}\n"
    + "\n".join(f"\\frac{{\\partial J}}{{\\partial {k[1:]}}} & {v} \\\\" for k, v in MINE.items())
    + f"\n\\end{{array}}\n\nExpected Output:\n{printed(KEY)}",
    "number first": f"{each('{m}   <- {l}')}\n\nExpected Output:\n{printed(KEY)}",
    "number first, a remark": f"{each('{m}  # {l}')}\n\nExpected Output:\n{printed(KEY)}",
    "fenced diff": f"```diff\n--- expected\n+++ mine\n@@ -1 +1 @@\n{DIFF}\n```",
    "fenced diff, by its command": f"I ran diff expected.txt my_output.txt and got:\n```diff\n{DIFF}\n```",
    "fenced diff, by git's head": f"```diff\ndiff --git a/out/expected.txt b/out/mine.txt\n{DIFF}\n```",
    "fenced diff, told below": f"```diff\n{DIFF}\n```\n(- is the expected one, + is mine)",
    "wrapped": textwrap.fill(WRAPPED, 71, break_long_words=False, break_on_hyphens=False),
    "wrapped narrowly": textwrap.fill(WRAPPED, 40, break_long_words=False, break_on_hyphens=False),
    "index without brackets": "\n".join(f"gradients {k.replace(']', '').replace('[', ' ')} -> {v}" for k, v in MINE.items())
    + f"\n\nExpected Output:\n{printed(KEY)}",
    "a function is praised above": f"rnn_cell_backward is correct to the last digit, but rnn_backward:\n\n{BOTH}",
    "the last sentence opens": f"{printed(MINE)}\n\nThat is not what the notebook wants. It should be\n\n{printed(KEY)}",
    "a chat": "Ada Moe  9:41 AM\n" + "\nAda Moe  9:42 AM\n".join(printed(MINE).split("\n")) + f"\nBo  9:55 AM\nI have\n{printed(KEY)}",
    "a thread": f"**@ada**: here are mine\n\n{printed(MINE)}\n\n**@bo**: strange, I have this and it passed:\n\n{printed(KEY)}",
    "a message of an assertion": each(
        "    assert np.allclose({b}, {e}), {b}\nAssertionError: {m}\n",
        {k: v for k, v in MINE.items() if "[-" not in v and "[2." not in v},
    ),
    "Polish": each("{l} wynosi {m}, a powinno być {e}"),
    "German": each("{l}: laut Notebook soll {e} herauskommen, ich erhalte aber {m}"),
    "German, bei mir": each("{l} soll {e} sein, bei mir {m}").replace(".", ","),
    "cell by cell": "Entry\nMine\nExpected\n" + each("{l}\n\n{m}\n\n{e}\n"),
    "cell by cell, the key first": "Hello,\n\nExpected Output\nMy output\n" + each("{b}\n{e}\n{m}") + "\n\nThanks!",
    "ACTUAL and DESIRED": each("{l}\nItems are not equal:\n ACTUAL: {m}\n DESIRED: {e}\n"),
    "should be, not": each("{l} should be {e}, not {m}."),
    "Portuguese, the expected one": each("{l} deu {m}, mas o esperado é {e}"),
    "Turkish": each("{l} için {m} buluyorum ama {e} olmal\u0131"),
    "Indonesian": each("{l} = {m} tapi seharusnya {e}"),
    "Dutch": each("{l} is {m} maar moet {e} zijn"),
    "Czech": each("{l} vychází {m}, očekávaná hodnota {e}"),
    "French": each("pour {l} j'obtiens {m} au lieu de {e}"),
    "Japanese": each("{l} は {m} ですが、正解は {e} です"),
    "whole arrays, then their entries": "gradients['dba'] = [[0.1]\n [0.2]\n [0.3]\n [0.4]\n [2.30144519]]\n"
    + printed(dict(reversed(MINE.items())))
    + f"\n\nExpected Output:\n{printed(KEY)}",
}


@pytest.mark.parametrize("name", SHAPES)
def test_both_sides_arrive(name: str) -> None:
    """Every printed and every expected number is read, on its own side."""
    (block,) = read(SHAPES[name])
    wanted = {k: v for k, v in MINE.items() if name != "a message of an assertion" or "[" not in v}
    assert block == ("rnn_backward", values(wanted), values({k: KEY[k] for k in wanted}), False)


def test_a_diff_of_two_outputs_that_are_the_same() -> None:
    """No line is marked, and all of them are of both; without a word whose a mark is it is a fence like others."""
    fenced = "\n".join(["```diff", *(f" {line}" for line in printed(RIGHT).splitlines()), "```"])
    (block,) = read(f"diff of expected and actual:\n{fenced}\n(- expected, + mine)")
    assert block == ("rnn_backward", values(RIGHT), values(RIGHT), False)
    (block,) = read(f"My output:\n{fenced}")
    assert block == ("rnn_backward", values(RIGHT), {}, False)


@pytest.mark.parametrize("words", ["^ expected", "So far what is expected.", "# === the expected values end here ==="])
def test_a_word_below_the_courses_table_speaks_of_that(words: str) -> None:
    """The numbers above it are the key as the course prints it, and those below it are nobody's but the learner's."""
    (block,) = read(f"{printed(KEY)}\n\n{words}\n\n{printed(MINE)}")
    assert block == ("rnn_backward", values(MINE), values(KEY), False)
    (block,) = read(f"{printed(RIGHT)}\n\n{words}\n\n{printed(MINE)}")
    assert block == ("rnn_backward", values(RIGHT), values(MINE), False)
    typed = {**KEY, "da0[2][3]": "-0.314924375127"}
    (block,) = read(f"{printed(KEY)}\n\n{words}\n\n{printed(typed)}")
    assert block == ("rnn_backward", values(KEY), values(typed), False)


@pytest.mark.parametrize("heads", ["- {}\n- {}", "1. {}:\n2. {}:", "{}\n{}", "**{}:**\n**{}:**"])
def test_two_heads_above_two_runs_are_in_their_order(heads: str) -> None:
    """Whichever stands first, and though the expected numbers have all their digits, so that they are no table of the course."""
    for (head, own), (other, its) in itertools.permutations([("My output", MINE), ("Expected output", RIGHT)]):
        (block,) = read(f"{heads.format(head, other)}\n\n```\n{printed(own)}\n```\n\n```\n{printed(its)}\n```")
        assert block == ("rnn_backward", values(MINE), values(RIGHT), False)


LOST = {
    "a picture between the heads": "**Expected Output**\n![](a.png)\n**My Output**\n{mine}\n\n{right}",
    "a picture that left an empty line": "Expected Output:\n\n\nMy Output:\n\n{mine}\n\n{right}",
    "a picture below both": "Expected Output:\nMy Output:\n![](b.png)\n{mine}\n\n{right}",
    "what was shown behind the colon": "- Expected Output: (image)\n- My Output: (below)\n\n{mine}\n\n{right}",
    "a mention between the runs": "Expected Output:\nMy Output:\n{mine}\n\n@mentor said:\n{right}",
    "words between the runs": "Expected Output:\nMy Output:\n{mine}\n\nSolved, I forgot the square:\n{right}",
    "words in the line of a run": "Expected Output:\nMy Output:\n{mine}\nSolved: {right}",
    "heads in the other order than a key": "Expected Output:\nMy Output:\n{mine}\n{right}",
}


@pytest.mark.parametrize("name", LOST)
def test_two_heads_of_which_the_first_has_lost_its_numbers(name: str) -> None:
    """Wrong numbers that the second stands above are the learner's, and not the expected ones of right numbers further below."""
    blocks = read(LOST[name].format(mine=printed(MINE), right=printed(RIGHT)))
    assert all(expected != values(MINE) for _, _, expected, _ in blocks)
    assert any(numbers == values(MINE) for _, numbers, _, _ in blocks)


def test_two_heads_above_two_checks() -> None:
    """Labels that both print come again in the second check's run, and make no second run of the first."""
    cell = {"dxt[1][2]": "-4.309016832583855", "da_prev[2][3]": "-0.13058874941582657", "dWax[3][1]": "-13.539366903964767"}
    blocks = read(f"Expected Output:\nMy Output:\n{printed(cell)}\n\n{printed(MINE)}")
    assert blocks == [("rnn_cell_backward", values(cell), {}, False), ("rnn_backward", values(MINE), {}, False)]


def test_a_sentence_above_a_head_is_no_head_of_the_first_run() -> None:
    """It speaks of the learner's output, whose numbers come last."""
    (block,) = read(f"My output is different.\n\nExpected output\n\n{printed(KEY)}\n\n{printed(MINE)}")
    assert block == ("rnn_backward", values(MINE), values(KEY), False)


MINE_ALONE = {
    "labels first, then values": f"In the order {', '.join(MINE)}:\n\n" + "\n".join(MINE.values()),
    "shapes in front of the values": each("{l}: shape=(5, 8), value={m}"),
    "misread letters": printed(MINE).replace("gradients", "gradlents").replace('"da0"', '"dao"').replace("[4]", "[4l"),
    "spaces around everything": printed(MINE).replace('["', ' [ " ').replace('"]', ' " ]').replace("][", "] ["),
    "subscripts": each("$d{l} = {m}$").replace("dda0", "da_{0}").replace("ddx", "dx").replace("ddW", "dW").replace("ddba", "db_{a}"),
    "unmarked lines of a diff": "```diff\n" + "\n".join(f" {line}" for line in printed(MINE).split("\n")[:-1])
    + f"\n-{booked('dba[4]')} = [0.5]\n+{booked('dba[4]')} = {MINE['dba[4]']}\n```\n- is expected",
}  # fmt: skip


@pytest.mark.parametrize("name", MINE_ALONE)
def test_all_numbers_are_the_learners(name: str) -> None:
    """Nothing is lost, nothing expected."""
    (block,) = read(MINE_ALONE[name])
    assert block[:2] == ("rnn_backward", values(MINE))


ATTEMPTS = {
    "first and second run": f"First run:\n{printed(BEFORE)}\n\nThen I added da_prevt. Second run:\n{printed(MINE)}",
    "numbered": f"Attempt 1\n{printed(BEFORE)}\n\nAttempt 2 (brackets)\n{printed(MINE)}",
    "update on top": f"UPDATE: forgot a term. Now it is\n\n{printed(MINE)}\n\n---\nOriginal post:\n\n{printed(BEFORE)}",
    "before and after, expected": f"Before the fix:\n{printed(BEFORE)}\n\nAfter:\n{printed(MINE)}\n\nExpected Output:\n{printed(KEY)}",
    "after, and a key without a heading": f"Before\n{printed(BEFORE)}\n\nI now get\n{printed(MINE)}\n\n{printed(KEY)}",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_of_several_attempts_one_is_the_present_one(name: str) -> None:
    """The others are marked as earlier."""
    blocks = read(ATTEMPTS[name])
    assert sorted((earlier, numbers["da0[2][3]"]) for _, numbers, _, earlier in blocks) == [
        (False, values(MINE)["da0[2][3]"]),
        (True, values(BEFORE)["da0[2][3]"]),
    ]


def test_an_attempt_that_came_right_is_the_learners() -> None:
    """What words call a second run is no table of expected numbers, though it agrees with one."""
    blocks = read(f"First run:\n{printed(MINE)}\n\nSecond run:\n{printed(RIGHT)}\n\nSolved, thanks!")
    assert [(numbers["da0[2][3]"], expected, earlier) for _, numbers, expected, earlier in blocks] == [
        (values(MINE)["da0[2][3]"], {}, True),
        (values(RIGHT)["da0[2][3]"], {}, False),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Now the correct values:",
        "After looking it up, the solution is",
        "and now what is expected",
        "but now look at the table in the notebook",
        "what stood there when I opened it the first time:",
        "My friend's:",
    ],
)
def test_words_of_time_above_expected_numbers_make_no_attempt(words: str) -> None:
    """The key stays the key."""
    (block,) = read(f"I get\n{printed(MINE)}\n\n{words}\n{printed(KEY)}")
    assert block == ("rnn_backward", values(MINE), values(KEY), False)


def test_a_cell_that_is_praised_is_the_learners() -> None:
    """The words "all correct" above numbers says that they are the learner's and right."""
    cell, loop = read(f"rnn_cell_backward (all correct!):\n{printed(CELL)}\n\nrnn_backward (all wrong):\n{BOTH}")
    assert (cell[0], cell[1], cell[2]) == ("rnn_cell_backward", values(CELL), {})
    assert (loop[0], loop[1], loop[2]) == ("rnn_backward", values(MINE), values(KEY))


@pytest.mark.parametrize(
    "words",
    [
        "My loop does not print what the notebook wants. It should be",
        "These are what it is supposed to give",
        "Reference (from the notebook)",
        "the test wants:",
        "they must equal",
        "What I need:",
        "I want to get these",
        "My goal is this output:",
        "I have to get:",
        "Notebook:",
    ],
)
def test_only_expected_numbers(words: str) -> None:
    """They are not taken for the learner's, who then would be right."""
    with pytest.raises(UnreadableError, match="only expected numbers"):
        read_text(f"{words}\n\n{printed(KEY)}\n\nMy own I can't copy now.", "post.txt")


def test_gradients_of_another_exercise() -> None:
    """Two of its names are also names of a check; the others show that it is none."""
    other = 'gradients["dWaa"][1][2] = 5.0\ngradients["dWax"][3][1] = -5.0\ngradients["dWya"][1][2] = 0.25\ngradients["db"][4] = [ 5.]\n'
    with pytest.raises(UnreadableError, match=r"another exercise \(dWya, db\)"):
        read_text(other, "post.txt")


@pytest.mark.parametrize("name", ["dWu", "dWz", "dWhy", "dgamma"])
@pytest.mark.parametrize("index", ["", "[1][2]"])
def test_only_a_gradient_of_another_exercise(name: str, index: str) -> None:
    """That no check knows its name is said also where nothing else stands in the text."""
    with pytest.raises(UnreadableError, match=rf"another exercise \({name}\)"):
        read_text(f'gradients["{name}"]{index} = 0.5', "post.txt")


ZEROS = {"Arabic": 0x660, "Persian": 0x6F0, "Hindi": 0x966, "full-width": 0xFF10, "bold": 0x1D7CE}


@pytest.mark.parametrize("script", ZEROS)
def test_digits_of_any_script(script: str) -> None:
    """Decimal digits are read as what they are worth, in an index too."""
    digits = printed(MINE).translate({ord("0") + digit: chr(ZEROS[script] + digit) for digit in range(10)})
    (block,) = read(digits.replace("a\u0660", "a0").replace(f"da{chr(ZEROS[script])}", "da0"))
    assert block[:2] == ("rnn_backward", values(MINE))


def test_arabic_decimal_separators() -> None:
    """The point has a sign of its own there, and marks of direction mean nothing."""
    (block,) = read("\u202bdWax[\u0663][\u0661] = \u0668\u066b\u0667\u0667\u0663\u0664\u202c\nda0[2][3] = 0.25")
    assert block[1] == {"dWax[3][1]": [8.7734], "da0[2][3]": [0.25]}


def test_printed_lines_that_cannot_be_read_are_shown_and_named() -> None:
    """Letters that stand for digits are not guessed at: each such line of a known label is told, and its label if nothing else has it."""
    unread = {
        "dx[1][2]": "[-O.00424213 0.2820S375 -0.48292508 -0.43281115]",
        "da0[2][3]": "O.l6l238",
        "dWax[3][1]": "l.B77342",
        "dWaa[1][2]": "-\ufffd.4439\ufffd1",
    }
    reading = read_text(printed({**MINE, **unread}), "post.txt")
    assert [number.label for number in reading.blocks[0].numbers] == ["dba[4][0]"]
    assert len(reading.unread) == len(unread)
    assert reading.lost == tuple(unread)
    assert read_text(f"{printed({**MINE, **unread})}\n{printed(MINE)}", "post.txt").lost == ()


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ('gradients["da0"][2][3] = None', "da0[2][3]"),
        ('"da0": None,', "da0[2][3]"),
        ("da0[2][3]: [ ]", "da0[2][3]"),
        ("da0[2][3] = ?", "da0[2][3]"),
        ("da0[-3][3] = 0.61238870155190431", "da0"),
        ("da_start[2][3] = 0.61238870155190431", "da0[2][3]"),
        ('gradients["da0"I2][3] = 0.0', "da0[2][3]"),
        ('gradients["da0"][2]I3] = 0.0', "da0[2][3]"),
        ("da0, third row, fourth column: 0.61238870155190431", "da0[2][3]"),
    ],
)
def test_what_is_printed_and_no_number_of_a_label_is_lost(line: str, lost: str) -> None:
    """No value, another index or name, an index misread or in words: of such nothing is known, and it is not called unprinted."""
    others = printed({label: value for label, value in MINE.items() if label != "da0[2][3]"})
    reading = read_text(f"{others}\n{line}\n", "post.txt")
    assert (len(reading.blocks[0].numbers), reading.unread, reading.lost) == (7, (line,), (lost,))
    assert read_text(f"{printed(MINE)}\n{line}\n", "post.txt").lost == ()


def test_letters_within_a_long_number_are_read_as_digits() -> None:
    """A few that look like a 0 or a 1, and a note says so."""
    text = "da0[2][3] = -0.6IIOO388lI\ndWax[3][1] = 8.77342O68823451\ndWaa[1][2] = l.2345678Ie-05\ndba[4] = [0.2002349I"
    reading = read_text(text, "post.txt")
    assert [number.text for number in reading.blocks[0].numbers] == ["8.77342068823451", "1.23456781e-05"]
    assert reading.lost == ("da0[2][3]", "dba[4]")
    assert "read as the digits that they look like: 8.77342O68823451 as 8.77342068823451, l.2345678I as 1.23456781." in reading.notes[-1]


@pytest.mark.parametrize("number", ["O.l5l2", "-0,O8O98", "-o.3l", ".3l27703", "\n-O.l5l2", "-0.O8O98 ..."])
def test_a_number_that_cannot_be_read_is_no_other_one(number: str) -> None:
    """No part of it is taken for a number, and nothing is said of other entries than the check's."""
    with pytest.raises(UnreadableError, match=r"holds no numbers that I can place \(the first that I can't: da0\[2\]\[3\] ="):
        read_text(f"da0[2][3] = {number}\n", "post.txt")


def test_a_table_that_cannot_be_read_loses_all_its_labels() -> None:
    """Its line is shown once, and every label of it is named."""
    reading = read_text("dba[4] = [0.2]\n\nda0[2][3] | dWax[3][1] | dWaa[1][2]\n0.25124 | l.B77342 | 0.5412\n", "post.txt")
    assert reading.lost == ("da0[2][3]", "dWax[3][1]", "dWaa[1][2]")


@pytest.mark.parametrize(
    ("sentence", "mine"),
    [
        ("dWax[3][1] is the same as expected 11.2641", ["11.2641"]),
        ("dWax[3][1] is not the same as expected 11.2641", []),
        ("dWax[3][1] = 11.2641 matches the expected value", ["11.2641"]),
    ],
)
def test_the_same_as_expected(sentence: str, mine: list[str]) -> None:
    """The one number is the learner's too, unless it is denied."""
    (block,) = read_text(f"da0[2][3] is 0.0 for me and the notebook wants -0.3149. {sentence}.", "post.txt").blocks
    assert [number.text for number in block.numbers if number.quantity == "dWax"] == mine


def test_what_a_summary_of_pytest_names() -> None:
    """The label stands in the test's name, without an index."""
    line = "FAILED test_rnn.py::test_loop[da0] - assert 0.61238870155190431 == -0.314942375127 ± 3.1e-07"
    (block,) = read(line)
    assert block == ("rnn_backward", values({"da0[2][3]": MINE["da0[2][3]"]}), values({"da0[2][3]": KEY["da0[2][3]"]}), False)


@pytest.mark.parametrize("quantity", ["dx[1][2]", "dba[4]"])
def test_a_failed_assertion_below_an_output_is_about_the_number_printed_there(quantity: str) -> None:
    """Without the line of code nothing but the values says about which; its other value is no number of the last printed line."""
    block = "\nAssertionError: \nMismatched elements: 1\n x: array({x})\n y: array({y})\n"
    entries = {"dba[4]": MINE["dba[4]"], **MINE}
    assert read(printed(entries) + block.format(x=MINE[quantity], y=KEY[quantity])) == [
        ("rnn_backward", values(MINE), values({quantity: KEY[quantity]}), False)
    ]
    other = read_text(printed(entries) + block.format(x="[0.5]", y="[0.75]"), "post.txt")
    assert len(other.blocks) == 1
    assert any("failed assertion ([0.5], ...)" in note for note in other.notes)


@pytest.mark.parametrize(
    ("test", "expected"), [("abs({b} - 11.2641)", 11.2641), ("abs({b} + 11.2641)", -11.2641), ("abs({b} - -2.5)", -2.5)]
)
def test_what_an_assertion_compares_with(test: str, expected: float) -> None:
    """``abs(x + 0.3)`` expects -0.3."""
    label = booked("dWax[3][1]")
    (block,) = read(f"assert {test.format(b=label)} < 1e-6, {label}\nAssertionError: 8.7734209911502")
    assert block[1:3] == ({"dWax[3][1]": [8.7734209911502]}, {"dWax[3][1]": [expected]})


def test_a_number_below_its_label_that_is_not_understood_is_shown() -> None:
    """A list whose cells are not known to be a table's is not read, and not passed over in silence."""
    reading = read_text("da0[2][3] = 0.25\n- dWax[3][1]\n- 0.41234\n- 0.51234\n- 0.61234", "post.txt")
    assert len(reading.blocks[0].numbers) == 1
    assert reading.unread == ("dWax[3][1]",)


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        (("0.3127703", "-0.080980234", "0.40512434", "0.038948774"), 2),
        (("0.3127703070640564", "-0.080980234", "0.40512434", "0.038948774"), 2),
        (("0.3127703", "-0.080980234", "0.40512434", "1e300"), 1),
        (("0.31277031", "-0.08098023", "0.40512433", "0.03894877"), 1),
        (("0.312", "-0.081", "0.405", "0.039"), 1),
    ],
    ids=["of a float32", "one with the digits of a float64", "one is beyond it", "eight digits of a float64", "too few digits"],
)
def test_numbers_that_may_be_float32_are_read_in_both_ways(numbers: tuple[str, ...], read: int) -> None:
    """All have just the digits that a float32 is printed with: then six digits count in the second way."""
    labels = ("da0[2][3]", "dWf[3][1]", "dWi[1][2]", "dWo[1][2]")
    lines = [f"{label} = {number}" for label, number in zip(labels, numbers, strict=True)]
    reading = read_text("\n".join(["lstm_backward", *lines]), "a test")
    assert len((reading, *reading.alternatives)) == read
    if read > 1:
        assert reading.alternatives[0].notes[-1] == "The numbers have the digits of float32, so they were compared to about six digits."
        first, second = reading.blocks[0].numbers[0], reading.alternatives[0].blocks[0].numbers[0]
        assert second.low < first.low < first.high < second.high


@pytest.mark.parametrize("form", ["np.float32({})", "array({}, dtype=float32)"])
def test_single_precision_is_not_compared_to_more_digits_than_it_has(form: str) -> None:
    """A number that a float32 program is off by is within the interval, and a note says so."""
    reading = read_text(f"dWax[3][1] = {form.format('11.264105')}\nda0[2][3] = {form.format('-0.31494257')}", "post.txt")
    (block,) = reading.blocks
    assert all(number.low <= right <= number.high for number, right in zip(block.numbers, (11.264104496, -0.314942375), strict=True))
    assert all(number.high - number.low < 3e-4 for number in block.numbers)
    assert reading.notes[-1] == "The text says float32, so the numbers were compared to about six digits."


def test_digits_that_were_cut_off_and_not_rounded() -> None:
    """However many there are, the number may be larger by a unit of the last one."""
    (block,) = read_text("da0[2][3] = -0.314942375126...\ndx[1][2] = [0.31494237... 0.1... 0.24... 0.5]\ndWax[3][1] = 0.5", "a.txt").blocks
    first = block.numbers[0]
    assert first.low <= -0.3149423751269 <= first.high
