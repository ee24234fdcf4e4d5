"""The course's table without a word above it is no output of the learner's; numbers that a program may have printed stay theirs."""

from __future__ import annotations

from itertools import permutations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import UnreadableError
from whygrad.read import read_text

CHECK = "lstm_backward"
ONLY = "holds only expected numbers"
ERROR = """
---------------------------------------------------------------------------
KeyError                                  Traceback (most recent call last)
Cell In[16], line 19
---> 19 gradients_tmp = lstm_backward(da_tmp, caches_tmp)

Cell In[15], line 38, in {}(da, caches)
---> 38     dbi = dbi + gradients['bi']

KeyError: 'bi'
"""


def table(row: str, version: str = "old") -> str:
    """The course's numbers, each in a line of this form."""
    texts = SEQUENCE_MODELS.keys[CHECK][version]
    rows = [(name + "".join(f"[{at}]" for at in index), texts[name]) for name, index in SEQUENCE_MODELS.printed[CHECK]]
    return "".join(row.format(label=label, number=number) for label, number in rows)


HTML = "<tr><td>\n **{label}** =\n</td>\n<td>\n {number}\n</td></tr>\n"
PLAIN = "{label} = {number}\n"


@pytest.mark.parametrize("row", [HTML, "| **{label}** = | {number} |\n", "{label} =\t{number}\n"])
@pytest.mark.parametrize("version", ["old", "new"])
@pytest.mark.parametrize("words", ["", "The loop of the LSTM\n\n"])
def test_a_table_is_the_courses(row: str, version: str, words: str) -> None:
    """As markup, or as a browser copies it: the learner's numbers are asked for."""
    with pytest.raises(UnreadableError, match=ONLY):
        read_text(words + table(row, version), "a.txt")


@pytest.mark.parametrize("words", ["My output:\n", "I ran it, and what I get in my notebook is the table below\n"])
def test_a_table_that_somebody_calls_theirs_is_theirs(words: str) -> None:
    """Whatever its numbers are."""
    assert [block.check for block in read_text(words + table(HTML), "a.txt").blocks] == [CHECK]


def test_lines_as_a_program_prints_them_are_the_learners() -> None:
    """So are other numbers in a table, those with all digits, and one alone."""
    whole = table(HTML, "new").replace("0.40512433093", "0.40512433092981837")
    for text in (table(PLAIN), table(HTML).replace("0.102371820249", "0.302371820249"), whole, "| dWi[1][2] | 0.102371820249 |\n"):
        (block,) = read_text(text, "a.txt").blocks
        assert (block.check, block.expected) == (CHECK, ())


@pytest.mark.parametrize("version", ["old", "new"])
def test_above_an_error_in_the_function_the_keys_numbers_are_the_courses(version: str) -> None:
    """Its check has printed nothing. Above an error in another function it has."""
    with pytest.raises(UnreadableError, match=ONLY):
        read_text(table(PLAIN, version) + ERROR.format(CHECK), "a.txt")
    (block,) = read_text(table(PLAIN, version) + ERROR.format("rnn_backward"), "a.txt").blocks
    assert (block.check, block.expected) == (CHECK, ())


OWN = {"da0[2][3]": "0.31277031025726", "dWf[3][1]": "-0.080980231093835", "dWi[1][2]": "0.40512433092982"}
COURSES = {"da0[2][3]": "-0.095911501954", "dWf[3][1]": "-0.0698198561274", "dWi[1][2]": "0.102371820249"}


def lines(numbers: dict[str, str]) -> str:
    """As a program prints them."""
    return "".join(PLAIN.format(label=label, number=number) for label, number in numbers.items())


def sides(text: str) -> tuple[list[str], list[str]]:
    """The texts of the learner's numbers, and of the expected ones."""
    (block,) = read_text(f"{CHECK}\n{text}", "a.txt").blocks
    return [number.text for number in block.numbers], [number.text for number in block.expected]


@pytest.mark.parametrize(
    "heads",
    [("My notebook (v3) says", "but I get"), ("Coursera output", "and mine"), ("Markdown", "Kernel output"),
     ("El cuaderno dice", "Yo obtengo"), ("Dans le cahier", "Chez moi"),
     ("Im Notebook steht", "Bei mir"), ("", "my own implementation gave"),
     ("PDF", "In this run I see")],
)  # fmt: skip
def test_words_tell_whose_numbers_are_where_all_are_in_as_many_digits(heads: tuple[str, str]) -> None:
    """An older NumPy prints right numbers just as they stand in a key, here below those of the other one."""
    own = {label: SEQUENCE_MODELS.keys[CHECK]["new"][label.partition("[")[0]] for label in OWN}
    assert sides(f"{heads[0]}\n{lines(COURSES)}\n{heads[1]}\n{lines(own)}") == ([*own.values()], [*COURSES.values()])


@pytest.mark.parametrize("heads", [("In the PDF it is", "mine is"), ("", ""), ("My notebook (v3) has", "but I get")])
@pytest.mark.parametrize("digits", [0, 10])
def test_right_numbers_below_the_old_table_are_the_learners(heads: tuple[str, str], digits: int) -> None:
    """Both are a key's: a program prints more digits than stand in a table, or fewer where it was told to, and a word may say it."""
    own = {label: number[:digits] if digits else f"{number}12" for label, number in OWN.items()}
    for first, second in ((COURSES, own), (own, COURSES)):
        words = heads if second is own else heads[::-1]
        text = f"{words[0]}\n{lines(first)}{words[1]}\n{lines(second)}"
        assert sides(text) == ([*own.values()], [*COURSES.values()])


@pytest.mark.parametrize("bar", ["|", "\t", ","])
@pytest.mark.parametrize(
    "heads", [("value", "expected"), ("Ergebnis", "soll"), ("ist", "v3 notebook"), ("my output", "book"), ("", "expected")]
)
def test_the_head_of_one_column_tells_the_other(heads: tuple[str, str], bar: str) -> None:
    """In either order, with few digits or a zero; a table with one number in a row has no other column."""
    for own in ({label: f"{number}12" for label, number in OWN.items()}, OWN | {"dWf[3][1]": "0.0"}, {"dWf[3][1]": "0.0"}):
        rows = {label: (number, COURSES[label]) for label, number in own.items()}
        for order in (slice(None), slice(None, None, -1)):
            head, *cells = (f"{bar} ".join((label, *row[order])) + "\n" for label, row in {"entry": heads, **rows}.items())
            assert sides(head + "".join(cells)) == ([*own.values()], [COURSES[label] for label in own])
    with pytest.raises(UnreadableError, match=ONLY):
        read_text(f"{CHECK}\ncell | what | expected value\n--|--|--\nlast | dWf[3][1] | 0.25\n", "a.txt")


@pytest.mark.parametrize("numbered", ["v3", "Version 2", "run 3"])
def test_one_numbered_column_is_the_learners_only_beside_one_that_is_named(numbered: str) -> None:
    """The course's notebooks are numbered too: beside a column of no name the digits tell, beside the learner's own it is the other one."""
    for head, first, second in (
        ("value", OWN, COURSES), ("my output", COURSES, OWN), ("", OWN, COURSES), ("expected", COURSES, OWN), ("before", COURSES, OWN),
    ):  # fmt: skip
        heads = (numbered, head) if head == "my output" else (head, numbered)
        text = f"| | {heads[0]} | {heads[1]} |\n" + "".join(f"| {label} | {first[label]} | {second[label]} |\n" for label in OWN)
        assert sides(text)[0] == [*(second if first is COURSES else first).values()]


def test_another_check_is_tried_only_for_numbers_that_it_prints() -> None:
    """Two groups whose check is a guess need not have the same other ones."""
    reading = read_text(f"{CHECK}. My da0[2][3] = 0.125. Expected: dWf[3][1] = 0.25.\n", "a.txt")
    blocks = [block for one in (reading, *reading.alternatives) for block in one.blocks]
    printed = {block.check: {name for name, _ in SEQUENCE_MODELS.printed[block.check]} for block in blocks}
    assert all(number.quantity in printed[block.check] for block in blocks for number in (*block.numbers, *block.expected))


def test_the_head_of_one_column_tells_the_other_of_a_table_pasted_cell_by_cell() -> None:
    """Each cell on a line of its own: what stands right above the first label is the other column's head."""
    rows = "".join(f"{label}\n0.0\n{number}\n" for label, number in COURSES.items())
    assert sides(f"entry\nvalue\nexpected\n{rows}") == (["0.0"] * len(COURSES), [*COURSES.values()])


FORMS = [
    ("| {} |\n", " | "), ("{}\n", "\t"), ("{}\n", "     "), ("+--------+\n| {} |\n", "   | "),
    ("<tr><td>{}</td></tr>\n", "</td><td>"), ("{}\n", ";"),
]  # fmt: skip
"""How the rows of a table are written, and what parts their cells."""
KEYS = [("mine", "expected (v2)", "expected (v3b)"), ("my result", "notebook", "expected"), ("me", "old key", "new key")]
SHAPES = [("shape", "({0}, {1})"), ("dims", "torch.Size([{0}, {1}])"), ("forma", "{0}x{1}")]


@pytest.mark.parametrize(("form", "heads"), [*zip(FORMS, KEYS * 2, strict=True)])
def test_both_keys_may_stand_beside_the_learners_numbers(form: tuple[str, str], heads: tuple[str, str, str]) -> None:
    """In any order: the right key is what is expected, and a note speaks of the old one; right numbers stay the learner's."""
    new = {label: SEQUENCE_MODELS.keys[CHECK]["new"][label.partition("[")[0]] for label in OWN}
    for own in (OWN, OWN | {"dWf[3][1]": "0.25"}):
        columns = [[head, *numbers.values()] for head, numbers in zip(heads, (own, COURSES, new), strict=True)]
        for order in permutations(columns):
            rows = [form[1].join(row) for row in zip(["gradient", *OWN], *order, strict=True)]
            text = "".join(form[0].format(row) for row in rows)
            assert sides(text) == ([*own.values()], [*new.values()])
            assert read_text(text, "a.txt").notes[-1].startswith("the old notebook's expected numbers")
    with pytest.raises(UnreadableError):
        read_text("| | expected | mine | expected |\n| dWf[3][1] | 0.25 | 0.5 | |\n", "a.txt")
    with pytest.raises(UnreadableError):
        read_text("key | mine | expected | diff\ndWf[3][1] | 0.25 | 0.5 | 0.25\n", "a.txt")


@pytest.mark.parametrize(("form", "shape"), [*zip(FORMS, SHAPES * 2, strict=True)])
def test_a_shape_in_a_cell_of_its_own_is_no_value(form: tuple[str, str], shape: tuple[str, str]) -> None:
    """In any order, with or without the expected numbers: it is the shape of what the row is of, right or wrong."""
    shapes = [("da0", (5, 10)), ("dWf", (5, 8)), ("dWi", (8, 5))]
    cells = [shape[1].format(*size) for _, size in shapes]
    columns = [["mine", *OWN.values()], ["expected", *COURSES.values()], [shape[0], *cells]]
    for order in (*permutations(columns), (columns[0], columns[2]), (columns[2], columns[0])):
        text = "".join(form[0].format(form[1].join(row)) for row in zip(["gradient", *OWN], *order, strict=True))
        (block,) = read_text(text, "a.txt").blocks
        assert [number.text for number in block.numbers] == [*OWN.values()]
        assert [number.text for number in block.expected] == [*COURSES.values()][: 3 * (columns[1] in order)]
        assert [(one.quantity, one.shape) for one in block.shapes] == shapes


@pytest.mark.parametrize("head", ["key", "output", "gradient (mine)", "reference"])
def test_the_head_of_the_labels_is_of_no_side(head: str) -> None:
    """Though it would be one above numbers."""
    assert sides(f"{head},got,expected\ndWf[3][1],0.25,0.5\n") == (["0.25"], ["0.5"])


def test_of_two_columns_of_shapes_the_expected_one_is_not_the_learners() -> None:
    """Nor is an index a shape; a table pasted cell by cell may have a column of shapes too."""
    row = "| dWf[3][1] | (5, 8) | (8, 5) | 0.25 |\n"
    for heads in ("expected shape | my shape", "my shape | expected shape"):
        (block,) = read_text(f"| | {heads} | mine |\n{row}", "a.txt").blocks
        assert block.shapes[0].shape == ((8, 5) if heads.startswith("expected") else (5, 8))
    assert sides("| | at | mine | expected |\n| dWf | (3, 1) | 0.25 | 0.5 |\n") == (["0.25"], ["0.5"])
    cells = "".join(f"{label}\n(5, 8)\n0.0\n{number}\n" for label, number in COURSES.items())
    assert sides(f"entry\nshape\nmine\nexpected\n{cells}") == (["0.0"] * len(COURSES), [*COURSES.values()])
