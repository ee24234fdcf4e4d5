"""The same work on a Dask cluster. Each of its threads holds a worker of ours, so a submission is closed in there as it is here.

Submissions travel as bytes: the cluster's machines need whygrad in the same version, and none of the files. A machine that is lost costs
nothing: what it had is given to another one. Needs the extra ``whygrad[cluster]``.
"""

from __future__ import annotations

import secrets
import threading
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

import msgspec

from whygrad.errors import SandboxError, UsageError
from whygrad.grade.records import Job, Options, Outcome
from whygrad.grade.worker import Worker, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from whygrad.grade.results import Content

_TO_CONNECT = 30
"""Seconds that the scheduler, and then the first of its workers, can take to answer."""
_AHEAD = 2
"""So many submissions for each thread are handed over before the first is back: few, so that memory stays flat."""
_held: dict[tuple[str, int], Worker] = {}
"""On a machine of the cluster: our workers, by run and thread."""


def judge(run: str, options: bytes, job: bytes) -> bytes:
    """What a thread of the cluster does: the outcome of one submission."""
    key = run, threading.get_ident()
    if key not in _held:
        _held[key] = Worker(msgspec.msgpack.decode(options, type=Options))
    return msgspec.msgpack.encode(_held[key].outcome(msgspec.msgpack.decode(job, type=Job)))


def release(run: str) -> None:
    """End what a run has left on a machine of the cluster."""
    for key in [key for key in _held if key[0] == run]:
        _held.pop(key).end()


class Cluster:
    """The workers of the scheduler at an address; used in a ``with`` statement.

    Raises:
        UsageError: The extra is not installed, or nobody answers there.
    """

    def __init__(self, address: str, options: Options) -> None:
        try:
            self._dask: Any = import_module("distributed")
        except ImportError:
            raise UsageError("--scheduler needs Dask: pip install 'whygrad[cluster]'.") from None
        self._address, self._options = address, msgspec.msgpack.encode(options)
        self._run = secrets.token_hex(8)

    def __enter__(self) -> Self:
        try:
            self._dask.comm.resolve_address(self._address)  # a client of an address that is none starts threads, and never ends them
            self._client = self._dask.Client(self._address, timeout=_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"No Dask scheduler answers at {self._address} ({error}).") from error
        try:
            self._client.wait_for_workers(1, timeout=_TO_CONNECT)
        except TimeoutError:
            self._client.close()
            raise UsageError(f"The scheduler at {self._address} has no workers; start some with: dask worker {self._address}") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._client.run(release, self._run, on_error="ignore")
        finally:
            self._client.close()

    def outcomes(self, contents: Iterable[Content], job: Callable[[Content], Job]) -> Iterator[tuple[Content, Outcome]]:
        """As ``pool.Workers`` says.

        Raises:
            SandboxError: Code cannot be run on one of the machines.
            UsageError: whygrad is not there, or the scheduler is lost.
        """
        waiting = enumerate(contents)
        handed: dict[str, tuple[Content, Job]] = {}
        finished = self._dask.as_completed(loop=self._client.loop)

        def hand_over() -> None:
            for number, content in waiting:
                one = job(content)
                key = f"whygrad-{self._run}-{number}"
                handed[key] = content, one
                with warnings.catch_warnings(action="ignore"):  # Dask advises who hands over much to lay it out first
                    finished.add(self._client.submit(judge, self._run, self._options, msgspec.msgpack.encode(one), key=key, pure=False))
                return

        for _ in range(_AHEAD * max(1, sum(self._client.nthreads().values()))):
            hand_over()
        for future in finished:
            content, one = handed.pop(future.key)
            yield content, self._outcome(future, one)
            hand_over()

    def _outcome(self, future: Any, job: Job) -> Outcome:  # noqa: ANN401 - Dask has no types
        try:
            return msgspec.msgpack.decode(future.result(), type=Outcome)
        except SandboxError:
            raise
        except self._dask.KilledWorker:
            return failed("The machines of the cluster that looked at it were lost, one after another.", job)
        except Exception as error:
            raise UsageError(
                f"The cluster at {self._address} could not do the work ({type(error).__name__}: {error}); start again, and it continues."
            ) from error
