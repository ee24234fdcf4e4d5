"""Layouts beside the plain ones: attempts in columns, sides named behind a line, numbers of other things, misread and misnamed labels."""

from __future__ import annotations

import re

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

Entries = dict[str, str]
MINE: Entries = {
    "dx[1][2]": "[-0.91730022 0.24461907 0.09371155 0.01483317]",
    "da0[2][3]": "0.5511987015519043",
    "dWax[3][1]": "7.193422099115",
    "dWaa[1][2]": "-1.2041390075512303",
    "dba[4]": "[1.70144511]",
}
OLDER: Entries = {**MINE, "da0[2][3]": "0.7711223344556612", "dWax[3][1]": "5.1234567890123", "dba[4]": "[1.11111119]"}
KEY: Entries = {
    "dx[1][2]": "[-2.07101689 -0.59255627 0.02466855 0.01483317]",
    "da0[2][3]": "-0.314942375127",
    "dWax[3][1]": "11.2641044965",
    "dWaa[1][2]": "2.30333312658",
    "dba[4]": "[-0.74747722]",
}
OTHER: Entries = {label: text.replace("4", "5").replace("7", "8") for label, text in KEY.items()}
"""Expected numbers that are no key's: only words and places tell them."""


def each(form: str, mine: Entries = MINE, key: Entries = OTHER, old: Entries = OLDER) -> str:
    """A line for each label."""
    return "\n".join(form.format(l=label, m=value, e=key[label], o=old[label]) for label, value in mine.items())


def lines(entries: Entries) -> str:
    """Label and number, one a line."""
    return "\n".join(f"{label} = {value}" for label, value in entries.items())


def values(entries: Entries) -> dict[str, list[str]]:
    """The numbers under each label."""
    return {label: text.strip("[]").split() for label, text in entries.items()}


def read(text: str) -> list[tuple[dict[str, list[str]], dict[str, list[str]], bool]]:
    """The blocks of rnn_backward: numbers, expected numbers, and whether it is an earlier one."""

    def of(numbers: tuple[object, ...]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number in numbers:
            label = next(own for own in MINE if number.label.startswith(own))  # type: ignore[attr-defined]
            found.setdefault(label, []).append(number.text)  # type: ignore[attr-defined]
        return found

    return [(of(block.numbers), of(block.expected), block.earlier) for block in read_text(text, "post.txt").blocks]


def in_groups(text: str) -> str:
    """Digits behind the point in groups of three, with a thin space between them."""
    return re.sub(r"(?<=\.)\d{6,}", lambda digits: "\u202f".join(re.findall(r"\d{1,3}", digits[0])), text)


BOTH = {
    "a ratio as third column": "| | mine | notebook | mine/notebook |\n|-|-|-|-|\n" + each("| {l} | {m} | {e} | 0.25 |"),
    "columns of errors, commas": "entry,mine,expected,abs err,rel err\n"
    + each("{l},{m},{e},2.81e-01,1.23e-02", {k: v for k, v in MINE.items() if v[0] != "["}),
    "a mark before the numbers": "label | ok? | mine | expected\n--|--|--|--\n" + each("{l} | no | {m} | {e}"),
    "a name for each column, no bars": "label expected mine delta\n"
    + each("{l} {e} {m} 0.25", {k: v for k, v in MINE.items() if v[0] != "["}),
    "expected ones in brackets, said above": "(expected values in parentheses)\n" + each("{l} = {m} ({e})"),
    "mine in brackets, said above": "Expected output, mine in brackets:\n" + each("{l} = {e} ({m})"),
    "in brackets, and behind a colon whose": "These are my numbers (in brackets: what the course has):\n" + each("{l} = {m} ({e})"),
    "brackets =": "Brackets = expected\n" + each("{l} = {m} ({e})"),
    "in brackets, in a long line": "What I get, and the expected ones I have put right behind it in brackets:\n" + each("{l} = {m} ({e})"),
    "a legend of signs": "- mine\n+ expected\n\n" + each("- {l} {m}\n+ {l} {e}"),
    "not this but that": each("{l} should not be {m} but {e}"),
    "labels above their numbers": "\n".join(
        ["Expected Output:", "", *(f"{label} =" for label in MINE), "", *OTHER.values(), "", "My output:", lines(MINE)]
    ),
    "a side behind a whole line": "{"
    + ", ".join(f"'{label}': {value}" for label, value in MINE.items())
    + "} <- mine\n{"
    + ", ".join(f"'{label}': {value}" for label, value in OTHER.items())
    + "} \u2190 expected",
    "Indonesian": f"Output saya:\n{lines(MINE)}\n\nOutput yang diharapkan:\n{lines(KEY)}",
    "German": each("F\u00fcr {l} kommt {m} raus, richtig w\u00e4re {e}."),
    "French": each("Pour {l} j'ai {m} alors que le corrig\u00e9 donne {e}."),
    "a mentor's own right run": f"{each('> {l} = {m}')}\n\nHi, here are the values that I get:\n\n{lines(KEY)}",
    "a chat with days": f"neural nerd \u2014 Today at 3:14 PM\nmy loop gives\n{lines(MINE)}\nkat \u2014 Today at 3:20 PM\n{lines(OTHER)}",
    "a friend's": f"me:\n{lines(MINE)}\n\nmy friend:\n{lines(OTHER)}",
    "Portuguese": each("O valor de {l} deu {m} mas devia dar {e}"),
    "Italian": each("{l} mi viene {m} invece di {e}"),
    "Turkish": each("{l} i\u00e7in {m} buluyorum, {e} olmas\u0131 laz\u0131m"),
    "a chat of one, with times": "[12:03] jo: I get\n"
    + re.sub("^", "[12:04] jo: ", lines(MINE), flags=re.MULTILINE)
    + "\n[12:05] jo: but expected is\n"
    + re.sub("^", "[12:06] jo: ", lines(OTHER), flags=re.MULTILINE),
    "Spanish sentences": f"mi salida es la siguiente\n{lines(MINE)}\n\ny la salida esperada es\n{lines(OTHER)}",
    "Vietnamese": f"Kết quả của em:\n{lines(MINE)}\n\nKết quả mong đợi:\n{lines(OTHER)}",
    "Arabic": f"الناتج عندي:\n{lines(MINE)}\n\nالناتج المتوقع:\n{lines(OTHER)}",  # noqa: RUF001 - no Latin l
    "Hindi": f"मेरा आउटपुट:\n{lines(MINE)}\n\nअपेक्षित आउटपुट:\n{lines(OTHER)}",
    "a clause behind each number": each("{m} is what I get for {l}, {e} is what I should get"),
    "the course in front of vs.": "(course vs. me)\n" + each("{l} {e} vs {m}"),
    "the notebook's column first": "Notebook vs me\n" + each("{l} {e} {m}"),
    "arrows, and below them which side is whose": each("{l}: {e} -> {m}") + "\n(left expected, right mine)",
    "left and right": "Left is expected, right is mine.\n\nrnn_backward:\n" + each("{l}: {e} -> {m}"),
    "a head with vs.": "(me vs. course)\n" + each("{l} {m} vs {e}"),
    "a forum with dates": f"**Jin Wu** \u2014 May 3, 2022, 1:12pm\n{lines(MINE)}\n\n"
    f"**Mo** (Staff) \u2014 May 3, 2022, 5:01pm\n{lines(OTHER)}",
}


@pytest.mark.parametrize("name", BOTH)
def test_both_sides_arrive(name: str) -> None:
    """Every printed and every expected number stands on its own side."""
    (block,) = read(BOTH[name])
    mine = {k: v for k, v in MINE.items() if name not in {"a name for each column, no bars", "columns of errors, commas"} or v[0] != "["}
    key = KEY if name in {"Indonesian", "a mentor's own right run"} else OTHER
    assert block == (values(mine), values({k: key[k] for k in mine}), False)


ALONE = {
    "tolerances": each("{l} = {m} \u00b1 1e-06").replace("] \u00b1 1e-06", "] +/- 0.001"),
    "TensorFlow": each("{l}: <tf.Tensor: shape=(), dtype=float64, numpy={m}>"),
    "digits in groups": in_groups(lines(MINE)),
    "a point and its decimals parted": lines(MINE).replace("0.", "0. "),
    "a letter for the one of an index": lines(MINE).replace("[1][2]", "[l][2]"),
    "round brackets around the key": each("gradients['{l} = {m}").replace("[1][2]", "')[1][2]").replace("[2][3]", "')[2][3]")
    .replace("[3][1]", "')[3][1]").replace("[4]", "')[4]"),
    "braces around the key": re.sub(r"(\w+)(?=\[\d)", r'grads{"\1"}', lines(MINE)),
    "struck out": f"~~dWaa[1][2] = {OLDER['dWax[3][1]']}~~ sorry, that was an old one\n<del>dba[4] = [0.5]</del>\n{lines(MINE)}",
    "a list of differences": f"Difference to expected:\nda0[2][3]: 0.25\ndba[4]: 0.5\n\nMine:\n{lines(MINE)}",
    "numbers of other things": f"{lines(MINE)}\nthen 2*dWax[3][1] = 14.38684 and ||dba|| = 3.14159, dWax[3][1]*10 = 71.93422",
    "one label of another check": lines(MINE).replace("da0", "da_prev"),
    "differences by a formula": f"rnn_backward: difference (mine - expected)\nda0[2][3]: 0.25\ndba[4]: 0.5\n\nMine:\n{lines(MINE)}",
    "ratios in a table": f"| label | mine / expected |\n|-|-|\n| da0[2][3] | 0.25 |\n| dba[4] | 0.5 |\n\nMine:\n{lines(MINE)}",
    "a column of differences": "| | mine | mine - expected |\n|-|-|-|\n" + each("| {l} | {m} | 0.25 |"),
    "prompts of a notebook, their answers below": "".join(
        f"In [{n}]:\n{label}\n\nOut[{n}]:\n{value}\n\n" for n, (label, value) in enumerate(MINE.items(), 31)
    ),
    "prompts of JupyterLab": "".join(f"[{n}]:\n\n{label}\n\n[{n}]:\n\n{value}\n\n" for n, (label, value) in enumerate(MINE.items(), 31)),
    "a mention before the list": f"My dWax[3][1] now gives {KEY['dWax[3][1]']}. The wrong output was\n{lines(MINE)}",
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_the_learners_numbers_arrive(name: str) -> None:
    """Nothing is lost, and no other number stands in its place."""
    assert read(ALONE[name])[-1][0] == values(MINE)


ATTEMPTS = {
    "columns": "|label|attempt 1|attempt 2|expected|\n|--|--|--|--|\n" + each("|{l}|{o}|{m}|{e}|"),
    "before and after": "label | before | after\n---|---|---\n" + each("{l} | {o} | {m}"),
    "was and now": each("{l} was {o}, now {m}"),
    "was, now and expected": each("{l}: was {o}, now {m}, expected {e}"),
    "was, but now": each("{l} was {o}, but now I get {m}"),
    "was, is now": each("{l} was {o}, is {m} now."),
    "now, was": each("{l} is now {m} (was {o})"),
    "was and now, columns": "label | was | now\n---|---|---\n" + each("{l} | {o} | {m}"),
    "said behind": each("{l}: {o} before, {m} now"),
    "versions": f"v1:\n{lines(OLDER)}\n\nv2 (one bracket moved):\n{lines(MINE)}\n\nexpected:\n{lines(OTHER)}",
    "new numbers": f"Here are mine\n{lines(OLDER)}\n\nI added da_prevt, new numbers:\n{lines(MINE)}",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_later_of_two_attempts_counts(name: str) -> None:
    """The earlier one is marked as such, and is no expected number."""
    blocks = read(ATTEMPTS[name])
    assert sorted((earlier, numbers["da0[2][3]"]) for numbers, _, earlier in blocks) == [
        (False, values(MINE)["da0[2][3]"]),
        (True, values(OLDER)["da0[2][3]"]),
    ]
    assert all(expected in ({}, values(OTHER)) for _, expected, _ in blocks)


@pytest.mark.parametrize(
    "line",
    [
        "dWax[3][1] = -0 314942375127",
        "dWax[3][1] / 2 = 3.5967",
        "2*dWax[3][1] = 14.38684",
        "dWax[3][1]*10 = 71.93422",
        "||dWax|| = 9.12345",
        "-dWax[3][1] = 9.12345",
        "- gradients: -dWax[3][1] = 9.12345",
        "1-dWax[3][1] = 9.12345",
        "ba: [1.70144511]",
        "1) dWax[3][1] 2) dba[4]",
        "dWax[3][1] =\ndba[4] =\n0.12345\n0.23456\n0.34567",
    ],
)
def test_what_may_be_another_number_is_not_read(line: str) -> None:
    """A factor, a lost point, another name, or more numbers below than labels: shown, not guessed."""
    reading = read_text(f"da0[2][3] = 0.25\ndx[1][2] = {MINE['dx[1][2]']}\n{line}", "post.txt")
    assert {number.quantity for number in reading.blocks[0].numbers} == {"da0", "dx"}
    assert reading.unread


@pytest.mark.parametrize("form", ["-{l} = {m}", "  -{b} = {m}", "- {l} = {m}", "+{l} = {m}"])
def test_a_minus_before_every_label_marks_the_lines_of_a_list(form: str) -> None:
    """It is of no number; nor is a plus."""
    text = "\n".join(
        form.format(l=label, b=f'gradients["{label.partition("[")[0]}"][{label.partition("[")[2]}', m=MINE[label]) for label in MINE
    )
    assert read(text) == [(values(MINE), {}, False)]


def test_what_is_subtracted_is_shown_with_its_minus() -> None:
    """So its author sees why it was not read."""
    assert read_text("da0[2][3] = 0.25\n-dba[4] = [0.12345]", "post.txt").unread == ("-dba[4] = [0.12345]",)


@pytest.mark.parametrize(("answer", "mine"), [("I have -0.5.", []), ("This should be -0.5.", ["0.25123"])])
def test_a_number_said_to_a_quoted_one(answer: str, mine: list[str]) -> None:
    """Of two people either may be the learner; "should" is the same in both mouths."""
    text = f"> da0[2][3] = 0.25123\n\n{answer}\n\nThe rest is dx[1][2] = {MINE['dx[1][2]']}"
    (block,) = read_text(text, "post.txt").blocks
    assert [number.text for number in block.numbers if number.quantity == "da0"] == mine


def test_a_misnamed_label_is_told() -> None:
    """The note says which label was read as which; shape lines go with it."""
    text = lines(MINE).replace("da0", "da_prev").replace("dWax[3]", "da_prev.shape = (5, 10)\ndWax[3]")
    reading = read_text(f"{text}\n\nExpected Output:\n{lines(KEY)}", "post.txt")
    assert reading.notes == ("da_prev[2][3] stands among numbers of rnn_backward and was read as da0[2][3].",)
    assert [shape.quantity for shape in reading.blocks[0].shapes] == ["da0"]


@pytest.mark.parametrize("code", ["def g(da):\n    dx = np.zeros(da.shape)\n    return dx", "def g(da):\n    return da, dba"])
@pytest.mark.parametrize("form", ["{l} = {m}", "{l} =\n{m}", "{b} = {m}", "{b} =\n{m}"])
def test_code_ends_with_its_return(code: str, form: str) -> None:
    """A function that returns a gradient by its name stands above; the printed numbers below are read, with and without an index."""
    rows = [form.format(l=label, b=label.partition("[")[0], m=value) for label, value in MINE.items()]
    (block,) = read("\n".join([code, "", *rows]))
    assert block == (values(MINE), {}, False)


def test_few_digits_above_a_list_with_all_are_no_mention() -> None:
    """Without headings: mine to six digits, all but the last right, then the key; the two lists stay two."""
    mine = {
        **{label: " ".join(f"{float(one):.6f}" for one in text.strip("[]").split()) for label, text in KEY.items()},
        "dba[4]": "0.123456",
    }
    (block,) = read(f"{lines(mine)}\n\n{lines(KEY)}")
    assert block == (values(mine), values(KEY), False)


def test_a_right_run_below_another_expected_table_is_the_learners() -> None:
    """The cell's numbers and table stand above; what follows is the loop's run, which is right, and its own table."""
    cell = "dxt[1][2] = -1.5123\ndba[4] = [0.75]"
    table = "dxt[1][2] = -1.3872130506\ndba[4] = [ 0.20023491]"
    reading = read_text(f"{cell}\n\nExpected Output:\n{table}\n\n{lines(KEY)}\n\nExpected Output:\n{lines(KEY)}", "post.txt")
    assert [(block.check, len(block.numbers), len(block.expected)) for block in reading.blocks] == [
        ("rnn_cell_backward", 2, 2),
        ("rnn_backward", 8, 8),
    ]


def test_a_run_of_one_check_below_the_table_of_another_with_the_same_labels() -> None:
    """No label of the cell's run is the cell's alone, and no label stands twice in the table above before the loop's run is on its way."""
    cell = "dWo[1][2] = 0.331311595289\ndbf[4] = [ 0.18864637]\ndbi[4] = [-0.40142491]\ndbo[4] = [ 0.13893342]"
    mine = "dx[1][2] = [0.5 0.25 -0.75 1.5]\nda0[2][3] = 0.43261\ndWo[1][2] = 0.0555100711336\ndbf[4] = [-0.16948476]"
    key = "dx[1][2] = [-0.5 0.75 0.25 0.1]\nda0[2][3] = -0.0959\ndWo[1][2] = 0.0484389131444\ndbf[4] = [-0.0565788]"
    for said in ("\n\nbut expected is\n", "\n\nExpected Output:\n"):
        reading = read_text(f"{cell}\n\nExpected Output:\n{cell}\n\n{mine}{said}{key}", "post.txt")
        assert [(block.check, len(block.numbers), len(block.expected)) for block in reading.blocks] == [
            ("lstm_cell_backward", 4, 4),
            ("lstm_backward", 7, 7),
        ]


def test_labels_of_two_checks_are_not_joined() -> None:
    """Where words stand between, or more than one label is another's, there are two checks."""
    cell = "da_prev[2][3] = 0.25\ndWax[3][1] = 0.5\ndWaa[1][2] = 0.125"
    reading = read_text(f"dx[1][2] = {MINE['dx[1][2]']}\n\nand of the cell\n\n{cell}", "post.txt")
    assert [block.check for block in reading.blocks] == ["rnn_backward", "rnn_cell_backward"]
    reading = read_text(f"dx[1][2] = {MINE['dx[1][2]']}\ndxt[1][2] = 0.75\n{cell}", "post.txt")
    assert [block.check for block in reading.blocks] == ["rnn_backward", "rnn_cell_backward"]


def test_a_shape_that_does_not_go_with_its_numbers_is_left_out() -> None:
    """An array with seven steps would have printed seven numbers; nobody knows which of the two is a slip of the pen."""
    reading = read_text(f"dx[1][2] = {MINE['dx[1][2]']}\ndx.shape = (3, 10, 7)\nda0[2][3] = 0.25\nda0.shape = (5, 10)", "post.txt")
    assert [shape.quantity for shape in reading.blocks[0].shapes] == ["da0"]
    assert reading.notes[-1] == "The printed shape (3, 10, 7) of dx does not go with its numbers and was left out."


def test_a_line_that_names_a_gradient_twice_was_read() -> None:
    """The number stands behind the second one; behind a label of another gradient it says nothing of the first."""
    value = MINE["dWaa[1][2]"]
    for line, unread in ((f'Wrong values for gradients["dWaa"]. My dWaa[1][2] = {value}', 0), (f"dba[4] ? dWaa[1][2] = {value}", 1)):
        reading = read_text(line, "post.txt")
        assert ([number.text for number in reading.blocks[0].numbers], len(reading.unread)) == ([value], unread)


def test_a_list_behind_expected_is_of_no_label_alone() -> None:
    """The first number behind a label is its own, the list that follows is nobody's."""
    text = ", ".join(f"{label} = {value}" for label, value in MINE.items())
    (block,) = read(f"I get {text} while expected are {', '.join(KEY.values())} respectively.")
    assert block == (values(MINE), {}, False)


def test_a_second_number_of_a_key_is_expected_where_others_are_said_to_be() -> None:
    """One "should be" is enough for its neighbours."""
    (block,) = read(f"da0[2][3] = 0.25\n\nthis should be {KEY['da0[2][3]']}\n\ndWax[3][1] = 0.5\n\nand this {KEY['dWax[3][1]']}")
    assert block[0] == {"da0[2][3]": ["0.25"], "dWax[3][1]": ["0.5"]}


@pytest.mark.parametrize("words", ["My friend gets", "Jo gets", "and she gets", "my classmate's output:"])
def test_what_somebody_else_gets_is_neither_mine_nor_expected(words: str) -> None:
    """Where the course's numbers stand below it; of another check of the same heading too."""
    cell = 'gradients["dxt"][1][2] = '
    runs = [f"{cell}{first}\n\n{lines(their)}" for first, their in (("0.25", MINE), ("0.75", OTHER), ("-1.3872130506", KEY))]
    heads = ("My output", words, "Expected Output")
    blocks = read_text("\n\n".join(f"{head}\n{run}" for head, run in zip(heads, runs, strict=True)), "post.txt").blocks
    assert [(block.check, block.numbers[0].text, block.expected[0].text) for block in blocks] == [
        ("rnn_cell_backward", "0.25", "-1.3872130506"),
        ("rnn_backward", *(re.findall(r"[-\d.]+", own["dx[1][2]"])[0] for own in (MINE, KEY))),
    ]


def test_of_two_columns_that_may_be_the_expected_one_a_keys_is() -> None:
    """Where neither is, nobody knows what is expected; the learner's numbers are their own all the same."""
    for key, expected in ((OTHER, {}), (KEY, values(KEY))):
        rows = each("|{l}|{m}|{o}|{e}|", key=key)
        assert read(f"| | me | my friend | expected |\n|--|--|--|--|\n{rows}") == [(values(MINE), expected, False)]


@pytest.mark.parametrize(
    "form",
    ["{m} instead of {e} for {l}", "got {m} (expected {e}) for {l}", "I see {m} rather than {e} for {l}", "why {m} and not {e} for {l}?"],
)
def test_both_numbers_in_front_of_their_label_one_label_after_another(form: str) -> None:
    """The number behind a comma is of the next label, with the other side's number too."""
    assert read(each(form).replace("\n", ", ")) == [(values(MINE), values(OTHER), False)]


def test_a_list_of_numbers_with_their_labels_in_brackets() -> None:
    """Each label is of the number before it."""
    text = ", ".join(f"{value} ({label})" for label, value in MINE.items())
    assert read(f"I get {text}. Why?") == [(values(MINE), {}, False)]


def test_a_list_below_one_verb_is_of_one_side() -> None:
    """What is said of the first number is said of the next ones."""
    with pytest.raises(UnreadableError, match="holds only expected numbers"):
        read_text("dWax[3][1] should be 11.264104 and dWaa[1][2] 2.303333, but they are not.", "post.txt")


@pytest.mark.parametrize("words", ["I match all the expected values:", "All eight numbers right:", "Both of these outputs are right:"])
def test_numbers_that_are_praised_are_the_learners(words: str) -> None:
    """They are said to be as expected, and no expected ones."""
    assert read(f"{words}\n\n{lines(MINE)}\n\nExpected Output:\n{lines(KEY)}") == [(values(MINE), values(KEY), False)]


def test_what_is_called_fine_lacks_no_number_and_a_line_is_shown_once() -> None:
    """A label of which only that is said was printed elsewhere."""
    text = "for da0[2][3] I get 0.51234 but it should be 0.31234, dWax[3][1] is fine, {} are all right, dWaa[1][2] looks good."
    reading = read_text(text.format("dba[4] is odd: 1,234.5678901, dx[1][2] is odd: 1,234.5678901 and they"), "post.txt")
    assert (len(reading.unread), reading.lost) == (1, ("dba[4]", "dx[1][2]"))


BOTH_NAMED_FIRST = (
    "{l} mine/expected: {m} / {e}",
    "{l} (mine, expected) = ({m}, {e})",
    "{l} expected/got: {e}/{m}",
    "{l} mine | expected: {m} | {e}",
    "{l} got vs. wanted: {m} vs. {e}",
    "{l}: actual value/correct value = {m} / {e}",
    "{l} mine -> expected: {m} -> {e}",
    "{l} is/should be: {m} / {e}",
    "{l} should be / is: {e} / {m}",
    "{l} ist/soll: {m} / {e}",
    "{l} my expected: {e}, {m}",
    "{l} -> expected {e}, {m}",
    "{l} I get the wrong value, expected is {e}, {m}",
)


@pytest.mark.parametrize("form", BOTH_NAMED_FIRST)
def test_sides_that_are_named_in_front_of_both_numbers(form: str) -> None:
    """The first number is of the side that is named first, unless the words are a sentence about one."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]


@pytest.mark.parametrize("called", ["Loss", "elapsed", "diff"])
def test_a_number_of_something_else_in_a_log_is_nobodys(called: str) -> None:
    """A word behind the time of a line with nothing but a number in it is no one who speaks, but what that number is."""
    text = each(f"[12:30:02] {{l}} = {{m}}\n[12:30:03] {called}: 0.5316")
    assert read(text) == [(values(MINE), {}, False)]


def test_what_numbers_are_called_in_a_log_is_no_speaker() -> None:
    """Neither labels without an entry, each behind the time of its line, nor a side behind the time of a line below its label."""
    bare = "\n".join(f"12:30 {label.partition('[')[0]}: {value}" for label, value in MINE.items())
    assert read(bare) == [(values(MINE), {}, False)]
    below = each("[12:30:02] {l} = {m}\n[12:30:03] target: {e}")
    assert read(below) == [(values(MINE), values(OTHER), False)]


SAID_BEHIND = (
    "{l}: {e} expected, {m} found",
    "{l}: {e} is expected, {m} is what I get",
    "{l}: {e} is printed in the notebook; {m} by me",
    "{l}: {e} expected and {m} found",
    "{l}: {e} expected. {m} found.",
    "{l}. Got {m}. Expected {e}.",
    "{l}\n  found: {m}\n  required: {e}",
    "Test failed for {l}\n Expected value\n{e}\n does not match the input value:\n{m}",
    "{l}\n{e} expected\n{m}",
    "{l}\n{m} but expected\n{e}",
    "{l}: {m} mine, {e}",
    "{l}: {m} as expected, {e}",
    "{l}: {m} vs expected, {e}",
    "{l}: {m}, expected, {e}",
    "{l}: {m} but expected, {e}",
)


@pytest.mark.parametrize("form", SAID_BEHIND)
def test_whose_a_number_in_front_of_a_comma_is(form: str) -> None:
    """Words between a number and a comma speak of that number, but for those that set the next one against it."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]


CLAUSE_BEHIND = (
    "{l}: {m} is what I get, {e} is what I should get",
    "{l}: {e} is what is expected, {m} is what my code gives",
    "{l}: {e} is what the notebook wants; {m} is what comes out",
    "{l}: {m} was what I got and {e} was what I expected",
    "{l}: {e} is what I expected but I get {m}",
    "{l}: {m} is what I get instead of {e}",
    "{l}: {m} is what I get (expected {e})",
)


@pytest.mark.parametrize("form", CLAUSE_BEHIND)
def test_a_clause_behind_a_number_that_says_what_it_is(form: str) -> None:
    """Reading goes on behind it."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]


@pytest.mark.parametrize("form", ["{l}: {m} is what I should mend, expected {e}", "{l}: {m} is what should be {e}"])
def test_a_clause_of_no_expected_number(form: str) -> None:
    """It does not make the number in front of it the expected one."""
    assert read(each(form))[0][0] == values(MINE)


NEAREST = (
    "{l}: {e}, yet I get {m}",
    "{l}: {e}, yet {m} comes out",
    "{l} -> {e} is the value in the table but my function prints {m}",
    "{l}: {e} is correct. {m} is what I got.",
    "{l}: {e} is right, {m} is wrong",
    "{l}: {m} is wrong, {e} is right",
    "{l} is {e} in the expected output, {m} for me",
    "{l}: {e} in the notebook pdf, {m} from my function",
    "{l} = {m} by my code, {e} by the key",
    "{l} = {e} (TA), {m} (myself)",
    "{l}: {e} [expected], {m} [mine]",
    "{l}: {e} on Coursera, {m} on my machine",
    "{l} of {e} expected. I am at {m}.",
    "{l}: everybody else gets {e} whereas I get {m}",
    "{l}: {e} is what they got, {m} is what I got",
    "{l}: {e} is what my friend got, {m} is what I got",
    "{l} is {e} in the\nnotebook and I get {m}",
    "{l} {e} expected\nmine is {m}",
    "{l} is {m} instead of {e}. been at it for 3 days",
    "{l} is {m} when it should be {e}, and I can't see why",
    "{l} is not the expected {e} but {m}",
    "I don't get the expected {e} for {l} but {m}",
)


@pytest.mark.parametrize("form", NEAREST)
def test_the_words_nearest_to_each_of_two_numbers_say_whose_it_is(form: str) -> None:
    """In whichever order the two stand; where words are at one of them only, others set the two against each other."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]


@pytest.mark.parametrize(
    "form",
    [
        "{l}: {e} wanted, {m} computed, difference 0.0314",
        "{l}: {e} expected, {m} found (tolerance 0.001)",
        "{l}: {m}, {e} (mine, theirs)",
        "{l}: {m}, while {e} is what I need to get",
    ],
)
def test_what_is_not_told_of_each_of_just_two_numbers_is_told_in_their_order(form: str) -> None:
    """A third number, or words of both behind the two, leave each of them what the words on the way to it say."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]


@pytest.mark.parametrize("note", ["why do I get this?", "should match the notebook", "they say mine is wrong"])
@pytest.mark.parametrize("form", ["{{l}} | {{m}} | {{e}} | {0}", "{{l}}\t{{m}}\t{{e}}\t{0}", "{{l}}: {{m}} vs {{e}} {0}"])
def test_a_comment_behind_two_columns_says_nothing_of_them(form: str, note: str) -> None:
    """Their heading says whose each is."""
    assert read(f"mine vs expected\n\n{each(form.format(note))}") == [(values(MINE), values(OTHER), False)]


@pytest.mark.parametrize(
    "words",
    [
        "is right, the relative error is 0.000125",
        "is right, it took 0.0034 seconds",
        "and my loss is 0.52345",
        "when I add 0.0001 to it",
        ". I am off by 0.0331",
        "in my code with a rate of 0.0075",
        "and the notebook allows 0.0001",
    ],
)
def test_a_number_of_another_kind_is_none_of_two(words: str) -> None:
    """Errors and times are no learner's number that is set against the right one."""
    assert read(each(f"{{l}} = {{m}} {words}")) == [(values(MINE), {}, False)]


def test_of_two_numbers_that_no_word_tells_apart_the_courses_own_is_the_expected_one() -> None:
    """Whichever stands first."""
    (block,) = read_text("lstm_backward\nda0: 0.312770310257 then it is -0.0182864615006", "post.txt").blocks
    assert [number.text for number in (*block.numbers, *block.expected)] == ["-0.0182864615006", "0.312770310257"]


def test_a_count_in_words_behind_a_number_is_none_of_its_own() -> None:
    """Whether a full stop stands between or not."""
    for words in (". been at it for 3 days", ", it must not be 0"):
        assert read(each(f"{{l}} is {{m}}{words}")) == [(values(MINE), {}, False)]


def test_a_zero_that_is_said_to_be_the_learners_is_a_number() -> None:
    """Other than a count in words, and than "it must not be 0"."""
    (block,) = read_text(
        "lstm_backward\nda0[2][3] should be 0.3127 but I get 0\ndWf[3][1] is -0.0809 in the notebook, mine is 0\n"
        "dWi[1][2] should be 0.4051, not 0",
        "it",
    ).blocks
    assert [number.text for number in (*block.numbers, *block.expected)] == ["0", "0", "0", "0.3127", "-0.0809", "0.4051"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ('["da0"][2][3] = 0 .5511987015', "0.5511987015"),
        ('["da0"][2][3] = -1 .5511987015', "-1.5511987015"),
        ('["dba"][4] = [0 .55119870]', "0.55119870"),
        ('["dba"][4] = I-0.55119870]', "-0.55119870"),
        ('["dba"][4] = | -0.55119870]', "-0.55119870"),
    ],
)
def test_a_number_that_a_pictures_reader_broke_is_read_whole(said: str, number: str) -> None:
    """The blank before a point is none, and a letter for a bracket takes no minus from its number."""
    (block,) = read_text(f'gradients{said}\ngradients["dWaa"][1][2] = 2.3', "post.txt").blocks
    assert [one.text for one in block.numbers if one.quantity != "dWaa"] == [number]


def test_numbers_without_a_zero_before_the_point_are_each_one() -> None:
    """No number beside another is the part of it before its point."""
    (block,) = read_text("lstm_backward\ndx[1][2] = [ .00218254  .28205375 -.48292508 -.43281115]", "post.txt").blocks
    assert [number.text for number in block.numbers] == [".00218254", ".28205375", "-.48292508", "-.43281115"]


@pytest.mark.parametrize("said", ["da0[2][3] is x-0.5511987015", "da0[2][3] is then 0 .5511987015", '["dba"][4] = [l.5511987]'])
def test_a_number_that_can_not_be_put_together_is_not_read(said: str) -> None:
    """It is no other number, and is told as what could not be read."""
    reading = read_text(f'gradients["dWaa"][1][2] = 2.3\ngradients{said}', "post.txt")
    assert [number.quantity for number in reading.blocks[0].numbers] == ["dWaa"]
    assert len(reading.unread) == 1


LABEL_LAST = (
    "Expected: {e}\nActual: {m} ({l})\n",
    "Expected: {e}, got: {m} at {l}",
    "Actual: {m}\nDesired: {e}\n{l}\n",
)


@pytest.mark.parametrize("form", LABEL_LAST)
def test_a_label_behind_both_of_its_numbers(form: str) -> None:
    """If all labels stand so, each is that of the numbers before it and not of those below."""
    assert read(each(form)) == [(values(MINE), values(OTHER), False)]
    assert read(form.format(l="dba[4]", m="[0.25317711]", e="[0.31277031]")) == [
        ({"dba[4]": ["0.25317711"]}, {"dba[4]": ["0.31277031"]}, False)
    ]


def test_labels_between_their_numbers_are_left_where_they_are() -> None:
    """A label with a number behind it is that number's, whatever stands before it."""
    text = f"I expected 0.3 and got 0.5, that is\n{lines(MINE)}"
    assert read(text)[0][0] == values(MINE)


@pytest.mark.parametrize(
    "words",
    [
        "Thanks for the quick answer, this is what comes out now:",
        "Thank you for your kind reply. Output:",
        "thx for all the answers! I restarted it, and the output is:",
    ],
)
def test_an_answer_that_somebody_is_thanked_for_is_no_number(words: str) -> None:
    """The numbers below are the learner's, and those below other words the expected ones."""
    assert read(f"{words}\n\n{lines(MINE)}\n") == [(values(MINE), {}, False)]
    assert read(f"{words}\n\n{lines(MINE)}\n\nand the notebook's:\n\n{lines(KEY)}\n") == [(values(MINE), values(KEY), False)]
    assert read(f"{lines(MINE)}\n\nThe right answer:\n\n{lines(OTHER)}\n") == [(values(MINE), values(OTHER), False)]


def apart(brackets: str, comma: str) -> str:
    """A table of both sides in which the index has cells of its own."""
    head = comma.join(("name", "index", "mine", "expected"))
    rows = [head]
    for label, value in MINE.items():
        name, *index = re.findall(r"\w+", label)
        rows.append(comma.join((name, brackets.format("][".join(index), ", ".join(index), comma.join(index)), value, OTHER[label])))
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("brackets", "comma"),
    [("[{0}]", ","), ('"[{1}]"', ","), ("[{1}]", ";"), ("({1})", "\t"), (" [{0}] ", "|"), ("{2}", ","), ("{2}", ";"), ("{2}", " | ")],
)
def test_a_table_with_the_index_in_a_cell_of_its_own(brackets: str, comma: str) -> None:
    """It stands behind the label, however it is written."""
    assert read(apart(brackets, comma)) == [(values(MINE), values(OTHER), False)]


def test_a_number_in_the_second_cell_is_no_index() -> None:
    """Where the label has its index, or no check prints such an entry."""
    assert read(each("{l},{m},{e}"))[0][0] == values(MINE)
    with pytest.raises(UnreadableError):
        read("name,mine,expected\nda0,[0][1],0.31,0.25\n")


def test_a_whole_print_without_labels_is_read_in_the_order_of_the_named_check() -> None:
    """If it is whole, in the brackets of this check, and no gradient is named: names may say another order."""
    printed = "\n".join(MINE.values())
    bare = printed.replace("[", "").replace("]", "")
    assert read(f"My rnn_backward gives\n{printed}\nWhat is wrong?") == [(values(MINE), {}, False)]
    assert "without labels" in read_text(f"rnn_backward: {printed}", "it").notes[-1]
    own = "rnn_backward"
    for words, numbers in ((own, f"{printed}\n0.25512345"), (own, bare), ("network", printed), (f"{own}: dba", printed)):
        with pytest.raises(UnreadableError):
            read(f"My {words} gives\n{numbers}\n")


def test_a_whole_print_without_labels_has_zeros() -> None:
    """So does what is overwritten or never computed; arrays are padded to the width of the longest number."""
    zeros = {**MINE, "dx[1][2]": "[-0.91730022  0.          0.          0.        ]", "dWax[3][1]": "0.0"}
    assert read("My rnn_backward gives\n" + "\n".join(zeros.values())) == [(values(zeros), {}, False)]


def test_lines_of_code_that_print_in_the_order_of_the_check() -> None:
    """The numbers below are theirs; in another order they are nobody's."""
    code = [f"print(gradients['{label.replace('[', chr(39) + '][', 1)})" for label in MINE]
    printed = "\n".join(MINE.values())
    assert read("\n".join(["rnn_backward", *code, "Output:", printed])) == [(values(MINE), {}, False)]
    with pytest.raises(UnreadableError):
        read("\n".join(["rnn_backward", *code[::-1], "Output:", printed]))


def test_a_bare_zero_beside_its_expected_number() -> None:
    """Alone behind a mere name it may be a program's."""
    zero = {**MINE, "dWax[3][1]": "0"}
    lines_of = [f"- {label.partition('[')[0]}: {text} (expected {OTHER[label]})" for label, text in zero.items()]
    assert read("\n".join(lines_of)) == [(values(zero), values(OTHER), False)]


@pytest.mark.parametrize(
    "form",
    [
        "{l} = {m} (old key {o}, new key {e})",
        "{l} = {m} (expected {e}, old key {o})",
        "{l}: expected {o}, but the corrected notebook says {e}, and I have {m}",
        "{l}: I have {m}, the old notebook says {o}, the new one {e}",
        "{l}: {m} vs {o} (old notebook) vs {e} (new notebook)",
        "{l}: old notebook {o}, new notebook {e}, my output {m}",
        "{l} is {m} (v3 key: {o}, v3b key: {e}, my friend: {e})",
    ],
)
def test_any_number_of_expected_ones_may_stand_in_the_learners_line(form: str) -> None:
    """Of these the key's are expected, and no old one is an earlier output of the learner's."""
    assert read(each(form, key=KEY)) == [(values(MINE), values(KEY), False)]


@pytest.mark.parametrize("form", ["{l} = {m} (old {o}, expected {e})", "{l}: {m}, my {o}, not {e}"])
def test_of_several_numbers_with_a_word_that_tells_no_side_none_is_guessed(form: str) -> None:
    """What is of another run, or of no output, is no expected number."""
    with pytest.raises(UnreadableError):
        read(each(form, key=KEY))
