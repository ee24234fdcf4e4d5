"""Runs of programs with the lines that a text quotes, in the sandbox, at the sizes of the course's own checks."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from whygrad.from_code.blame.complaint import complaint
from whygrad.from_code.blame.so_it_raises import stopped_at
from whygrad.from_code.examine import examine
from whygrad.from_code.reference.inputs import COURSE_SIZES, SIZES, case
from whygrad.from_traceback.told import retold
from whygrad.read.code_file import source_in
from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Generator

    from whygrad.from_traceback.spliced import Spliced
    from whygrad.from_traceback.told import Text
    from whygrad.read.source import Source
    from whygrad.records import Mistake
    from whygrad.sandbox.parent import Sandbox
    from whygrad.sandbox.requests import Reply, Value

_QUOTES = re.compile(r"[`\"]")
_UNBOUND = re.compile(r"(?:cannot access )?local variable '(\w+)'.*")
_LENGTHS = frozenset(map(str, COURSE_SIZES[4:]))
"""Of the course's sequences."""
_SHORTEST = 20
"""Characters that an error's text has at least, of which another version of NumPy writes a longer one."""


@dataclass(slots=True)
class Runs:
    """Runs of programs with the lines that a text quotes; ``many`` counts them."""

    sandbox: Sandbox
    many: int = 0

    def answer(self, text: Text, program: Spliced) -> Value:
        """What the function returns; None where it returns nothing."""
        with self._held(text, program) as (_, reply):
            return reply.value

    def runs_on(self, text: Text, program: Spliced) -> bool:
        """Whether it does not stop at that line."""
        with self._held(text, program) as (_, reply):
            return reply.raised is None or reply.raised.line not in program.stops

    def stops(self, text: Text, program: Spliced) -> bool:
        """Whether it stops at the same line with the same error."""
        with self._held(text, program) as (_, reply):
            return _is_same(text, program, reply)

    def why_it_stops(self, text: Text, program: Spliced) -> str | None:
        """How it stops at the same line with the same error, and what did not fit there, if that is known; None where it does not."""
        with self._held(text, program) as (source, reply):
            if not _is_same(text, program, reply):
                return None
            self.many += 1
            stopped = stopped_at(self.sandbox, source.pieces, text.function, case(text.function, COURSE_SIZES))
            told = complaint(stopped)
            return f"because {told.says}" if told is not None and not told.lines else ""

    def mistake(self, text: Text, program: Spliced, *, within: bool = False) -> Mistake | None:
        """What is wrong in the quoted lines, where it stops at the same line with the same error.

        ``within``: or both stop within what the line calls, each with its own error, at an array as long as a sequence.
        """
        with self._held(text, program) as (source, reply):
            if not (_is_same(text, program, reply) or (within and _is_too_long(text, program, reply))):
                return None
            result = examine(source, self.sandbox, self.sandbox.tier, sizes=(COURSE_SIZES, SIZES[1]))
        self.many += result.search.candidates
        return retold(result.mistakes, program, text)

    @contextmanager
    def _held(self, text: Text, program: Spliced) -> Generator[tuple[Source, Reply]]:
        source = source_in(program.text.encode(), Path("quoted.py"))
        self.many += 1
        with self.sandbox.holding(source.pieces) as runner:
            yield source, runner.run(Request(text.function, case(text.function, COURSE_SIZES).arguments, frozenset({text.function})))


def _is_same(text: Text, program: Spliced, reply: Reply) -> bool:
    """Whether the program stopped at the line at which somebody's did, with the same error."""
    raised, stopped = reply.raised, text.stopped
    if raised is None or raised.line not in program.stops or raised.type != stopped.type:
        return False
    one, other = sorted((_plain(raised.text), _plain(stopped.text)), key=len)
    return one == other or (len(one) >= _SHORTEST and other.startswith(one))


def _is_too_long(text: Text, program: Spliced, reply: Reply) -> bool:
    """Whether the program stopped at that line too, and both errors name the length of a sequence, which no array of one step has."""
    raised, stopped = reply.raised, text.stopped
    if raised is None or raised.line not in program.stops or raised.type != stopped.type or text.frame is stopped.frames[-1]:
        return False
    return all(_LENGTHS & set(re.findall(r"\d+", error)) for error in (raised.text, stopped.text))


def _plain(error: str) -> str:
    """An error's text as any version of Python writes it."""
    return _UNBOUND.sub(r"local variable '\1'", _QUOTES.sub("'", " ".join(error.split())))
