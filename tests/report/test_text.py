"""Plain text: the answer stands first, nothing of a higher hint shows, and every verdict says what is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from whygrad.errors import UsageError
from whygrad.records import Confidence, Explanation, Mistake, Prediction, Result, Search
from whygrad.report.github import to_github
from whygrad.report.html.page import to_html
from whygrad.report.markdown import to_markdown
from whygrad.report.printable import printable
from whygrad.report.text import to_text

if TYPE_CHECKING:
    from collections.abc import Callable


def unwrapped(text: str) -> str:
    """The text with its line breaks taken out."""
    return " ".join(text.split())


def first_sentence(text: str) -> str:
    """Everything before the first empty line, on one line."""
    return unwrapped(text.split("\n\n", maxsplit=1)[0])


def test_one_mistake_reads_like_this(one: Result) -> None:
    """The usual answer, word for word."""
    assert to_text(one) == (
        "One mistake explains all 24 numbers: in lstm_forward, the state is a view of the\n"
        "output array c and not an array of its own (c_next, step 0, the first).\n"
        "\n"
        "The step writes its result into c, and the state that the cache should remember\n"
        "is that same memory. So the backward pass later reads the new cell state where\n"
        "it asks for the old one, and only what passes through the forget gate at the\n"
        "first step is wrong.\n"
        "\n"
        "Right as far as these numbers tell: lstm_cell_backward and lstm_backward.\n"
        "How sure: 24 of 24 numbers to the last printed digit, 5,310 candidates tried,\n"
        "chance of a coincidence below 1 in 10^60.\n"
        "Test it: if so, the lstm_backward check prints dx[0][1][0] = -0.01234567.\n"
        "Read: 24 numbers of lstm_cell_backward and lstm_backward (version: new).\n"
        "\n"
        "--hint 3 adds what the mathematics asks.\n"
    )


def test_hint_1_says_only_where(one: Result, view: Mistake) -> None:
    """At hint 1 neither the sentence nor the second and third hint shows."""
    text = unwrapped(to_text(one, hint=1))
    assert first_sentence(text).startswith("One mistake explains all 24 numbers: it is in lstm_forward, at c_next (step 0, the first). ")
    assert view.hints[0] in text
    assert text.endswith("--hint 2 adds what is wrong.")
    assert not any(words in text for words in (view.says, view.hints[1], view.hints[2]))


def test_hint_2_keeps_the_mathematics_back(one: Result, view: Mistake) -> None:
    """The default says what is wrong and not what stands there instead."""
    text = unwrapped(to_text(one))
    assert view.hints[1] in text
    assert view.hints[2] not in text


def test_hint_3_adds_the_mathematics_and_offers_nothing_more(one: Result, view: Mistake) -> None:
    """The last level shows the third hint and has no next one."""
    text = unwrapped(to_text(one, hint=3))
    assert view.hints[1] in text
    assert view.hints[2] in text
    assert "--hint" not in text


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_alternatives_stay_on_the_level_too(tie: Result, zero: Mistake, hint: int) -> None:
    """An alternative shows its place at hint 1, its sentence from hint 2 on, never its third hint."""
    text = unwrapped(to_text(tie, hint))
    assert ("in lstm_cell_backward at dc_prev" in text) == (hint == 1)
    assert (zero.says in text) == (hint > 1)
    assert zero.hints[2] not in text


def test_an_alternative_at_the_same_place_is_told_from_level_two_on(tie: Result, carry: Mistake) -> None:
    """At hint 1 it would only say again what the first sentence says."""
    other = replace(tie, alternatives=(Explanation((replace(carry, says="it is handed on twice"),), 13, -2.0),))
    assert "Another explanation" not in to_text(other, 1)
    assert "Another explanation" in to_text(other, 2)


@pytest.mark.parametrize("hint", [0, 4, -1, None, 2.0])
@pytest.mark.parametrize("form", [to_text, to_markdown, to_github, to_html])
def test_another_hint_level_is_refused(one: Result, form: Callable[[Result, Any], str], hint: object) -> None:
    """There are three levels, and the message says so."""
    with pytest.raises(UsageError, match=f"^hint is 1, 2 or 3, not {hint}$"):
        form(one, hint)


def test_other_functions_stand_in_the_first_sentence(tie: Result) -> None:
    """A tie between functions is told at once, and the probe that separates them follows."""
    text = to_text(tie)
    assert first_sentence(text) == (
        "One mistake explains all 13 numbers: in lstm_backward, the cell state's gradient is never handed to the earlier step (dc_prevt); "
        "the same numbers can also come from lstm_cell_backward."
    )
    assert "Another explanation prints the same numbers: - in lstm_cell_backward, dc_prev is always zero" in unwrapped(text)
    assert (
        "What tells them apart: the lstm_cell_backward check prints dc_prev[2][3] = 0.797522038797 by the first explanation, "
        "0.0 by the next."
    ) in unwrapped(text)


def test_other_functions_that_are_in_part_the_same(tie: Result, carry: Mistake, zero: Mistake) -> None:
    """Of two functions one alone is no repetition, and of several it is said that it takes them together."""
    both = (carry, zero)
    fewer = replace(tie, mistakes=both, alternatives=(Explanation((zero,), 13, -3.0),))
    assert "the same numbers can also come from lstm_cell_backward alone." in first_sentence(to_text(fewer))
    more = replace(tie, mistakes=both, alternatives=(Explanation((*both, replace(zero, function="lstm_forward")), 13, -3.0),))
    assert "also come from lstm_backward, lstm_cell_backward and lstm_forward together." in first_sentence(to_text(more))


def test_alternatives_in_the_same_function_stay_out_of_the_first_sentence(tie: Result, carry: Mistake) -> None:
    """Where the function is certain, the first sentence does not raise a doubt."""
    same = replace(tie, alternatives=(Explanation((replace(carry, says="dc_prevt is set to zero in the loop"),), 13, -3.0),))
    assert "can also come" not in to_text(same)
    assert "in lstm_backward, dc_prevt is set to zero in the loop" in unwrapped(to_text(same))


def test_many_alternatives_are_counted(tie: Result, zero: Mistake) -> None:
    """Three are shown, the rest is a number; many functions do not fill the first sentence."""
    names = ["lstm_cell_backward", "lstm_forward", "lstm_cell_forward", "rnn_forward", "rnn_backward"]
    others = tuple(Explanation((replace(zero, function=name),), 13, -2.0) for name in names)
    text = unwrapped(to_text(replace(tie, alternatives=others)))
    assert "the same numbers can also come from lstm_cell_backward, lstm_forward, lstm_cell_forward or elsewhere." in text
    assert "Five other explanations print the same numbers:" in text
    assert "and 2 more" in text
    assert "rnn_" not in text


def test_several_mistakes_are_placed_in_the_first_sentence_and_listed_below(tie: Result, carry: Mistake, zero: Mistake) -> None:
    """Every mistake is named by function and quantity at once; what each is comes as a list, then what to look at, each thing once."""
    drawn = Mistake("wy-drawn", None, "Wy", None, "the check draws Wy", ("Look at the check.", "Wy is drawn there.", "Wy is zero."))
    many = replace(tie, mistakes=(carry, zero, replace(carry, quantity="dx", step=3), drawn), alternatives=())
    text = to_text(many)
    assert first_sentence(text).startswith(
        "Three mistakes and the notebook's own check together explain all 13 numbers: in lstm_backward at dc_prevt and dx (step 3), "
        "in lstm_cell_backward at dc_prev, and in the notebook's check itself at Wy."
    )
    assert "- the check draws Wy.\n" in text
    assert "the notebook's check itself, Wy: Wy is drawn there." in unwrapped(text)
    assert "- in lstm_cell_backward, dc_prev is always zero." in unwrapped(text)
    assert "lstm_cell_backward, dc_prev: The cell gives back zeros." in unwrapped(text)
    assert unwrapped(text).count(carry.hints[1]) == 1
    assert "lstm_backward, dx (step 3): What is said above of a mistake of this kind holds here too." in unwrapped(text)
    where = to_text(many, hint=1)
    assert "The cell gives back zeros." not in where
    assert [f"  - {mistake.hints[0]}\n" in where for mistake in many.mistakes] == [True] * 4


def test_what_the_check_does_is_not_counted_as_a_mistake(tie: Result, carry: Mistake) -> None:
    """One mistake of the functions stays one; only where there is none beside it the check's own is counted."""
    drawn = Mistake("wy-drawn", None, "Wy", None, "the check draws Wy", ("Look at the check.", "Wy is drawn there.", "Wy is zero."))
    both = to_text(replace(tie, mistakes=(drawn, carry), alternatives=()))
    assert first_sentence(both).startswith("One mistake and the notebook's own check together explain all 13 numbers: ")
    alone = to_text(replace(tie, mistakes=(drawn,), alternatives=()))
    assert first_sentence(alone).startswith("One mistake explains all 13 numbers: ")


def test_places_that_are_lists_are_kept_apart(tie: Result, carry: Mistake, zero: Mistake) -> None:
    """Which of "dft, dit and dcct, and at dot" are one mistake can be read."""
    many = replace(tie, mistakes=(replace(zero, quantity="dft, dit and dcct"), replace(zero, quantity="dot"), carry), alternatives=())
    assert first_sentence(to_text(many)).startswith(
        "Three mistakes together explain all 13 numbers: in lstm_cell_backward at dft, dit and dcct, and at dot; "
        "and in lstm_backward at dc_prevt. "
    )


def test_two_mistakes_at_one_place_name_it_once(tie: Result, zero: Mistake) -> None:
    """Nobody reads "at dc_prev and dc_prev"."""
    both = replace(tie, mistakes=(zero, replace(zero, says="a factor is missing from dc_prev")), alternatives=())
    assert first_sentence(to_text(both)).startswith(
        "Two mistakes together explain all 13 numbers: in lstm_cell_backward at dc_prev. - in lstm_cell_backward, dc_prev is always zero."
    )


def test_an_alternative_to_several_mistakes_says_only_what_is_other(tie: Result, carry: Mistake, zero: Mistake, view: Mistake) -> None:
    """What two explanations have in common is said once; at hint 1, where only places are told, each is told whole."""
    second = replace(zero, says="the forget gate is missing from dc_prev")
    both = replace(tie, mistakes=(carry, zero), alternatives=(Explanation((carry, second), 13, -2.0), Explanation((view,), 13, -3.0)))
    told = unwrapped(to_text(both))
    assert "- in place of the second mistake: in lstm_cell_backward, the forget gate is missing from dc_prev" in told
    assert told.count(carry.says) == 1
    assert "- in lstm_forward, the state is a view of the output array" in told
    assert "in place of" not in to_text(both, hint=1)


def test_two_numbers_are_both(one: Result) -> None:
    """Nobody says "all 2 numbers"."""
    assert first_sentence(to_text(replace(one, printed=2, reproduced=2))).startswith("One mistake explains both numbers: ")


def test_the_function_is_not_named_twice(one: Result, view: Mistake) -> None:
    """A sentence that names the function already gets no second place in front."""
    named = replace(one, mistakes=(replace(view, says="lstm_forward keeps c_next as a view"),))
    assert first_sentence(to_text(named)) == "One mistake explains all 24 numbers: lstm_forward keeps c_next as a view (step 0, the first)."


def test_partly_names_what_is_left(one: Result) -> None:
    """A partial answer says so in the first sentence and lists the rest, a long list shortened."""
    labels = tuple(f"dx[1][2][{i}]" for i in range(9))
    text = to_text(replace(one, verdict="partly", reproduced=15, unexplained=labels))
    assert first_sentence(text).startswith("One mistake explains 15 of 24 numbers: in lstm_forward,")
    assert first_sentence(text).endswith("; the other 9 numbers are not explained.")
    assert "Not explained: dx[1][2][0], dx[1][2][1], dx[1][2][2], dx[1][2][3], dx[1][2][4], dx[1][2][5] and 3 more." in unwrapped(text)


def test_a_single_number_that_is_left() -> None:
    """One number is not counted."""
    one = Result("partly", printed=13, reproduced=12, mistakes=(Mistake("x", "f", "q", None, "it is wrong.", ("a", "b", "c")),))
    assert first_sentence(to_text(one)).endswith("; the other number is not explained.")


def test_right_numbers_that_a_partial_answer_would_spoil(one: Result) -> None:
    """They are called neither unexplained nor simply right: the two cannot be true of one program."""
    text = unwrapped(to_text(replace(one, verdict="partly", reproduced=22, unexplained=("dbo[4]", "dbf[4]"), right=("dbf[4]", "dbi[4]"))))
    assert "Not explained: dbo[4]. " in text
    assert "Right, but not with this mistake: dbf[4]; was a function changed after one of the checks had printed?" in text
    assert "Right numbers: dbi[4]." in text


def test_right_and_wrong_numbers_of_two_checks_stand_by_check() -> None:
    """The check is named once for its numbers, and of a check without a wrong number only how many there are."""
    cell = tuple(f"dWf[{i}] of lstm_cell_backward" for i in range(11))
    loop, wrong = ("dx[1][2][3] of lstm_backward", "dbf[4] of lstm_backward"), ("dWi[1][2] of lstm_backward", "da0[2][3] of lstm_backward")
    checks = ("lstm_cell_backward", "lstm_backward")
    text = unwrapped(to_text(Result("unknown", checks=checks, printed=15, right=(*cell, *loop), unexplained=wrong)))
    assert "Right numbers: all 11 of lstm_cell_backward; dx[1][2][3] and dbf[4] of lstm_backward." in text
    assert "Wrong: dWi[1][2] and da0[2][3] of lstm_backward." in text


def test_of_a_check_whose_wrong_numbers_are_explained_not_all_are_right(one: Result) -> None:
    """They stand neither among the right ones nor among those that are left."""
    right = tuple(f"dWf[{i}] of lstm_backward" for i in range(4))
    text = unwrapped(to_text(replace(one, verdict="partly", reproduced=22, unexplained=("dba of rnn_cell_backward",), right=right)))
    assert "Right numbers: dWf[0], dWf[1], dWf[2] and dWf[3] of lstm_backward." in text


def test_right_numbers() -> None:
    """Right numbers get one plain sentence."""
    result = Result("right", checks=("lstm_backward",), printed=13, reproduced=13)
    assert first_sentence(to_text(result)) == "All 13 numbers of lstm_backward are right: a right program prints these."


def test_right_against_a_wrong_key() -> None:
    """The key is called wrong, and the reason follows."""
    result = Result("right", checks=("lstm_backward",), printed=13, reproduced=13, key_is_wrong=True, notes=("nothing is carried",))
    text = to_text(result)
    assert first_sentence(text).endswith("prints these. Do not trust the expected numbers in the text; the note says why.")
    assert "Note: nothing is carried." in text
    assert "Note: was it changed?\n" in to_text(replace(result, notes=("was it changed?",)))


def test_a_single_number_is_not_called_many() -> None:
    """Grammar follows the count."""
    assert to_text(Result("right", printed=1, reproduced=1)).startswith("The one number is right: a right program prints this.")
    assert "explains this number." in unwrapped(to_text(Result("unknown", printed=1)))


def test_unknown_is_said_plainly_with_what_is_known() -> None:
    """No guess: that the search was cut, what is right, how far it went, and what would help."""
    search = Search(123456, complete=False, cuts=("sets of three were tried for 5 seconds only",))
    result = Result("unknown", checks=("lstm_backward",), printed=13, right=("dx[1][2][3]",), exonerated=("lstm_forward",), search=search)
    assert to_text(result) == (
        "Unknown: no mistake that was tried, alone or with others, explains these 13\n"
        "numbers of lstm_backward; the search was cut before its end.\n"
        "\n"
        "Right as far as these numbers tell: lstm_forward.\n"
        "Right numbers: dx[1][2][3].\n"
        "How far: 123,456 candidates tried, and the search was cut before its end.\n"
        "  - sets of three were tried for 5 seconds only\n"
        "What would help: the numbers of another check of the same notebook, put into the\n"
        "same file.\n"
        "Read: 13 numbers of lstm_backward.\n"
    )


def test_a_search_that_went_to_its_end_speaks_of_all_mistakes_known() -> None:
    """Nothing was left out of it."""
    text = to_text(Result("unknown", checks=("lstm_backward",), printed=13, search=Search(1, complete=True)))
    assert unwrapped(text).startswith(
        "Unknown: no mistake that whygrad knows, alone or with others, explains these 13 numbers of lstm_backward."
    )


def test_right_numbers_beside_unread_ones_are_no_right_answer() -> None:
    """What could be read is right, which lines could not be, and what would help; no more is said."""
    lost = ("dx[1][2]", "da0[2][3]", "dWf[3][1]", "dWi[1][2]", "dWc[3][1]")
    right = ("dbi[4][0]", "dbo[4][0]")
    line = 'gradients["dx"][1][2] = [O.l]'
    result = Result("unknown", checks=("lstm_backward",), printed=2, reproduced=2, right=right, unread=(line,), lost=lost)
    assert to_text(result) == (
        "Unknown: both numbers that I could read of lstm_backward are right, but the\n"
        "printed dx[1][2], da0[2][3], dWf[3][1] and 2 more could not be read.\n"
        "\n"
        "Right numbers: dbi[4][0] and dbo[4][0].\n"
        "What would help: these lines once more, whole, as text that was copied and not\n"
        "typed or read from a picture.\n"
        "Not read: 1 line, left out:\n"
        f"  - {line}\n"
        "Read: 2 numbers of lstm_backward.\n"
    )
    assert "2 more could not be read" in to_text(replace(result, unread=(line, "dWf = None"))).replace("\n", " ")
    nothing = " ".join(to_text(replace(result, unread=("dWf = None", '"dx": []}', "da0[2][3]: ?"))).split())
    assert "but no number stands behind the printed dx[1][2]," in nothing
    assert "What would help: the code" in nothing


@pytest.mark.parametrize(("count", "last"), [(5, "  - bound 5"), (6, "  - 2 more, which --format json lists")])
def test_where_the_search_was_cut_fills_no_screen(count: int, last: str) -> None:
    """Of many bounds the first few are named, and how many there are besides; a single one left over is simply shown."""
    cuts = tuple(f"bound {number}" for number in range(1, count + 1))
    shown = to_text(Result("unknown", printed=13, search=Search(7, complete=False, cuts=cuts))).splitlines()
    assert [line for line in shown if line.startswith("  - ")] == [*(f"  - bound {number}" for number in range(1, 5)), last]


def test_unreadable_is_its_problem() -> None:
    """Nothing but the sentence."""
    assert to_text(Result("unreadable", problem="post.txt is empty.")) == "post.txt is empty.\n"


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (-60.4, "chance of a coincidence below 1 in 10^60."),
        (-0.3, "but so few digits can agree by coincidence."),
        (-1.2, "but so few digits can agree by coincidence."),
        (float("nan"), "chance of a coincidence not known."),
        (float("-inf"), "no chance of a coincidence."),
    ],
)
def test_how_sure_is_never_more_than_is_known(one: Result, view: Mistake, chance: float, words: str) -> None:
    """Every value of the chance, an impossible one too, becomes words that do not promise more."""
    assert view.confidence is not None
    sure = replace(one, mistakes=(replace(view, confidence=replace(view.confidence, log10_chance=chance)),))
    assert words in unwrapped(to_text(sure))


def test_the_weakest_mistake_decides_how_sure(one: Result, view: Mistake, carry: Mistake) -> None:
    """Of several mistakes the least certain one is reported."""
    both = unwrapped(to_text(replace(one, mistakes=(view, carry))))
    assert "below 1 in 10^60" in both


def test_a_cut_search_says_so(one: Result) -> None:
    """An answer from a search that was cut is not sold as the only one."""
    cut = to_text(replace(one, search=Search(5310, complete=False)))
    assert "5,310 candidates tried (the search was cut before its end)" in unwrapped(cut)


def test_predictions_are_few(one: Result) -> None:
    """At most two tests are offered."""
    many = tuple(Prediction("lstm_backward", f"dbo[{i}]", "0.1") for i in range(4))
    text = unwrapped(to_text(replace(one, predictions=many)))
    assert "the lstm_backward check prints dbo[0] = 0.1 and dbo[1] = 0.1." in text


@pytest.mark.parametrize("name", ["one", "tie"])
def test_the_usual_text_is_short(name: str, request: pytest.FixtureRequest) -> None:
    """80 to 160 words, names and numbers counted."""
    result: Result = request.getfixturevalue(name)
    assert 80 <= len(to_text(result).split()) <= 160


def test_lines_are_at_most_80_columns_wide_unless_one_word_is_longer(one: Result) -> None:
    """A long name is never torn apart."""
    long = "x" * 100
    lines = to_text(replace(one, unread=(f"dx = {long}",))).splitlines()
    assert all(len(line) <= 80 for line in lines if long not in line)
    assert any(line.strip() == long for line in lines)


HOSTILE = "dx[1] = \x1b[31mred\x9b2J\x07 \u202egnp\r\nsecond"


@pytest.mark.parametrize(
    "placed",
    [
        lambda one: replace(one, unread=(HOSTILE,)),
        lambda one: replace(one, notes=(HOSTILE,)),
        lambda one: replace(one, verdict="partly", reproduced=3, unexplained=(HOSTILE,)),
        lambda one: replace(one, version=HOSTILE),
        lambda one: replace(one, verdict="unreadable", problem=HOSTILE),
        lambda one: replace(one, predictions=(Prediction("lstm_backward", HOSTILE, HOSTILE),)),
        lambda one: replace(one, right=(HOSTILE,)),
        lambda one: replace(one, search=Search(1, complete=False, cuts=(HOSTILE,)), verdict="unknown"),
        lambda one: replace(one, mistakes=(replace(one.mistakes[0], says=HOSTILE, quantity=HOSTILE, hints=(HOSTILE,) * 3),)),
    ],
)
def test_control_characters_never_come_through(one: Result, placed: Callable[[Result], Result]) -> None:
    """Whatever a post holds, a terminal sees only printable characters and our own line breaks."""
    text = to_text(placed(one))
    assert all(character.isprintable() for character in text.replace("\n", ""))
    assert "\\x1b[31mred" in text


def test_a_surrogate_that_stands_for_no_byte_is_not_written_as_one() -> None:
    """Python has those for the bytes that are no ASCII; another one is its own escape."""
    assert printable("caf\udce9 \udc41 \ud800 \udcff") == r"caf\xe9 \udc41 \ud800 \xff"


def test_too_few_digits_are_said_to_be_too_few() -> None:
    """Where any mistake could have printed so little, that is the answer, and the lines that would tell follow."""
    would_tell = tuple(f"dx[{at}] of rnn_backward" for at in range(5))
    text = to_text(Result("unknown", checks=("rnn_backward",), printed=1, would_tell=would_tell))
    assert first_sentence(text) == "Unknown: this number of rnn_backward has too few digits to tell one cause from many."
    assert (
        "What would tell: dx[0] of rnn_backward, dx[1] of rnn_backward, dx[2] of rnn_backward and 2 more, printed with all digits."
        in unwrapped(text)
    )
    assert "What would help" not in text


def test_a_partial_answer_names_the_lines_that_would_tell(one: Result) -> None:
    """What is explained is told, and what would tell about the rest."""
    text = to_text(replace(one, verdict="partly", reproduced=23, unexplained=("dbo[4]",), would_tell=("dWo[1][2] of lstm_backward",)))
    assert "What would tell: dWo[1][2] of lstm_backward, printed with all digits." in unwrapped(text)


def test_zeros_are_called_unsure_in_the_first_sentence() -> None:
    """A cause of zeros alone is only the likeliest, and the first sentence says so."""
    unsure = Confidence(2, 2, 0, 100, 0.0)
    mistake = Mistake("x", "f", "q", None, "nothing is computed.", ("a", "b", "c"), unsure)
    text = to_text(Result("explained", printed=2, reproduced=2, mistakes=(mistake,)))
    assert first_sentence(text).endswith("; but zeros have other causes too, and this is only the likeliest.")
    other = Explanation((replace(mistake, function="g"),), 2, -1.0)
    text = to_text(Result("explained", printed=2, reproduced=2, mistakes=(mistake,), alternatives=(other,)))
    assert first_sentence(text).endswith("; but this is only the likeliest: the same numbers can also come from g.")
