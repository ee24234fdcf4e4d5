"""Makes the notebooks of this folder: the course's exercise in the course's style, with one mistake, and what its checks print.

    python examples/make_notebooks.py

writes them anew.
"""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "benchmarks"))

from notebooks import Cell, cells_of, version_4  # noqa: E402 - found in the benchmarks' folder
from styles import REFERENCE, TEXTS  # noqa: E402 - the same
from whygrad.assignments import SEQUENCE_MODELS  # noqa: E402 - after the path is set

VIEW = HERE / "lstm-view-of-output.ipynb"
RIGHT_LINE, WRONG_LINE = "    c_next = np.zeros((n_a, m))\n", "    c_next = c[:, :, 0]\n"
INTRODUCTION = """# Recurrent network, step by step

Eight functions, then a check of each backward one. A line of `lstm_forward` is wrong: the first cell state is a view of `c`."""


def view_of_output() -> str:
    """The notebook whose first cell state is a view of the output array."""
    program = TEXTS["course_template"]
    if program.count(RIGHT_LINE) != 1:
        raise ValueError("the line to be changed is not there just once")
    checks = [Cell(check_cell(check)) for check in SEQUENCE_MODELS.printed]
    return version_4([Cell(INTRODUCTION, markdown=True), *executed([*cells_of(program.replace(RIGHT_LINE, WRONG_LINE)), *checks])])


def check_cell(check: str) -> str:
    """What the course's check draws, calls and prints, as a cell."""
    draws = [line.strip() for line in SEQUENCE_MODELS.functions[f"{check}_check"][1:] if not line.strip().startswith("return")]
    prints: list[str] = []
    for quantity, index in SEQUENCE_MODELS.printed[check]:
        label = f'gradients["{quantity}"]'
        entry = label + "".join(f"[{i}]" for i in index)
        prints += [f"print('{entry} =', {entry})", f"print('{label}.shape =', {label}.shape)"]
    return "\n".join([*draws, *prints])


def executed(cells: list[Cell]) -> list[Cell]:
    """The cells with what each prints when all are run from top to bottom."""
    space = {name: REFERENCE[name] for name in ("sigmoid", "softmax")}
    done: list[Cell] = []
    for cell in cells:
        text = cell.text.replace("import numpy as np\nfrom rnn_utils import *", "import numpy as np")
        with redirect_stdout(io.StringIO()) as printed:
            exec(text, space)  # noqa: S102 - our own program
        done.append(Cell(cell.text, printed.getvalue()))
    return done


if __name__ == "__main__":
    VIEW.write_text(view_of_output(), encoding="utf-8")
