"""Programs to be judged: the reference's text with some of it written otherwise, and the harness that runs it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.inputs import SIZES
from whygrad.from_code.isolate import verdicts
from whygrad.from_code.parts import FUNCTIONS, PARTS
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from whygrad.from_code.inputs import Sizes
    from whygrad.records import FunctionVerdict

Judged = dict[str, "FunctionVerdict"]


class Bench:
    """Judges programs, and counts the runs of the last one."""

    runs = 0

    def judge(self, text: str, sizes: tuple[Sizes, Sizes] = SIZES, seed: int = 0) -> Judged:
        """The verdicts by function."""
        pieces, lines = [], text.splitlines()
        for node in ast.parse(text).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = (node.name,) if isinstance(node, ast.FunctionDef) else tuple(ast.unparse(target) for target in targets)
            pieces.append(Piece("cell 1", node.lineno, "\n".join(lines[node.lineno - 1 : node.end_lineno]), names))
        harness = Harness(pieces, PARTS)
        self.runs = 0

        def run(request: object) -> object:
            self.runs += 1
            return type(harness).run(harness, request)

        harness.run = run
        return {verdict.function: verdict for verdict in verdicts(harness, pieces, sizes, seed)}

    def edited(self, *edits: tuple[str, str, str], without: tuple[str, ...] = ()) -> Judged:
        """The reference program with, for each edit, (function, old text, new text); an empty old text stands for the whole function."""
        texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS) if name not in without}
        for function, old, new in edits:
            assert old in texts[function]
            texts[function] = texts[function].replace(old, new) if old else new
        return self.judge("import numpy as np\n\n" + "\n\n".join(texts.values()))


@pytest.fixture
def bench() -> Bench:
    """What judges programs."""
    return Bench()
