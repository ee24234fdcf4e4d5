"""What is handed between the processes of a class run, and what stands in a line of ``results.jsonl``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec  # noqa: TC002 - the decoder reads the annotations when it runs

SCHEMA = "whygrad/grade/1"
Status = Literal["right", "wrong", "unknown", "could not be run"]
STATUSES: tuple[Status, ...] = ("right", "wrong", "unknown", "could not be run")


@dataclass(frozen=True, slots=True)
class Options:
    """What an answer depends on, beside the submission and the version: seconds for one call of its code, and whether harm is risked."""

    seconds: float = 10.0
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A submission as it is handed to a worker: its bytes, not its path, so that a worker needs none of its files.

    ``kind`` is its suffix; ``title`` and ``hint`` are for its page; ``learnt`` is what other workers have found in the meantime. Where the
    file cannot be read, or not as it was, ``problem`` says so in a sentence or two, and ``content`` may be None.
    """

    kind: str
    content: bytes | None
    title: str
    hint: int
    learnt: tuple[bytes, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of a text: the ``checks`` that it has numbers of, how many lines of numbers these print, and of how many the numbers are there."""

    checks: tuple[str, ...]
    asked: int
    there: int

    @property
    def share(self) -> float:
        """The part that is there, from 0 to 1."""
        return self.there / self.asked


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a submission. ``diagnosis`` is a JSON document; ``code`` is the same for programs that differ in form alone.

    ``numbers`` are those of a text; ``learnt`` is for the other workers.
    """

    status: Status
    seconds: float
    diagnosis: str
    page: str
    code: str | None = None
    numbers: Numbers | None = None
    learnt: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ``results.jsonl``."""

    path: str
    sha256: str
    whygrad: str
    options: dict[str, Any]
    status: Status
    seconds: float
    code: str | None
    diagnosis: msgspec.Raw
    numbers: Numbers | None = None
    schema: str = SCHEMA
