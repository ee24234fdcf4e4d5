"""Matrix products of a search run in one thread, and afterwards in as many as before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from threadpoolctl import threadpool_info  # pyright: ignore[reportMissingTypeStubs]

from whygrad.onethread import one_thread


def threads() -> list[int]:
    """How many threads each of the libraries for matrix products would take."""
    return [int(library["num_threads"]) for library in threadpool_info() if library["user_api"] == "blas"]


def test_one_thread_within_and_as_many_as_before_afterwards() -> None:
    """Within a search there is one."""
    before = threads()
    with one_thread():
        assert set(threads()) <= {1}
    assert threads() == before


def test_the_limit_is_lifted_where_a_search_fails() -> None:
    """An error leaves nothing behind."""
    before = threads()
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == before


def test_two_searches_at_once_leave_as_many_threads_as_there_were() -> None:
    """The one that begins first ends first."""
    before = threads()
    first, second = Barrier(2, timeout=10), Barrier(2, timeout=10)

    def begins_first() -> None:
        with one_thread():
            first.wait()
            second.wait()

    def ends_last() -> None:
        first.wait()
        with one_thread():
            second.wait()
            within.append(threads())

    within: list[list[int]] = []
    with ThreadPoolExecutor(2) as both:
        for one in [both.submit(begins_first), both.submit(ends_last)]:
            one.result()
    assert set(within[0]) <= {1}
    assert threads() == before
