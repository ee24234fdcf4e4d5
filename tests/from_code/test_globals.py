"""What a function reads from the notebook instead of its arguments is said of that function, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
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


@pytest.mark.parametrize(("more", "missing"), [("", "Wf, Wi, Wc and Wo"), ("Wf = np.random.randn(5, 8)\n", "Wi, Wc and Wo")])
def test_what_no_cell_assigns_is_missing(tmp_path: Path, more: str, missing: str) -> None:
    """The function that reads it raises, and the sentence names it and all names that are not there; no other function is blamed."""
    result = examined(tmp_path, [("lstm_cell_backward", GATES, "")], more)
    assert set(FUNCTIONS) - set(result.exonerated) == {"lstm_cell_backward"}
    (mistake,) = result.mistakes
    assert mistake.location is not None
    assert missing[:2] in mistake.location.text
    assert (mistake.id, mistake.says) == (
        "raises",
        f"lstm_cell_backward reads {missing}, which are not among its arguments: no line gives them a value",
    )


def test_what_changes_with_the_step_is_no_excuse(tmp_path: Path) -> None:
    """A cell that reads xt from the notebook would get the same one at each step: it is the cell that is blamed."""
    result = examined(tmp_path, [("rnn_cell_backward", "a_prev, xt, parameters", "a_prev, _, parameters")], "xt = np.random.randn(3, 10)\n")
    assert set(FUNCTIONS) - set(result.exonerated) == {"rnn_cell_backward"}


SIZE = [("lstm_backward", "n_a, m, T_x = da.shape", "n_a, m, _ = da.shape")]


@pytest.mark.parametrize(("steps", "verdict"), [(7, "raises"), (3, "wrong"), (4, "right")])
def test_a_size_that_is_read_from_the_notebook_is_told(tmp_path: Path, steps: int, verdict: str) -> None:
    """Whatever comes of it: the loop goes too far, or not far enough, or fits the check's sizes and no others."""
    result = examined(tmp_path, SIZE, f"T_x = {steps}\n")
    (judged,) = (one for one in result.functions if one.function == "lstm_backward")
    assert judged.verdict == verdict
    only = ["lstm_backward is right at the notebook's sizes only: some size in it does not come from its arguments"] if steps == 4 else []
    notes = [note for note in result.notes if not note.startswith("the sizes told here")]
    assert notes == ["lstm_backward reads T_x from the notebook, not from its arguments", *only]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n_a, m, T_x = da.shape", "n_a, m, T_x = 5, 10, 4"),
        ("for t in reversed(range(T_x))", "for t in reversed(range(4))"),
        ("dWf = np.zeros((n_a, n_a + n_x), dtype)", "dWf = np.zeros((5, 8), dtype)"),
    ],
)
def test_a_size_that_is_written_is_no_mistake_beside_one(tmp_path: Path, old: str, new: str) -> None:
    """A size that fits the notebook's own is right with a note, and so it is where another line of the function is wrong."""
    edits = [("lstm_backward", old, new), ("lstm_backward", "da_prevt, dc_prevt, caches[t]", "da_prevt, np.zeros((n_a, m)), caches[t]")]
    result = examined(tmp_path, edits, "")
    (mistake,) = result.mistakes
    assert mistake.location is not None
    assert "np.zeros((n_a, m)), caches[t]" in mistake.location.text
    assert "lstm_backward was judged at the notebook's sizes: some size in it does not come from its arguments" in result.notes


@pytest.mark.parametrize(("state", "entry", "wrong"), [("[:5, :]", "[-2:, :]", "[-2:, :]"), ("[3:, :]", "[5:, :]", "[3:, :]")])
def test_of_two_cuts_at_written_sizes_the_wrong_one_is_told(tmp_path: Path, state: str, entry: str, wrong: str) -> None:
    """At other sizes neither is right; both are told there as one mistake, or as two."""
    of_state, of_entry = (
        f"np.dot(Wf[:, {cut}].T, dft) + np.dot(Wi[:, {cut}].T, dit) + np.dot(Wc[:, {cut}].T, dcct) + np.dot(Wo[:, {cut}].T, dot)"
        for cut in (":n_a", "n_a:")
    )
    stacked = of_state.replace("[:, :n_a]", "")
    edits = [("lstm_cell_backward", of_state, f"({stacked}){state}"), ("lstm_cell_backward", of_entry, f"({stacked}){entry}")]
    result = examined(tmp_path, edits, "")
    (mistake,) = result.mistakes
    assert mistake.location is not None
    assert wrong in mistake.location.text
    assert "lstm_cell_backward was judged at the notebook's sizes: some size in it does not come from its arguments" in result.notes


def test_a_weight_that_is_nowhere_is_not_said_to_be_searched_twice(tmp_path: Path) -> None:
    """The sentence says that it is looked for outside of the function; the hint does not say that Python finds it nowhere."""
    result = examined(tmp_path, [("rnn_cell_backward", "    Wax = parameters['Wax']\n", "")], "")
    (mistake,) = result.mistakes
    assert "reads Wax, which is not among its arguments: there is no Wax in the function" in mistake.says
    assert mistake.hints[1].startswith("A function has its arguments, and what its own lines make.")


@pytest.mark.parametrize(
    ("head", "note"),
    [
        ("import numpy as np", None),
        ("", "nothing in the file makes np: the functions were judged as in a notebook that has it"),
        ("import numpy", "nothing in the file makes np: the functions were judged as in a notebook that has it"),
        ("from rnn_utils import *", None),
        ("from rnn_utils import softmax, np", None),
        ("import numpy as np\nfrom utils import sigmoid", "sigmoid of utils is not here: the functions were judged with the course's"),
        ("try:\n    import numpy as np\nexcept ImportError:\n    import jax.numpy as np", None),
        ("def other():\n    import numpy as np", "nothing in the file makes np: the functions were judged as in a notebook that has it"),
    ],
)
def test_what_nothing_in_the_file_makes_is_a_note(tmp_path: Path, head: str, note: str | None) -> None:
    """The verdict is as ever, for a notebook may have the name from elsewhere; that this file does not make it is a fact."""
    path = tmp_path / "rnn.py"
    path.write_text(f"{head}\n\n{PARTS['softmax']}\n\n{PARTS['rnn_cell_forward']}\n", encoding="utf-8")
    source = read_source(path)
    result = examine(source, Harness(source.pieces, PARTS), "a tier")
    assert result.verdict == "right"
    assert result.notes == (() if note is None else (note,))


def test_several_names_that_nothing_makes(tmp_path: Path) -> None:
    """Helpers of the course too; where a part could not be read, nobody knows what it makes."""
    path = tmp_path / "rnn.py"
    for more, notes in (("", 1), ("from numpy import (\n", 0)):
        path.write_text(f"{more}{PARTS['rnn_cell_forward']}\n", encoding="utf-8")
        source = read_source(path)
        found = [one for one in examine(source, Harness(source.pieces, PARTS), "").notes if "nothing in the file" in one]
        assert len(found) == notes
        assert found in ([], ["nothing in the file makes np and softmax: the functions were judged as in a notebook that has them"])
