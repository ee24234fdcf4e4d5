"""Programs that end with an error, run here, and their tracebacks as a notebook shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.inputs import COURSE_SIZES, case

if TYPE_CHECKING:
    from types import TracebackType

_QUOTED = 2


def program(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The course's own functions by their names, with changes: in which, what, and what stands in its place."""
    texts = {name: "\n".join(lines) for name, lines in SEQUENCE_MODELS.functions.items() if not name.endswith("_check")}
    for function, before, after in changes:
        assert before in texts[function]
        texts[function] = texts[function].replace(before, after)
    return texts


def traceback_of(texts: dict[str, str], function: str) -> str:
    """What a notebook prints when a function ends with an error, at the sizes of its check: two lines above and below are quoted."""
    space: dict[str, Any] = {"np": np}
    for name, text in texts.items():
        exec(compile(text, name, "exec"), space)  # noqa: S102 - the course's own program, with a mistake
    try:
        space[function](*case(function, COURSE_SIZES).arguments)
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
    head = f"<ipython-input-{len(lines)}-7d7ee2d0a4f2> in {function}({', '.join(SEQUENCE_MODELS.arguments(function))})"
    shown = range(max(line - _QUOTED, 1), min(line + _QUOTED, len(lines)) + 1)
    return "\n".join([head, *(f"{'---> ' if at == line else '     '}{at} {lines[at - 1]}" for at in shown)])
