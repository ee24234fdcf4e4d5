"""The overview of a class in a real browser: it asks for nothing, runs nothing, and can be read by everybody, small and dark."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest

from whygrad.grade.index import write_index
from whygrad.grade.records import Line
from whygrad.grade.summary import summary
from whygrad.records import FunctionVerdict, Mistake, Result
from whygrad.report.json import to_json_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Visit

    Open = Callable[..., Visit]

HOSTILE = "<script>alert(1)</script><img src='http://a.example/x.png' onerror='alert(2)'><style>*{display:none}</style>/"
WIDEST = 360


def line(number: int) -> Line:
    """A submission: every fourth is right, unknown or could not be run, and two share each mistake and each code."""
    mistake = Mistake("view-of-output", "lstm_forward", "c_prev", number // 8, "a view", ("where", "what", "why"))
    functions = (FunctionVerdict("lstm_forward", "wrong", "differs"), FunctionVerdict("lstm_backward", "right", "is right"))
    kinds = [
        ("right", Result("right", functions=functions[1:])),
        (
            "wrong",
            Result("explained", mistakes=(mistake, Mistake("raises", "lstm_backward", "", None, "", ("", "", ""))), functions=functions),
        ),
        ("unknown", Result("unknown", functions=functions)),
        ("could not be run", Result("unreadable", problem=f"{HOSTILE} is empty" if number % 8 == 3 else "It never ends.")),
    ]
    status, result = kinds[number % 4]
    path = f"{HOSTILE}a_rather_long_name_of_a_notebook_without_any_space_in_it_{number}.ipynb"
    document = msgspec.Raw(to_json_line(result).encode())
    return Line(path, str(number), "0", {}, status, 1.0, str(number // 8), document)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def overview(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a class of forty."""
    path: Path = tmp_path_factory.mktemp("class") / "index.html"
    write_index(path, summary(map(line, range(40))), Counter({"hidden folder": 3, "link": 1}))
    return path.read_text(encoding="utf-8")


def test_nothing_leaves_the_page_and_nothing_runs(overview: str, visit: Open) -> None:
    """The browser asks for the file and for nothing else; no script, no dialog, no complaint, whatever a file is called."""
    seen = visit(overview)
    seen.unfold()
    assert [url for url in seen.requests if not url.startswith("data:")] == [seen.address]
    assert seen.messages == []
    assert seen.ask("document.scripts.length") == 0
    assert seen.ask("getComputedStyle(document.querySelector('main')).display") == "block"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(overview: str, scheme: str, visit: Open) -> None:
    """Contrast, names, order and roles, by axe-core, with every fold open."""
    seen = visit(overview, color_scheme=scheme)
    seen.unfold()
    assert seen.serious_faults() == []


def test_a_telephone_shows_it(overview: str, visit: Open) -> None:
    """At 360 pixels only the table of numbers scrolls sideways, nothing is too small to read, and no word is broken, folded or not."""
    seen = visit(overview, width=WIDEST)
    assert seen.broken_words() == []
    seen.unfold()
    assert seen.broken_words() == []
    assert seen.ask("document.documentElement.scrollWidth") <= WIDEST
    small = "[...document.querySelectorAll('p, td, th, li, dt, dd, summary, code')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    assert min(seen.ask(small)) >= 11
    scrolled = "[...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.getAttribute('aria-label'))"
    assert seen.ask(scrolled) == ["The functions, as a table"]  # no sentence is cut in two


def test_every_submission_is_linked_and_counted(overview: str, visit: Open) -> None:
    """Forty rows, four counts that add up to them, and who made a mistake stands below its fold."""
    seen = visit(overview)
    assert seen.ask("[...document.querySelectorAll('dd')].map(e => Number(e.innerText))") == [10, 10, 10, 10]
    assert seen.ask("document.querySelectorAll('section[aria-labelledby=all] tbody tr').length") == 40
    assert seen.ask("document.querySelector('section[aria-labelledby=mistakes] summary').innerText") == "10 submissions"
