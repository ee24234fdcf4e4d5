"""The page: what is asked for lies open, the rest folded; nothing runs, nothing is loaded, and everything from outside is text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from whygrad.errors import UsageError
from whygrad.records import Errors, GradientError, GradientErrors, Mistake, Result
from whygrad.report.html.heat import SHADES, ink_on
from whygrad.report.html.page import to_fragment, to_html

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="x\' {{ 7*7 }} {% raw %}'
RIGHT = GradientError(0.0)


class Page(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and the text of each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it; a void element has no text."""
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "rect", "polygon", "polyline", "img"}:
            if tag in {"td", "th"}:
                self.handle_data(" ")
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        """Close it, and see that the page is well formed."""
        if tag not in {"rect", "polygon", "polyline"}:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """The text belongs to every element around it."""
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def of(self, tag: str) -> list[str]:
        """The texts of all elements of a kind, on one line each."""
        return [" ".join(text.split()) for text in self.texts.get(tag, [])]

    def opened(self) -> list[bool]:
        """Which of the folds lie open."""
        return ["open" in attributes for tag, attributes in self.tags if tag == "details"]


@pytest.fixture
def seen(one: Result) -> Result:
    """A result with a picture: right at the last step, wrong at the first, and one gradient that is no number."""
    by_step = (GradientError(0.43), RIGHT)
    rows = (
        GradientErrors("dx", by_step, GradientError(0.43)),
        GradientErrors("da_prev", (GradientError(0.0004), RIGHT), None),
        GradientErrors("dWf", (GradientError(None, "nan"), RIGHT), GradientError(None, "shape")),
        GradientErrors("dWo", (RIGHT, RIGHT), GradientError(12.0)),
    )
    return replace(one, errors=(Errors("lstm_backward", "mistakes", 2, rows),))


@pytest.mark.parametrize("name", ["one", "tie", "coded", "seen"])
@pytest.mark.parametrize("hint", [1, 2, 3])
def test_nothing_runs_and_nothing_is_loaded(name: str, hint: int, request: pytest.FixtureRequest) -> None:
    """No script, no handler, no address but the empty icon's, one style, and a policy that forbids the rest."""
    html = to_html(request.getfixturevalue(name), hint, "week1.ipynb")
    page = Page(html)
    assert [tag for tag, _ in page.tags if tag in {"script", "iframe", "img", "object", "form", "base"}] == []
    assert sum(tag == "style" for tag, _ in page.tags) == 1
    assert [key for _, attributes in page.tags for key in attributes if key.startswith("on") or key in {"src", "style"}] == []
    assert [attributes["href"] for _, attributes in page.tags if "href" in attributes] == ["data:,"]
    assert not re.search(r"url\(|@import|https?:", html)
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in page.tags)


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_the_hint_that_was_asked_for_lies_open(one: Result, hint: int) -> None:
    """Three hints one under another; the sentence at the top says no more than the level asked for."""
    page = Page(to_html(one, hint))
    assert page.opened() == [level == hint for level in (1, 2, 3)]
    assert page.of("summary") == ["Hint 1: where to look", "Hint 2: what is wrong", "Hint 3: what the mathematics asks"]
    assert ("view of the output" in page.of("h2")[0]) == (hint > 1)
    assert "c⟨0⟩ is zero" in page.of("details")[2]


@pytest.mark.parametrize("hint", [1, 2, 3])
def test_a_page_can_hold_no_more_than_was_asked_for(one: Result, hint: int) -> None:
    """Not even folded, for whoever hands the page on to a learner."""
    html = to_html(one, hint, above=False)
    titles = ["Hint 1: where to look", "Hint 2: what is wrong", "Hint 3: what the mathematics asks"]
    assert Page(html).of("summary") == titles[:hint]
    assert Page(html).opened() == [level == hint for level in range(1, hint + 1)]
    assert [text in html for mistake in one.mistakes for text in mistake.hints[hint:]] == [False] * (3 - hint) * len(one.mistakes)


def test_code_is_quoted_with_its_neighbours(coded: Result) -> None:
    """Line numbers, the line itself marked, and a table of the functions with mark and word."""
    page = Page(to_html(coded))
    assert page.of("h3")[0] == "lstm_forward, cell 4, line 12"
    assert Page(to_html(replace(coded, mistakes=coded.mistakes[:1]))).of("figcaption")[0] == "lstm_forward, cell 4, line 12"
    assert page.of("pre")[0] == "11 a_next = a0 ▶ 12 c_next = c[:, :, 0] 13 14 for t in range(T_x):"
    assert page.of("mark")[0] == "▶ 12 c_next = c[:, :, 0]"
    assert [row.split()[:3] for row in page.of("tr")[1:]] == [
        ["rnn_cell_forward", "✓", "right"],
        ["lstm_forward", "✗", "wrong"],
        ["rnn_backward", "✗", "wrong"],
        ["lstm_backward", "○", "blank"],
        ["lstm_cell_backward", "○", "missing"],
    ]


def test_what_numbers_tell_of_each_function(tie: Result) -> None:
    """All eight functions: wrong in every explanation, in some, right, or not told by these numbers."""
    rows = {row.split()[0]: row for row in Page(to_html(replace(tie, exonerated=("lstm_forward",)))).of("tr")[1:]}
    assert len(rows) == 8
    assert "? perhaps wrong" in rows["lstm_backward"]
    assert "? perhaps wrong" in rows["lstm_cell_backward"]
    assert "✓ right" in rows["lstm_forward"]
    assert "? not told" in rows["lstm_cell_forward"]
    assert "no number of it was given" in rows["rnn_forward"]


def test_the_picture_of_the_errors(seen: Result) -> None:
    """Value and mark in each cell, a sentence that says where it begins, and a table with the same."""
    html = to_html(seen)
    page = Page(html)
    cells = [text for text in page.of("text") if text[0] in "✓✗"]
    assert cells[:3] == ["✗ 43%", "✓ 0", "✗ 43%"]
    assert {"✗ nan", "✗ shape", "✗ >999%", "✗ <0.1%"} <= set(cells)
    assert "On the way back, the first error is at step 0, in dx, da_prev and dWf. Step 1 is right." in page.of("section")[1]
    assert "dWf wrong, not a number right wrong shape" in page.of("tr")
    assert "da_prev wrong by <0.1% right" in page.of("tr")


@pytest.mark.parametrize(
    ("first", "whole", "says"),
    [
        (RIGHT, GradientError(0.5), "Each step is right, and what is returned is wrong in dx."),
        (GradientError(0.5), RIGHT, "On the way back, the first error is at step 1, in dx."),
    ],
)
def test_the_sentence_of_the_picture(one: Result, first: GradientError, whole: GradientError, says: str) -> None:
    """A mistake in how the loop adds up is told from one in a step."""
    errors = Errors("lstm_backward", "code", 2, (GradientErrors("dx", (RIGHT, first), whole),))
    assert says in Page(to_html(replace(one, errors=(errors,)))).of("section")[1]


def test_every_shade_can_be_read() -> None:
    """The text of a cell has a contrast of at least 4.5 to its ground, and each shade is darker than the one before."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        return sum(weight * ((part + 0.055) / 1.055) ** 2.4 for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    grounds = [light(shade) for shade in SHADES]
    assert grounds[1:] == sorted(grounds[1:], reverse=True)
    for ground, ink in zip(grounds, (light(ink_on(shade)) for shade in range(len(SHADES))), strict=True):
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.5


def test_of_one_step_only_the_whole(one: Result) -> None:
    """A cell has no steps."""
    errors = Errors("lstm_cell_backward", "code", 0, (GradientErrors("dxt", (), GradientError(0.5)),))
    page = Page(to_html(replace(one, errors=(errors,))))
    assert "Wrong in dxt." in page.of("section")[1]
    assert "gradient returned" in page.of("tr")


def test_the_flow_of_one_step(one: Result, carry: Mistake) -> None:
    """The wrong quantity is named where it stands, and in words; a name that is not in the picture draws none."""
    page = Page(to_html(replace(one, mistakes=(carry,))))
    assert "✗ dc_prevt" in page.of("text")
    assert "One step of the LSTM, backward" in page.of("h3")
    assert any("where the mistake is: dc_prevt (the gradient carried to the cell state" in text for text in page.of("figcaption"))
    kinds = [attributes["class"] for tag, attributes in page.tags if tag == "polyline"]
    assert kinds.count("wrong") == 1
    assert "after" in kinds
    assert "plain" in kinds
    assert "svg" not in Page(to_html(replace(one, mistakes=(replace(carry, quantity="mystery"),)))).texts


@pytest.mark.parametrize("place", ["notes", "unread", "title", "line", "says"])
def test_what_comes_from_outside_is_text(coded: Result, one: Result, place: str) -> None:
    """Markup, quotes and templates in a post, a file's name or a line of code arrive as they are, and as text."""
    location = replace(coded.mistakes[0].location, text=HOSTILE, excerpt=(HOSTILE,), excerpt_line=12)  # pyright: ignore[reportArgumentType]
    results = {
        "notes": replace(one, notes=(HOSTILE,)),
        "unread": replace(one, unread=(HOSTILE,)),
        "title": one,
        "line": replace(coded, mistakes=(replace(coded.mistakes[0], location=location),)),
        "says": replace(coded, mistakes=(replace(coded.mistakes[0], says=HOSTILE, hints=(HOSTILE, HOSTILE, HOSTILE)),)),
    }
    for html in (to_html(results[place], 2, HOSTILE if place == "title" else ""), to_fragment(results[place])):
        page = Page(html)
        assert not {"script", "img"} & {tag for tag, _ in page.tags}
        assert not any("onerror" in attributes or "onmouseover" in attributes for _, attributes in page.tags)
    assert "{{ 7*7 }}" in to_html(results[place], 2, HOSTILE if place == "title" else "")


def test_a_fragment_stays_within_itself(coded: Result) -> None:
    """Every rule of its style begins at its own element, and nothing has a name that another fragment could share."""
    html = to_fragment(coded)
    (style,) = Page(html).texts["style"]
    rules = re.sub(r"@media[^{]*\{|\}\s*\}", "}", re.sub(r"/\*.*?\*/", "", style))
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", rules) for one in rule.split(",")]
    assert selectors
    assert [one for one in selectors if not re.match(r"((body|html)[\[.]\S+ )?\.whygrad", one)] == []
    assert not any("id" in attributes for _, attributes in Page(html).tags)
    assert "<html" not in html


def test_another_level(one: Result) -> None:
    """There are three levels."""
    with pytest.raises(UsageError):
        to_html(one, 4)


@pytest.mark.parametrize("verdict", ["right", "unknown", "unreadable", "partly"])
def test_every_verdict_has_a_page(one: Result, verdict: str) -> None:
    """Each says in a word and with a mark what it is."""
    result = replace(one, verdict=verdict, mistakes=one.mistakes if verdict == "partly" else ())  # pyright: ignore[reportArgumentType]
    heads = {"right": "✓ Right", "unknown": "? Unknown", "unreadable": "! Not read", "partly": "✗ Explained in part"}
    assert heads[verdict] in Page(to_html(result)).of("p")


def test_the_state_of_a_loop_is_what_it_hands_on(one: Result) -> None:
    """``c_next`` in the loop is what the next step starts from, and stands there in the picture."""
    page = Page(to_html(one))
    assert any("c_next (as the loop hands it to the next step)" in text for text in page.of("figcaption"))
    (wrong,) = [attributes["points"] for tag, attributes in page.tags if tag == "polyline" and attributes["class"] == "wrong"]
    assert float((wrong or "").split(",")[0]) < 60, "it does not come in from the left"
