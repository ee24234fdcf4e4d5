"""Programs to be judged: the reference's text with some of it written otherwise, and the harness that runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.picture import pictures
from whygrad.from_code.reference.inputs import SIZES
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.verdict.isolate import Examination, verdicts
from whygrad.read.code_file import read_source
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.records import Errors, FunctionVerdict, Result

sys.path.insert(0, str(Path(__file__).parent))

from slipping import edited, pieces_of

try:
    import resource
except ImportError:  # Windows
    resource = None

_MEMORY = 1 << 28
"""Bytes that a program may ask for beside what is in use: it runs in this process, and may be one that never ends."""


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    """A program that takes too much memory raises, as it does in the sandbox."""
    statm = Path("/proc/self/statm")
    if resource is None or not statm.exists():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = int(statm.read_text().split()[0]) * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most if before[1] == resource.RLIM_INFINITY else min(most, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


Judged = dict[str, "FunctionVerdict"]
Edit = tuple[str, str, str]
"""Function, old text, new text, as for ``edited``."""


class Told(NamedTuple):
    """What is told of one mistake."""

    line: int
    id: str
    proof: str
    says: str


class Bench:
    """Judges programs, and counts the runs of the last one."""

    runs = 0

    def judge(self, text: str, sizes: tuple[Sizes, Sizes] = SIZES, seed: int = 0) -> Judged:
        """The verdicts by function."""
        pieces = pieces_of(text)
        harness = Harness(pieces, PARTS)
        self.runs = 0

        def run(request: object) -> object:
            self.runs += 1
            return type(harness).run(harness, request)

        harness.run = run
        return {verdict.function: verdict for verdict in verdicts(harness, pieces, sizes, seed)}

    def edited(self, *edits: tuple[str, str, str], without: tuple[str, ...] = ()) -> Judged:
        """The verdicts of ``edited``."""
        return self.judge(edited(*edits, without=without))


@pytest.fixture
def bench() -> Bench:
    """What judges programs."""
    return Bench()


@pytest.fixture
def drawn() -> Callable[..., tuple[Errors, ...]]:
    """The pictures of the reference program with these edits."""

    def draw(*edits: Edit, without: tuple[str, ...] = ()) -> tuple[Errors, ...]:
        pieces = pieces_of(edited(*edits, without=without))
        examination = Examination(Harness(pieces, PARTS), pieces)
        return pictures(examination.trials, [examination.verdict(name) for name in FUNCTIONS])

    return draw


@pytest.fixture
def own_caches() -> list[Edit]:
    """A cache that is a dictionary, right in itself."""
    entries = "a_next c_next a_prev c_prev ft it cct ot xt parameters"
    return [
        ("lstm_cell_forward", "cache = (a_next", "names = (a_next"),
        ("lstm_cell_forward", "    return", f"    cache = dict(zip('{entries}'.split(), names))\n    return"),
        ("lstm_cell_backward", " = cache", f" = [cache[name] for name in '{entries}'.split()]"),
        ("lstm_backward", "a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters = caches[0]", "a1, x1 = caches[0]['a_next'], caches[0]['xt']"),
    ]


@pytest.fixture
def told() -> Callable[[str], list[Told]]:
    """The mistakes that are told of a program."""

    def tell(text: str) -> list[Told]:
        source = collect("own.py", [Cell(text, Origin("own.py", None, tuple(text.splitlines())))])
        mistakes = examine(source, Harness(source.pieces, PARTS), "in place").mistakes
        return [Told(one.location.line if one.location else 0, one.id, one.proof, one.says) for one in mistakes]

    return tell


@pytest.fixture
def examined(tmp_path: Path) -> Callable[[str], Result]:
    """Examines a program in this process."""

    def run(program: str) -> Result:
        path = tmp_path / "rnn.py"
        path.write_text(program, encoding="utf-8")
        source = read_source(path)
        return examine(source, Harness(source.pieces, PARTS), "a tier")

    return run
