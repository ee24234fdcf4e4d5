"""The reply for a forum: short, names as code, nothing from a post becomes markup, no solution."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from whygrad.records import Location, Mistake, Result
from whygrad.report.markdown import code, to_markdown


def html(markdown: str) -> str:
    """As a forum would show it."""
    return MarkdownIt("commonmark").enable("table").enable("strikethrough").render(markdown)


def test_one_mistake_reads_like_this(one: Result) -> None:
    """The usual reply, word for word."""
    assert to_markdown(one) == (
        "**One mistake explains all 24 numbers: in `lstm_forward`, the state is a view of the output array c and not an array of its own "
        "(`c_next`, step 0, the first).**\n"
        "\n"
        "The step writes its result into c, and the state that the cache should remember is that same memory. So the backward pass later "
        "reads the new cell state where it asks for the old one, and only what passes through the forget gate at the first step is wrong.\n"
        "\n"
        "**Right as far as these numbers tell:** `lstm_cell_backward` and `lstm_backward`.\n"
        "\n"
        "**How sure:** 24 of 24 numbers to the last printed digit, 5,310 candidates tried, chance of a coincidence below 1 in 10^60.\n"
        "\n"
        "**Test it:** if so, the `lstm_backward` check prints `dx[0][1][0]` = -0.01234567.\n"
        "\n"
        "**Read:** 24 numbers of `lstm_cell_backward` and `lstm_backward` (version: new).\n"
    )


@pytest.mark.parametrize("name", ["one", "tie"])
def test_the_usual_reply_is_short(name: str, request: pytest.FixtureRequest) -> None:
    """80 to 160 words."""
    assert 80 <= len(to_markdown(request.getfixturevalue(name)).split()) <= 160


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_hints_stay_on_their_level(one: Result, view: Mistake, hint: int) -> None:
    """A reply shows its own level and none above; it names no option of a command line."""
    reply = to_markdown(one, hint)
    assert (view.hints[1] in reply) == (hint > 1)
    assert ("What the mathematics asks for" in reply) == (hint > 2)
    assert "--hint" not in reply


def test_several_mistakes_are_a_list(tie: Result, carry: Mistake, zero: Mistake) -> None:
    """Each mistake is one bullet."""
    reply = to_markdown(replace(tie, mistakes=(carry, zero), alternatives=()))
    assert reply.count("\n- in `lstm_") == 2
    assert html(reply).count("<li>") == 2


def test_the_learners_own_mistake_gets_its_hint_before_that_of_the_notebooks_check(tie: Result, carry: Mistake) -> None:
    """A reply has room for few hints: what the course's own cell does otherwise is the least of a learner's cares."""
    words = "All random numbers come from one stream. " * 9
    check = replace(carry, id="check-draws-otherwise", function=None, quantity="ba", says="the check draws ba", hints=("a", words, "c"))
    reply = to_markdown(
        replace(tie, mistakes=(check, replace(carry, hints=("a", "Every step starts with a zero. " * 9, "c"))), alternatives=())
    )
    assert "Every step starts with a zero." in reply
    assert "one stream" not in reply


HOSTILE = "<script>alert(1)</script> [x](http://a.example) ![i](u) **b** _e_ `c` `` # h | ~~s~~ &amp; \\ $x$ @all"


@pytest.mark.parametrize("place", ["unread", "notes", "problem", "version"])
def test_quoted_input_is_shown_and_never_markup(one: Result, place: str) -> None:
    """Every special character of the input arrives as itself."""
    results = {
        "unread": replace(one, unread=(HOSTILE,)),
        "notes": replace(one, notes=(HOSTILE,)),
        "problem": Result("unreadable", problem=HOSTILE),
        "version": replace(one, version=HOSTILE),
    }
    page = html(to_markdown(results[place]))
    assert not any(tag in page for tag in ("<script", "<a ", "<img", "<em>", "<s>", "<h1", "<table"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](http://a.example) ![i](u) **b** _e_ " in page


@pytest.mark.parametrize("start", ["# x", "- x", "+ x", "> x", "1. x", "1) x", "===", "---", "    x"])
def test_a_paragraph_never_starts_a_block(start: str) -> None:
    """A sentence that begins like a heading, list or quotation stays a sentence."""
    page = html(to_markdown(Result("unknown", notes=(start,))))
    assert not any(tag in page for tag in ("<h1", "<h2", "<hr", "<ol", "<ul", "<blockquote", "<pre"))
    assert html(to_markdown(Result("unreadable", problem=start))).startswith("<p>")


@pytest.mark.parametrize("text", ["a", "`", "``", "a`b", "`a`", "a``b`c", " a "])
def test_code_keeps_its_text(text: str) -> None:
    """A code span shows exactly what it was given, back quotes too."""
    assert html(code(text)).strip() == f"<p><code>{text if text.strip() == text else text[1:-1]}</code></p>"


def test_back_quoted_pieces_of_our_own_sentences_are_code(one: Result, view: Mistake) -> None:
    """A hint may mark a name itself."""
    marked = replace(one, mistakes=(replace(view, hints=("", "Look at `c` again.", "")),))
    assert "<p>Look at <code>c</code> again.</p>" in html(to_markdown(marked))


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("    ft = .5*(1+np.tanh(z))", ".5*(1+np.tanh(z))"),
        ("    a = np.stack(states[:-1],  -1)", "np.stack(states[:-1], -1)"),
        ('    now = {"a": a[:, :, 0], "c": c0}', '{"a": a[:, :, 0], "c": c0}'),
        ('    return (p["Wax"] @ x\n            - p["ba"])', 'p["Wax"] @ x - p["ba"]'),
    ],
)
def test_an_expression_that_is_quoted_is_one_piece_of_code(one: Result, view: Mistake, line: str, quoted: str) -> None:
    """From its first to its last character, over several lines too; the words around it are none."""
    lines = tuple(line.split("\n"))
    place = Location("own.py", 7, 5, lines[0].strip(), "own.py", excerpt=lines, excerpt_line=7)
    mistake = replace(view, says=f"{quoted} comes out wrong here, and is not right", location=place)
    said = to_markdown(replace(one, mistakes=(mistake,)))
    assert f"{code(quoted)} comes out wrong here" in said


def test_a_word_that_stands_in_the_line_too_is_no_code(one: Result, view: Mistake) -> None:
    """Nor is a piece of an expression that is none by itself."""
    place = Location("own.py", 7, 5, "wrong = (here +", "own.py", excerpt=("wrong = (here +",), excerpt_line=7)
    said = to_markdown(replace(one, mistakes=(replace(view, says="it comes out wrong (here + there)", location=place),)))
    assert "it comes out wrong (here + there)" in said


def test_names_are_code_wherever_they_stand(one: Result, view: Mistake) -> None:
    """Those of the course, and of the learner's lines what no word looks like; a function of NumPy's is no name of the course."""
    lines = ("dz2 = np.dot(dc, value)",)
    place = Location("own.py", 7, 5, lines[0], "own.py", excerpt=lines, excerpt_line=7)
    says = "dz2 has dc and dft of another value, and np.dot"
    said = to_markdown(replace(one, mistakes=(replace(view, quantity="x", step=None, says=says, location=place),)))
    assert "`dz2` has `dc` and `dft` of another value, and np.dot" in said


def test_each_name_of_a_list_is_code(tie: Result, zero: Mistake) -> None:
    """No code span holds an "and"; a comma within an index parts nothing."""
    listed = replace(zero, quantity="dft, dit and dx[:, t]", says="a factor is missing from dft, dit and dx[:, t]")
    assert "missing from `dft`, `dit` and `dx[:, t]`" in to_markdown(replace(tie, mistakes=(listed,), alternatives=()))


def test_the_gate_called_it_is_no_word(one: Result, view: Mistake) -> None:
    """Nor is the word a gate."""
    hints = ("Look at it in lstm_cell_forward.", "What is computed from it inherits this. Print it, and what it is computed from.", "")
    gate = replace(
        view, function="lstm_cell_forward", quantity="it", step=None, says="the activation is wrong in it: so it is", hints=hints
    )
    first, second = (to_markdown(replace(one, mistakes=(gate,)), hint) for hint in (1, 2))
    assert ": it is in `lstm_cell_forward`, at `it`." in first
    assert "Look at `it` in `lstm_cell_forward`." in first
    assert "wrong in `it`: so it is" in second
    assert "computed from `it` inherits this. Print it, and what it is computed from." in second
    gates = replace(gate, quantity="ft, it and ot", says="a sign is turned round in ft, it and ot: it is that of the sum")
    assert "in `ft`, `it` and `ot`: it is that" in to_markdown(replace(one, mistakes=(gates,)))


@pytest.mark.parametrize(
    ("says", "drawn"),
    [
        ("a wrong name stands in dft: it (the update gate)", "stands in `dft`: `it` (the update gate)"),
        ("dft has the name it where another value belongs", "`dft` has the name `it` where"),
        ("dcct has a factor too many: it", "a factor too many: `it`"),
        ("the check draws Wy or by, which it makes of zeros", "or `by`, which it makes"),
        ("dxt has Wf[:, n_a:].T where another belongs, and Wi.T.", "has `Wf[:, n_a:].T` where another belongs, and `Wi.T`"),
    ],
)
def test_a_name_that_is_a_word_too_and_a_transpose_are_code(one: Result, view: Mistake, says: str, drawn: str) -> None:
    """Where the mistake is at another name."""
    assert drawn in to_markdown(replace(one, mistakes=(replace(view, quantity="dft", step=None, says=says),)))


@pytest.mark.parametrize("words", [0, 90])
def test_what_tells_explanations_apart_stands_beside_them_only(tie: Result, carry: Mistake, words: int) -> None:
    """Where there is no room for the other explanation, "the next" would be nobody's."""
    long = replace(carry, hints=(carry.hints[0], carry.hints[1] + " word" * words, carry.hints[2]))
    other = replace(tie.alternatives[0], mistakes=(replace(tie.alternatives[0].mistakes[0], says="a word " * 20),))
    reply = to_markdown(replace(tie, mistakes=(long,), alternatives=(other,)))
    assert ("What tells them apart" in reply) == ("a word a word" in reply) == (words == 0)
    assert ("Another explanation prints the same numbers: see what `whygrad` prints." in reply) == (words > 0)


def test_how_many_other_explanations_there_are_is_said(tie: Result, carry: Mistake) -> None:
    """Of a long list the first ones, and where the rest stands; so is it said that a hint is left out."""
    kept = replace(carry, hints=("a", "word " * 60, "c"))
    others = [replace(tie.alternatives[0], mistakes=(replace(carry, says=f"{at} " + "a word " * 15),)) for at in ("one", "two", "three")]
    reply = to_markdown(replace(tie, mistakes=(kept,), alternatives=tuple(others)))
    assert "Three other explanations print the same numbers:\n\n- in `lstm_backward`, one" in reply
    assert "\n- and more: see what `whygrad` prints" in reply
    both = replace(tie, mistakes=(kept, replace(kept, hints=("a", "text " * 60, "c"))), alternatives=())
    assert "There is more to look at: see what `whygrad` prints." in to_markdown(both)
