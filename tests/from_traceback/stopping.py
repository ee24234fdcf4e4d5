"""Programs that end with an error, run here, and their tracebacks as a notebook shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.inputs import COURSE_SIZES, case

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_QUOTED = 2
CELL = "<module>"


def program(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The course's own functions by their names, with changes: in which, what, and what stands in its place."""
    texts = {name: "\n".join(lines) for name, lines in SEQUENCE_MODELS.functions.items() if not name.endswith("_check")}
    for function, before, after in changes:
        assert before in texts[function]
        texts[function] = texts[function].replace(before, after)
    return texts


def traceback_of(texts: dict[str, str], function: str) -> str:
    """What a notebook prints when a function ends with an error, at the sizes of its check: two lines above and below are quoted."""
    return _traceback(texts, lambda space: space[function](*case(function, COURSE_SIZES).arguments))


def traceback_in(texts: dict[str, str], cell: str) -> str:
    """The same for a cell outside of all functions."""
    return _traceback(texts | {CELL: cell}, lambda space: exec(compile(cell, CELL, "exec"), space))  # noqa: S102 - a test's own text


def _traceback(texts: dict[str, str], run: Callable[[dict[str, Any]], object]) -> str:
    space: dict[str, Any] = {"np": np}
    for name, text in texts.items():
        if name != CELL:
            exec(compile(text, name, "exec"), space)  # noqa: S102 - the course's own program, with a mistake
    try:
        run(space)
    except Exception as error:  # noqa: BLE001 - whatever it ends with
        frames = "\n\n".join(_frame(one, texts) for one in _frames(error.__traceback__) if one[0] in texts)
        name = type(error).__name__
        return f"{'-' * 75}\n{name}{'Traceback (most recent call last)':>60}\n{frames}\n\n{name}: {error}\n"
    return ""


def _frames(trace: TracebackType | None) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    while trace is not None:
        found.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return found


def _frame(one: tuple[str, int], texts: dict[str, str]) -> str:
    function, line = one
    lines = texts[function].split("\n")
    within = CELL if function == CELL else f"{function}({', '.join(SEQUENCE_MODELS.arguments(function))})"
    head = f"<ipython-input-{len(lines)}-7d7ee2d0a4f2> in {within}"
    shown = range(max(line - _QUOTED, 1), min(line + _QUOTED, len(lines)) + 1)
    return "\n".join([head, *(f"{'---> ' if at == line else '     '}{at} {lines[at - 1]}" for at in shown)])
