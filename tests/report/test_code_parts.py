"""The report on code: the first thing to mend stands first, each mistake with its line, and no level says what a higher one does."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from whygrad.records import FunctionVerdict, Result, Sandbox
from whygrad.report.markdown import to_markdown
from whygrad.report.terminal import show
from whygrad.report.text import to_text

FIRST_LINE = "    c_next = c[:, :, 0]\n"


def unwrapped(text: str) -> str:
    """The text with its line breaks taken out."""
    return " ".join(text.split())


def first_paragraph(text: str) -> str:
    """Everything before the first empty line, on one line."""
    return unwrapped(text.split("\n\n", maxsplit=1)[0])


def test_the_report_reads_like_this(coded: Result) -> None:
    """Word for word: the first to mend, its line, why, how sure, the other mistake, the table, notes, how it was run."""
    assert to_text(coded) == (
        "One mistake, in lstm_forward (cell 4, line 12): the state is a view of the\n"
        "output array c and not an array of its own. rnn_backward is wrong too, but the\n"
        "line could not be found. lstm_backward (cell 6, line 3) is not filled in yet.\n"
        "\n"
        "lstm_forward, cell 4, line 12:\n"
        "    c_next = c[:, :, 0]\n"
        "\n"
        "The step writes its result into c, and the state that the cache should remember\n"
        "is that same memory. So the backward pass later reads the new cell state where\n"
        "it asks for the old one, and only what passes through the forget gate at the\n"
        "first step is wrong.\n"
        "\n"
        "How sure: with the right value put in here, lstm_forward is right.\n"
        "\n"
        "lstm_backward, cell 6, line 3: it is not filled in yet.\n"
        "    gradients = None\n"
        "\n"
        "It can be judged later.\n"
        "\n"
        "The functions:\n"
        "  rnn_cell_forward    right\n"
        "  lstm_forward        wrong\n"
        "  rnn_backward        wrong    dba is wrong: all 4 entries differ\n"
        "  lstm_backward       blank\n"
        "  lstm_cell_backward  missing\n"
        "\n"
        "Note: rnn_cell_forward is defined 2 times; the last one, at cell 3, line 1, was\n"
        "taken.\n"
        "How it was run: 31 runs in a child process, closed in by landlock 7, seccomp and\n"
        "limits.\n"
        "\n"
        "--hint 3 adds what the mathematics asks.\n"
    )


def test_hint_1_shows_places_and_verdicts_only(coded: Result) -> None:
    """Function, line and verdict, and none of the words that say what is wrong."""
    text = to_text(coded, hint=1)
    assert first_paragraph(text).startswith("One mistake, in lstm_forward (cell 4, line 12). rnn_backward is wrong too")
    assert FIRST_LINE in text
    assert "Look at c_next in lstm_forward: the cell state of this step." in unwrapped(text)
    assert "  rnn_backward        wrong\n" in text
    assert text.endswith("\n--hint 2 adds what is wrong.\n")
    higher = [words for mistake in coded.mistakes for words in (mistake.says, *mistake.hints[1:])]
    higher += [verdict.says for verdict in coded.functions if verdict.verdict not in {"right", "missing"}]
    assert not [words for words in higher if words in unwrapped(text)]
    assert "How sure" not in text


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_each_format_keeps_to_its_level(coded: Result, hint: int) -> None:
    """Text and Markdown hold the second hint from level 2 on, the third at level 3 only; a reply may have no room for both."""
    second, third = coded.mistakes[0].hints[1:]
    text, reply = unwrapped(to_text(coded, hint)), unwrapped(to_markdown(coded, hint))
    assert (second in text) == (hint > 1)
    assert (second in reply) == (hint == 2)
    for shown in (text, reply):
        assert (third in shown) == (hint > 2)
        assert shown.count("It can be judged later.") == (hint > 1)


def test_no_level_is_offered_that_adds_nothing(coded: Result) -> None:
    """A mistake whose second and third hint are the same has no third level; right code has no level at all."""
    only_blank = replace(coded, mistakes=coded.mistakes[1:])
    assert "--hint" not in to_text(only_blank)
    assert "--hint 2 adds what is wrong." in to_text(only_blank, hint=1)
    assert "--hint" not in to_text(replace(coded, verdict="right", mistakes=(), unexplained=(), functions=coded.functions[:1]), hint=1)


def test_where_more_may_be_wrong_than_is_told_there_is_at_least_one_mistake(coded: Result) -> None:
    """The search says whether it knows all."""
    hidden = replace(coded, mistakes=coded.mistakes[:1], search=replace(coded.search, complete=False))
    assert first_paragraph(to_text(hidden)).startswith("At least one mistake, in lstm_forward")


def test_lines_of_which_no_more_is_known_may_go_wrong_for_one_reason(coded: Result) -> None:
    """Beside a mistake that is known there is at least one more, however many such lines there are."""
    known = coded.mistakes[0]
    lines = tuple(replace(known, id="unnamed", proof="located", says=f"{name} comes out wrong here") for name in ("c_next", "a_next"))
    hidden = replace(coded, search=replace(coded.search, complete=False), unexplained=())
    assert first_paragraph(to_text(replace(hidden, mistakes=lines))).startswith("At least one mistake. The first to mend")
    assert first_paragraph(to_text(replace(hidden, mistakes=(known, *lines)))).startswith("At least two mistakes.")


def test_a_hint_for_two_mistakes_is_told_once(coded: Result) -> None:
    """Two blank functions have two places and one explanation."""
    blank = coded.mistakes[1]
    other = replace(blank, function="rnn_backward", says="rnn_backward is not filled in yet")
    text = to_text(replace(coded, mistakes=(blank, other), unexplained=()))
    assert text.count("gradients = None") == 2
    assert text.count("It can be judged later.") == 1


def test_one_line_that_spoils_two_functions_is_one_mistake(coded: Result) -> None:
    """A slip in a helper function is mended once; both functions are named."""
    mistake = coded.mistakes[0]
    both = (mistake, replace(mistake, function="lstm_backward"))
    text = unwrapped(to_text(replace(coded, mistakes=both, unexplained=())))
    helper = tuple(replace(one, within="start") for one in both)
    named = unwrapped(to_text(replace(coded, mistakes=helper, unexplained=())))
    assert named.startswith("One mistake, in start (cell 4, line 12), for lstm_forward and lstm_backward: the state is a view")
    assert "start, cell 4, line 12, for lstm_forward and lstm_backward: c_next = c[:, :, 0]" in named
    assert text.startswith("One mistake, in lstm_forward and lstm_backward (cell 4, line 12): the state is a view")
    assert "lstm_forward and lstm_backward, cell 4, line 12: c_next = c[:, :, 0]" in text
    assert "How sure: with the right value put in here, lstm_forward and lstm_backward are right." in text
    assert text.count("the state is a view") == 1
    cell = (replace(mistake, function="lstm_cell_forward"), mistake)
    text = unwrapped(to_text(replace(coded, mistakes=cell, unexplained=())))
    # right values within its calls hide what a loop may hand on wrongly
    assert "How sure: with the right value put in here, lstm_cell_forward is right; of lstm_forward the next run tells." in text
    nowhere = tuple(replace(one, location=None) for one in both)
    assert to_text(replace(coded, mistakes=nowhere)).startswith("Two mistakes.")


def test_one_line_that_makes_two_functions_raise_is_one_mistake(coded: Result) -> None:
    """Each tells its own sizes; what is proved is said of those alone of which it is."""
    first = replace(coded.mistakes[0], id="raises", says="lstm_forward raises ValueError because W has shape (4, 2)")
    other = replace(first, function="lstm_backward", says="lstm_backward raises ValueError because W has shape (4, 6)", proof="contract")
    text = unwrapped(to_text(replace(coded, mistakes=(first, other), unexplained=())))
    assert text.startswith("One mistake, in lstm_forward and lstm_backward (cell 4, line 12): it raises ValueError")
    assert "How sure: with the right value put in here, lstm_forward is right." in text


def test_one_mistake_is_not_counted(coded: Result) -> None:
    """A single mistake is the whole answer; where its sentence begins with the function, that stands there once."""
    alone = replace(coded.mistakes[1], id="returns-nothing", says="lstm_backward returns nothing")
    only_one = replace(coded, verdict="explained", mistakes=(alone,), unexplained=())
    assert first_paragraph(to_text(only_one)) == "One mistake, in lstm_backward (cell 6, line 3): it returns nothing."


def test_what_is_not_filled_in_is_no_mistake(coded: Result) -> None:
    """Who skipped the optional functions has made none; where nothing else is right either, nothing is said of it."""
    blank = coded.mistakes[1]
    only_blanks = replace(coded, verdict="explained", mistakes=(blank,), unexplained=())
    assert first_paragraph(to_text(only_blanks)) == "lstm_backward (cell 6, line 3) is not filled in yet; no other function is wrong."
    two = replace(only_blanks, mistakes=(replace(blank, function="rnn_backward", location=None), blank), exonerated=())
    assert first_paragraph(to_text(two)) == "rnn_backward and lstm_backward (cell 6, line 3) are not filled in yet."
    no_line = first_paragraph(to_text(replace(coded, mistakes=(blank,))))
    assert no_line == (
        "rnn_backward (cell 5, line 1) is not right: dba is wrong: all 4 entries differ. The line could not be found. "
        "lstm_backward (cell 6, line 3) is not filled in yet."
    )


def test_what_is_not_filled_in_comes_last(coded: Result) -> None:
    """However early the function stands in the notebook: there is nothing to mend in it."""
    first_blank = replace(coded, mistakes=coded.mistakes[::-1], unexplained=())
    assert to_text(first_blank) == to_text(replace(coded, unexplained=()))
    assert first_paragraph(to_text(first_blank)).startswith("One mistake, in lstm_forward (cell 4, line 12): ")


def test_a_file_without_cells_has_lines_only(coded: Result) -> None:
    """A Python file has no cells to name, and whoever named it knows where it lies."""
    place = coded.mistakes[0].location
    assert place is not None
    mistake = replace(coded.mistakes[0], location=replace(place, cell=None, source="work/rnn.py", file="work/rnn.py"))
    text = to_text(replace(coded, mistakes=(mistake,)))
    assert text.startswith("One mistake, in lstm_forward (line 12): ")
    assert f"\nlstm_forward, line 12:\n{FIRST_LINE}" in text


def test_a_mistake_without_a_line_still_says_what_it_is(coded: Result) -> None:
    """Where no line is known, function and sentence remain."""
    mistakes = replace(coded.mistakes[1], id="raises", says="lstm_backward raises ValueError"), coded.mistakes[0]
    nowhere = tuple(replace(mistake, location=None, proof="contract") for mistake in mistakes)
    text = unwrapped(to_text(replace(coded, mistakes=nowhere, unexplained=())))
    assert "The first to mend is in lstm_backward: it raises ValueError." in text
    assert "lstm_forward: the state is a view of the output array c and not an array of its own." in text


def test_a_mistake_without_a_line_begins_a_paragraph(coded: Result) -> None:
    """It is not one more fact of the mistake before."""
    first, second = coded.mistakes
    text = to_text(replace(coded, mistakes=(first, replace(second, location=None))))
    assert "How sure: " in text[: text.index(f"\n\n{second.function}: ")]


@pytest.mark.parametrize(
    ("proof", "words"), [("proved", "put in here, lstm_forward is right."), ("located", "no experiment proved it."), ("contract", "")]
)
def test_how_it_is_known_is_said(coded: Result, proof: str, words: str) -> None:
    """Proved and located have a sentence each; what any reader can see needs none."""
    text = unwrapped(to_text(replace(coded, mistakes=(replace(coded.mistakes[0], proof=proof),))))
    assert ("How sure: " in text) == bool(words)
    assert words in text


def test_mistakes_of_one_function_are_proved_together(coded: Result) -> None:
    """No single one of them makes the function right."""
    mistake = coded.mistakes[0]
    text = unwrapped(to_text(replace(coded, mistakes=(mistake, replace(mistake, says="dx is overwritten")))))
    assert text.count("How sure: with the right value put in here and in the place of the other mistakes, lstm_forward is right.") == 2


@pytest.mark.parametrize("hint", [1, 2])
def test_wrong_functions_without_a_line_are_told_plainly(coded: Result, hint: int) -> None:
    """The first to mend is named with where it is defined; at level 2 with what it returns."""
    result = replace(coded, verdict="unknown", mistakes=(), unexplained=("lstm_forward", "rnn_backward"))
    answer = "Two functions are not right. The first to mend is lstm_forward (cell 4, line 1)"
    answer += ": returns the right a, but a wrong cache" if hint == 2 else ""
    assert first_paragraph(to_text(result, hint)) == f"{answer}. The line could not be found."
    one = replace(result, unexplained=("rnn_backward",))
    what = ": dba is wrong: all 4 entries differ" if hint == 2 else ""
    assert first_paragraph(to_text(one, hint)) == f"rnn_backward (cell 5, line 1) is not right{what}. The line could not be found."


def test_right_code_is_called_right(coded: Result) -> None:
    """All eight, or those that are there."""
    right, missing = coded.functions[0], coded.functions[-1]
    result = replace(coded, verdict="right", mistakes=(), unexplained=(), notes=())
    eight = tuple(replace(right, function=f"f{number}") for number in range(8))
    assert first_paragraph(to_text(replace(result, functions=eight))) == "All eight functions are right."
    assert (
        first_paragraph(to_text(replace(result, functions=(*eight[:2], missing))))
        == "f0 and f1 are right; lstm_cell_backward is not there."
    )
    both = (right, missing, replace(missing, function="rnn_forward"))
    assert first_paragraph(to_text(replace(result, functions=both))) == "rnn_cell_forward is right; the others are not there."


def test_nothing_to_judge_is_unknown(coded: Result) -> None:
    """A notebook of which nothing could be judged is not called wrong; why not is said at once."""
    nothing = FunctionVerdict("lstm_backward", "not reached", "can be judged only after lstm_cell_backward")
    text = to_text(Result("unknown", functions=(nothing,)))
    first = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    assert first == "Not judged: lstm_backward, because it can be judged only after lstm_cell_backward."
    assert "  lstm_backward  not reached  can be judged only after lstm_cell_backward\n" in text
    assert coded.sandbox is not None
    assert "How it was run" not in text


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        ("this process", "31 runs in this process."),
        ("limits only", "31 runs in a child process with limits only."),
        ("a limit of time only", "31 runs in a child process with a limit of time only."),
        ("bubblewrap + limits", "31 runs in a child process, closed in by bubblewrap and limits."),
    ],
)
def test_what_held_is_said(coded: Result, tier: str, words: str) -> None:
    """What kept the code from doing harm stands at the end."""
    assert f"How it was run: {words}" in unwrapped(to_text(replace(coded, sandbox=Sandbox(tier))))


def test_a_long_sentence_stays_in_its_column(coded: Result) -> None:
    """The table's last column is wrapped in itself, within 80 columns."""
    long = replace(coded.functions[2], says=" ".join(["entries differ"] * 12))
    lines = to_text(replace(coded, functions=(*coded.functions[:2], long, coded.functions[3]))).split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("  rnn_backward"))
    assert lines[start].index("entries") == len(lines[start + 1]) - len(lines[start + 1].lstrip())
    assert max(map(len, lines)) <= 80


def test_a_line_of_code_is_not_broken(coded: Result) -> None:
    """However long, a quoted line stays one line that can be copied."""
    place = coded.mistakes[0].location
    assert place is not None
    line = "dft = " + " + ".join(["dc_next * c_prev"] * 9)
    long = replace(coded, mistakes=(replace(coded.mistakes[0], location=replace(place, text=line)),))
    assert f"\n    {line}\n" in to_text(long)


@pytest.mark.parametrize("width", [30, 80, 200])
@pytest.mark.parametrize("hint", [1, 2, 3])
def test_the_terminal_shows_the_same_words(coded: Result, width: int, hint: int) -> None:
    """However wide it is."""
    stream = io.StringIO()
    show(coded, hint, Console(file=stream, force_terminal=True, width=width, color_system="standard"))
    assert unwrapped(re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())) == unwrapped(to_text(coded, hint))


def test_markdown_reads_like_this(coded: Result) -> None:
    """Code as code, the functions in a sentence, what to do next, no option of the command line."""
    one = replace(coded, mistakes=coded.mistakes[:1], unexplained=(), functions=coded.functions[:2], notes=())
    assert to_markdown(one, hint=1) == (
        "**One mistake, in `lstm_forward` (cell 4, line 12).**\n"
        "\n"
        "**lstm_forward, cell 4, line 12:**\n"
        "\n"
        "- `c_next = c[:, :, 0]`\n"
        "\n"
        "Look at `c_next` in `lstm_forward`: the cell state of this step.\n"
        "\n"
        "**The functions:** right: `rnn_cell_forward`; wrong: `lstm_forward`.\n"
        "\n"
        "**Next:** run `lstm_forward` on small arrays, with two examples, two hidden units and three steps, print `c_next` and what it is "
        "computed from, with the shapes, and work out a few entries by hand.\n"
        "\n"
        "After the change, restart the kernel, run every cell from the top, and compare again: one mistake can hide another, so other "
        "numbers are a step forward even if they are not yet the expected ones.\n"
    )


def test_what_the_code_says_steers_no_terminal(coded: Result) -> None:
    """A line of code, an exception's text or a note with escape sequences and line breaks is shown as it is, on one line."""
    hostile = "x = 1\x1b[31m\n\u202ey"
    place = coded.mistakes[0].location
    assert place is not None
    mistake = replace(coded.mistakes[0], says=hostile, location=replace(place, text=hostile))
    verdict = replace(coded.functions[2], says=hostile)
    text = to_text(replace(coded, mistakes=(coded.mistakes[1], mistake), functions=(verdict,), notes=(hostile,)))
    assert text.count("x = 1\\x1b[31m \\u202ey") == 4
    assert all(character.isprintable() for character in text.replace("\n", ""))


def test_at_the_first_level_each_mistake_has_its_hint(coded: Result) -> None:
    """Two hints of one form are no repetition where nothing else is said."""
    first = replace(coded.mistakes[0], says="c is wrong", hints=("Look at c here.", "", ""))
    other = replace(first, says="a is wrong", hints=("Look at a here.", "", ""), location=replace(coded.mistakes[1].location, line=13))
    text = to_text(replace(coded, mistakes=(first, other)), 1)
    assert "Look at c here." in text
    assert "Look at a here." in text


def test_slips_of_one_line_are_counted(coded: Result) -> None:
    """A line that is told to have two slips is not told to be one mistake."""
    two = replace(coded.mistakes[0], says="c has two slips: a minus for a plus, and a factor too many: a")
    text = to_text(replace(coded, mistakes=(two,), unexplained=()))
    assert first_paragraph(text).startswith("Two mistakes, in lstm_forward (cell 4, line 12): c has two slips")


def test_a_wrong_derivative_of_several_lines_is_counted_once(coded: Result) -> None:
    """Also where one of these lines has another slip beside it."""
    one = replace(coded.mistakes[0], id="wrong-activation-derivative", says="dit has 1 - a where the derivative of another value belongs")
    at = one.location
    assert at is not None
    one = replace(one, location=replace(at, text="dit = b * (1 - a)"))
    both = "dcct has two slips: 1 - a where another derivative belongs, and b without a"
    two = replace(one, says=both, location=replace(at, line=13, text="dcct = b * (1 - a)"))
    for other, count in ((two, "Two"), (replace(two, says=both.replace("1 - a ", "1 - c ")), "Three")):
        text = to_text(replace(coded, mistakes=(one, other), unexplained=()))
        assert first_paragraph(text).startswith(f"{count} mistakes. The first")
