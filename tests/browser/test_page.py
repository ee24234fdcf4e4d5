"""The page of a diagnosis in a real browser: it asks for nothing, runs nothing, and can be read by everybody, small and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whygrad.diagnose import diagnose, diagnose_live
from whygrad.diagnosis import Diagnosis
from whygrad.from_code.reference.parts import PARTS
from whygrad.records import Result
from whygrad.report.html.page import to_fragment, to_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Visit

    Open = Callable[..., Visit]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "lstm-backward-wrong-output.txt"
HOSTILE = (
    "<script>alert(1)</script><img src='http://a.example/x.png' onerror='alert(2)'><style>*{display:none}</style><svg onload=alert(3)>"
)
WIDEST = 360


def of_code(folder: Path) -> Result:
    """Three mistakes in live functions of a file, in cell and loops of both families."""
    texts = {**PARTS}
    texts["lstm_cell_backward"] = texts["lstm_cell_backward"].replace("dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft")
    texts["lstm_backward"] = texts["lstm_backward"].replace("dc_prevt = gradients['dc_prev']", "pass")
    texts["rnn_cell_backward"] = texts["rnn_cell_backward"].replace("(1 - a_next ** 2)", "(1 + a_next ** 2)")
    space: dict[str, object] = {}
    path = folder / "week1.py"
    path.write_text("import numpy as np\n" + "\n".join(texts.values()), encoding="utf-8")
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)  # noqa: S102 - our own program, edited
    return diagnose_live(space).result


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What the pages are made of."""
    numbers = diagnose(EXAMPLE).result
    return {
        "numbers": numbers,
        "code": of_code(tmp_path_factory.mktemp("code")),
        "right": Result("right", "sequence-models", ("lstm_backward",), "new", 13, 13, exonerated=("lstm_backward",)),
        "unknown": Result("unknown", "sequence-models", ("lstm_backward",), "new", 13, 3, notes=(HOSTILE,), unread=(HOSTILE,)),
    }


@pytest.mark.parametrize("name", ["numbers", "code", "right", "unknown"])
def test_nothing_leaves_the_page_and_nothing_runs(name: str, results: dict[str, Result], visit: Open) -> None:
    """The browser asks for the file and for nothing else; no script, no dialog, no complaint, whatever stands in a post."""
    seen = visit(to_html(results[name], title=HOSTILE))
    seen.unfold()
    assert [url for url in seen.requests if not url.startswith("data:")] == [seen.address]
    assert seen.messages == []
    assert seen.ask("document.scripts.length") == 0
    assert seen.ask("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(a => a.startsWith('on'))") == []


def test_the_watch_can_fail(visit: Open) -> None:
    """A page that loads and runs something is seen to do so."""
    seen = visit("<script>console.log('ran')</script><img src='missing.png'>")
    assert "ran" in seen.messages
    assert any(url.endswith("missing.png") for url in seen.requests)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["numbers", "code", "right", "unknown"])
def test_no_serious_fault_of_accessibility(name: str, scheme: str, results: dict[str, Result], visit: Open) -> None:
    """Contrast, names, order and roles, by axe-core, with every fold open."""
    seen = visit(to_html(results[name], title="week1.ipynb"), color_scheme=scheme)
    seen.unfold()
    assert seen.serious_faults() == []


def test_accessibility_can_fail(visit: Open) -> None:
    """A picture without a name and grey on grey are found."""
    faults = visit("<html lang='en'><title>x</title><img src='data:,'><p style='color:#999;background:#aaa'>faint</p>").serious_faults()
    assert len(faults) >= 2


@pytest.mark.parametrize("name", ["numbers", "code", "right", "unknown"])
def test_a_telephone_shows_all_of_it(name: str, results: dict[str, Result], visit: Open) -> None:
    """At 360 pixels nothing has to be scrolled sideways, no word is broken, and none is smaller than nine pixels, pictures included."""
    seen = visit(to_html(results[name], title="a_rather_long_name_of_a_notebook_without_any_space_in_it_2026.ipynb"), width=WIDEST)
    seen.unfold()
    assert seen.broken_words() == []
    assert seen.ask("document.documentElement.scrollWidth") <= WIDEST
    sizes = seen.ask(
        "[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getScreenCTM().a)"
    )
    assert min(sizes, default=9.0) >= 9
    small = "[...document.querySelectorAll('p, td, th, li, summary, code')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    assert min(seen.ask(small)) >= 11


def test_an_error_of_one_long_word_is_folded(visit: Open) -> None:
    """What somebody's code raises may have no place to break a line, in the sentence and in the table."""
    space: dict[str, object] = {}
    exec("def rnn_cell_forward(xt, a_prev, parameters): raise ValueError('q' * 400)", space)  # noqa: S102 - our own program
    seen = visit(to_html(diagnose_live(space).result), width=WIDEST)
    seen.unfold()
    assert seen.ask("document.documentElement.scrollWidth") <= WIDEST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_every_value(scheme: str, results: dict[str, Result], visit: Open) -> None:
    """Where the system chooses the colours, cells and their texts take the system's pair."""
    seen = visit(to_html(results["code"]), forced_colors="active", color_scheme=scheme)
    seen.unfold()
    pairs = seen.ask(
        """(() => {
            const system = document.body.appendChild(document.createElement('p'));
            system.style = 'color: CanvasText; background-color: Canvas';
            const s = getComputedStyle(system);
            const fills = q => [...new Set([...document.querySelectorAll(q)].map(e => getComputedStyle(e).fill))];
            return [[s.backgroundColor], fills('.heat rect'), [s.color], fills('.heat text')];
        })()"""
    )
    assert pairs[0] == pairs[1]
    assert pairs[2] == pairs[3]


def test_without_style_and_pictures_everything_is_said(results: dict[str, Result], visit: Open) -> None:
    """GitHub takes both away: every value of the picture stands in a table, and the marks in the text."""
    seen = visit(to_html(results["numbers"]))
    seen.unfold()
    cells = seen.ask("[...document.querySelectorAll('.heat svg text')].map(t => t.textContent).filter(t => '✓✗'.includes(t[0])).length")
    seen.ask("document.querySelectorAll('style, svg').forEach(e => e.remove())")
    values = seen.ask("[...document.querySelectorAll('.heat td')].map(t => t.innerText).filter(t => t)")
    assert len(values) == cells
    assert all(value.startswith(("right", "wrong")) for value in values)
    assert "✗ wrong" in seen.ask("document.body.innerText")


HOST = """<!DOCTYPE html><html lang="en"><style>
.jp-RenderedHTMLCommon table {{ border: 3px dotted green }} .jp-RenderedHTMLCommon tbody tr:nth-child(odd) {{ background: rgb(1, 2, 3) }}
</style><body {theme}><h2 id="own">Own</h2><details id="fold" open><summary>s</summary></details><pre id="pre">x</pre>
<table id="table"><tbody><tr><td>x</td></tr></tbody></table><div class="jp-RenderedHTMLCommon">{fragment}</div></body></html>"""
STYLES = "[...document.querySelectorAll('#own, #fold, #pre, #table, #table td')].map(e => JSON.stringify([...getComputedStyle(e)].map("
STYLES += "k => getComputedStyle(e).getPropertyValue(k))))"


def test_a_fragment_does_no_harm_to_its_notebook(results: dict[str, Result], visit: Open) -> None:
    """The notebook's own elements look the same with and without it, and its stripes do not reach into ours."""
    fragment = to_fragment(results["numbers"])
    beside = visit(HOST.format(theme="", fragment=fragment)).ask(STYLES)
    without = visit(HOST.format(theme="", fragment=f"<div style='height: 20px'>{len(fragment)}</div>")).ask(STYLES)
    assert beside == without
    rows = "[...document.querySelectorAll('.whygrad tr')].map(e => getComputedStyle(e).backgroundColor)"
    assert set(visit(HOST.format(theme="", fragment=fragment)).ask(rows)) == {"rgba(0, 0, 0, 0)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("theme", "dark"), [('data-jp-theme-light="true"', False), ('data-jp-theme-light="false"', True), ('class="vscode-dark"', True)]
)
def test_a_fragment_takes_the_notebooks_theme(theme: str, scheme: str, results: dict[str, Result], visit: Open, *, dark: bool) -> None:
    """JupyterLab's and VS Code's own theme counts, not the system's."""
    seen = visit(HOST.format(theme=theme, fragment=to_fragment(results["numbers"])), color_scheme=scheme)
    ground = seen.ask("getComputedStyle(document.querySelector('.whygrad')).backgroundColor")
    assert ground == ("rgb(22, 24, 29)" if dark else "rgb(255, 255, 255)")
    assert [fault for fault in seen.serious_faults() if fault.startswith("color-contrast")] == []


def test_folds_work_from_the_keyboard(results: dict[str, Result], visit: Open) -> None:
    """Tab reaches the first hint, Enter opens it."""
    seen = visit(to_html(results["numbers"], hint=1))
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    assert seen.ask("[...document.querySelectorAll('details')].slice(0, 3).map(fold => fold.open)") == [True, True, False]


def test_a_diagnosis_shows_itself(results: dict[str, Result]) -> None:
    """What a notebook asks for is this fragment."""
    assert Diagnosis(results["right"], 1)._repr_html_() == to_fragment(results["right"], 1)
