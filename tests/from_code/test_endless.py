"""A loop that cannot end is told by its text, and not waited for as long as another."""

from __future__ import annotations

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.text.endless import endless
from whygrad.from_code.text.written import Definitions
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.allowance import Allowance
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.requests import Piece

ENDLESS = [
    ("while True:\n        t += 1", "nothing ends the loop"),
    ("while t < n:\n        caches.append(t)", "nothing changes n or t in the loop"),
    ("while t >= 0:\n        if t:\n            n = t", "nothing changes t in the loop"),
]
ENDING = [
    "while t < n:\n        t += 1",
    "while True:\n        break",
    "while t:\n        return t",
    "while t < n:\n        np.add(t, 1, out=t)",
    "while t:\n        t.pop()",
    "while t[0] < n:\n        t[0] += 1",
    "while (t := t - 1) >= 0:\n        pass",
    "while next(t):\n        pass",
]


def told(body: str) -> tuple[object, str] | None:
    """What is said of a function with this body."""
    return endless(Definitions([Piece("cell", 1, f"def lstm_forward(t, n, caches):\n    {body}\n")]), "lstm_forward")


@pytest.mark.parametrize(("body", "why"), ENDLESS)
def test_a_loop_that_cannot_end(body: str, why: str) -> None:
    """Nothing changes what its condition reads, and nothing leaves it."""
    found = told(body)
    assert found is not None
    assert found[1] == why


@pytest.mark.parametrize("body", ENDING)
def test_a_loop_that_may_end(body: str) -> None:
    """Something is changed, called or left."""
    assert told(body) is None


@pytest.mark.parametrize("asked", [12, 1000])
def test_a_search_whose_time_is_up_says_so(asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told then is only what is known so far; of a search that came to its end nothing is said."""
    spent: list[float] = []
    spend = Allowance.spend

    def counted(self: Allowance, took: float) -> None:
        spent.append(took)
        spend(self, took if len(spent) < asked else self.left)

    monkeypatch.setattr(Allowance, "spend", counted)
    text = TEXTS["course_template"].replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    source = collect("rnn.py", [Cell(text, Origin("rnn.py", None, tuple(text.split("\n"))))])
    with Sandbox(source.pieces, PARTS) as sandbox:
        result = examine(source, sandbox, "a tier")
    says = "the time for all runs of the code was up before all was tried: more may be wrong, or another line than is told"
    assert [says in notes for notes in (result.notes, result.search.cuts)] == [asked == 12] * 2


@pytest.mark.parametrize("loop", ["while True: pass", "left = 1\n    while left: left += 1"])
def test_five_functions_that_do_not_end_are_told_soon(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each at its loop, if its text shows that it has no end; together they are waited for less long than one of any kind may be."""
    waited: list[float] = []
    exceed = Allowance.exceed

    def counted(self: Allowance, part: int) -> None:
        waited.append(self.of(part))
        exceed(self, part)

    monkeypatch.setattr(Allowance, "exceed", counted)
    text, made = TEXTS["course_template"], 0
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(line)
        if line.startswith("def ") and made < 5:
            lines += f"    {loop}".split("\n")
            made += 1
    source = collect("rnn.py", [Cell("\n".join(lines), Origin("rnn.py", None, tuple(lines)))])
    with Sandbox(source.pieces, PARTS) as sandbox:
        result = examine(source, sandbox, "a tier")
    assert waited
    assert sum(waited) < 9.5
    assert [verdict.verdict for verdict in result.functions].count("raises") == made
    shown = [mistake.location.text.startswith("while") for mistake in result.mistakes if mistake.location]
    assert shown == [loop.startswith("while")] * made
    assert all("what has to change for it to end?" in mistake.hints[1] for mistake in result.mistakes)
