"""The pipe to a process that answers: what comes through, and that nothing on the other side makes this side wait longer than it wants."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from whygrad.sandbox import channel, threaded
from whygrad.sandbox.frames import LARGEST, TOKEN, WireError, frame_of, read_frame, write_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

Pipes = tuple["channel.Channel | threaded.Channel", "BinaryIO", "BinaryIO"]
"""A channel, and where the other side reads and writes."""


@pytest.fixture(params=[channel.Channel, threaded.Channel])
def pipes(request: pytest.FixtureRequest) -> Iterator[Pipes]:
    """Both ways of waiting: that of Windows works here too."""
    questions, answers = os.pipe(), os.pipe()
    held = request.param(os.fdopen(questions[1], "wb"), os.fdopen(answers[0], "rb"))
    reads, writes = os.fdopen(questions[0], "rb"), os.fdopen(answers[1], "wb")
    yield held, reads, writes
    for stream in (reads, writes):
        if not stream.closed:
            stream.close()
    held.close()


def other_side(work: Callable[[], object]) -> threading.Thread:
    """Let the other side do something meanwhile."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize("size", [0, 1, 100_000, 5_000_000])
def test_what_is_sent_comes_back(pipes: Pipes, size: int) -> None:
    """Of any size, be it more than a pipe holds, and one exchange after another."""
    held, reads, writes = pipes

    def echo() -> None:
        for _ in range(2):
            question = read_frame(reads)
            assert question is not None
            write_frame(writes, *question)

    thread = other_side(echo)
    for content in (b"\1" * size, b"\2" * size):
        assert held.receive(held.send(content), 20) == content
    thread.join()


def test_an_answer_in_pieces_is_waited_for(pipes: Pipes) -> None:
    """Whatever pieces it comes in."""
    held, _, writes = pipes
    token = held.send(b"?")
    whole = frame_of(token, b"answer")

    def slowly() -> None:
        for at in range(len(whole)):
            os.write(writes.fileno(), whole[at : at + 1])

    thread = other_side(slowly)
    assert held.receive(token, 20) == b"answer"
    thread.join()


def test_nobody_who_answers_is_waited_for_no_longer_than_allowed(pipes: Pipes) -> None:
    """Nor one who takes nothing of a long question, nor one whose answer stops in the middle."""
    held, _, writes = pipes
    token = held.send(b"x" * 1_000_000)
    writes.write(frame_of(token, b"long")[:-1])
    writes.flush()
    with pytest.raises(TimeoutError):
        held.receive(token, 0.2)


@pytest.mark.parametrize("content", [b"?", b"x" * 1_000_000])
def test_who_is_gone_gives_no_answer(pipes: Pipes, content: bytes) -> None:
    """At once: nothing is waited for."""
    held, reads, writes = pipes
    reads.close()
    writes.close()
    assert held.receive(held.send(content), 20) is None


def test_who_reads_no_more_gives_no_answer(pipes: Pipes) -> None:
    """One who has closed his end for reading gets none of a long question; that is seen before the time is over."""
    held, reads, _ = pipes
    token = held.send(b"x" * 1_000_000)
    reads.close()
    assert held.receive(token, 20) is None


@pytest.mark.parametrize("written", [b"no frame at all, but long enough to be one: it begins otherwise", frame_of(b"\0" * TOKEN, b"ahead")])
def test_what_is_no_answer_is_refused(pipes: Pipes, written: bytes) -> None:
    """Neither anything else nor an answer that was written before the question was known."""
    held, _, writes = pipes
    writes.write(written)
    writes.flush()
    with pytest.raises(WireError):
        held.receive(held.send(b"?"), 20)


def test_a_question_that_is_too_large_is_refused(pipes: Pipes) -> None:
    """As one that comes is: the other side would not take it."""
    held, _, _ = pipes
    with pytest.raises(WireError, match="64 MB is the most"):
        held.receive(held.send(bytes(LARGEST + 1)), 20)


def test_whoever_closes_it_lets_the_one_who_waits_see_that_it_ends(pipes: Pipes) -> None:
    """One thread waits, the process ends, and another thread closes the pipe: the first gets no answer, and no other file's bytes."""
    held, reads, writes = pipes
    token, came = held.send(b"?"), list[bytes | None]()
    waits = other_side(lambda: came.append(held.receive(token, 20)))
    time.sleep(0.1)
    reads.close()
    writes.close()
    held.close()
    waits.join()
    assert came == [None]
