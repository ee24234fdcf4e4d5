"""From cells to a `Source`: which statements are taken as pieces, which only leave a note."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.read.beside import MOST_MODULES, imported
from whygrad.read.cells import Cell, cut_out, modules_of
from whygrad.read.check_cells import check_cells
from whygrad.read.conditions import truth
from whygrad.read.fitting import meant
from whygrad.read.late import late
from whygrad.read.magics import defines_nothing_here, exported_cell
from whygrad.read.methods import as_functions
from whygrad.read.needed import Assignment, asked, needed
from whygrad.read.parse import Definition, parse, refused
from whygrad.read.renamed import renamed
from whygrad.read.source import Duplicate, Origin, Source, Unparsed, decorator_lines
from whygrad.read.statements import ANY, DEFINING, blocks_of, bound_by, hands_out, imports_in, names_of, parts_of, read_at_once
from whygrad.records import Location, Piece, names_of_file, split_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FUNCTIONS = tuple(SEQUENCE_MODELS.vocabulary.roles)
"""The assignment's functions, which are looked for."""

_CELL = re.compile(r"# (?:In ?\[|%%)")
"""Where a cell begins in a script that a notebook was turned into."""


def collect(
    path: str,
    cells: Iterable[Cell],
    outputs: Mapping[str, str] | None = None,
    module: Callable[[str], tuple[str, tuple[str, ...]] | None] = lambda _: None,
) -> Source:
    """Everything that the cells give, in order; ``module`` finds the file and the lines of a module that lies beside them.

    A module that cells write is read where it is imported, else before all that is run in the notebook itself, which counts.
    """
    in_order = sorted(cells, key=lambda cell: not defines_nothing_here(cell.text))
    written = modules_of(in_order)
    before: set[str] = set()
    while True:
        collector = _Collector(module, written, set(before))
        apart = [cell for name, some in written.items() if name not in before for cell in some]
        for cell in in_order:
            if cell not in apart:
                collector.read(cell)
                collector.elsewhere = len(collector.pieces) if defines_nothing_here(cell.text) else collector.elsewhere
        if written.keys() <= collector.modules:
            return collector.source(path, outputs or {})
        before |= written.keys() - collector.modules


@dataclass(slots=True)
class _Collector:
    """What has been seen so far, cell by cell."""

    module: Callable[[str], tuple[str, tuple[str, ...]] | None]
    written: dict[str, list[Cell]]
    modules: set[str] = field(default_factory=set[str])
    pieces: list[Piece] = field(default_factory=list[Piece])
    places: dict[str, list[tuple[int, Location]]] = field(default_factory=dict[str, "list[tuple[int, Location]]"])
    unparsed: list[Unparsed] = field(default_factory=list[Unparsed])
    computed: dict[str, Location] = field(default_factory=dict[str, Location])
    imports: dict[str, dict[str, None]] = field(default_factory=dict[str, "dict[str, None]"])
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])
    known: set[str] = field(default_factory=set[str])
    constant: set[str] = field(default_factory=set[str])
    handed_out: dict[str, Piece] = field(default_factory=dict[str, Piece])
    values: dict[str, object] = field(default_factory=dict[str, object])
    aside: list[Assignment] = field(default_factory=list[Assignment])
    run: list[list[Piece]] = field(default_factory=list[list[Piece]])
    order: list[Piece] = field(default_factory=list[Piece])
    elsewhere: int = 0
    """How many pieces, the first ones, stand in cells that define nothing in the notebook."""

    def read(self, cell: Cell) -> None:
        """Take what the cell gives."""
        self.origins[cell.origin.source] = cell.origin
        self.known.update(names_of_file(cell.origin.source))
        parsed = parse(cell.text)
        for trouble in parsed.troubles:
            location = cell.origin.location(cell.first + trouble.line - 1)
            self.unparsed.append(Unparsed(location, trouble.reason, trouble.functions))
        starts = [at + 1 for at, line in enumerate(parsed.lines) if _CELL.match(line)]
        for start, end in pairwise([0, *starts, len(parsed.lines) + 1]):
            self.run.append([])
            self._statements([node for node in parsed.body if start <= node.lineno < end], parsed.lines, cell)

    def source(self, path: str, outputs: Mapping[str, str]) -> Source:
        """All that was taken, of each function and class one definition only."""
        taken = {name: meant(name, [self.pieces[at] for at, _ in places]) for name, places in self.places.items()}
        dropped = {at for name, places in self.places.items() for number, (at, _) in enumerate(places) if number != taken[name]}
        dropped -= {at for name in self.places for at in self._asked_for_before(name)}
        duplicates = tuple(
            Duplicate(name, places[taken[name]][1], self._counted(places[: taken[name]], at), self._counted(places[taken[name] + 1 :], at))
            for name, places in self.places.items()
            for at in [places[taken[name]][0]]
            if any(number in dropped for number, _ in places)
        )
        duplicates = tuple(one for one in duplicates if one.earlier or one.later)
        definitions = [self.pieces[places[taken[name]][0]] for name, places in self.places.items()]
        behind = late(self.order, set(self.pieces), {name for definition in definitions for name in asked(definition.text)})
        for name, places in self.places.items() if behind else ():
            if self.pieces[places[taken[name]][0]] in behind:
                dropped -= {max((at for at, _ in places if self.pieces[at] not in behind), default=-1)}
        kept = [(at, piece) for at, piece in enumerate(self.pieces) if at not in dropped]
        methods = list(self._methods(definitions))
        turned = {name for piece in methods for name in piece.names}
        instead = [piece for name, piece in self.handed_out.items() if name in turned]
        kept = [(at, piece) for at, piece in kept if piece not in instead] + [(len(self.pieces), piece) for piece in methods]
        given = [piece for _, piece in kept if any(name in FUNCTIONS for name in piece.names) and piece not in definitions]
        more = needed([*definitions, *given], self.aside, self._is_had)
        pieces = sorted(
            [(assignment.at, 0, assignment.piece) for assignment in more] + [(at, 1, piece) for at, piece in kept], key=itemgetter(0, 1)
        )
        return Source(
            path,
            tuple(renamed([piece for *_, piece in pieces])),
            duplicates,
            tuple(self.unparsed),
            {name: location for name, location in self.computed.items() if name not in self.places},
            {module: tuple(names) for module, names in self.imports.items()},
            outputs,
            check_cells(self.run),
            self.origins,
            methods=tuple(name for piece in methods for name in piece.names if name in FUNCTIONS),
            late=tuple(piece for *_, piece in pieces if piece in behind),
        )

    def _counted(self, places: Iterable[tuple[int, Location]], taken: int) -> tuple[Location, ...]:
        """Where the definitions are that count beside the one taken: of one in the notebook those in it."""
        first = self.elsewhere if taken >= self.elsewhere else 0
        return tuple(location for at, location in places if at >= first)

    def _asked_for_before(self, name: str) -> Iterator[int]:
        """Of several definitions of a name those that another name, a default, a decorator or a module stands for, and registered ones."""
        places = [at for at, _ in self.places[name]]
        for at, end in pairwise(places):
            between = self.pieces[at + 1 : end + 1]
            registered = self.pieces[at].text.startswith("@") and ".register" in self.pieces[at].text.partition("\ndef ")[0]
            in_a_module = any(f"{holder}.{name}" in piece.text for one in between for holder in one.names for piece in self.pieces[end:])
            if registered or in_a_module or any(name in read_at_once(piece.text) for piece in between if name in piece.text):
                yield at

    def _methods(self, definitions: Iterable[Piece]) -> Iterator[Piece]:
        """The functions that are methods of a class; the same name in two classes is taken of the first."""
        taken = {name for name in self.known if name in FUNCTIONS} - (self.handed_out.keys() - self.places.keys())
        statements = [piece for cell in self.run for piece in cell]
        for definition in definitions:
            if definition.text.lstrip().startswith(("class ", "@")):
                found = as_functions(definition, taken, statements)
                taken.update(name for piece in found for name in piece.names)
                yield from found

    def _statements(self, body: list[ast.stmt], lines: list[str], cell: Cell) -> None:
        todo = body[::-1]
        while todo:
            node = todo.pop()
            exported = exported_cell(node)
            if exported is not None:
                origin = cell.origin
                within = Origin(origin.file, origin.cell, tuple(split_lines(exported)), cell.first + node.lineno - 1)
                self.read(Cell(exported, within))
                continue
            if self._beside(node, cell):
                continue
            names = self._defined(node)
            if names is not None:
                if isinstance(node, ast.Assign | ast.AnnAssign):
                    self.run[-1].append(cut_out(node, lines, cell.origin, cell.first, names))
                self._take(node, names, lines, cell)
                continue
            either = self._either(node)
            if either:
                self._take(node, either, lines, cell)
                continue
            inner = self._inner(node)
            if inner is not None:
                todo += inner[::-1]
                continue
            location = cell.origin.location(cell.first + node.lineno - 1, node.col_offset + 1)
            bound = tuple(dict.fromkeys(bound_by(node)))
            computed = {name for name in bound if name != ANY and (name not in self.known or name in self.constant)}
            self.computed.update(dict.fromkeys(computed, location))
            for name in bound:
                self.values.pop(name, None)
            piece = cut_out(node, lines, cell.origin, cell.first, bound)
            self.run[-1].append(piece)
            self.order.append(piece)
            if bound:
                self.aside.append(Assignment(len(self.pieces), piece))

    def _beside(self, node: ast.stmt, cell: Cell) -> bool:
        """Whether an import is of modules that lie beside the file, or that cells write; these have then been read in its place."""
        found = [(name, binds, self._cells_of(name)) for name, binds in imported(node)]
        new = any(name not in self.modules for name, *_ in found)
        if not found or (new and len(self.modules) > MOST_MODULES) or not all(there for *_, there in found):
            return False
        for name, binds, there in found:
            if name not in self.modules:
                self.modules.add(name)
                main, self.values["__name__"] = self.values.get("__name__", "__main__"), name
                for one in there:
                    self.read(one)
                self.values["__name__"] = main
            if binds:
                names = tuple(part.partition(" = ")[0] for part in binds.split("; "))
                self.pieces.append(Piece(cell.origin.source, cell.first + node.lineno - 1, binds, names))
                self.known.update(names)
        return True

    def _cells_of(self, module: str) -> list[Cell]:
        """What a module consists of: the cells that write it, or the file beside; none where there is neither."""
        there = None if module in self.written else self.module(module)
        if there is None:
            return self.written.get(module, [])
        return [Cell("\n".join(there[1]), Origin(there[0], None, there[1], name=f"{module}.py"))]

    def _either(self, node: ast.stmt) -> tuple[str, ...]:
        """The functions that an ``if`` defines in both of its branches, where only running it tells which it takes."""
        if not isinstance(node, ast.If) or truth(node.test, self.values) is not None:
            return ()
        one, other = ({inner.name for inner in block if isinstance(inner, Definition)} for block in (node.body, node.orelse))
        return tuple(sorted(one & other))

    def _inner(self, node: ast.stmt) -> list[ast.stmt] | None:
        """The statements that an ``if`` or ``try`` around definitions runs, both sides where that can't be told; None where it is work."""
        if isinstance(node, ast.If):
            holds = truth(node.test, self.values)
            if holds is not None:
                return node.body if holds else node.orelse
        elif not isinstance(node, ast.Try | ast.TryStar):
            return None
        if not any(isinstance(inner, (*DEFINING, ast.Import, ast.ImportFrom)) for inner in ast.walk(node)):
            return None
        return [inner for block in blocks_of(node) for inner in block]

    def _take(self, node: ast.stmt, names: tuple[str, ...], lines: list[str], cell: Cell) -> None:
        piece = cut_out(node, lines, cell.origin, cell.first, names)
        if isinstance(node, Definition):
            trouble = refused(piece.text)
            location = cell.origin.location(piece.line + (trouble.line - 1 if trouble else decorator_lines(piece)), piece.indent + 1)
            if trouble:
                self.unparsed.append(Unparsed(location, trouble.reason, names))
                return
            self.places.setdefault(node.name, []).append((len(self.pieces), location))
        elif isinstance(node, ast.If):
            for name in names:
                self.places.setdefault(name, []).append((len(self.pieces), cell.origin.location(piece.line, piece.indent + 1)))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr in names and names[0] in FUNCTIONS:
            self.handed_out[names[0]] = piece
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            self.constant.update(names)
            self.values.update(dict.fromkeys(names, node.value.value) if isinstance(node.value, ast.Constant) else {})
        self.pieces.append(piece)
        self.order.append(piece)
        self.known.update(names)
        for name in names:
            self.computed.pop(name, None)
        for inner in ast.walk(node) if "import" in piece.text else ():
            for module, given in imports_in(inner):
                self.imports.setdefault(module, {}).update(dict.fromkeys(given))

    def _defined(self, node: ast.stmt) -> tuple[str, ...] | None:  # noqa: PLR0911 - one answer for each kind of statement
        """The names that the statement defines if it is an import, a definition or a literal assignment, else None."""
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                return (name,)
            case ast.Import(names=aliases):
                return tuple(alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.ImportFrom(names=aliases):
                return tuple(alias.asname or alias.name for alias in aliases if alias.name != "*")
            case ast.Assign(targets=[ast.Name(id=name)]) if name in FUNCTIONS:
                return (name,)
            case ast.Assign(targets=[ast.Tuple(names)], value=value) if hands_out(names, value, FUNCTIONS):
                return names_of(names)
            case ast.Assign(targets=targets, value=value) if self._literal(value):
                return names_of(targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value, annotation=annotation) if self._literal(value):
                return names_of([target]) if self._literal(annotation) or isinstance(annotation, ast.Subscript) else None
            case _:
                return None

    def _literal(self, value: ast.expr) -> bool:
        """Whether the expression does no work."""
        todo: list[ast.expr | None] = [value]
        while todo:
            node = todo.pop()
            if isinstance(node, ast.Name):
                if node.id in self.computed or not self._is_there(node.id):
                    return False
            elif node is not None:
                parts = parts_of(node)
                if parts is None:
                    return False
                todo += parts
        return True

    def _is_had(self, name: str) -> bool:
        return name in self.known or (name not in self.computed and self._is_there(name))

    def _is_there(self, name: str) -> bool:
        """Whether the name is taken already, is the language's own, or may have come with ``from module import *``."""
        return name in self.known or hasattr(builtins, name) or any("*" in asked for asked in self.imports.values())
