"""Runs of several checks of which a text shows some lines only, so that the labels alone don't part them."""

from __future__ import annotations

import pytest

from whygrad.read import read_text

CELL = {"dxt[1][2]": "3.23055911511", "dWf[3][1]": "-0.147954838164", "dWo[1][2]": "0.331311595289", "dbo[4]": "[0.13893342]"}
LOOP = {"da0[2][3]": "0.312770310257", "dWf[3][1]": "-0.0809802310938", "dWo[1][2]": "0.038948775763", "dbo[4]": "[-0.17958196]"}
RNN_CELL = {"da_prev[2][3]": "-0.152399493774", "dWax[3][1]": "0.410772824935", "dba[4]": "[0.20023491]"}
RNN = {"da0[2][3]": "-0.314942375127", "dWax[3][1]": "11.2641044965", "dWaa[1][2]": "2.30333312658", "dba[4]": "[-0.74747722]"}
MINE = {"dxt[1][2]": "1.53055917511", "da0[2][3]": "0.81277031757", "da_prev[2][3]": "0.65239943774", "dWf[3][1]": "0.540980237938"}
MINE |= {"dWo[1][2]": "0.63894877563", "dbo[4]": "[0.57958196]", "dWax[3][1]": "0.61077282435", "dWaa[1][2]": "0.75034506685"}
MINE |= {"dba[4]": "[0.53023491]"}


def lines(*tables: dict[str, str]) -> str:
    """The lines that print the numbers."""
    return "\n".join(f"{label} = {value}" for table in tables for label, value in table.items())


def mine(table: dict[str, str], other: str = "") -> dict[str, str]:
    """A learner's numbers under the labels of ``table``, all of them others with a digit ``other`` behind the point."""
    return {label: MINE[label].replace(".", f".{other}") for label in table}


def only(table: dict[str, str], *labels: str) -> dict[str, str]:
    """Some of the lines."""
    return {label: value for label, value in table.items() if label.split("[")[0] in labels}


def read(text: str) -> list[tuple[str, dict[str, str], dict[str, str], bool]]:
    """For each block its check, the printed and the expected numbers by label, and whether it is an earlier one."""

    def shown(numbers: object) -> dict[str, str]:
        return {number.label.removesuffix("[0]"): number.text for number in numbers}  # type: ignore[attr-defined]

    return [(block.check, shown(block.numbers), shown(block.expected), block.earlier) for block in read_text(text, "post.txt").blocks]


def bare(table: dict[str, str]) -> dict[str, str]:
    """Without brackets."""
    return {label: value.strip("[]") for label, value in table.items()}


def block(check: str, own: dict[str, str], expected: dict[str, str] | None = None, *, earlier: bool = False) -> tuple[object, ...]:
    """What `read` gives for one."""
    return (check, bare(own), bare(expected or {}), earlier)


@pytest.mark.parametrize("between", ["lstm_backward:", "### Now LSTM backward", "and then `lstm_backward()`", "My lstm_backward prints"])
def test_a_line_that_names_another_check_parts_two_runs(between: str) -> None:
    """Every label of the second run could go on the first one."""
    first, second = only(mine(CELL), "dxt", "dWf"), only(mine(LOOP), "dWo", "dbo")
    text = f"lstm_cell_backward:\n\n{lines(first)}\n\n{between}\n\n{lines(second)}"
    assert read(text) == [block("lstm_cell_backward", first), block("lstm_backward", second)]
    sides = "\n".join(f"{label} = {value} (expected {LOOP[label]})" for label, value in second.items())
    text = f"lstm_cell_backward:\n\n{lines(first)}\n\n{between}\n\n{sides}"
    assert read(text)[1] == block("lstm_backward", second, only(LOOP, "dWo", "dbo"))


def test_a_name_within_a_run_of_one_check_parts_nothing() -> None:
    """The labels say which check the first lines are of, and the name is that one's."""
    text = f"{lines(only(mine(CELL), 'dxt', 'dWf'))}\n\nthese are also of lstm_cell_backward\n\n{lines(only(mine(CELL), 'dWo', 'dbo'))}"
    assert read(text) == [block("lstm_cell_backward", mine(CELL))]


def test_a_run_begins_with_the_first_of_its_lines_in_their_order() -> None:
    """``dxt`` could still be of the RNN's run above the empty line; the lines below it are of another check, and ``dxt`` goes with them."""
    text = f"{lines(mine(RNN_CELL))}\n\n{lines(mine(CELL))}"
    assert read(text) == [block("rnn_cell_backward", mine(RNN_CELL)), block("lstm_cell_backward", mine(CELL))]
    pairs = [*((label, RNN_CELL[label]) for label in RNN_CELL), *((label, CELL[label]) for label in CELL)]
    text = "\n\n".join(f"{label} = {MINE[label]}\n(expected {right})" for label, right in pairs)
    assert read(text) == [block("rnn_cell_backward", mine(RNN_CELL), RNN_CELL), block("lstm_cell_backward", mine(CELL), CELL)]


def test_a_heading_before_each_expected_number_makes_no_new_run() -> None:
    """The cell's labels before a missing one, and then the loop's: none of the learner's numbers is lost."""
    cell, loop = only(CELL, "dWo", "dbo"), only(LOOP, "dWf", "dWo", "dbo")
    both = [*cell.items(), *loop.items()]
    text = "\n\n".join(f"{label} = {MINE[label]}\nshould be: {label} = {right}" for label, right in both)
    assert [(len(own), len(expected)) for _, own, expected, _ in read(text)] == [(2, 2), (3, 3)]


def test_tables_at_the_end_each_below_the_name_of_its_check() -> None:
    """The loop's run stands above the cell's table, and is not the cell's for that."""
    first, second = only(mine(CELL), "dWo", "dbo"), only(mine(LOOP), "dWf", "dbo")
    text = f"lstm_cell_backward:\n{lines(first)}\n\nlstm_backward:\n{lines(second)}\n\nExpected Output:\n"
    text += f"lstm_cell_backward:\n{lines(CELL)}\n\nlstm_backward:\n{lines(LOOP)}"
    assert read(text) == [block("lstm_cell_backward", first, CELL), block("lstm_backward", second, LOOP)]


def test_a_run_below_its_table_goes_not_with_the_table_of_the_next_check() -> None:
    """A name stands between, or the labels of the two are the same ones."""
    cell = only(CELL, "dWf", "dWo")
    first, second = mine(cell, "1"), mine(LOOP)
    for name in ("lstm_backward\n", ""):
        text = f"Expected:\n{lines(cell)}\n\nI get:\n{lines(first)}\n\n{name}expected:\n{lines(LOOP)}\n\nI get:\n{lines(second)}"
        assert read(text) == [block("lstm_cell_backward", first, cell), block("lstm_backward", second, LOOP)]


def test_what_is_said_of_the_next_run_is_not_of_the_one_before() -> None:
    """The cell's run has no dWo, so that the number in the sentence could be its last line."""
    cell = only(mine(CELL), "dxt", "dWf", "dbo")
    said = f"You see that dWo[1][2] comes out as {MINE['dWo[1][2]']} instead of {LOOP['dWo[1][2]']}."
    text = f"I get\n{lines(cell)}\n\nExpected Output:\n{lines(CELL)}\n\n{said}\n\n"
    text += f"I get\n{lines(mine(LOOP))}\n\nExpected Output:\n{lines(LOOP)}"
    assert read(text) == [block("lstm_cell_backward", cell, CELL), block("lstm_backward", mine(LOOP), LOOP)]


def test_right_numbers_after_a_change_are_the_learners() -> None:
    """They stand below the table of another check and are a key's, but words say when they were printed."""
    text = f"Before:\n{lines(mine(RNN))}\n\nAfter:\n{lines(RNN)}\n\nExpected Output:\n{lines(RNN)}\n\n"
    text += f"Before:\n{lines(mine(CELL))}\n\nAfter:\n{lines(CELL)}\n\nExpected Output:\n{lines(CELL)}"
    assert read(text)[2:] == [block("lstm_cell_backward", mine(CELL), CELL, earlier=True), block("lstm_cell_backward", CELL, CELL)]


@pytest.mark.parametrize(
    ("first", "second"), [("First version:", "Current version:"), ("yesterday", "this morning"), ("Monday evening:", "Today I get")]
)
def test_words_of_the_present_say_which_run_counts(first: str, second: str) -> None:
    """It is right by now, and the expected numbers stand below a heading that nobody knows: they are not what was printed before."""
    text = f"{first}\n\n{lines(mine(LOOP))}\n\n{second}\n\n{lines(LOOP)}\n\nGoal:\n\n{lines(LOOP)}"
    assert read(text) == [block("lstm_backward", mine(LOOP), LOOP, earlier=True), block("lstm_backward", LOOP, LOOP)]


def test_right_numbers_below_a_sentence_about_right_ones() -> None:
    """The words above the learner's name no output, those above the table do."""
    for said in ("I would like to get it right.", "This should be easy.", "And this must be official."):
        text = f"{said}\n\n{lines(RNN)}\n\nExpected Output:\n{lines(RNN)}\n\n"
        text += f"My output:\n{lines(mine(LOOP))}\n\nExpected Output:\n{lines(LOOP)}"
        assert read(text) == [block("rnn_backward", RNN, RNN), block("lstm_backward", mine(LOOP), LOOP)]


@pytest.mark.parametrize("said", ["EDIT: after fixing a typo I now get", "Update: the new output is", "Edit 2: latest output:"])
def test_a_word_of_time_holds_for_the_next_checks_too(said: str) -> None:
    """Only names stand between the runs below it; the earlier runs stay earlier ones."""
    loop = mine(LOOP, "1")
    text = f"{lines(mine(CELL))}\n\nExpected:\n{lines(CELL)}\n\n{lines(mine(LOOP))}\n\nExpected:\n{lines(LOOP)}\n\n"
    text += f"{said}\n\nlstm_cell_backward:\n{lines(CELL)}\n\n(lstm_backward)\n{lines(loop)}"
    assert sorted(read(text), key=lambda one: one[3])[:2] == [
        block("lstm_cell_backward", CELL, CELL),
        block("lstm_backward", loop, LOOP),
    ]
    assert [one[3] for one in read(text)] == [True, True, False, False]


@pytest.mark.parametrize("head", ["", "Goal:", "{}", "Goal for {}:", "{} goal:", "What I am after in {}:"])
@pytest.mark.parametrize("turned", [False, True])
def test_numbers_that_begin_anew_after_the_last_attempt_are_no_part_of_it(head: str, turned: bool) -> None:  # noqa: FBT001 - a parameter
    """Expected ones at the end, below words that nobody knows or just the names of their checks: each check stands once in an attempt."""
    tables = {"lstm_cell_backward": CELL, "lstm_backward": LOOP}
    order = list(tables)[::-1] if turned else list(tables)
    first, second = ("\n\n".join(f"{check} prints\n{lines(mine(tables[check], digit))}" for check in order) for digit in ("", "4"))
    end = "\n\n".join(f"{head.format(check)}\n\n{lines(tables[check])}" for check in order)
    assert read(f"Attempt 1\n\n{first}\n\nAttempt 2\n\n{second}\n\n{end}") == [
        block(check, mine(tables[check], digit), tables[check], earlier=not digit) for digit in ("", "4") for check in order
    ]


def test_a_few_lines_of_each_check_are_no_loops_print() -> None:
    """Two labels four times, each below the name of its check, before a change and after it."""
    few = only(RNN, "dWaa", "dba")
    runs = [mine(few, digit) for digit in "1234"]
    names = ("rnn_cell_backward", "rnn_backward")
    text = "\n\n".join(f"{name}:\n{lines(run)}" for name, run in zip(names, runs[:2], strict=True))
    text += "\n\nNow:\n\n" + "\n\n".join(f"{name}:\n{lines(run)}" for name, run in zip(names, runs[2:], strict=True))
    text += f"\n\nExpected output of rnn_backward:\n{lines(RNN)}"
    assert [(check, own) for check, own, _, earlier in read(text) if not earlier] == [
        (name, bare(run)) for name, run in zip(names, runs[2:], strict=True)
    ]


def test_a_heading_below_which_the_lines_begin_anew_is_another_checks() -> None:
    """The cell's table has room for the loop's lines, but those stand above its last ones in the order of both."""
    few, loop = only(CELL, "dxt", "dbo"), only(LOOP, "dWf", "dWo")
    text = "\n\n".join(f"You should get\n{lines(table)}\n\nI have:\n{lines(mine(table))}" for table in (few, loop))
    assert read(text) == [block("lstm_cell_backward", mine(few), few), block("lstm_backward", mine(loop), loop)]


def test_parts_of_one_run_below_headings_of_their_own_are_one_run() -> None:
    """In whatever order: they are of one check and have no label in common."""
    parts = [only(CELL, "dWo", "dbo"), only(CELL, "dxt", "dWf")]
    text = "\n\n".join(f"Mine:\n{lines(mine(part))}\n\nExpected:\n{lines(part)}" for part in parts)
    assert read(text) == [block("lstm_cell_backward", mine(parts[0] | parts[1]), parts[0] | parts[1])]


@pytest.mark.parametrize("joint", [" and ", ", ", "; ", "\n"])
@pytest.mark.parametrize(
    "form",
    ["{l} is {m} while {k} is expected", "I get np.float64({m}) for {l} instead of {k}", "for {l} I get {m} and not {k}"],
)
def test_sentences_about_each_number(form: str, joint: str) -> None:
    """The word belongs to the number before it, and a number before "for" to the label behind that."""
    text = joint.join(form.format(l=label, m=MINE[label], k=right) for label, right in LOOP.items())
    assert read(f"With lstm_backward:\n{text}.") == [block("lstm_backward", mine(LOOP), LOOP)]


def test_two_sentences_are_no_heads_of_columns() -> None:
    """The second one is a heading."""
    other = mine(LOOP, "7")
    text = f"Please show your output. The expected output is\n{lines(other)}\n\nMy output:\n{lines(mine(LOOP))}"
    assert read(text) == [block("lstm_backward", mine(LOOP), other)]


def test_a_label_of_another_check_behind_the_last_line_is_not_misnamed() -> None:
    """``dWc`` would be the missing ``dWax``, but stands not in its place."""
    text = f"rnn_backward\n{lines(only(mine(RNN), 'dWaa', 'dba'))}\n\nda0[2][3] = 0.5123456\ndWc[3][1] = 0.2512345"
    assert [check for check, *_ in read(text)] == ["rnn_backward", "lstm_backward"]


def test_the_second_table_below_one_heading_is_no_newer_run() -> None:
    """Words say of the learner's runs when they were; both tables stand below "Expected", the second one with no word of its own."""
    text = f"Original post:\n\n{lines(mine(RNN_CELL))}\n\n{lines(mine(RNN))}\n\nSecond post. These are the new numbers:\n\n"
    text += f"rnn_cell_backward\n{lines(RNN_CELL)}\n\nrnn_backward\n{lines(RNN)}\n\nExpected Output:\n{lines(RNN_CELL)}\n\n{lines(RNN)}"
    assert read(text) == [
        block("rnn_cell_backward", mine(RNN_CELL), RNN_CELL, earlier=True),
        block("rnn_backward", mine(RNN), RNN, earlier=True),
        block("rnn_cell_backward", RNN_CELL, RNN_CELL),
        block("rnn_backward", RNN, RNN),
    ]


@pytest.mark.parametrize("words", [("got", "want"), ("mine:", "ideal:"), ("got", "wanted")])
def test_pairs_of_lines_with_a_word_before_each(words: tuple[str, str]) -> None:
    """Known or not, the second of each pair of lines is not the learner's."""
    few = only(RNN, "da0", "dWax", "dba")
    text = "\n".join(f"{words[0]} {label} = {MINE[label]}\n{words[1]} {label} = {right}" for label, right in few.items())
    assert read(text) == [block("rnn_backward", mine(few), few)]


@pytest.mark.parametrize(
    "sentence",
    [
        "{l} in lstm_backward is {m}, should be {e}",
        "{l} (lstm_backward) = {m}, expected {e}",
        "For {l} of my lstm_backward() I get {m} instead of {e}",
        "Expected {e} for {l} in lstm_backward, got {m}",
        "I expected {e} for {l} of lstm_backward but it is {m}",
        "`{l}` in `lstm_backward` is {m}, should be {e}",
        "Instead of {e} my lstm_backward gives {m} for {l}",
        "In lstm_backward I expected {e} for {l}, got {m}",
    ],
)
def test_a_check_that_is_named_beside_a_label_and_its_number(sentence: str) -> None:
    """It is the label's check, whichever stands above."""
    text = f"lstm_cell_backward\n{lines(CELL)}\n\n" + sentence.format(l="dWf[3][1]", m="0.5123456789", e="-0.2512345678")
    assert read(text)[1:] == [block("lstm_backward", {"dWf[3][1]": "0.5123456789"}, {"dWf[3][1]": "-0.2512345678"})]
