"""Numbers of two attempts beside each other: the present ones count; and questions whether numbers are the expected ones."""

from __future__ import annotations

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

LABELS = ("dxt[1][2]", "da_prev[2][3]", "dWf[3][1]", "dbo[4]")
OLD = ("1.23451177", "-0.61217345", "0.33271991", "[0.20417763]")
NEW = ("2.34561177", "-0.71217345", "0.44271991", "[0.30417763]")
BEFORE = ("1.2345117733127191", "-0.6121734551702093", "0.3327199132101237")
RIGHT = {"dxt[1][2]": "3.2305591151091875", "da_prev[2][3]": "-0.06396214197109241", "dWf[3][1]": "-0.1479548381644968"}

ATTEMPTS = (
    "{l}: before {a}, after {b}",
    "{l} before: {a}, after: {b}",
    "{l} was {a} yesterday, now {b}",
    "{l}: yesterday {a}, today {b}",
    "{l}: old {a}, new {b}",
    "{l}: {a} (old) {b} (new)",
    "{l}: was {a}, is {b}",
    "{l} = {a}, after that {b}",
)
OPEN = (
    "{l} changed from {a} to {b}",
    "{l}: from {a} to {b}",
    "{l}: {a} -> {b}",
    "{l}: {a} \u2192 {b}",
    "{l} = {a} => {b}",
    "{l} = {a} (before the fix), {b} (after)",
    "{l}: {a}, after the fix {b}",
    "{l} - mine: {a}, new: {b}",
    "{l}: mine {a}, newest {b}",
)


def each(form: str) -> str:
    """A line for each label."""
    return "\n".join(form.format(l=label, a=old, b=new) for label, old, new in zip(LABELS, OLD, NEW, strict=True))


def texts(text: str) -> list[tuple[list[str], list[str], bool]]:
    """For each block its numbers, its expected ones, and whether it is an earlier one."""
    blocks = read_text(text, "post.txt").blocks
    return [([one.text for one in block.numbers], [one.text for one in block.expected], block.earlier) for block in blocks]


def bare(numbers: tuple[str, ...]) -> list[str]:
    """Without brackets."""
    return [number.strip("[]") for number in numbers]


@pytest.mark.parametrize("form", ATTEMPTS)
def test_the_present_number_counts_and_the_one_before_is_an_earlier_attempt(form: str) -> None:
    """None of the two is taken for the expected one."""
    assert sorted(texts(each(form)), key=lambda block: block[2]) == [(bare(NEW), [], False), (bare(OLD), [], True)]


@pytest.mark.parametrize("form", OPEN)
def test_a_change_that_is_not_understood_is_shown(form: str) -> None:
    """Which of the two counts nobody says, so none is read; "new" beside "mine" may be the course's new key."""
    with pytest.raises(UnreadableError, match=r"can't: dxt\[1\]\[2\]"):
        read_text(each(form), "post.txt")


def test_an_arrow_between_a_learners_number_and_the_expected_one() -> None:
    """Words, or the head of the columns, tell the two apart."""
    sides = [(bare(OLD), bare(NEW), False)]
    assert texts(each("{l}: {a} -> should be {b}")) == sides
    assert texts(each("{l} = {a}, expected (old notebook) {b}")) == sides
    assert texts(each("{l} = {a}, expected (in the notebook) {b}")) == sides
    assert texts("mine -> expected\n" + each("{l}: {a} -> {b}")) == sides


@pytest.mark.parametrize("arrow", ["->", "\u2192"])
def test_an_arrow_that_leads_to_a_key_leads_to_the_expected_number(arrow: str) -> None:
    """The course prints fewer digits than a learner's program; a row has as many, and is read as the other lines are."""
    lines = f"dxt[1][2]: 0.1234567891234567 {arrow} 3.23055911511\ndc_prev[2][3]: 0.9175220387970015 {arrow} 0.797522038797\n"
    row = f"dbo[4]: [0.25587763] {arrow} [ 0.13893342]\n"
    mine, expected = ["0.1234567891234567", "0.9175220387970015"], ["3.23055911511", "0.797522038797"]
    assert texts(lines) == [(mine, expected, False)]
    assert texts(lines + row) == [([*mine, "0.25587763"], [*expected, "0.13893342"], False)]
    assert texts("after my fix\n" + lines + row) == [([*mine, "0.25587763"], [*expected, "0.13893342"], False)]


def test_an_arrow_that_leads_from_a_key_leads_from_the_expected_number() -> None:
    """In the lines too that are right, but not where the first one has the digits of a learner's program, or all are rows."""
    right, row = "dxt[1][2]: 3.23055911511 -> 3.23055911511\n", "dbo[4]: [ 0.13893342] -> [0.25587763]\n"
    assert texts(right + row) == [(["3.23055911511", "0.25587763"], ["3.23055911511", "0.13893342"], False)]
    for post in (f"without the carry\ndxt[1][2]: 3.2305591151091875 -> 3.1234567891234567\n{row}", row, f"after my fix\n{right}{row}"):
        with pytest.raises(UnreadableError):
            read_text(post, "post.txt")


@pytest.mark.parametrize(
    "post",
    [
        "Using += in the loop does this:\ndxt[1][2]: 0.1234567891234567 -> 3.2305591151091875\n{row}",
        "Solved! Using += in the loop:\ndxt[1][2]: 0.1234567891234567 -> 3.23055911511\n{row}",
        "dxt[1][2]: 0.1234567891234567 -> 3.2345678912\n{row}",
        "dxt[1][2]: 0.1234567891234567 -> 0.9234567891234567 -> 3.23055911511\n{row}",
    ],
)
def test_of_arrows_all_lines_are_read_or_none(post: str) -> None:
    """A row alone would be read from a key's number in it, though another line tells of a change."""
    with pytest.raises(UnreadableError):
        read_text(post.format(row="dbo[4]: [0.25587763] -> [ 0.13893342]"), "post.txt")


@pytest.mark.parametrize("behind", ["after 4 steps", "now, with 3 examples", "as before"])
def test_words_of_time_without_a_second_number(behind: str) -> None:
    """A count is no number of the label."""
    assert texts(each("{l} = {a} " + behind)) == [(bare(OLD), [], False)]


def test_right_numbers_above_those_from_before_are_the_learners() -> None:
    """Words say of some numbers that they are from before, and of those without words that they are the present ones."""
    now = "\n".join(f"{label} = {number}" for label, number in RIGHT.items())
    before = "\n".join(f"{label} = {number}" for label, number in zip(RIGHT, BEFORE, strict=True))
    assert texts(f"[SOLVED]\n{now}\n\nI had before:\n{before}") == [(list(RIGHT.values()), [], False), (list(BEFORE), [], True)]


NAMED_ALONE = "da_prev[2][3] {} -0.7123456789012345"
OUTPUT = "".join(f"{label} = {number}\n" for label, number in {**RIGHT, "dbf[4]": "[0.18864637]"}.items())
COURSE_TABLE = "".join(f"{label} = {float(number.strip('[]')):.12g}\n" for label, number in {**RIGHT, "dbf[4]": "0.18864637"}.items())


@pytest.mark.parametrize(
    "sentence",
    [
        "{was} before the fix. Now I get:\n\n",
        "In attempt 1 {was} and in attempt 2:\n",
        "Before, {was}; after the fix:\n",
        "My old da_prev[2][3] (-0.7123456789012345) is gone, the new output is\n",
        "I got dbf[4] = [0.12345678] yesterday and today:\n",
        "Before the fix dbf[4] was [0.12345678], now everything is fine:\n",
    ],
)
def test_one_value_from_before_is_an_earlier_attempt(sentence: str) -> None:
    """Words of the past are said of the value in their own clause, and not of what follows."""
    old, new = texts(sentence.format(was=NAMED_ALONE.format("was")) + OUTPUT)
    assert old[2]
    assert new == ([*RIGHT.values(), "0.18864637"], [], False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Someone above posted {has}, mine is:\n",
        "@bob you wrote {has}, I get\n\n",
        "@bob you wrote {has}.\nI get\n",
        "Bob wrote:\n{has}\n\nI get:\n",
        "Is {has} plausible? My full output:\n",
        "In the notebook {has}. I get:\n",
        "My {has} on my laptop. My output on the server:\n",
        "**bob:** I got {has}\n\n**carl:** here is what I have\n\n",
        "> {has}\n\nI do not see this, I have\n\n",
        "Without the sum over t I get {has}, and with it:\n",
        "With seed 3, {has}. With seed 1:\n",
    ],
)
def test_one_value_of_somebody_else_is_no_output(sentence: str) -> None:
    """The whole output that it leads to is the learner's."""
    reading = read_text(sentence.format(has=NAMED_ALONE.format("=")) + OUTPUT, "post.txt")
    assert [[one.text for one in block.numbers] for block in reading.blocks] == [[*RIGHT.values(), "0.18864637"]]
    assert sum("is named in a sentence beside a whole output" in note for note in reading.notes) == 1


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize(
    "post",
    ["My output:\n{output}\nIn numpy 2 I get {has}.", "{output}\n\n**bob:** I have {has}", "{should_not}, right? I get\n{output}"],
)
def test_one_value_beside_a_whole_output_is_none_of_its_own(post: str, *, wrong: bool) -> None:
    """Behind it and above it, whether the output is right or not."""
    output = OUTPUT.replace("-0.147954838164", "0.5123456") if wrong else OUTPUT
    said = {"has": NAMED_ALONE.format("="), "should_not": NAMED_ALONE.format("should not be")}
    (block,) = read_text(post.format(output=output, **said), "post.txt").blocks
    assert (len(block.numbers), block.expected) == (4, ())


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize(
    "post",
    [
        "{output}\nPS: when I ran it without the cell above, {has}.",
        "To see what happens I changed the seed: {has}. As it was:\n{output}",
        "For float16 I got {has} and so I left that.\n\n{output}",
        "{output}\n> {has}\n\nAnn has that, so hers is wrong?",
        "On my desktop {has}; on the server:\n{output}",
        "My classmate has {has}, dbf[4] = [0.5123456]. I have\n{output}",
        "{output}\nOn Sunday I had {has}.",
    ],
)
def test_a_value_of_another_place_time_or_person_is_no_claim(post: str, *, wrong: bool) -> None:
    """The output is in full digits, and no word says whose it is."""
    output = OUTPUT.replace("-0.147954838164", "0.5123456789012345" if wrong else "-0.1479548381644968")
    (block,) = read_text(post.format(output=output, has=NAMED_ALONE.format("=")), "post.txt").blocks
    assert (len(block.numbers), block.expected) == (4, ())


@pytest.mark.parametrize("post", ["{output}\nEdit: before today I had posted {has}.", "{output}\nAfter a restart, {has}."])
def test_words_of_today_in_another_clause_do_not_make_a_value_the_output(post: str) -> None:
    """What had been posted was before, and "after" alone is a condition."""
    output = OUTPUT.replace("-0.147954838164", "-0.1479548381644968")
    blocks = read_text(post.format(output=output, has=NAMED_ALONE.format("=")), "post.txt").blocks
    assert [len(block.numbers) for block in blocks if not block.earlier] == [4]


@pytest.mark.parametrize("table", [OUTPUT, COURSE_TABLE])
def test_a_value_set_against_the_table_is_the_learners(table: str) -> None:
    """Neither "This is the expected output." nor "instead" is said of it."""
    post = f"{table}\nThis is the expected output. I have {NAMED_ALONE.format('=')} instead."
    (block,) = read_text(post, "post.txt").blocks
    assert ([number.text for number in block.numbers], len(block.expected)) == (["-0.7123456789012345"], 4)


@pytest.mark.parametrize("sentence", ["I get {has}.\n\n", "My {has}. Bob gets:\n", "I get {has} but the rest is as below:\n"])
def test_a_value_of_the_learners_in_the_present_is_explained(sentence: str) -> None:
    """Whoever printed the right output beside it; a note says that there is one."""
    reading = read_text(sentence.format(has=NAMED_ALONE.format("=")) + OUTPUT, "post.txt")
    assert [[one.text for one in block.numbers] for block in reading.blocks] == [["-0.7123456789012345"]]
    assert any("The longest output" in note for note in reading.notes)


@pytest.mark.parametrize(
    "question",
    [
        "Is this the expected output?",
        "Are these the correct values?",
        "Hi. Is this right?",
        "Does this match the expected output?",
        "Is it correct? ",
    ],
)
@pytest.mark.parametrize("numbers", [OLD, tuple(RIGHT.values())])
def test_who_asks_whether_numbers_are_right_has_printed_them(question: str, numbers: tuple[str, ...]) -> None:
    """On a line above them, and on the line of a number."""
    lines = [f"{label} = {number}" for label, number in zip(LABELS, numbers, strict=False)]
    assert texts("\n".join([question, *lines])) == [(bare(numbers), [], False)]
    assert texts(f"{question} {', '.join(lines)}") == [(bare(numbers), [], False)]


def test_a_question_beside_expected_numbers() -> None:
    """Those stay the expected ones."""
    old, new = each("{l} = {a}"), each("{l} = {b}")
    assert texts(f"Expected output:\n{new}\n\nIs this right?\n{old}") == [(bare(OLD), bare(NEW), False)]
    assert texts(f"{old}\n\nWhat is wrong? Expected output:\n{new}") == [(bare(OLD), bare(NEW), False)]


def test_tags_of_a_forum_are_no_brackets() -> None:
    """Bold labels, coloured numbers, and a number that is struck out."""
    assert texts(each("[b]{l}[/b]: [color=red]{a}[/color]")) == [(bare(OLD), [], False)]
    assert texts(f"[code]\n{each('{l} = [s]{a}[/s] [B]{b}[/B]')}\n[/code]") == [(bare(NEW), [], False)]


FIRST = ("3.23055911511", "-0.0639621419711", "-0.147954838164", "[0.13893342]")
SECOND = NEW
KEY, OWN = bare(FIRST), bare(SECOND)
RIGHT_ONES = ("3.2305591151091875", "-0.06396214197109236", "-0.1479548381644968", "[ 0.13893342]")


def lines(numbers: tuple[str, ...]) -> str:
    """An output of a check."""
    return "".join(f"{label} = {number}\n" for label, number in zip(LABELS, numbers, strict=True))


@pytest.mark.parametrize("words", ["vs", "vs.", "VS:", "compared with", "Compared to these:", "versus"])
def test_of_two_outputs_beside_each_other_the_key_is_expected(words: str) -> None:
    """Whichever stands first; where words above the first say whose it is, that holds."""
    assert texts(f"{lines(FIRST)}\n{words}\n\n{lines(SECOND)}") == [(OWN, KEY, False)]
    assert texts(f"{lines(SECOND)}\n{words}\n\n{lines(FIRST)}") == [(OWN, KEY, False)]
    assert texts(f"My output:\n{lines(FIRST)}\n{words}\n\n{lines(SECOND)}") == [(KEY, OWN, False)]


def test_of_two_outputs_beside_each_other_no_key_has_more_digits() -> None:
    """Right numbers as a program prints them are the learner's, beside a table of fewer digits; so is the first where none is a key's."""
    table = ("2.34561177", "-0.71217345", "0.44271991", "[0.30417763]")
    assert texts(f"{lines(RIGHT_ONES)}\nvs\n\n{lines(table)}") == [([one.strip("[] ") for one in RIGHT_ONES], bare(table), False)]
    assert texts(f"{lines(OLD)}\nvs\n\n{lines(table)}") == [(bare(OLD), bare(table), False)]


def test_a_part_counts_alone_where_others_are_mended() -> None:
    """Not where nothing is said of those that are not printed again."""
    whole, part = ("\n".join(f"{label} = {number}" for label, number in list(RIGHT.items())[:end]) for end in (None, 1))
    before = "\n".join(f"{label} = {number}" for label, number in zip(RIGHT, BEFORE, strict=True))
    last = list(RIGHT)[-1]
    assert [earlier for *_, earlier in texts(f"{before}\nUpdate: fixed {last}! Now:\n{part}")] == [True, False]
    for words in ("Update: still not fixed. Now:", "If it is fixed now it would be", "Nothing fixed it. Now:", "I never fixed it. Now:"):
        assert [earlier for *_, earlier in texts(f"{before}\n{words}\n{part}")] == [False, False]
    assert [earlier for *_, earlier in texts(f"First I had {last} = {BEFORE[-1]} and after that\n\n{whole}")] == [True, False]
