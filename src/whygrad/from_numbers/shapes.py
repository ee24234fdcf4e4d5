"""Where every number is right and a shape is not: the shape lines of a post tell what the numbers cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.edited import Program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.from_numbers.found import Trail
    from whygrad.from_numbers.numbers import Target
    from whygrad.from_numbers.tables import Tables
    from whygrad.mistakes import Edit
    from whygrad.records import Block, Shape

Edits = tuple["Edit", ...]


def wrong_shapes(tables: Tables, targets: Sequence[Target]) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The gradients whose printed shape is not a right program's: name -> (printed, right)."""
    found: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for target in targets:
        gradients = tables.of(target.block.check).right.gradients
        for shape in otherwise_shaped(target.block, gradients):
            found[shape.quantity] = shape.shape, np.shape(gradients[shape.quantity])
    return found


def otherwise_shaped(block: Block, gradients: Mapping[str, Any]) -> list[Shape]:
    """The printed shapes that a program with these gradients does not print."""
    return [shape for shape in block.shapes if np.shape(gradients.get(shape.quantity, 0.0)) != shape.shape]


def misshapen(tables: Tables, targets: Sequence[Target], trail: Trail, base: Edits = ()) -> list[Edits]:
    """The mistakes in the lines of the gradients with a wrong shape that print all numbers and all shapes, likeliest first.

    ``base`` is what explains the numbers already.
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
    trail.tried += len(candidates)
    fitting = [(*base, *edits) for edits in candidates if _prints(tables, targets, (*base, *edits))]
    return sorted(fitting, key=tables.variants.set_cost)


def _prints(tables: Tables, targets: Sequence[Target], edits: Edits) -> bool:
    program = Program(tables.assignment, edits)
    for target in targets:
        gradients = program.run(target.block.check)
        if gradients is None or not target.hit(target.values(gradients)).all() or otherwise_shaped(target.block, gradients):
            return False
    return True
