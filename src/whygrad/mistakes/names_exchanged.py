"""Two names of one equation stand in each other's place: all the right arrays are there, and two of them are at the wrong spot.

The forget gate and the update gate, the two gradients that come in, a weight and its neighbour's: where both have one shape nothing
fails, and the line looks complete because nothing is missing from it. What is computed from this line is wrong, everything else is
right.

To check, do not look whether a name is there; say for each product which two arrays met in the forward pass, and whether they meet here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import NAME, Example, Operator, Rewrite
from whygrad.mistakes.orders import other_orders
from whygrad.mistakes.words import listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Edit, Site


_OF_PARAMETERS = ("weight gradient", "bias gradient")
_WHICH = ((_OF_PARAMETERS[:1], "weight gradients"), (_OF_PARAMETERS[1:], "bias gradients"), (_OF_PARAMETERS, "gradients"))


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Every two names in each other's place, and the weights of all gates in another order."""
    words = site.assignment.vocabulary.words
    read = sorted(expression.names, key=lambda node: (node.lineno, node.col_offset))
    names = list(dict.fromkeys(node.id for node in read if node.id in words))
    for one, other in combinations(names, 2):
        if f"({one}, {other})" in expression.text:
            continue  # of the parts of a stack `stack-wrong` speaks, and those of a product would not fit
        swap = {one: other, other: one}
        text = NAME.sub(lambda found, swap=swap: swap.get(found[0], found[0]), expression.text)
        yield Rewrite(text, f"{named(one, site)} and {named(other, site)}")
    for order in other_orders([name for name in names if site.assignment.vocabulary.kind(name) == "weight"]):
        text = NAME.sub(lambda found, order=order: order.get(found[0], found[0]), expression.text)
        yield Rewrite(text, _each_for_another(order), f"weights {' '.join(order.values())}")


def edits(site: Site) -> Iterator[Edit]:
    """The weights or the biases of two gates in each other's equation; two gradients of one shape under each other's key."""
    vocabulary = site.assignment.vocabulary
    if site.text.startswith("gradients = {"):
        yield from _keys(site)
    if site.role == "backward":
        yield from _carries(site)
    if site.role != "cell forward" or vocabulary.kind(site.target) != "gate":
        return
    for number in range(site.number + 1, len(site.lines)):
        target, _, text = site.lines[number].strip().partition(" = ")
        if vocabulary.kind(target) != "gate":
            continue
        for kinds in (("weight",), ("bias",), ("weight", "bias")):
            mine, others = ([name for name in NAME.findall(line) if vocabulary.kind(name) in kinds] for line in (site.right, text))
            if len(mine) == len(others) == len(kinds) and mine != others:
                swap = dict(zip((*mine, *others), (*others, *mine), strict=True))
                own, its = (NAME.sub(lambda found, swap=swap: swap.get(found[0], found[0]), line) for line in (site.text, text))
                first = site.edit(
                    own,
                    "names-exchanged",
                    detail=" and ".join(f"{named(one, site)} with {named(other, site)}" for one, other in zip(mine, others, strict=True)),
                    quantity=f"{site.target} and {target}",
                    slip=f"{' and '.join(kinds)} of {site.target} and {target}",
                )
                yield site.also(first, (number, f"{target} = {its}"))


def _carries(site: Site) -> Iterator[Edit]:
    """In the loop each of the two carries takes the other's entry; da0 is then the cell's, or what stands in the carry."""
    carries = site.assignment.vocabulary.carries
    behind = [number for number in range(site.number + 1, len(site.lines)) if site.lines[number].startswith(" " * 8)]
    if site.target not in carries or site.indent != " " * 8:
        return
    for number in behind:
        other, _, entry = site.lines[number].strip().partition(" = ")
        if other in carries:
            detail = f"each carry takes what the cell returned for the other, {carries[other]} and {carries[site.target]}"
            quantity = f"{site.target} and {other}"
            first = site.edit(f"{site.target} = {entry}", "names-exchanged", detail=detail, quantity=quantity, slip=f"carries {quantity}")
            both = site.also(first, (number, f"{other} = {site.right}"))
            yield both
            start = site.number_of("da0 = gradients")
            yield replace(site.also(both, (start, "da0 = da_prevt")), slip=f"{first.slip}, da0")


def _keys(site: Site) -> Iterator[Edit]:
    carried = [name for name in site.assignment.vocabulary.carries.values() if f"'{name}': " in site.text]
    for one, other in combinations(carried, 2):
        yield _exchanged(site, {one: other, other: one}, f"{named(one, site)} and {named(other, site)} stand under each other's key")
    for members in site.assignment.vocabulary.siblings.values():
        handed_out = {
            member: {kind: parts[kind] for kind in _OF_PARAMETERS if f"'{parts.get(kind)}': " in site.text}
            for member, parts in members.items()
        }
        gates = {member: parts for member, parts in handed_out.items() if len(parts) == len(_OF_PARAMETERS)}
        for member, parts in gates.items():
            weight, bias = parts.values()
            gate = member if member == "candidate" else f"{member} gate"
            detail = f"what belongs to the weight and the bias of the {gate} stands under each other's key"
            yield _exchanged(site, {weight: bias, bias: weight}, detail)
        for one, other in combinations(handed_out, 2):
            for kinds, _ in _WHICH:
                if not all(kind in handed_out[member] for kind in kinds for member in (one, other)):
                    continue
                names = {handed_out[one][kind]: handed_out[other][kind] for kind in kinds}
                swap = names | {theirs: mine for mine, theirs in names.items()}
                stand = (
                    f"what belongs to {one} and {other} stands" if one in gates else f"{listed([named(name, site) for name in swap])} stand"
                )
                yield _exchanged(site, swap, f"{stand} under each other's key")
        for order in other_orders(list(gates)):
            for kinds, called in _WHICH:
                swap = {gates[one][kind]: gates[other][kind] for kind in kinds for one, other in order.items()}
                yield _exchanged(site, swap, f"the gates' {called} stand under each other's keys, {_each_for_another(order)}")


def _each_for_another(order: dict[str, str]) -> str:
    """What stands for each name of which another one is there."""
    return listed([f"{stands} in the place of {name}" for name, stands in order.items() if stands != name])


def _exchanged(site: Site, swap: dict[str, str], detail: str) -> Edit:
    """The dictionary with these names in each other's place."""
    text = re.sub(r"'(\w+)': \w+", lambda found: f"'{found[1]}': {swap.get(found[1], found[1])}", site.text)
    quantity = " and ".join(swap)
    return site.edit(text, "names-exchanged", detail=detail, quantity=quantity, slip=f"keys of {quantity}")


OPERATOR = Operator(
    id="names-exchanged",
    title="Two names have changed places",
    about=__doc__ or "",
    says="names have changed places in {quantity}: {detail}.",
    hint=(
        "All the right arrays stand in this line, and some of them in each other's place. This spoils {quantity} and whatever is computed "
        "from there; no other number is touched. Say for each product which two arrays the formula has there, and whether these are "
        "the two that meet here."
    ),
    examples=(
        Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = it * c_prev + ft * cct"),
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = da_next + dc_next * ot * (1 - np.tanh(c_next) ** 2)",
        ),
    ),
    rewrites=rewrites,
    edits=edits,
)
