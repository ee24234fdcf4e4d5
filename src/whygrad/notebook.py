"""In a notebook: ``%load_ext whygrad``, then ``%%whygrad`` above a cell that defines functions, or ``%whygrad`` for all that are defined.

Both take ``--hint 1``, ``2`` or ``3``. IPython itself is not imported: the running shell is handed in.
"""

from __future__ import annotations

import sys
from asyncio import get_running_loop
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from whygrad.diagnose import diagnose
from whygrad.diagnosis import Diagnosis
from whygrad.errors import UsageError, WhygradError
from whygrad.read.pieces import FUNCTIONS
from whygrad.report.part import HINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whygrad.records import Result


class Ran(Protocol):
    """What IPython tells of a cell that it has run."""

    success: bool


class Shell(Protocol):
    """What is needed of IPython's shell."""

    user_ns: dict[str, Any]
    execution_count: int

    def run_cell(self, raw_cell: str) -> Ran:
        """Run one cell as if it had been typed."""
        ...

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as Python, its magics as calls."""
        ...

    def should_run_async(self, raw_cell: str, *, transformed_cell: str) -> bool:
        """Whether something is awaited at the top of a cell."""
        ...

    def register_magic_function(self, func: Callable[[str, str | None], object], magic_kind: str, magic_name: str) -> None:
        """Make a function a magic."""
        ...


def load(shell: Shell) -> None:
    """Give the shell ``%whygrad`` and ``%%whygrad``."""

    def whygrad(line: str, cell: str | None = None) -> Diagnosis | None:
        """Say which of the functions is wrong, and why.

        %whygrad [--hint 1|2|3]    of all functions defined so far
        %%whygrad [--hint 1|2|3]   of those that this cell defines
        """
        try:
            hint = _hint(line)
            return replace(_everything(shell) if cell is None else _of_cell(shell, line, cell), hint=hint)
        except WhygradError as error:
            _say(str(error))
        except KeyboardInterrupt:
            _say("it was interrupted, so nothing was diagnosed; what the functions read of the notebook is as it was")
        except Exception as error:  # noqa: BLE001 - the last resort: a learner never sees a traceback of ours
            _say(f"this is a fault of whygrad and not of your notebook ({type(error).__name__}: {error}); please report it")
        return None

    shell.register_magic_function(whygrad, "line_cell", "whygrad")


def _everything(shell: Shell) -> Diagnosis:
    return diagnose(shell.user_ns)


def _of_cell(shell: Shell, line: str, cell: str) -> Diagnosis:
    """Run the cell, then diagnose the functions that are others than before."""
    before = _defined(shell.user_ns)
    head = "" if cell.startswith("%%") else f"# %%whygrad {line}".rstrip() + "\n"  # the lines keep the numbers that are seen
    if _awaits(shell, cell):
        raise UsageError("the cell awaits something outside of functions, which can't be done below %%whygrad; move that into another cell")
    if not _run(shell, head + cell):
        raise UsageError("the cell ended with an error, so nothing was diagnosed")
    new = {name for name, function in _defined(shell.user_ns).items() if function is not before.get(name)}
    if not new:
        raise UsageError(f"the cell defines none of the functions that I know; I look for {', '.join(FUNCTIONS)}")
    return Diagnosis(_only(diagnose(shell.user_ns).result, new))


def _awaits(shell: Shell, cell: str) -> bool:
    """Whether the cell needs the event loop that the kernel is running in just now.

    Raises:
        UsageError: Python cannot compile it, for another reason than its syntax, which running it will say.
    """
    try:
        awaits = shell.should_run_async(cell, transformed_cell=shell.transform_cell(cell))
        get_running_loop()
    except (RecursionError, MemoryError):
        raise UsageError("the cell is nested too deeply for Python, or has a formula of thousands of terms, so it was not run") from None
    except (RuntimeError, SyntaxError):  # nothing is running
        return False
    return awaits


def _only(result: Result, names: set[str]) -> Result:
    """What was found of these functions. All are judged: whether one is right can depend on the cache that another makes.

    What may be wrong in another one makes the count of these no "at least".
    """
    functions = tuple(one for one in result.functions if one.function in names)
    mistakes = tuple(mistake for mistake in result.mistakes if mistake.function in names)
    unexplained = tuple(name for name in result.unexplained if name in names)
    others = {one.function for one in result.functions} - names
    cuts = tuple(cut for cut in result.search.cuts if not others.intersection(cut.split()))
    right = all(one.verdict == "right" for one in functions)
    elsewhere = any(one.verdict == "wrong" for one in result.functions if one.function not in names)
    return replace(
        result,
        verdict="right" if right else "unknown" if not mistakes else "partly" if unexplained else "explained",
        checks=tuple(one.function for one in functions),
        mistakes=mistakes,
        search=replace(result.search, complete=not cuts, cuts=cuts),
        exonerated=tuple(name for name in result.exonerated if name in names),
        unexplained=unexplained,
        functions=functions,
        errors=() if right or elsewhere else result.errors,
    )


def _run(shell: Shell, text: str) -> bool:
    """Run a text under the number that the cell has itself: IPython is already counting the next one."""
    counted = shell.execution_count
    shell.execution_count = len(shell.user_ns.get("In", ())) - 1
    try:
        return shell.run_cell(text).success
    finally:
        shell.execution_count = counted


def _defined(names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: names[name] for name in FUNCTIONS if callable(names.get(name))}


def _hint(line: str) -> int:
    words = line.replace("=", " ").split()
    if not words:
        return 2
    known = {str(hint): hint for hint in HINTS}
    if len(words) != 2 or words[0] != "--hint" or words[1] not in known:  # noqa: PLR2004 - the option and its value
        raise UsageError(f"%whygrad takes --hint 1, --hint 2 or --hint 3, or nothing, but not {line.strip()}")
    return known[words[1]]


def _say(sentence: str) -> None:
    print(f"whygrad: {sentence.rstrip('.')}.", file=sys.stderr)  # noqa: T201 - a notebook shows it in the cell
