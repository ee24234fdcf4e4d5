"""A program that can do more than compute, each of its functions run by itself: the answers are a single run's, and can be shared."""

from __future__ import annotations

import ast
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

from whygrad.from_code.apart import Apart, LostError, can_be_apart, handed
from whygrad.from_code.examine import examine
from whygrad.from_code.known import Known
from whygrad.from_code.mild import mild
from whygrad.from_code.parts import PARTS
from whygrad.grade.judge import Judge
from whygrad.grade.records import Job, Options
from whygrad.read.code_file import source_in
from whygrad.sandbox.cells import CELLS
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Raised, Reply, Request
from whygrad.sandbox.server import works_here

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from whygrad.records import Result
    from whygrad.sandbox.requests import Runner

CLOSURES = TEXTS["closures"]
WRONG = {
    "a term": CLOSURES.replace("dc = dc_next + da_next * s.o * (1 - th**2)", "dc = da_next * s.o * (1 - th**2)"),
    "around": CLOSURES.replace("return value * (1 - value)", "return 1 - value"),
    "a carry": CLOSURES.replace("*(da[:, :, t] + da_t, dc_t)", "*(da[:, :, t], dc_t)"),
    "a class": TEXTS["classes"].replace('gradients["da_prev"] = dconcat[:n_a]', 'gradients["da_prev"] = dconcat[n_a:]'),
    "raises": CLOSURES.replace("s = Step(*cache)", "s = Step(*cache, 1)"),
}
DECORATED = "import functools\n\n\ndef loud(f):\n    return f\n\n\n@loud\ndef rnn_forward(x, a0, parameters):\n    return 1\n"


@contextmanager
def process(pieces: Sequence[Piece]) -> Generator[Runner]:
    """What stands for a process of its own."""
    yield Harness(pieces, PARTS)


def apart(text: str, known: Known) -> Result:
    """What is found in a program, each function of which is run by itself."""
    source = source_in(text.encode(), Path("one.py"))
    assert can_be_apart(source)
    with ExitStack() as stack:
        return examine(source, Apart(source.pieces, process, stack), "", known, apart=True)


def alone(text: str) -> Result:
    """What a single run finds."""
    source = source_in(text.encode(), Path("one.py"))
    return examine(source, Harness(source.pieces, PARTS), "")


@pytest.mark.parametrize("name", ["closures", "classes", *WRONG])
def test_the_answer_is_a_single_run_s(name: str) -> None:
    """Whether the program is right or wrong, in a function or in what is around; a second time nothing is run."""
    text, known = WRONG.get(name) or TEXTS[name], Known()
    assert text not in {TEXTS["closures"], TEXTS["classes"]} or name not in WRONG
    assert apart(text, known) == alone(text)
    before = known.taken
    assert apart(f"# handed in later\n\n{text}", known) == alone(f"# handed in later\n\n{text}")
    assert known.taken > before


def test_functions_that_are_alike_share_their_answers() -> None:
    """Of a program with a mistake in one function the others are known from the right one; if it is around them, none is."""
    known = Known()
    apart(CLOSURES, known)
    before = known.taken
    apart(WRONG["a term"], known)
    assert known.taken - before >= 6
    before = known.taken
    apart(CLOSURES.replace("1 + np.exp(-z)", "1 - np.exp(-z)"), known)
    assert known.taken == before


def test_a_process_is_handed_what_a_run_depends_on_alone() -> None:
    """Of the other functions there is how they are called, and all of one whose definition does more than to bind a name."""
    pieces = source_in((DECORATED + CLOSURES).encode(), Path("one.py")).pieces
    texts = {name: piece.text for piece in handed(pieces, frozenset({"lstm_forward"})) for name in piece.names}
    whole = {name: piece.text for piece in pieces for name in piece.names}
    assert texts["lstm_cell_backward"] == "def lstm_cell_backward(da_next, dc_next, cache): pass"
    assert {name for name in whole if texts[name] != whole[name]} == {"lstm_cell_forward", "lstm_cell_backward", "lstm_backward"}
    assert [piece.line for piece in handed(pieces, frozenset())] == [piece.line for piece in pieces]


def test_each_set_of_functions_has_a_process_of_its_own() -> None:
    """One that follows in the same process is of the same functions; the notebook's own statements have all of the program."""
    source, started = source_in(CLOSURES.encode(), Path("one.py")), []

    @contextmanager
    def noted(pieces: Sequence[Piece]) -> Generator[Runner]:
        started.append([piece.text for piece in pieces])
        yield _Answers(Reply("returned"))

    one, two = frozenset({"lstm_forward"}), frozenset({"lstm_backward"})
    with ExitStack() as stack:
        runner = Apart(source.pieces, noted, stack)
        for call, own in (("lstm_forward", one), ("lstm_forward", one), ("lstm_backward", two), (CELLS, two), ("lstm_forward", one)):
            runner.run(Request(call, (), own))
    texts = [[piece.text for piece in pieces] for pieces in (handed(source.pieces, one), handed(source.pieces, two), source.pieces)]
    assert started == [texts[0], texts[1], texts[2], texts[0]]


class _Answers:
    """Answers everything alike."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def run(self, _: Request) -> Reply:
        return self._reply


@pytest.mark.parametrize("reply", [Reply("timeout"), Reply("died"), Reply("raised", raised=Raised("MemoryError", ""))])
def test_a_run_that_is_lost_ends_all(reply: Reply) -> None:
    """How long the others may take depends on it, so all are run as in a single run."""

    @contextmanager
    def lost(_: Sequence[Piece]) -> Generator[Runner]:
        yield _Answers(reply)

    with ExitStack() as stack, pytest.raises(LostError):
        Apart((), lost, stack).run(Request("rnn_forward", (), frozenset()))


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "import numpy.lib",
        "from os import path",
        "from . import x",
        "np.tanh = abs",
        "del x.y",
        "np.seterr(all='raise')",
        "x.__class__",
        "__builtins__",
        "exec('1')",
        "setattr(np, 'tanh', abs)",
        "globals()",
        "async def f(): pass",
    ],
)
def test_what_may_change_something_for_others_is_not_mild(code: str) -> None:
    """Such a program is run in one process, as in a single run."""
    assert not mild(ast.parse(code))
    assert not can_be_apart(source_in(f"{CLOSURES}\n\ndef helper(x):\n    {code}\n".encode(), Path("one.py")))


def test_a_class_run_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second program that has the same around its functions is run apart; where a run is lost there, as a whole after all."""
    texts = [CLOSURES, WRONG["a term"], CLOSURES.replace("    v = np.r_[a_prev, xt]\n", "    while True: pass\n"), WRONG["a term"] + "#\n"]
    ran: list[str] = []
    examined = Judge._examined_apart  # noqa: SLF001 - seen from outside only in how long it takes
    monkeypatch.setattr(Judge, "_examined_apart", lambda judge, source: ran.append(source.path) or examined(judge, source))
    with Judge(Options(seconds=0.5)) as judge:
        found = [judge.outcome(Job(".py", text.encode(), "", 2)) for text in texts]
    assert len(ran) == (3 if works_here() else 0)
    for one, text in zip(found, texts, strict=True):
        with Judge(Options(seconds=0.5)) as single:
            assert one.diagnosis == single.outcome(Job(".py", text.encode(), "", 2)).diagnosis
