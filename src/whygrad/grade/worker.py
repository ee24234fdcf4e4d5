"""A process that judges one submission after another, and the handle by which it is held.

A submission's own code runs in a sandbox below the worker. The worker itself reads what somebody wrote and searches through it, and that
too can take too long, take all memory or meet a fault of ours: then it is ended, the submission is named, and the next one finds a new one.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from whygrad import __version__
from whygrad.errors import SandboxError
from whygrad.grade.records import Job, Options, Outcome
from whygrad.records import Result
from whygrad.report.json import to_json_line
from whygrad.sandbox import jail, launch
from whygrad.sandbox.child import move_the_pipe
from whygrad.sandbox.frames import WireError, read_frame, write_frame
from whygrad.sandbox.process import TO_END, Channel

if TYPE_CHECKING:
    from collections.abc import Callable

START = "import sys; sys.path[:] = sys.argv[1:]; from whygrad.grade.worker import main; main()"
_TO_START = 120.0
"""Seconds that whygrad can take to load."""
_PATIENCE, _CALLS = 120.0, 20
"""Seconds for our own part of a submission, and so many times the seconds of one call."""
_COLLECT_AFTER = 50_000, 10, 10
"""Rings of objects are rare here, and looking for them as often as Python does took a seventh of the time."""
_ENDED = "The process of whygrad that looked at it ended twice: out of memory, or a fault of whygrad."
_DID_NOT_START = "A process of whygrad ended while it was started: out of memory, or somebody ended it."
_MOST_LEARNT = 3_000
"""So many findings are handed around: a few MB."""
_MEMORY = 8 << 30
"""Bytes of address space; a hundred times what an ordinary submission takes."""


class Worker:
    """Holds a worker process, and replaces it when it is lost. Nothing is started before the first submission.

    What its process finds goes into ``learnt``, and what others have put there is told to it. ``processor`` is the one that it and its
    sandbox stay on, None: any.
    """

    def __init__(self, options: Options, learnt: list[bytes] | None = None, processor: int | None = None) -> None:
        self._options, self._processor = options, processor
        self._learnt = [] if learnt is None else learnt
        self._told = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None

    def ready(self) -> None:
        """Start the process.

        Raises:
            SandboxError: It does not start, or nothing keeps code from doing harm here.
        """
        if self._process is not None and self._process.poll() is not None:  # it was lost while it had nothing to do
            self.end()
        if self._channel is None:
            self._channel = self._start()

    def outcome(self, job: Job) -> Outcome:
        """What comes of a submission. Nothing is raised because of it.

        Raises:
            SandboxError: As for ``ready``.
        """
        self.ready()
        if job.problem:
            return failed(job.problem, job)
        answer = self._judged(job)
        if answer == _ENDED and self._channel is not None:  # killed from outside, perhaps for room that others here needed
            self.end()
            self.ready()
            answer = self._judged(job)
        if isinstance(answer, str):
            self.end()
            return failed(answer, job)
        return answer

    def _judged(self, job: Job) -> Outcome | str:
        """The outcome, or one sentence that says why there is none."""
        news = tuple(self._learnt[self._told :])
        answer = self._asked(msgspec.msgpack.encode(replace(job, learnt=news)), _PATIENCE + _CALLS * self._options.seconds)
        if isinstance(answer, str):
            return answer
        self._told += len(news)
        outcome = msgspec.msgpack.decode(answer, type=Outcome)
        self._learnt += outcome.learnt[: max(0, _MOST_LEARNT - len(self._learnt))]
        return outcome

    def end(self) -> None:
        """End the process, and with it the sandbox below. Two threads may do so at once."""
        process, self._process = self._process, None
        channel, self._channel = self._channel, None
        if process is not None:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(TO_END)
        if channel is not None:
            channel.close()
        self._told = 0

    def _asked(self, content: bytes, seconds: float) -> bytes | str:
        """The answer, or one sentence that says why there is none."""
        channel = cast("Channel", self._channel)
        try:
            answer = channel.receive(channel.send(content), seconds)
        except TimeoutError:
            return f"It took whygrad more than {seconds:g} seconds, and was given up."
        except WireError as error:
            return f"The process of whygrad that looked at it gave no answer: what came back {error}."
        return _ENDED if answer is None else answer

    def _start(self) -> Channel:
        process = self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [sys.executable, "-I", "-S", "-c", START, *launch.search_path()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **launch.ONE_THREAD},
            start_new_session=True,
        )
        if self._processor is not None:
            with contextlib.suppress(OSError):  # it may be gone, or not be ours any more
                os.sched_setaffinity(process.pid, {self._processor})
        channel = self._channel = Channel(cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout))
        answer = self._asked(msgspec.msgpack.encode(self._options), _TO_START)
        if isinstance(answer, bytes):
            version, problem = msgspec.msgpack.decode(answer, type=tuple[str, str])
            if version == __version__ and not problem:
                return channel
            answer = problem or f"The workers have whygrad {version}, and this is {__version__}: install the same everywhere."
        self.end()
        raise SandboxError(_DID_NOT_START if answer == _ENDED else answer)


def failed(says: str, job: Job) -> Outcome:
    """The outcome of a submission that could not be judged, for the reason that one sentence says."""
    from whygrad.diagnosis import Diagnosis  # noqa: PLC0415 - the handle alone needs none of it

    result = Result("unreadable", problem=says)
    return Outcome("could not be run", 0.0, to_json_line(result), Diagnosis(result).to_html(job.hint, job.title, above=False))


def main() -> None:
    """Serve until the other side closes the pipe."""
    jail.die_with_the_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    questions, answers = move_the_pipe()
    if sys.platform.startswith("linux"):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    first = read_frame(questions)
    if first is None:
        return
    from whygrad.grade.judge import Judge  # noqa: PLC0415 - the handle alone needs none of it

    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    token, content = first
    with Judge(msgspec.msgpack.decode(content, type=Options)) as judge:
        write_frame(answers, token, msgspec.msgpack.encode((__version__, _problem(judge.tier))))
        while (question := read_frame(questions)) is not None:
            token, content = question
            outcome = judge.outcome(msgspec.msgpack.decode(content, type=Job))
            write_frame(answers, token, msgspec.msgpack.encode(outcome))


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except SandboxError as error:
        return str(error)
    return ""
