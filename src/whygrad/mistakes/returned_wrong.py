"""A quantity is computed rightly, and then another one is handed out under its key.

The dictionary at the end lists all gradients, and one wrong name in it goes unnoticed, most of all among gradients of one shape. The
entry under this key is wrong, all others are right; in a sequence, what the loop takes from this entry is wrong too. Two entries that
print the same numbers are the sign of it.

To check, read the dictionary pair by pair.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each entry replaced by each other entry, or by that whose gradient it is; for the states what came in; two by another gate's two."""
    if not site.text.startswith("gradients = {"):
        return
    keys = re.findall(r"'(\w+)': ", site.text)
    more = [name for name in ("da_next", "dc_next") if name in site.lines[0]]
    own = {key: text for key in keys if (text := _whose_gradient(key, site))}
    for key in keys:
        for other in [*keys, *more, *([own[key]] if key in own else [])]:
            if other != key:
                text = re.sub(rf"'{key}': \w+", f"'{key}': {other}", site.text)
                yield site.edit(text, "returned-wrong", detail=_named(other, site), quantity=key, slip=f"{key}: {other}")
    yield from _of_another_gate(site, keys)
    weights = [key for key in own if site.assignment.vocabulary.kind(key) == "weight gradient"]
    if len(weights) > 1:
        text = re.sub(r"'(\w+)': \w+", lambda found: f"'{found[1]}': {own[found[1]]}" if found[1] in weights else found[0], site.text)
        yield site.edit(text, "returned-wrong", detail="each weight itself", quantity=" and ".join(weights), slip="weights themselves")


def _of_another_gate(site: Site, keys: list[str]) -> Iterator[Edit]:
    """Both gradients of a gate's parameters, where one call gives the two: those of another gate."""
    kinds = ("weight gradient", "bias gradient")
    for members in site.assignment.vocabulary.siblings.values():
        gates = {member: [parts[kind] for kind in kinds] for member, parts in members.items() if parts.get(kinds[1]) in keys}
        for member, own in gates.items():
            for other, theirs in gates.items():
                if other != member:
                    swap = dict(zip(own, theirs, strict=True))
                    text = re.sub(r"'(\w+)': \w+", lambda found, swap=swap: f"'{found[1]}': {swap.get(found[1], found[1])}", site.text)
                    detail = f"the gradients of the {other} gate" if other != "candidate" else "the gradients of the candidate"
                    yield site.edit(text, "returned-wrong", detail=detail, quantity=" and ".join(own), slip=f"{' and '.join(own)}: {other}")


def _whose_gradient(key: str, site: Site) -> str:
    """What the function has of the quantity itself whose gradient is ``key``, if anything."""
    own = key.removeprefix("d")
    return own if own in site.scope else f"parameters['{own}']" if own[0] in "Wb" else ""


def _named(text: str, site: Site) -> str:
    return named(re.sub(r"parameters\['(\w+)'\]", r"\1", text), site)


OPERATOR = Operator(
    id="returned-wrong",
    title="A wrong name is returned",
    about=__doc__ or "",
    says="the result holds {detail} under the key {quantity}.",
    hint=(
        "The quantity itself may be right; it is only handed out wrongly, so the other entries are not touched. Read the dictionary "
        "that {function} returns pair by pair, and print the entry beside the variable of the same name just before the return."
    ),
    examples=(
        Example(
            "rnn_cell_backward",
            "gradients = {'dxt': dxt, 'da_prev': da_prev, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}",
            "gradients = {'dxt': dxt, 'da_prev': da_next, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}",
        ),
    ),
    edits=edits,
)
