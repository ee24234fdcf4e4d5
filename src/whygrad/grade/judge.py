"""The outcome of one submission: read it, run what is to be run in a process of its own, and put what was found into one record."""

from __future__ import annotations

import hashlib
import io
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from whygrad import read
from whygrad.assignments import ASSIGNMENTS
from whygrad.diagnosis import Diagnosis
from whygrad.errors import WhygradError
from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.text.bare_text import form_of
from whygrad.from_code.verdict.known import Known, Learnt, only_computes
from whygrad.grade.find import TEXTS
from whygrad.grade.records import Numbers, Outcome
from whygrad.post import told_by
from whygrad.read.code_file import source_in
from whygrad.records import Reading, Result
from whygrad.records import Sandbox as Tier
from whygrad.report.json import to_json_line
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.server import ForkServer, works_here

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import TracebackType

    from whygrad.grade.records import Job, Options, Status
    from whygrad.read.source import Source
    from whygrad.sandbox.requests import Host, Piece, Reply, Request

_STATUS: dict[str, Status] = {"right": "right", "explained": "wrong", "partly": "wrong", "unknown": "unknown"}
_LOST = {"timeout", "died"}


class Judge:
    """Judges one submission after another; used in a ``with`` statement.

    Their code shares nothing but the fork server, which it never sees. Answers to what several of them have in common are ``Known``.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._server = ForkServer(PARTS) if works_here() else None
        self._known = Known()
        self._tier = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            self._server.close()

    def tier(self) -> str:
        """What keeps code from doing harm here.

        Raises:
            SandboxError: Nothing does, or no process can be started.
        """
        if not self._tier:
            with self._sandbox((), tame=False) as sandbox:
                self._tier = sandbox.tier
        return self._tier

    def outcome(self, job: Job) -> Outcome:
        """What comes of a submission, whatever it is: nothing is raised because of it."""
        began = time.monotonic()
        self._known.learn(msgspec.msgpack.decode(learnt, type=Learnt) for learnt in job.learnt)
        try:
            found = self._of_a_text(job, began) if job.kind in TEXTS else self._of_code(job, began)
            return replace(found, learnt=tuple(map(msgspec.msgpack.encode, self._known.to_tell())))
        except Exception as error:  # noqa: BLE001 - one failure of ours must not cost the others their answer
            says = str(error) if isinstance(error, WhygradError) else f"whygrad failed at it: {type(error).__name__}."
        if says.startswith(_name(job)):
            says = f"The file{says.removeprefix(_name(job))}"
        return _outcome(job, Result("unreadable", problem=says), "could not be run", began)

    def _of_a_text(self, job: Job, began: float) -> Outcome:
        name = _name(job)
        notes: list[str] = []
        text = read.read_stream(io.BytesIO(job.content or b""), name, notes)
        result, reading = told_by(text, name, notes, lambda written: self._examined(written)[0])
        outcome = _outcome(job, result, "could not be run" if result.problem else _status(result), began)
        return outcome if reading is None else replace(outcome, numbers=numbers_of(reading))

    def _of_code(self, job: Job, began: float) -> Outcome:
        source = source_in(job.content or b"", Path(_name(job)))
        return replace(_outcome(job, *self._examined(source), began), code=_fingerprint(source))

    def _sandbox(self, pieces: Sequence[Piece], *, tame: bool) -> Sandbox:
        seconds, unsafe = self._options.seconds, self._options.unsafe
        return Sandbox(pieces, PARTS, seconds, unsafe=unsafe, server=self._server, tame=tame)

    def _examined(self, source: Source) -> tuple[Result, Status]:
        tame = only_computes(source)
        taken = self._known.taken
        with self._sandbox(source.pieces, tame=tame) as sandbox:
            watched = _Watched(sandbox)
            result = examine(source, watched, self.tier(), self._known)
            if sandbox.started:
                result = replace(result, sandbox=Tier(sandbox.tier))
        problem = "" if self._known.taken > taken else watched.why_nothing_ended
        return (replace(result, problem=problem), "could not be run") if problem else (result, _status(result))


def _status(result: Result) -> Status:
    return "right" if result.of_a_check else _STATUS[result.verdict]


def _name(job: Job) -> str:
    """By which every submission of its kind goes while it is judged."""
    return f"submission{job.kind}"


def _outcome(job: Job, result: Result, status: Status, began: float) -> Outcome:
    page = Diagnosis(result).to_html(job.hint, job.title, above=False)
    return Outcome(status, round(time.monotonic() - began, 3), to_json_line(result), page)


def numbers_of(reading: Reading) -> Numbers:
    """How much of what the checks print is there, in the latest run of each; a line counts as soon as one of its numbers is there."""
    there: dict[str, set[str]] = {}
    for block in reading.blocks:
        there.setdefault(block.check, set()).update(number.quantity for number in block.numbers if not block.earlier)
    asked = {check: {quantity for quantity, _ in ASSIGNMENTS[reading.assignment].printed[check]} for check in there}
    return Numbers(tuple(there), sum(map(len, asked.values())), sum(len(there[check] & asked[check]) for check in there))


class _Watched:
    """A runner that sees whether any run came to an end by itself."""

    def __init__(self, runner: Host) -> None:
        self._runner = runner
        self._ended = False
        self._first_problem = ""

    @property
    def why_nothing_ended(self) -> str:
        """One sentence where every run had to be stopped or ended the process; else empty."""
        return "" if self._ended else self._first_problem

    def run(self, request: Request) -> Reply:
        reply = self._runner.run(request)
        self._ended |= reply.status not in _LOST
        self._first_problem = self._first_problem or reply.problem
        return reply

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Host]:
        with self._runner.holding(pieces) as other:
            yield _Watched(other)


def _fingerprint(source: Source) -> str | None:
    """The same for programs that differ in comments, blank lines, outputs and the like; None where a part cannot be parsed."""
    if source.unparsed:
        return None
    forms = [form_of(piece.text) for piece in source.pieces]
    trees = [form.tree for form in forms if form is not None]
    return hashlib.sha256(b"".join(trees)).hexdigest() if len(trees) == len(forms) else None
