"""Where every number is right and a shape is not: the shape lines of a post tell what the numbers cannot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.edited import Program
from whygrad.mistakes.words import listed
from whygrad.read.post.labels import shown
from whygrad.read.post.noindex import NO_INDEX
from whygrad.records import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits
    from whygrad.records import Block, Number, Reading

Explained = tuple["Edits", list["Bools"], float]
DECIMALS_IN_ARRAYS = 8
"""NumPy prints so many of them."""


@dataclass(frozen=True)
class Unexplained:
    """The gradient of a check whose shape is printed as ``given`` where a right program's is ``asked`` and the explanation's ``made``.

    ``inferred``: no line says so, but how its numbers are printed.
    """

    check: str
    quantity: str
    given: tuple[int, ...]
    asked: tuple[int, ...]
    made: tuple[int, ...]
    inferred: bool = False

    @property
    def label(self) -> str:
        """``dba.shape of rnn_backward``."""
        return f"{self.quantity}.shape of {self.check}"

    def __str__(self) -> str:
        """What the printed shape is, and what it should be."""
        given = f"the shape of {self.quantity} {'seems to be' if self.inferred else 'is printed as'} {self.given}"
        if self.given == self.asked:
            return f"{given}, which is right, and these mistakes make it {self.made}"
        beside = "" if self.made == self.asked else f"; these mistakes make it {self.made}"
        return f"{given}, and a right program's is {self.asked}{beside}"


def with_lost_axes(tables: Tables, reading: Reading) -> Reading:
    """The reading, and in it the shapes of gradients of which one number was printed where a right program has a row of them.

    Such a gradient has no last axis. Its number is read as the row's first: the loop comes to step 0 last, and leaves that there. Nor has
    a row of one that is printed as a number with more decimals than an array's, where nothing else is wrong and its index is given.
    """
    indexed = not any(note.startswith(NO_INDEX) for note in reading.notes)
    flat = [_flat_ones(tables, block) if indexed else [] for block in reading.blocks]
    blocks = tuple(_with_lost_axes(tables, block, own) for block, own in zip(reading.blocks, flat, strict=True))
    said = [_said_of_flat_ones(own) for own in flat if own]
    others = tuple(with_lost_axes(tables, other) for other in reading.alternatives)
    return replace(reading, blocks=blocks, notes=(*reading.notes, *dict.fromkeys(said)), alternatives=others)


def _with_lost_axes(tables: Tables, block: Block, flat: list[Number]) -> Block:
    right = tables.of(block.check).right.gradients
    lost = [number for number in block.numbers if np.shape(right[number.quantity])[len(number.index) :] not in {(), (1,)}]
    target = Target(block)
    fine = not lost and bool(target.hit(target.values(right)).all())
    without = flat if fine else lost
    if not without:
        return block
    told = {shape.quantity for shape in block.shapes}
    names = [number.quantity for number in without if number.quantity not in told]
    seen = tuple(Shape(name, np.shape(right[name])[:-1], inferred=True) for name in names)
    numbers = tuple(replace(number, index=(*number.index, 0)) if number in lost else number for number in block.numbers)
    return replace(block, numbers=numbers, shapes=(*block.shapes, *seen))


def _flat_ones(tables: Tables, block: Block) -> list[Number]:
    """The entries that are an array of one number and were printed as a number, with more decimals than arrays are printed with.

    Only where no shape line says what the shape is, and the expected number, if there is one, has its brackets: whoever writes both
    without them has taken them out.
    """
    right = tables.of(block.check).right.gradients
    told = {shape.quantity for shape in block.shapes}
    plain = {number.label for number in block.expected}
    return [
        number
        for number in block.numbers
        if np.shape(right[number.quantity])[len(number.index) :] == (1,)
        and not {number.label, number.quantity} & (plain | told)
        and len(number.text.partition(".")[2]) > DECIMALS_IN_ARRAYS
    ]


def _said_of_flat_ones(flat: list[Number]) -> str:
    """How it is known that a dimension is lost, where no shape is printed."""
    labels = [number.label for number in flat]
    are, array = (
        ("are printed as plain numbers", "their arrays have") if len(labels) > 1 else ("is printed as a plain number", "its array has")
    )
    return f"{listed(labels)} {are}, where a right program prints brackets: {array} lost a dimension, or something took the brackets off"


def unexplained_shapes(tables: Tables, family: Family) -> list[Unexplained]:
    """The printed shapes that the first explanation of a family does not give."""
    program = Program(tables.assignment, family.best[0])
    found: list[Unexplained] = []
    for target in family.targets if any(target.block.shapes for target in family.targets) else ():
        check = target.block.check
        right = tables.of(check).right.gradients
        made = program.run(check) or {}
        found += [
            Unexplained(check, name, shape.shape, np.shape(right[name]), np.shape(made.get(name, 0.0)), shape.inferred)
            for shape in otherwise_shaped(target.block, made)
            if (name := shape.quantity) in right
        ]
    return found


def otherwise_shaped(block: Block, gradients: Mapping[str, Any]) -> list[Shape]:
    """The printed shapes that a program with these gradients does not print."""
    return [shape for shape in block.shapes if np.shape(gradients.get(shape.quantity, 0.0)) != shape.shape]


def without_other_shapes(tables: Tables, family: Family) -> list[Explained]:
    """What was found, without the explanations of all numbers that go against more printed shapes than the first one does."""
    if not any(target.block.shapes for target in family.targets):
        return family.found
    most = _against(tables, family.targets, family.best[0])
    behind = (one for one in family.found[1:] if not all(hits.all() for hits in one[1]) or _against(tables, family.targets, one[0]) <= most)
    return [family.best, *behind]


def _against(tables: Tables, targets: Sequence[Target], edits: Edits) -> int:
    """How many of the printed shapes a program with these edits does not print."""
    every = ((target.block, tables.of(target.block.check).run(edits)) for target in targets)
    return sum(len(otherwise_shaped(block, gradients)) for block, gradients in every if gradients is not None)


def misshapen(tables: Tables, targets: Sequence[Target], trail: Trail, base: Edits = ()) -> list[Edits]:
    """The mistakes in the lines of the gradients with a wrong shape that print all numbers and all shapes, likeliest first.

    ``base`` is what explains the numbers already; what it has of these gradients may be another one that prints the shape too.
    """
    program = Program(tables.assignment, base)
    names: set[str] = set()
    for target in targets if any(target.block.shapes for target in targets) else ():
        gradients = program.run(target.block.check)
        names |= {shape.quantity for shape in otherwise_shaped(target.block, gradients or {})}
    if not names:
        return []
    checks = [target.block.check for target in targets]
    functions = dict.fromkeys(function for check in checks for function in tables.assignment.chain(check))
    candidates: list[Edits] = []
    for function in functions:
        candidates += [(edit,) for edit in tables.variants.of_function(function) if edit.quantity in names]
        candidates += [group for group in tables.variants.groups(function) if {edit.quantity for edit in group} == names]
    candidates += [summed for edits in candidates if (summed := _summed_as_returned(tables.assignment, checks[-1], edits))]
    trail.tried += len(candidates)
    bases = dict.fromkeys((base, tuple(edit for edit in base if edit.quantity not in names)))
    programs = [(*some, *edits) for some in bases for edits in candidates]
    return sorted((edits for edits in programs if _prints(tables, targets, edits)), key=tables.variants.set_cost)


def _summed_as_returned(assignment: Assignment, check: str, edits: Edits) -> Edits:
    """A slip of the cell in a gradient that its loop sums up, where the sum begins in the shape of what is returned; else empty."""
    roles, at_parameter = assignment.vocabulary.roles, assignment.vocabulary.at_parameter
    if roles[check] != "backward" or not all(roles[edit.function] == "cell backward" and at_parameter(edit.quantity) for edit in edits):
        return ()
    begins = {line.partition(" = np.zeros")[0].strip(): number for number, line in enumerate(assignment.functions[check])}
    return tuple(
        replace(
            edit,
            lines=(*edit.lines, (check, begins[edit.quantity], f"    {edit.quantity} = 0.0")),
            detail=f"{edit.detail}, and the sum over the steps takes that shape",
        )
        for edit in edits
    )


def _prints(tables: Tables, targets: Sequence[Target], edits: Edits) -> bool:
    program = Program(tables.assignment, edits)
    for target in targets:
        gradients = program.run(target.block.check)
        if gradients is None or not target.hit(target.values(gradients)).all() or otherwise_shaped(target.block, gradients):
            return False
    return True


def said_of_long_rows(tables: Tables, families: Sequence[Family]) -> list[str]:
    """Where more numbers stand behind a label than the row of a right program has: a line that was pasted twice, or a wrong shape."""
    said: list[str] = []
    for target in (target for family in families for target in family.targets):
        right = tables.of(target.block.check).right.gradients
        counts = Counter((number.quantity, number.index[:-1]) for number in target.block.numbers)
        for (quantity, index), count in counts.items():
            asked = np.shape(right[quantity])
            if len(asked) == len(index) + 1 and 1 < asked[-1] < count:
                said.append(f"{shown((quantity, index))} has {count} numbers, and the check prints {asked[-1]} there")
    return said
