"""What was read of somebody's code: the pieces that can be executed, where each stands, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING

from whygrad.records import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from whygrad.records import Block, Piece

LONGEST_QUOTE = 200
NEIGHBOURS = 2
"""So many lines above and below a line are quoted with it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file or a cell that pieces come from: ``lines`` are all of its lines as they were written.

    A cell that a notebook's export wrote as one string, as it does where the cell begins with ``%%time``, is ``within`` that line. A module
    that lies beside somebody's file has its ``name``.
    """

    file: str
    cell: int | None
    lines: tuple[str, ...]
    within: int | None = None
    name: str | None = None

    @property
    def source(self) -> str:
        """The name that pieces carry and tracebacks show."""
        where = (self.name or self.file) if self.cell is None else f"{self.file}, cell {self.cell}"
        return where if self.within is None else f"{where}, in line {self.within}"

    def location(self, line: int, column: int = 1) -> Location:
        """The place at ``line`` and ``column``, both from 1. A line that is not there is quoted as an empty text."""
        if not 0 < line <= len(self.lines):
            return Location(self.source, line, column, "", self.file, self.cell)
        if self.within is not None:
            return Location(self.source, self.within, 1, self.lines[line - 1].strip()[:LONGEST_QUOTE], self.file, self.cell)
        first, last = max(line - NEIGHBOURS, 1), line + NEIGHBOURS
        if line < len(self.lines) <= last and not self.lines[-1]:
            last = len(self.lines) - 1  # what stands behind the last line break is no line
        around = dedent("\n".join(self.lines[first - 1 : last]).expandtabs(4)).split("\n")
        excerpt = tuple(text.rstrip()[:LONGEST_QUOTE] for text in around)
        return Location(self.source, line, column, self.lines[line - 1].strip()[:LONGEST_QUOTE], self.file, self.cell, excerpt, first)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A function or class that is defined more than once: one definition is ``kept``, the ``later`` ones are another exercise's."""

    name: str
    kept: Location
    earlier: tuple[Location, ...]
    later: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A stretch of code that Python cannot parse: where, why (one short sentence), and the functions that are defined in it."""

    location: Location
    reason: str
    functions: tuple[str, ...] = ()


@dataclass
class Beside:
    """The numbers that a text shows beside its functions, and what these print ``now`` in their place: filled in when they are run.

    ``readings`` are the ways to read them, as numbers of one check or of another, the likeliest first. ``drawn`` are checks in which they
    print all of them if it does something otherwise than the assignment's, with that in words.
    """

    readings: tuple[tuple[Block, ...], ...]
    now: tuple[Block, ...] = ()
    drawn: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Source:
    """Somebody's code as it was read; nothing of it has been executed.

    ``path`` is the file's name as the user gave it. ``pieces`` are imports, definitions and literal assignments, in order, of each
    function and class one definition only. ``duplicates`` and ``unparsed`` say what was left out. ``computed`` are the names that
    the notebook assigns or fills by work, which is executed only where a definition cannot do without (`needed`), with the last place
    that does it. ``imports`` are the modules that the pieces import, with the names asked of each (``("*",)`` for all, none for ``import
    module``). ``outputs`` are the texts that cells printed, in order, by the cell's name, shortened where they are long. ``cells`` are the
    statements other than definitions and imports of each cell that calls the functions or prepares that. ``origins`` are the files or
    cells by the name that ``Piece.source`` has. ``methods`` are the functions that are methods of a class there. ``libraries`` are files
    beside it that Python takes for libraries that it imports. ``late`` are those of the pieces that give a name another value behind
    all that uses the functions; what counts before is a piece too. ``said`` are sentences on names that are not quite what is looked for,
    and ``beside`` the numbers that a text shows beside its functions.

    For functions of a running notebook, ``live`` holds the function objects by name, ``without_source`` names those whose text is not to
    be had, and ``around`` is what the others read that is no global name.
    """

    path: str
    pieces: tuple[Piece, ...]
    duplicates: tuple[Duplicate, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    computed: Mapping[str, Location] = field(default_factory=dict[str, Location])
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    cells: tuple[tuple[Piece, ...], ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict[str, Origin])
    live: Mapping[str, Callable[..., Any]] = field(default_factory=dict[str, "Callable[..., Any]"])
    without_source: tuple[str, ...] = ()
    around: Mapping[str, object] = field(default_factory=dict[str, object])
    methods: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    late: tuple[Piece, ...] = ()
    said: tuple[str, ...] = ()
    beside: Beside | None = None

    def location(self, source: str, line: int, column: int = 1) -> Location:
        """The place that a finding in a piece points at.

        ``source`` is the piece's, or what a traceback calls it; one that is not known is taken for a file without text.
        ``line`` counts as ``Piece.line`` does (node ``n`` of a piece is at ``piece.line + n.lineno - 1``),
        ``column`` counts characters of the piece's own text from 1 (`column` makes it from a node's ``col_offset``).
        """
        indents = (piece.indent for piece in self.pieces if piece.source == source and 0 <= line - piece.line <= piece.text.count("\n"))
        return self.origins.get(source, Origin(source, None, ())).location(line, column + next(indents, 0))

    def definition(self, name: str) -> Location | None:
        """Where the function, class or constant ``name`` is defined; None where no piece does."""
        found = [piece for piece in self.pieces if name in piece.names]
        return self.location(found[-1].source, found[-1].line + decorator_lines(found[-1])) if found else None


def decorator_lines(piece: Piece) -> int:
    """How many lines of decorators stand above the line that names what the piece defines."""
    lines = piece.text.split("\n")
    return (
        next((at for at, line in enumerate(lines) if line.startswith(("def ", "class ", "async "))), 0) if lines[0].startswith("@") else 0
    )
