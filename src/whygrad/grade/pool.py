"""Workers of this machine, side by side: one thread holds each.

A worker and its sandbox wait for each other, so a pair of them keeps one processor busy. There is a worker for each, and a spare one. Each
pair stays on a processor of its own, whose caches hold what both of them need; the spare one goes where there is room.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from typing import TYPE_CHECKING, Protocol, Self

from whygrad.grade.alike import Stretches
from whygrad.grade.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from whygrad.grade.records import Job, Options, Outcome
    from whygrad.grade.results import Content


_LONG, _LOOK_EVERY = 2.0, 0.2
"""Seconds after which a worker may be waiting for a program that does not end, so that the spare one helps; how often that is asked."""


class Workers(Protocol):
    """Something that judges many submissions: ``Pool`` here, ``cluster.Cluster`` on other machines."""

    def outcomes(self, contents: Iterable[Content], job: Callable[[Content], Job]) -> Iterator[tuple[Content, Outcome]]:
        """Each content's outcome, in the order in which they come; ``job`` is asked for each only when a worker is free for it."""
        ...


class Pool:
    """So many worker processes of this machine, or one for each processor and a spare one; used in a ``with`` statement."""

    def __init__(self, options: Options, jobs: int | None = None) -> None:
        learnt: list[bytes] = []
        count = jobs or processors() + 1
        own = [] if jobs else _processors()[: count - 1]  # somebody who says how many may have more runs beside this one
        self._workers = [Worker(options, learnt, processor) for processor in (*own, *[None] * (count - len(own)))]
        self._spare = None if jobs else self._workers[-1]
        self._since: dict[Worker, float] = {}
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopped.set()
        for worker in self._workers:
            worker.end()

    def outcomes(self, contents: Iterable[Content], job: Callable[[Content], Job]) -> Iterator[tuple[Content, Outcome]]:
        """As ``Workers`` says; each worker begins with a stretch of its own.

        Raises:
            SandboxError: Code cannot be run here.
        """
        waiting = list(contents)
        stretches = Stretches(waiting, len(self._workers) - (self._spare is not None))
        came: queue.SimpleQueue[tuple[Content, Outcome] | BaseException] = queue.SimpleQueue()

        def work(number: int, worker: Worker) -> None:
            try:
                while self._is_needed(worker) and (content := stretches.take(number)) is not None and not self._stopped.is_set():
                    self._since[worker] = time.monotonic()
                    came.put((content, worker.outcome(job(content))))
                    del self._since[worker]
            except BaseException as error:  # noqa: BLE001 - it is raised where the outcomes are read
                came.put(error)
            finally:
                if self._stopped.is_set():  # while this thread was about to start its process
                    worker.end()

        for number, worker in enumerate(self._workers[: len(waiting)]):
            threading.Thread(target=work, args=(number, worker), daemon=True).start()
        for _ in waiting:
            one = came.get()
            if isinstance(one, BaseException):
                raise one
            yield one

    def _is_needed(self, worker: Worker) -> bool:
        """True at once, but for the spare one only when another has been at a submission for long; False if there was none."""
        while worker is self._spare and all(time.monotonic() - since < _LONG for since in list(self._since.values())):
            if self._stopped.wait(_LOOK_EVERY):
                return False
        return True


def processors() -> int:
    """How many this process may use."""
    return len(_processors()) or os.cpu_count() or 1


def _processors() -> list[int]:
    """Which they are; none where that cannot be told."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
