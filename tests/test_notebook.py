"""The magics, with a stand-in for IPython's shell: what they run, what they show, and one sentence where something is wrong."""

from __future__ import annotations

import asyncio
import linecache
import signal
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from concurrent.futures import ThreadPoolExecutor
from inspect import CO_COROUTINE
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import whygrad
from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.diagnosis import Diagnosis

CELL = PARTS["rnn_cell_backward"]
WRONG = CELL.replace("1 - a_next", "1 + a_next")
LOOP = PARTS["rnn_backward"]


class Shell:
    """Runs a cell in a namespace, counting as IPython does: the number of the next cell while one runs."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {"In": [""]}
        self.execution_count = 1
        self.ran: list[tuple[int, str]] = []
        self.magic: Callable[[str, str | None], Diagnosis | None] | None = None
        whygrad.load_ipython_extension(self)

    def register_magic_function(self, func: Callable[..., Any], magic_kind: str, magic_name: str) -> None:
        """Keep it."""
        assert (magic_kind, magic_name) == ("line_cell", "whygrad")
        self.magic = func

    def run_cell(self, raw_cell: str) -> SimpleNamespace:
        """Execute, with the lines to be had."""
        self.ran.append((self.execution_count, raw_cell))
        name = f"<cell {len(self.ran)}>"
        linecache.cache[name] = (len(raw_cell), None, raw_cell.splitlines(keepends=True), name)
        try:
            exec(compile(raw_cell, name, "exec"), self.user_ns)  # noqa: S102 - the test's own
        except ZeroDivisionError:
            return SimpleNamespace(success=False)
        return SimpleNamespace(success=True)

    def transform_cell(self, raw_cell: str) -> str:
        """Nothing is to be transformed here."""
        return raw_cell

    def should_run_async(self, raw_cell: str, *, transformed_cell: str) -> bool:
        """As IPython finds out."""
        assert raw_cell == transformed_cell
        return bool(compile(transformed_cell, "<cell>", "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT).co_flags & CO_COROUTINE)

    def type(self, line: str, cell: str | None = None) -> Diagnosis | None:
        """Use the magic in a new cell."""
        self.user_ns["In"].append(cell or line)
        self.execution_count += 1
        assert self.magic is not None
        return self.magic(line, cell)


@pytest.fixture
def shell() -> Shell:
    """A notebook with the extension loaded."""
    return Shell()


def test_a_cell_is_run_and_its_functions_are_judged(shell: Shell) -> None:
    """Only what the cell defines is in the answer; the line is counted as it is seen, below the magic."""
    found = shell.type("", f"import numpy as np\n{WRONG}\n")
    assert found is not None
    assert [one.function for one in found.result.functions] == ["rnn_cell_backward"]
    (mistake,) = found.mistakes
    assert mistake.location is not None
    assert mistake.location.line == 3 + next(at for at, line in enumerate(WRONG.splitlines()) if "1 + a_next" in line)
    assert shell.ran == [(1, f"# %%whygrad\nimport numpy as np\n{WRONG}\n")]
    assert shell.execution_count == 2
    assert "rnn_cell_backward" in found._repr_html_()
    assert found.result.errors


def test_a_right_cell_beside_a_wrong_one(shell: Shell) -> None:
    """The other cell's mistake is not told again."""
    shell.type("", f"import numpy as np\n{WRONG}\n")
    found = shell.type("", LOOP)
    assert found is not None
    assert found.verdict == "right"
    assert str(found).startswith("rnn_backward is right.")
    assert found.result.errors == ()
    again = shell.type("", LOOP)
    assert again is not None, "a cell that is run again defines its functions again"
    everything = shell.type("")
    assert everything is not None
    assert everything.verdict == "explained"
    assert {one.verdict for one in everything.result.functions} == {"right", "wrong", "missing"}


def test_what_is_hidden_in_another_cell_is_not_counted(shell: Shell) -> None:
    """Its function raises, and more may be wrong behind that: "at least" in the answer about all, not in that about this cell."""
    shell.type("", "import numpy as np\ndef lstm_cell_backward(da_next, dc_next, cache):\n    return missing")
    found, everything = shell.type("", WRONG), shell.type("")
    assert str(found).startswith("One mistake, in rnn_cell_backward")
    assert str(everything).startswith("At least two mistakes.")


def test_a_cell_that_begins_with_another_magic_is_run_as_it_is(shell: Shell) -> None:
    """IPython wants a cell magic in the first line."""
    with pytest.raises(SyntaxError):
        shell.run_cell("%%time\nx = 1")
    shell.type("", "%%time\nx = 1")
    assert shell.ran[-1] == (1, "%%time\nx = 1")


@pytest.mark.parametrize(("line", "hint"), [("", 2), ("--hint 1", 1), ("--hint=3", 3), ("  --hint  2 ", 2)])
def test_the_level_of_hint(shell: Shell, line: str, hint: int) -> None:
    """The option is that of the command line; the diagnosis shows itself at that level."""
    found = shell.type(line, f"import numpy as np\n{WRONG}\n")
    assert found is not None
    assert found.hint == hint
    assert ("What the mathematics asks" in str(found)) == (hint == 3)
    assert found._repr_html_().count("<details open>") == 1
    shown: list[str] = []
    found._repr_pretty_(SimpleNamespace(text=shown.append), False)  # noqa: FBT003 - as IPython calls it
    assert shown == [str(found)]
    assert found._repr_markdown_() == found.to_markdown(hint)


@pytest.mark.parametrize(
    ("line", "cell", "says"),
    [
        ("--hint 4", None, "%whygrad takes --hint 1, --hint 2 or --hint 3, or nothing, but not --hint 4."),
        ("lstm_backward", None, "%whygrad takes --hint 1, --hint 2 or --hint 3, or nothing, but not lstm_backward."),
        ("", None, "None of the functions that I know is defined here; I look for rnn_cell_forward,"),
        ("", "x = 1", "the cell defines none of the functions that I know; I look for rnn_cell_forward,"),
        ("", "1 / 0", "the cell ended with an error, so nothing was diagnosed."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    shell: Shell, line: str, cell: str | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, and nothing is shown."""
    assert shell.type(line, cell) is None
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"whygrad: {says}")
    assert err.count("\n") == 1


def test_a_cell_that_awaits_something_in_a_running_loop(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A kernel's loop cannot run a cell within a cell: one sentence says so, and nothing is run; other cells are judged as ever."""

    async def typed(cell: str) -> Diagnosis | None:
        return shell.type("", cell)

    def in_a_loop(cell: str) -> Diagnosis | None:
        """In a thread: where a browser was tested before, its loop still runs in this one."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, typed(cell)).result()

    assert in_a_loop(f"import asyncio\nawait asyncio.sleep(0)\n{CELL}") is None
    assert capsys.readouterr().err.startswith(
        "whygrad: the cell awaits something outside of functions, which can't be done below %%whygrad"
    )
    assert shell.ran == []
    found = in_a_loop(f"import numpy as np\n{WRONG}\n")
    assert found is not None
    assert found.mistakes


def test_a_cell_that_python_cannot_compile(shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """IPython's shell would end with an error of its own, which is nobody's fault but the cell's."""

    def too_deep(_: str, **__: object) -> bool:
        raise RecursionError

    monkeypatch.setattr(shell, "should_run_async", too_deep)
    assert shell.type("", CELL) is None
    assert capsys.readouterr().err.startswith("whygrad: the cell is nested too deeply for Python, or has a formula of thousands of terms")
    assert shell.ran == []


def test_a_fault_of_ours_is_no_traceback(shell: Shell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said to be ours, with what to do."""

    def fail(_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("whygrad.notebook.diagnose", fail)
    assert shell.type("") is None
    assert capsys.readouterr().err == ("whygrad: this is a fault of whygrad and not of your notebook (KeyError: 'x'); please report it.\n")


def test_an_interruption_is_no_traceback(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asked for it, the learner or the function: one sentence, and the notebook is as it was."""
    cell = CELL.replace("    gradients =", "    history.append(1)\n    raise KeyboardInterrupt\n    gradients =")
    assert shell.type("", f"import numpy as np\nhistory = []\n{cell}\n") is None
    assert capsys.readouterr().err.startswith("whygrad: it was interrupted, so nothing was diagnosed; ")
    assert shell.user_ns["history"] == []


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no such signals")
def test_a_loop_without_end_is_stopped(shell: Shell) -> None:
    """The kernel goes on, and what the function had filled before it hung is as it was."""
    endless = CELL.replace("    gradients =", "    history.append(1)\n    while True:\n        pass\n    gradients =")
    found = shell.type("", f"import numpy as np\nhistory = []\n{endless}\n")
    assert found is not None
    (judged,) = found.result.functions
    assert (judged.verdict, judged.says.partition(":")[0]) == ("raises", "does not come to an end in the time allowed")
    assert shell.user_ns["history"] == []
