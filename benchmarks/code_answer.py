"""The one place where the benchmark of code meets ``whygrad``: what is said of a program, in the few facts that are counted."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One finding: its function, its line in the program from 1, its mistake's id (None where it is only located), whether it is proved."""

    function: str
    line: int | None
    id: str | None
    proved: bool


@dataclass(frozen=True)
class Answer:
    """The functions that are called wrong, and the findings, the first to be mended first."""

    wrong: frozenset[str]
    findings: tuple[Said, ...]


def examined(text: str, seed: int) -> Answer:
    """What whygrad says of the program, run on inputs drawn from ``seed``."""
    try:
        from whygrad.from_code.examine import examine  # noqa: PLC0415 - the benchmark says so where it is not there
    except ImportError:
        raise SystemExit("whygrad.from_code.examine is not there yet") from None
    from whygrad.sandbox.requests import Piece  # noqa: PLC0415 - see above

    names = tuple(node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    result = examine([Piece("style.py", 1, text, names)], seed=seed)
    return Answer(
        frozenset(name for name, verdict in result.functions.items() if verdict.verdict == "wrong"),
        tuple(Said(finding.function, finding.line, finding.id, bool(finding.proof)) for finding in result.findings),
    )
