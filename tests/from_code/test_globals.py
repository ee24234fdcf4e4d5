"""What a function reads from the notebook instead of its arguments is said of that function, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.parts import FUNCTIONS, PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import Result

LSTM_CACHE = "ft, it, cct, ot, xt, parameters = cache"
GATES = "".join(f"    {name} = parameters['{name}']\n" for name in ("Wf", "Wi", "Wc", "Wo"))
ALL = "parameters = {}\n" + "".join(f"parameters['{name}'] = np.random.randn(5, 8)\n" for name in ("Wf", "Wi", "Wc", "Wo"))
RNN = "parameters = {}\nparameters['Wax'] = np.random.randn(5, 3)\nparameters['Waa'] = np.random.randn(5, 5)\n"
READ: dict[str, tuple[str, str, str, str, str]] = {
    "lstm cell, parameters": ("lstm_cell_backward", LSTM_CACHE, LSTM_CACHE.replace("parameters", "_"), ALL, "parameters"),
    "lstm cell, weights": (
        "lstm_cell_backward",
        GATES,
        "",
        "for _ in range(1):\n    Wf, Wi, Wc, Wo = (np.random.randn(4, 9) for _ in range(4))\n",
        "Wc, Wf, Wi and Wo",
    ),
    "rnn cell, parameters of a newer notebook": (
        "rnn_cell_backward", "parameters[", "parameters_tmp[", RNN.replace("parameters", "parameters_tmp"), "parameters_tmp",
    ),
    "rnn cell forward, one weight of another shape": (
        "rnn_cell_forward", "    Wax = parameters['Wax']\n", "", "Wax = np.random.randn(9, 9)\n", "Wax",
    ),
    "rnn loop forward, parameters": ("rnn_forward", "(x, a0, parameters)", "(x, a0, _)", RNN, "parameters"),
    "rnn loop backward, x": (
        "rnn_backward", "caches, x = caches", "caches, _ = caches\n    assert x.shape[1] == da.shape[1]",
        "x = np.random.randn(3, 10, 4)\n", "x",
    ),
    "lstm loop backward, x": (
        "lstm_backward", "caches, x = caches", "caches, _ = caches\n    assert x.shape[1] == da.shape[1]",
        "x = np.random.randn(3, 9, 7)\n", "x",
    ),
}  # fmt: skip


def examined(path: Path, edits: list[tuple[str, str, str]], more: str) -> Result:
    """The reference program with (function, old text, new text), and after it what the notebook's check cells assign."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)}
    for function, old, new in edits:
        assert old in texts[function]
        texts[function] = texts[function].replace(old, new)
    file = path / "rnn.py"
    file.write_text("import numpy as np\n\n" + "\n\n".join(texts.values()) + "\n\n" + more, encoding="utf-8")
    source = read_source(file)
    return examine(source, Harness(source.pieces, PARTS), "a tier")


@pytest.mark.parametrize("name", READ)
def test_what_the_notebook_assigns_may_be_read(tmp_path: Path, name: str) -> None:
    """With the same value there all functions are right, alone and together; the one that reads has a note, whatever stands there now."""
    function, old, new, more, read = READ[name]
    result = examined(tmp_path, [(function, old, new)], more)
    assert result.exonerated == FUNCTIONS
    assert result.notes == (f"{function} reads {read} from the notebook, not from its arguments: right only as long as both are the same",)


@pytest.mark.parametrize(("more", "missing"), [("", "Wf"), ("Wf = np.random.randn(5, 8)\n", "Wi")])
def test_what_no_cell_assigns_is_missing(tmp_path: Path, more: str, missing: str) -> None:
    """The function that reads it raises, and the sentence names it and the first name that is not there; no other function is blamed."""
    result = examined(tmp_path, [("lstm_cell_backward", GATES, "")], more)
    assert set(FUNCTIONS) - set(result.exonerated) == {"lstm_cell_backward"}
    (mistake,) = result.mistakes
    assert mistake.location is not None
    assert missing in mistake.location.text
    assert (mistake.id, mistake.says) == (
        "raises",
        f"lstm_cell_backward reads {missing} from the notebook, not from its arguments: there is no {missing} in the function",
    )


def test_what_changes_with_the_step_is_no_excuse(tmp_path: Path) -> None:
    """A cell that reads xt from the notebook would get the same one at each step: it is the cell that is blamed."""
    result = examined(tmp_path, [("rnn_cell_backward", "a_prev, xt, parameters", "a_prev, _, parameters")], "xt = np.random.randn(3, 10)\n")
    assert set(FUNCTIONS) - set(result.exonerated) == {"rnn_cell_backward"}
