"""Which names a function reads, by its compiled code."""

from __future__ import annotations

import dis
from types import CodeType

from styles import TEXTS

from whygrad.sandbox.names_read import _global_names

MANY = "def f(x):\n    " + "\n    ".join(f"x.attribute{number} = name{number}" for number in range(400)) + "\n    return other\n"


def test_the_names_are_those_that_the_disassembler_tells() -> None:
    """In every style, and where there are so many names that their numbers take several steps of the code."""
    todo = [compile(text, "submission", "exec") for text in (*TEXTS.values(), MANY)]
    for code in todo:
        told = {step.argval for step in dis.get_instructions(code) if step.opname in {"LOAD_GLOBAL", "LOAD_NAME"}}
        assert _global_names(code) == told
        todo += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
    assert len(todo) > 100
