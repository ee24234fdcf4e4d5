"""What is found in the code: one mistake, where it stands, what it is, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whygrad.records import Stretch  # noqa: TC001 - who hands findings to another process reads the annotations


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in one function.

    ``function`` is the assignment's function, ``within`` the function of the learner's in which the line stands. ``source``, ``line``,
    ``column`` (both from 1) and ``text`` say where. ``id`` is the mistake's in ``whygrad.mistakes``, None where none fits. ``quantity``
    is the name that the place gives its value, ``step`` the time step at which it is first wrong. ``says`` completes "line 12: ...".
    ``proof``: "proved" by two independent facts, "located" where one of them is missing; ``reads_right`` tells whether one is that all that
    the line reads is right.
    ``whole`` tells whether the function is right with all its findings mended, None where that is not known; ``stretch`` is what is known
    where no mistake fits.
    ``lines`` are other lines that its sentences name as "line 12", each with its source. ``raises`` tells where it makes the function
    raise when all other findings are mended, if it does. ``shared`` tells that the line is a helper's, gone through several times, and is
    said to hold what belongs elsewhere. ``ideas``, for nobody to read, each explain the line alone. ``instead`` is a name that the line
    gives a value, and the one that belongs in its place, if that is what is wrong.
    """

    function: str
    within: str
    source: str
    line: int
    column: int
    text: str
    id: str | None
    quantity: str
    step: int | None
    says: str
    hints: tuple[str, str, str]
    proof: Literal["proved", "located", "contract"]
    whole: bool | None = True
    stretch: Stretch | None = None
    lines: tuple[tuple[str, int], ...] = ()
    raises: Literal["", "here", "elsewhere"] = ""
    shared: bool = False
    reads_right: bool = False
    ideas: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def at(self) -> tuple[str, int]:
        """Where the line stands."""
        return self.source, self.line

    @property
    def sure(self) -> bool:
        """Whether it is known which mistake it is, and proved."""
        return self.id is not None and self.proof == "proved"
