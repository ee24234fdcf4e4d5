"""In which order submissions are judged: like after like, since what was found out about one serves those that share functions with it.

Each worker begins with a stretch of its own. Whose stretch is done takes from the end of the longest of the others.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from whygrad.grade.results import Content

_READ, _HEAD = 1 << 20, 600
"""Bytes of a file that are looked at, and bytes of a function by which submissions are put in order."""
_LOOKS = re.compile(rb'\\[nt]|[\s",\\]')
"""What a notebook's file has beside the code, and blanks."""
_DEFINITIONS = tuple(f"def {role}(".encode() for assignment in ASSIGNMENTS.values() for role in assignment.vocabulary.roles)


def key(path: Path) -> bytes:
    """Alike for files whose first function of the assignment begins alike, whatever notebook it stands in; empty where there is none."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_READ)
    except OSError:
        return b""
    start = next((at for definition in _DEFINITIONS if (at := data.find(definition)) >= 0), len(data))
    return _LOOKS.sub(b"", data[start : start + _HEAD])


class Stretches:
    """The contents that wait, a stretch for each of so many workers; several threads may take from it."""

    def __init__(self, contents: Sequence[Content], workers: int) -> None:
        ends = [len(contents) * number // workers for number in range(workers + 1)]
        self._waiting = [deque(contents[start:end]) for start, end in pairwise(ends)]
        self._lock = threading.Lock()

    def take(self, worker: int) -> Content | None:
        """The next content for one of the workers, counted from 0 (one that has no stretch only helps); None where all are taken."""
        with self._lock:
            if worker < len(self._waiting) and self._waiting[worker]:
                return self._waiting[worker].popleft()
            longest = max(self._waiting, key=len)
            return longest.pop() if longest else None
