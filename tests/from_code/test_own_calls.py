"""Whether a function that reads the notebook's names is wrong or only fragile is seen at the notebook's own calls of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from notebooks import Cell, version_4

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.parent import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import Result

GATES = ("Wf", "Wi", "Wc", "Wo")
BIASES = ("bf", "bi", "bc", "bo")
DRAWN = "".join(f"{name} = np.random.randn(5, 8)\n" for name in GATES) + "".join(f"{name} = np.random.randn(5, 1)\n" for name in BIASES)
DRAWN += "Wy = np.zeros((2, 5))\nby = np.zeros((2, 1))\n"
PACKED = "{}parameters{} = {{" + ", ".join(f'"{name}": {name}' for name in (*GATES, *BIASES, "Wy", "by")) + "}}\n"
CELL_CHECK = (
    "np.random.seed(1)\nxt, a_prev, c_prev = np.random.randn(3, 10), np.random.randn(5, 10), np.random.randn(5, 10)\n"
    + DRAWN
    + PACKED.format("", "")
    + "a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)\n"
    + "gradients = lstm_cell_backward(np.random.randn(5, 10), np.random.randn(5, 10), cache)\n"
)
LOOP_CHECK = (
    "np.random.seed(1)\nx, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)\n"
    + DRAWN
    + PACKED.format("", "")
    + "a, y, c, caches = lstm_forward(x, a0, parameters)\ngradients = lstm_backward(np.random.randn(5, 10, 4), caches)\n"
)
NEWER = CELL_CHECK.replace("parameters", "parameters_tmp").replace("cache", "cache_tmp")
OTHER_NAMES = (
    "np.random.seed(1)\nx_tmp, a0_tmp = np.random.randn(3, 10, 7), np.random.randn(5, 10)\nparameters_tmp = {}\n"
    + "".join(f"parameters_tmp['{name}'] = np.random.randn(5, 8)\n" for name in GATES)
    + "".join(f"parameters_tmp['{name}'] = np.random.randn(5, 1)\n" for name in BIASES)
    + "parameters_tmp['Wy'], parameters_tmp['by'] = np.zeros((2, 5)), np.zeros((2, 1))\n"
    + "a, y, c, caches = lstm_forward(x_tmp, a0_tmp, parameters_tmp)\nlstm_backward(np.random.randn(5, 10, 4), caches)\n"
)
CHANGED = "Wf = Wf + 1\nlstm_backward(np.random.randn(5, 10, 4), caches)\n"
IMPORTS = "import numpy as np\nimport matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 90"
READS_WEIGHTS = ("".join(f"    {name} = parameters['{name}']\n" for name in GATES), "")
READS_STATE = ("a_prev, c_prev, ft", "before, c_prev, ft")
READS_PARAMETERS = ("ft, it, cct, ot, xt, parameters = cache", "ft, it, cct, ot, xt, _ = cache")


def notebook(path: Path, edit: tuple[str, str], *checks: str) -> Path:
    """The reference program with an edited cell's backward pass, a function a cell, and these check cells after it."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)}
    assert edit[0] in texts["lstm_cell_backward"]
    texts["lstm_cell_backward"] = texts["lstm_cell_backward"].replace(*edit)
    file = path / "week1.ipynb"
    file.write_text(
        version_4([Cell(text) for text in (IMPORTS, *texts.values(), *checks)]),
        encoding="utf-8",
    )
    return file


def examined(file: Path) -> Result:
    """The result of a file, run in this process."""
    source = read_source(file)
    return examine(source, Harness(source.pieces, PARTS), "a tier")


@pytest.mark.parametrize(
    ("edit", "checks", "read"),
    [
        (READS_WEIGHTS, (CELL_CHECK,), "Wc, Wf, Wi and Wo"),
        (READS_WEIGHTS, (CELL_CHECK, LOOP_CHECK), "Wc, Wf, Wi and Wo"),
        (READS_WEIGHTS, ("Wf = Wi = Wc = Wo = np.random.randn(9, 9)\n", LOOP_CHECK), "Wc, Wf, Wi and Wo"),
        (READS_PARAMETERS, (LOOP_CHECK, CELL_CHECK), "parameters"),
        (READS_PARAMETERS, ("parameters = {}\nparameters['Wf'] = np.random.randn(5, 8)\n",), "parameters"),
        (READS_PARAMETERS, (CELL_CHECK, "raise KeyError\n" + OTHER_NAMES), "parameters"),
    ],
)
def test_the_same_weights_at_each_call_are_right_but_fragile(
    tmp_path: Path, edit: tuple[str, str], checks: tuple[str, ...], read: str
) -> None:
    """The notebook holds at each of its own calls what is handed in, or calls nothing: all are right, and a note says what is read."""
    result = examined(notebook(tmp_path, edit, *checks))
    assert result.exonerated == FUNCTIONS
    says = f"lstm_cell_backward reads {read} from the notebook, not from its arguments: right only as long as both are the same"
    assert says in result.notes


@pytest.mark.parametrize(
    ("edit", "checks", "names", "call", "set_at"),
    [
        (READS_WEIGHTS, (CELL_CHECK, OTHER_NAMES), "Wc, Wf, Wi and Wo", "cell 13, line 14", "cell 12, line 5"),
        (READS_PARAMETERS, (CELL_CHECK, OTHER_NAMES), "parameters", "cell 13, line 14", "cell 12, line 13"),
        (READS_PARAMETERS, ("parameters = {'Wf': np.random.randn(4, 4)}", NEWER), "parameters", "cell 13, line 15", "cell 12, line 1"),
        (READS_PARAMETERS, (OTHER_NAMES, CELL_CHECK), "parameters", "cell 12, line 14", ""),
        (READS_WEIGHTS, (LOOP_CHECK, CHANGED), "Wf", "cell 13, line 2", "cell 13, line 1"),
        (READS_STATE, (CELL_CHECK, LOOP_CHECK), "a_prev", "cell 13, line 15", "cell 12, line 2"),
    ],
)  # fmt: skip
def test_other_weights_at_a_call_are_a_mistake(  # noqa: PLR0917 - the columns of the table
    tmp_path: Path, edit: tuple[str, str], checks: tuple[str, ...], names: str, call: str, set_at: str
) -> None:
    """What another check left is read: the function is wrong, no other is, and the line that reads it is shown."""
    file = notebook(tmp_path, edit, *checks)
    with Sandbox((source := read_source(file)).pieces, PARTS) as sandbox:
        result = examine(source, sandbox, sandbox.tier)
    assert set(FUNCTIONS) - set(result.exonerated) == {"lstm_cell_backward"}
    (mistake,) = result.mistakes
    assert mistake.location is not None
    assert (mistake.id, mistake.proof, mistake.location.cell) == ("weights-from-globals", "proved", 10)
    first = names.split(",", maxsplit=1)[0]
    assert first in mistake.location.text
    holds = f"is what {set_at} assigned" if set_at else "is not there yet"
    are = "where they are" if " and " in names else "where it is"
    assert mistake.says == (
        f"lstm_cell_backward reads {names} from the notebook, {are} not what its arguments hold: at the notebook's own call ({call}) "
        f"{first} {holds}"
    )
    assert not [note for note in result.notes if "only as long as" in note]


def test_the_state_of_one_step_is_a_mistake_where_the_notebook_calls_no_other(tmp_path: Path) -> None:
    """The check of the cell agrees with it, and each other step is given another state."""
    (mistake,) = examined(notebook(tmp_path, READS_STATE, CELL_CHECK)).mistakes
    assert mistake.id == "weights-from-globals"
    assert mistake.says == "lstm_cell_backward reads a_prev from the notebook, not from its arguments: each step is given another value"


def test_what_a_check_has_left_is_not_said_to_be_nowhere(tmp_path: Path) -> None:
    """Nothing raises in the notebook, which holds the cache of another check under this name."""
    file = notebook(tmp_path, READS_STATE[:1] * 2, CELL_CHECK)
    file.write_text(file.read_text(encoding="utf-8").replace("dc_prevt, caches[t])", "dc_prevt, cache)"), encoding="utf-8")
    (mistake,) = examined(file).mistakes
    assert mistake.says == "lstm_backward reads cache from the notebook, not from its arguments: there is no cache in the function"
    assert mistake.hints[1].startswith("A function has its arguments, and what its own lines make.")
