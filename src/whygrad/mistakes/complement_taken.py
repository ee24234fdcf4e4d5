"""One minus a gate stands where a gate is meant: what the gate lets through is kept out, and the other way round.

Other recurrent cells do couple two gates so, and the derivative of every sigmoid has the same factor, so it looks familiar. The numbers
have a believable size, because both lie between 0 and 1. What is computed from this line is wrong, everything else is right.

To check, set the gate to 1 in your mind: must the line then let everything through, or nothing?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each gate, or its formula, replaced by one minus itself or one minus another gate."""
    kind = site.assignment.vocabulary.kind
    gates = [name for name in site.scope if kind(name) == "gate"]
    for node in expression.names:
        if kind(node.id) == "gate" and not expression.text[: node.col_offset].endswith("1 - "):
            for gate in gates:
                yield Rewrite(expression.put(node, f"(1 - {gate})"), f"one minus {named(gate, site)} in place of {called(node.id, site)}")
    if site.role == "cell forward" and kind(site.target) == "gate":
        for gate in gates:
            yield Rewrite(f"1 - {gate}", f"one minus {named(gate, site)} in place of its own formula")


OPERATOR = Operator(
    id="complement-taken",
    title="One minus a gate stands for a gate",
    about=__doc__ or "",
    says="one minus a gate stands for a gate in {quantity}: {detail}.",
    hint=(
        "Both lie between 0 and 1, so the numbers look right. This spoils {quantity} and whatever is computed from there; no other "
        "number is touched. Put 1 for the gate in your mind: must this line then let everything through, or nothing?"
    ),
    examples=(
        Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = ft * c_prev + (1 - ft) * cct"),
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * (1 - ft)"),
    ),
    rewrites=rewrites,
)
