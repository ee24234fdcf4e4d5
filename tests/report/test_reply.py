"""A mentor's reply: 80 to 160 words, at every level of hint, for every kind of mistake, alone and with others, and no solution in it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import islice

import pytest

from whygrad.assignments import SEQUENCE_MODELS, SEQUENCE_MODELS_FORWARD
from whygrad.errors import UsageError
from whygrad.from_numbers.answer.telling import mistakes_of
from whygrad.mistakes import OPERATORS, Edit, Site
from whygrad.records import Confidence, FunctionVerdict, Location, Mistake, Prediction, Result, Sandbox, Search
from whygrad.report.markdown import to_markdown

SURE = Confidence(numbers=13, telling=10, digits=100, tried=5310, log10_chance=-80.0)
ROLES = SEQUENCE_MODELS.vocabulary.roles
EACH = 6
"""So many edits of an operator in a function are read."""


def edits(operator: str) -> list[Edit]:
    """The first edits that an operator makes of each function and check; of the forward functions' checks where only they show it."""
    found: dict[str, list[Edit]] = defaultdict(list)
    for assignment in (SEQUENCE_MODELS, SEQUENCE_MODELS_FORWARD):
        for function, lines in assignment.functions.items() if not any(found.values()) else ():
            for number, line in enumerate(lines):
                own = found[function]
                own += islice(OPERATORS[operator].at(Site(assignment, function, number, line)), max(EACH - len(own), 0))
    return [edit for own in found.values() for edit in own]


def of_numbers(mistakes: tuple[Mistake, ...]) -> Result:
    """As the search would tell them."""
    blamed = {mistake.function for mistake in mistakes}
    return Result(
        "explained",
        SEQUENCE_MODELS.id,
        ("lstm_backward",),
        "new",
        13,
        13,
        mistakes,
        predictions=(Prediction("lstm_cell_backward", "dc_prev[2][3]", "0.797522038797"),),
        search=Search(5310, complete=True),
        exonerated=tuple(name for name in SEQUENCE_MODELS.chain("lstm_backward") if name not in blamed),
    )


def of_code(mistakes: tuple[Mistake, ...]) -> Result:
    """The same mistakes as if they had been found in code."""
    at = Location("week1.ipynb, cell 4", 12, 5, "dft = dc * c_prev * ft * (1 + ft)", "week1.ipynb", 4)
    found = tuple(replace(one, confidence=None, location=at, proved=True, proof="proved") for one in mistakes if one.function)
    wrong = {mistake.function for mistake in found}
    functions = tuple(FunctionVerdict(name, "wrong" if name in wrong else "right", "says so", at) for name in ROLES)
    return Result(
        "explained" if found else "right",
        SEQUENCE_MODELS.id,
        tuple(ROLES),
        mistakes=found,
        search=Search(37, complete=True),
        exonerated=tuple(name for name in ROLES if name not in wrong),
        functions=functions,
        sandbox=Sandbox("bubblewrap + landlock 7 + seccomp + limits"),
    )


def fits(reply: str) -> bool:
    """Whether a reply has the length that can be read in a minute."""
    return 80 <= len(reply.split()) <= 160


def bare(text: str) -> str:
    """The text without white space and marks."""
    return re.sub(r"[\s`\\]", "", text)


def right_formulas(edit: Edit) -> set[str]:
    """What stood at the right of the edited lines, where it is more than a name."""
    sides = [SEQUENCE_MODELS.functions[function][number].partition(" = ")[2] for function, number, _ in edit.lines]
    return {bare(side) for side in sides if not re.fullmatch(r"[\w.\[\]:, \"']*", side)}


@pytest.mark.parametrize("operator", OPERATORS)
def test_one_mistake(operator: str) -> None:
    """Every edit of every operator: the length fits at each level, from numbers and from code, and the right line is in no reply."""
    found = edits(operator)
    assert found
    for edit in found:
        mistakes = mistakes_of(SEQUENCE_MODELS, (edit,), SURE)
        for hint in (1, 2, 3):
            for result in (of_numbers(mistakes), of_code(mistakes)):
                reply = to_markdown(result, hint)
                assert fits(reply), (len(reply.split()), reply)
                assert not any(formula in bare(reply) for formula in right_formulas(edit)), reply
                asked = {mistake.hints[2] for mistake in mistakes}
                assert hint == 3 or not any(bare(hint_text) in bare(reply) for hint_text in asked), reply


@pytest.mark.parametrize("hint", [1, 2, 3])
@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_several_mistakes(count: int, hint: int) -> None:
    """However many there are, what is wrong stands before everything else, and the reply stays as short."""
    firsts = [mistakes_of(SEQUENCE_MODELS, (edits(operator)[-1],), SURE) for operator in OPERATORS]
    for start in range(0, len(firsts) - count, 2):
        mistakes = tuple(mistake for group in firsts[start : start + count] for mistake in group)
        for result in (of_numbers(mistakes), of_code(mistakes)):
            reply = to_markdown(result, hint)
            assert fits(reply), (len(reply.split()), reply)


@pytest.mark.parametrize(
    "result",
    [
        Result("right", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 13),
        Result("right", SEQUENCE_MODELS.id, ("lstm_backward",), "old", 1, 1, key_is_wrong=True, notes=("the key carries nothing back",)),
        Result("unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 3, search=Search(90_000, complete=False, cuts=("pairs",))),
        Result("unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 3, would_tell=("da0[2][3] of lstm_backward",)),
        Result(
            "unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 2, 2, right=("dbi[4][0]",), unread=("dx = O.l",), lost=("dx[1][2]",)
        ),
        Result(
            "unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 2, 2, right=("dbi[4][0]",), unread=("dx = None",), lost=("dx[1][2]",)
        ),
        Result("unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 13, stopped="2 tests failed"),
        of_code(()),
    ],
    ids=["right", "key is wrong", "unknown", "too few digits", "unread lines", "no value", "a failed test", "code is right"],
)
def test_no_mistake(result: Result) -> None:
    """A reply that would be short says what to do next."""
    for hint in (1, 2, 3):
        assert fits(to_markdown(result, hint)), to_markdown(result, hint)


def test_of_code_without_a_known_cause_no_shape_is_spoken() -> None:
    """That all numbers are right and a shape is not is said of numbers: where none were read, it is not so."""
    code = replace(of_code(()), verdict="unknown", unexplained=("lstm_backward",))
    assert "print the shape once more" not in to_markdown(code)
    numbers = Result("unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 13, unexplained=("dbf.shape",))
    assert "print the shape once more" in to_markdown(numbers)


@pytest.mark.parametrize(
    ("id_", "says", "next_"),
    [
        ("not-filled-in", "lstm_backward is not filled in yet", "fill in `lstm_backward` line by line"),
        (
            "raises",
            "lstm_backward could not be read: Python says: '(' was never closed",
            "mend the line until the cell of `lstm_backward` runs",
        ),
        ("raises", "lstm_backward does not come to an end in the time allowed", "put a print before each line of `lstm_backward`"),
        ("raises", "lstm_backward raises ValueError", "run `lstm_backward` on small arrays"),
    ],
)
def test_what_cannot_be_run_is_not_asked_to_be(id_: str, says: str, next_: str) -> None:
    """A function that is not filled in, or that Python does not take, prints nothing; one that never ends never comes to its print."""
    later = "What this function computes can be judged as soon as it runs to its end."
    mistake = Mistake(id_, "lstm_backward", "lstm_backward", None, says, ("Look at lstm_backward.", later, later))
    reply = to_markdown(of_code((mistake,)), 1)
    assert f"**Next:** {next_}" in reply
    assert ("on small arrays" in next_) == ("on small arrays" in reply)
    assert fits(reply)


def test_where_a_search_was_cut_is_for_who_knows_it() -> None:
    """A learner is told that it was, and what to print next."""
    cuts = tuple(f"three mistakes of the {which}: not begun" for which in ("trajectory", "cell", "loop"))
    numbers = Result("unknown", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 3, search=Search(90_000, complete=False, cuts=cuts))
    reply = to_markdown(numbers)
    assert "the search was cut before its end" in reply
    assert "trajectory" not in reply
    assert "print the numbers once more" in reply


def test_right_numbers_are_all_that_is_right() -> None:
    """What was not printed may be wrong."""
    numbers = Result("right", SEQUENCE_MODELS.id, ("lstm_backward",), "new", 13, 13)
    assert "In what was given nothing has to be mended." in to_markdown(numbers)


def test_of_several_runs_the_note_is_never_left_out() -> None:
    """The answer points to the note that says which mistake is in which output, however long the hints are."""
    firsts = [mistakes_of(SEQUENCE_MODELS, (edits(operator)[-1],), SURE) for operator in list(OPERATORS)[:3]]
    result = of_numbers(tuple(mistake for group in firsts for mistake in group))
    note = "the text holds 2 outputs of lstm_backward: in the first it is lstm_forward at a_prev; the second is right"
    reply = to_markdown(replace(result, checks=("lstm_backward",) * 2, printed=26, reproduced=26, notes=(note,)), 3)
    assert fits(reply)
    assert " mistakes explain all 26 numbers of several runs (the note says which is in which): " in reply
    assert bare(note) in bare(reply)


def test_too_few_digits_are_asked_for_and_nothing_else() -> None:
    """Numbers that somebody shortened are not said to be old, and the wrong ones are named."""
    result = Result(
        "unknown",
        SEQUENCE_MODELS.id,
        ("lstm_backward",),
        "new",
        13,
        12,
        right=("dbo[4]",),
        unexplained=("da0[2][3]",),
        would_tell=("da0[2][3] of lstm_backward",),
    )
    reply = to_markdown(result, 2)
    assert "**Wrong:** `da0[2][3]`." in reply
    assert "with all their digits" in reply
    assert "older version" not in reply


def test_the_length_is_looked_at() -> None:
    """The measure of these tests can fail."""
    assert not fits("word " * 79)
    assert not fits("word " * 161)


def test_another_level() -> None:
    """There are three levels."""
    with pytest.raises(UsageError):
        to_markdown(of_code(()), 4)
