"""What is around a run: its output is taken up, warnings are quiet, and the random streams start at a seed and are put back."""

from __future__ import annotations

import contextlib
import io
import random
import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_OUTPUT = 20_000
"""Characters of output that are kept."""


class Bounded(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str, /) -> int:
        """Take up what is left of the room."""
        room = _OUTPUT - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)

    def print(self, *values: object, file: Any = None, **settings: Any) -> None:  # noqa: ANN401 - the language's own
        """Like ``print``; what would not be kept is not even made a text, for a large array takes long."""
        if file is not None or self.tell() < _OUTPUT:
            print(*values, file=file, **settings)


@contextlib.contextmanager
def quiet(output: io.StringIO) -> Generator[None, None, None]:
    """Take up what is printed, and let no warning out."""
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def random_streams(seed: int) -> Generator[Callable[[], bool], None, None]:
    """Start the random streams at ``seed`` and put them back; the function given tells whether anything has been drawn."""
    before = np.random.get_state(legacy=False), random.getstate()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002 - the stream that learners draw from
    random.seed(seed)
    start = _stream(), random.getstate()
    try:
        yield lambda: (_stream(), random.getstate()) != start
    finally:
        np.random.set_state(before[0])  # noqa: NPY002
        random.setstate(before[1])


def _stream() -> tuple[bytes, int, int]:
    state = cast("Any", np.random.get_state(legacy=False))  # noqa: NPY002
    return state["state"]["key"].tobytes(), state["state"]["pos"], state["has_gauss"]
