"""A list of names, and below it nothing but numbers: read in the order of the names, or not at all."""

from __future__ import annotations

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

GATES = {
    "dWf[3][1]": "-0.41231177", "dWi[1][2]": "0.61217345", "dWc[3][1]": "-1.03271991", "dWo[1][2]": "0.20417763",
    "dbf[4]": "-0.33319871", "dbi[4]": "0.71281234", "dbc[4]": "0.91254477", "dbo[4]": "-0.11283999",
}  # fmt: skip
LOOP = {
    "dx[1][2][0]": "0.12340001", "dx[1][2][1]": "0.22340002", "dx[1][2][2]": "-0.32340003", "dx[1][2][3]": "0.42340004",
    "da0[2][3]": "0.55112345", **GATES,
}  # fmt: skip
NAMES = "dWf, dWi, dWc, dWo, dbf, dbi, dbc, dbo"
COLUMN = "\n".join(GATES.values())
LOOP_COLUMN = " ".join(list(LOOP.values())[:4]) + "\n" + "\n".join(list(LOOP.values())[4:])


def only_block(text: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The check, the printed numbers and the expected ones of the only block."""
    (block,) = read_text(text, "post.txt").blocks
    mine, expected = ({number.label: number.text for number in side} for side in (block.numbers, block.expected))
    return block.check, mine, expected


@pytest.mark.parametrize("above", [f"order: {NAMES}", f"in this order: ({NAMES}):", NAMES, f"print({NAMES})", NAMES.replace(",", "\n")])
def test_a_column_is_read_in_the_order_of_the_names_above_it(above: str) -> None:
    """All eight numbers, each under its own name, and no second one taken for the expected one."""
    _, mine, expected = only_block(f"{above}\n{COLUMN}")
    assert (mine, expected) == (GATES, {})


def test_the_names_may_stand_in_any_order() -> None:
    """The order of the text counts, not that of the check."""
    names, numbers = zip(*reversed(GATES.items()), strict=True)
    _, mine, _ = only_block(", ".join(name.partition("[")[0] for name in names) + "\n" + "\n".join(numbers))
    assert mine == GATES


@pytest.mark.parametrize("names", [f"My numbers in order (dx, da0, {NAMES}):", f"dx da0 {NAMES.replace(',', '')}"])
@pytest.mark.parametrize("column", [LOOP_COLUMN, LOOP_COLUMN.replace("\n", "]\n", 1).replace("0", "[0", 1), " ".join(LOOP.values())])
def test_a_name_that_prints_four_numbers_takes_four(names: str, column: str) -> None:
    """With brackets around them or not, on a line of their own or not."""
    assert only_block(f"{names}\n{column}") == ("lstm_backward", LOOP, {})


def test_two_lists_below_each_other_are_one_run() -> None:
    """Each with its own names, the second in another order."""
    numbers = list(LOOP.values())
    biases = "\n".join(reversed(numbers[9:]))
    text = f"The gradients (dx, da0, dWf, dWi, dWc, dWo):\n{' '.join(numbers[:4])}\n" + "\n".join(numbers[4:9])
    assert only_block(f"{text}\n\nand of the biases (dbo, dbc, dbi, dbf)\n{biases}") == ("lstm_backward", LOOP, {})


def test_a_list_of_expected_numbers_is_expected() -> None:
    """What stands before the names says whose the numbers below them are."""
    own = "\n".join(f"{label} = {number}" for label, number in GATES.items())
    key = {label: number.replace("1", "2") for label, number in GATES.items()}
    _, mine, expected = only_block(f"{own}\n\nExpected values ({NAMES}):\n" + "\n".join(key.values()))
    assert (mine, expected) == (GATES, key)


@pytest.mark.parametrize("form", ["{} = {}", "{}: {}", "{} are {} respectively", "({}) -> ({})"])
@pytest.mark.parametrize("comma", [", ", " and ", " "])
def test_numbers_behind_a_list_of_names_are_read_in_its_order(form: str, comma: str) -> None:
    """As many numbers in the line as there are names."""
    _, mine, expected = only_block(form.format(NAMES.replace(", ", comma), COLUMN.replace("\n", comma)))
    assert (mine, expected) == (GATES, {})


@pytest.mark.parametrize(
    "text",
    [
        f"{NAMES} = 0.51234567",
        f"{NAMES} = 0.51234567, 0.61234567",
        f"{NAMES}\nI get\n{COLUMN}",
        "dWf and dWi = 0.51234567 (expected 0.61234567)",
        "dWf, dWi, dbo = 0, 0, 0",
    ],
)
def test_the_last_of_several_names_gets_no_number_that_may_be_of_them_all(text: str) -> None:
    """Where a line has another number of numbers than of names, none is read."""
    with pytest.raises(UnreadableError):
        read_text(text, "post.txt")


@pytest.mark.parametrize("numbers", [COLUMN.rpartition("\n")[0], f"{COLUMN}\n0.51234567", "0.51234567"])
def test_numbers_that_do_not_fit_the_names_are_not_understood(numbers: str) -> None:
    """Too few or too many: no name is given any of them, and it is said."""
    with pytest.raises(UnreadableError, match=f"can't: {NAMES}"):
        read_text(f"order: {NAMES}\n{numbers}", "post.txt")
    own = "da_prev[2][3] = 0.31415926\ndc_prev[2][3] = 0.27182818"
    reading = read_text(f"{own}\n\nand ({NAMES})\n{numbers}", "post.txt")
    assert [len(block.numbers) for block in reading.blocks] == [2]
    assert reading.unread == (f"{NAMES})",)


@pytest.mark.parametrize(
    ("named", "check"), [("dx and da0", "lstm_backward"), ("da_prev", "lstm_cell_backward"), ("dWf", "lstm_cell_backward")]
)
def test_names_in_the_text_tell_which_check_it_is(named: str, check: str) -> None:
    """The labels fit two checks, and a sentence names what only one of them prints; the last one names nothing of that kind."""
    found, _, _ = only_block(f"I have no numbers of {named} yet.\n\n{NAMES}\n{COLUMN}")
    assert found == check
