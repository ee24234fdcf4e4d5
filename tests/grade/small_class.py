"""A small class: right, wrong, unreadable, hostile and copied submissions, some under names that somebody chose to do harm."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notebooks import cells_of, version_4
from styles import TEXTS

from whygrad.cli import main
from whygrad.grade.formats import FILES as NAMES
from whygrad.grade.pages import slug

if TYPE_CHECKING:
    from pathlib import Path

RIGHT = TEXTS["course_template"]
WRONG = RIGHT.replace("    c_next = np.zeros((n_a, m))\n", "    c_next = c[:, :, 0]\n")
OTHERWISE = WRONG.replace("    c_next = c[:, :, 0]\n", "    c_next = c[:, :, 0]  # the first state\n\n")
POST = 'gradients["da0"][2][3] = 0.36036164521813085\ngradients["dbf"][4] = [-0.17049796]\ngradients["dbo"][4] = [-0.17958196]\n'
SECONDS = 1.5
"""For one call, and three times as long for all of a submission: what hangs is waited for, and what is right needs a tenth of a second,
but several times as long where many programs want the same processors."""
HANGS = "def rnn_cell_forward(xt, a_prev, parameters):\n    while True: pass\n"
DIES = "import os\ndef rnn_cell_forward(xt, a_prev, parameters):\n    os._exit(3)\n"
NOISE = """import os
def rnn_cell_forward(xt, a_prev, parameters):
    for number in range(64):
        try: os.write(number, b'x' * 99)
        except OSError: pass
"""
NAMED = "ida/<img src=x onerror=alert(1)>\n=1+1.py"
NOT_UTF8 = b"jan/caf\xe9.py"
FILES: dict[str | bytes, str] = {
    "ada/right.py": RIGHT,
    "ben/wrong.ipynb": version_4(cells_of(WRONG)),
    "cem/wrong.py": WRONG,
    "dia/copied.py": WRONG,
    "dia/otherwise.py": OTHERWISE,
    "eli/hangs.py": HANGS,
    "fay/dies.py": DIES,
    "gus/noise.py": NOISE,
    "hal/broken.ipynb": '{"cells": [',
    NAMED: RIGHT + "# by the name\n",
    "kim/numbers.txt": POST,
}
if sys.platform.startswith("linux"):
    FILES[NOT_UTF8] = WRONG + "# by the bytes\n"
STATUSES = {
    "ada/right.py": "right",
    "ben/wrong.ipynb": "wrong",
    "cem/wrong.py": "wrong",
    "dia/copied.py": "wrong",
    "dia/otherwise.py": "wrong",
    "eli/hangs.py": "could not be run",
    "fay/dies.py": "could not be run",
    "gus/noise.py": "could not be run",
    "hal/broken.ipynb": "could not be run",
    NAMED: "right",
    "kim/numbers.txt": "wrong",
    r"jan/caf\xe9.py": "wrong",
}


def write(folder: Path, files: dict[str | bytes, str]) -> Path:
    """Put files into a folder; names may be bytes."""
    for name, text in files.items():
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The lines of a results file by path; each path has one."""
    found = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    assert len({line["path"] for line in found}) == len(found)
    return {line["path"]: line for line in found}


def grade(*arguments: object) -> int:
    """Run ``whygrad grade`` in this process; its exit code."""
    return main(["grade", "--seconds", str(SECONDS), *map(str, arguments)])


@dataclass(frozen=True)
class Graded:
    """A class that was graded, and the lines by path within its folder."""

    folder: Path
    out: Path
    lines: dict[str, dict[str, Any]]
    code: int

    def text(self, system: str, path: str) -> str:
        """What was written for one submission, for one course system."""
        return (self.out / system / slug(self.lines[path]["path"]) / NAMES[system]).read_text(encoding="utf-8")
