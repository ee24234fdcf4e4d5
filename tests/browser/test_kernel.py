"""The magics in a real Jupyter kernel, and what it displays in a real browser."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

NEEDS = 'the kernel\'s tests need: pip install "whygrad[browser]"'
RIGHT = "\n\n".join(["import numpy as np", *(PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS))])
WRONG = PARTS["lstm_cell_backward"].replace("dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft")


@pytest.fixture(scope="module")
def displayed() -> list[list[dict[str, Any]]]:
    """The outputs of each cell of one notebook, run from the first to the last."""
    nbformat = pytest.importorskip("nbformat", reason=NEEDS)
    nbclient = pytest.importorskip("nbclient", reason=NEEDS)
    cells = [
        "%load_ext whygrad",
        f"%%whygrad\n{RIGHT}",
        f"%%whygrad --hint 1\n{WRONG}",
        "%whygrad --hint 3",
        "import whygrad\nwhygrad.diagnose(globals())",
        "%whygrad --hint 9",
        "%%whygrad\n1 / 0",
        "%%whygrad\nimport asyncio\nawait asyncio.sleep(0)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Jupyter's own
        nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]


def html_of(outputs: list[dict[str, Any]]) -> str:
    """The HTML of the one result of a cell."""
    (output,) = outputs
    assert output["output_type"] == "execute_result"
    assert set(output["data"]) == {"text/html", "text/markdown", "text/plain"}
    return output["data"]["text/html"]


def test_loading_shows_nothing(displayed: list[list[dict[str, Any]]]) -> None:
    """``%load_ext whygrad`` is quiet."""
    assert displayed[0] == []


def test_a_right_cell(displayed: list[list[dict[str, Any]]], visit: Callable[..., Any]) -> None:
    """All eight functions, with mark and word, in the browser."""
    seen = visit(html_of(displayed[1]))
    assert seen.ask("document.querySelector('h2').innerText") == "All eight functions are right."
    assert seen.ask("[...document.querySelectorAll('td')].map(cell => cell.innerText.trim())") == ["✓ right"] * 8
    assert seen.requests == [seen.address]


def test_a_wrong_cell(displayed: list[list[dict[str, Any]]], visit: Callable[..., Any]) -> None:
    """The line, counted as it stands below the magic, with its neighbours; at level 1 the first hint lies open and the picture is there."""
    seen = visit(html_of(displayed[2]))
    line = 2 + next(at for at, text in enumerate(WRONG.splitlines()) if "dft = dc" in text)
    assert seen.ask("document.querySelector('h2').innerText") == f"One mistake, in lstm_cell_backward (cell 3, line {line})."
    assert seen.ask("document.querySelector('mark').innerText").split() == f"▶ {line} dft = dc * c_prev * ft".split()
    assert seen.ask("document.querySelectorAll('pre span').length") == 4
    assert seen.ask("document.querySelector('details').open")
    assert "On the way back, the first error is at step 3" in seen.ask("document.querySelector('.heat').innerText")
    assert seen.ask("document.querySelectorAll('.flow polyline.wrong').length") == 1


def test_everything_so_far_and_the_plain_call(displayed: list[list[dict[str, Any]]]) -> None:
    """The same mistake, with seven right functions, at the level that was asked for."""
    for outputs, hint in ((displayed[3], 3), (displayed[4], 2)):
        html = html_of(outputs)
        assert html.count("✓</span> right") == 7
        assert html.count("<details open>") == 1
        assert f"<details open>\n<summary>Hint {hint}" in html
    assert "What the mathematics asks" in displayed[3][0]["data"]["text/plain"]


def test_one_sentence_where_something_is_wrong(displayed: list[list[dict[str, Any]]]) -> None:
    """Never a traceback of ours; the learner's own error is shown by IPython as ever."""
    (usage,) = displayed[5]
    assert (usage["name"], usage["text"]) == (
        "stderr",
        "whygrad: %whygrad takes --hint 1, --hint 2 or --hint 3, or nothing, but not --hint 9.\n",
    )
    assert [output.get("ename") for output in displayed[6]] == ["ZeroDivisionError", None]
    assert displayed[6][1]["text"] == "whygrad: the cell ended with an error, so nothing was diagnosed.\n"
    (awaiting,) = displayed[7]
    assert awaiting["text"].startswith("whygrad: the cell awaits something outside of functions")
