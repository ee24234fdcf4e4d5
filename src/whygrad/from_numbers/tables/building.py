"""Building a table: it takes no time of a search, and nobody looks through what is made meanwhile."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from whygrad.from_numbers.tables.tables import CheckTables

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def uncollected() -> Generator[None]:
    """Without garbage collection: tables and a search are a great many small objects that stay, and to look through them is dear."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def building(build: Callable[Concatenate[CheckTables, P], T]) -> Callable[Concatenate[CheckTables, P], T]:
    """Building a table takes no time of a search."""

    @wraps(build)
    def built(self: CheckTables, *args: P.args, **kwargs: P.kwargs) -> T:
        with uncollected(), self.tables.clock.standing():
            return build(self, *args, **kwargs)

    return built
