"""A function that needs what the notebook makes by work is not blamed where that work was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.parent import Sandbox

if TYPE_CHECKING:
    from pathlib import Path


def test_a_function_that_needs_what_was_not_run_is_not_blamed(tmp_path: Path) -> None:
    """It is not reached, with the line that makes the name; without that line the name is missing, and that is a mistake."""
    path = tmp_path / "loops.py"
    body = "import numpy as np\n\n\n" + PARTS["rnn_cell_backward"].replace("dxt = ", "dxt = factors[0] * ")
    found = {}
    for text in ("for step in [1]:\n    factors = [np.random.randn()]\n" + body, body):
        path.write_text(text, encoding="utf-8")
        source = read_source(path)
        result = examine(source, Harness(source.pieces, PARTS), "here")
        found[text] = next((one.verdict, one.says) for one in result.functions if one.function == "rnn_cell_backward")
    assert list(found.values()) == [
        ("not reached", "needs factors, which line 1 computes: that was not run here"),
        ("raises", "raises NameError at line 9: name 'factors' is not defined"),
    ]


def test_what_this_machine_lacks_is_no_mistake(tmp_path: Path) -> None:
    """A library that stands for nothing here, a file, a value that a default takes from a check: the function is not reached."""
    path = tmp_path / "lacking.py"
    forward, backward = PARTS["rnn_forward"], PARTS["rnn_backward"]
    texts = {
        "import pandas as pd\n"
        + forward.replace("a_next = a0", "a_next = pd.DataFrame(a0)"): "needs pandas.DataFrame, which is not available here",
        forward.replace(
            "a_next = a0", "a_next = np.load('/nowhere/a0.npy')"
        ): "needs a file, and can open none here: it raises FileNotFoundError",
        "x = np.random.randn(3)\n" + backward.replace("caches):", "caches, x=x):"): "needs x, which line 2 computes: that was not run here",
    }
    for text, says in texts.items():
        path.write_text("import numpy as np\n" + text, encoding="utf-8")
        source = read_source(path)
        result = examine(source, Harness(source.pieces, PARTS), "here")
        (verdict,) = [one for one in result.functions if one.verdict != "missing"]
        assert verdict.verdict == "not reached"
        assert verdict.says.startswith(says)
        assert not result.mistakes


def test_functions_that_are_imported_are_missing_here(tmp_path: Path) -> None:
    """Of a submission in several files, each file's own functions are judged."""
    path = tmp_path / "sequence.py"
    path.write_text("import numpy as np\nfrom cell import rnn_cell_forward\n" + PARTS["rnn_forward"], encoding="utf-8")
    source = read_source(path)
    result = examine(source, Harness(source.pieces, PARTS), "here")
    assert {one.function: one.verdict for one in result.functions if one.verdict != "missing"} == {"rnn_forward": "right"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("input('go on?')", "waits for something to be typed in, and nobody types here"),
        ("import socket; socket.gethostbyname('whygrad.invalid')", "needs the network, and has none here"),
        ("import urllib.request; urllib.request.urlopen('http://whygrad.invalid')", "needs the network, and has none here"),
    ],
)
def test_what_waits_for_somebody_to_type_or_for_the_network_is_not_judged(tmp_path: Path, line: str, says: str) -> None:
    """It is no mistake of a formula, and no shape has to be printed for it."""
    path = tmp_path / "asks.py"
    text = PARTS["rnn_forward"].replace("a_next = a0", f"{line}\n    a_next = a0")
    path.write_text("import numpy as np\n" + text, encoding="utf-8")
    source = read_source(path)
    with Sandbox(source.pieces, PARTS) as sandbox:
        result = examine(source, sandbox, "here")
    (verdict,) = [one for one in result.functions if one.verdict != "missing"]
    assert verdict.verdict == "not reached"
    assert verdict.says.startswith(says)
    assert not result.mistakes
