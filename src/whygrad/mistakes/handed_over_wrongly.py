"""What passes between a cell and its loop is wrong inside the cell: it takes in or hands back something else than it should.

The equations are right, and the line above or below them is not: two names in the signature or behind ``return`` have changed places, the
state that came in is handed back, or what comes in is overwritten before anything reads it. The loop then goes on with a wrong value, so
that the numbers of the sequence look like those of a wrong loop. The cell by itself can be right, because its own check does not look
at what it hands to the next step.

To check, read the first line of the cell and its last one beside the call in the loop, name by name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


_WEIGHT = re.compile(r"W([fico]) = parameters\['W\1'\]")


def edits(site: Site) -> Iterator[Edit]:
    """Of a cell: what it takes in, by its first line and those that read the weights, and what it hands back, by its last lines."""
    if site.role not in {"cell forward", "cell backward"}:
        return
    if site.text.startswith("def "):
        yield from _taken(site)
    elif _WEIGHT.fullmatch(site.text):
        yield from _read(site)
    elif site.text.startswith("return ") and site.role == "cell forward":
        yield from _handed_back(site)
    elif site.text.startswith("gradients = {"):
        for state in ("a", "c"):
            if f"d{state}_next" in site.lines[0]:
                text = re.sub(rf"'d{state}_prev': \w+", rf"\g<0> + d{state}_next", site.text)
                yield _edit(site, text, "adds what came in to what it hands back", f"d{state}_prev")


def _taken(site: Site) -> Iterator[Edit]:
    """Two arguments exchanged; a state, or the gradient at one, overwritten before it is read."""
    if site.role == "cell forward":
        for name, word in (("a_prev", "hidden"), ("c_prev", "cell")):
            if name in site.text:
                yield _edit(site, f"{site.text}\n    {name} = np.zeros_like({name})", f"sets the {word} state that comes in to zero", name)
        if "c_prev" in site.text:
            text = site.text.replace("a_prev, c_prev", "c_prev, a_prev")
            yield _edit(site, text, "takes its two states in each other's place", "a_prev and c_prev")
        return
    if "dc_next" in site.text:
        text = site.text.replace("da_next, dc_next", "dc_next, da_next")
        yield _edit(site, text, "takes its two gradients in each other's place", "da_next and dc_next")
    for name, value, detail in (
        ("dc_next", "np.zeros_like(dc_next)", "sets the gradient that comes in at the cell state to zero"),
        ("dc_next", "-dc_next", "turns round the sign of the gradient that comes in at the cell state"),
        ("dc_next", "da_next", "takes the gradient at the hidden state for that at the cell state"),
        ("da_next", "da_next + dc_next", "adds the gradient at the cell state to that at the hidden state"),
        ("da_next", "da_next / 2", "halves the gradient that comes in at the hidden state"),
    ):
        if "dc_next" in site.text or "dc_next" not in (name, *value.split()):
            yield _edit(site, f"{site.text}\n    {name} = {value}", detail, name)


def _read(site: Site) -> Iterator[Edit]:
    """The weights of two gates, with and without their biases where it reads these, under each other's names."""
    gates = [found[1] for line in site.lines[site.number :] if (found := _WEIGHT.fullmatch(line.strip()))]
    for other in gates[1:]:
        for kinds in ("W", "Wb") if site.number_of("bf = ") > 0 else ("W",):
            taken = [(f"{kind}{one}", f"{kind}{its}") for kind in kinds for one, its in ((gates[0], other), (other, gates[0]))]
            names = " and ".join(name for name, _ in taken)
            detail = f"takes {listed([name for name, _ in taken])} out of the parameters under each other's names"
            slip = f"handed-over-wrongly: W{gates[0]} and W{other} under each other's names"
            (name, its), *others = taken
            first = site.edit(f"{name} = parameters['{its}']", "handed-over-wrongly", detail=detail, quantity=names, slip=slip)
            yield site.also(first, *((site.number_of(f"{name} = "), f"{name} = parameters['{its}']") for name, its in others))


def _handed_back(site: Site) -> Iterator[Edit]:
    """One of the states that are returned is the other, its tanh, or what came in; or both stand in each other's place."""
    ways = [("a_next", "a_prev", "hands back the hidden state that came in")]
    if "c_next" in site.text:
        ways += [
            ("a_next, c_next", "c_next, a_next", "hands back its two states in each other's place"),
            ("c_next", "c_prev", "hands back the cell state that came in"),
            ("c_next", "a_next", "hands back the hidden state in place of the cell state"),
            ("c_next", "np.tanh(c_next)", "hands back the tanh of the cell state"),
            ("a_next", "c_next", "hands back the cell state in place of the hidden state"),
        ]
    for old, new, detail in ways:
        yield _edit(site, site.text.replace(old, new, 1), detail, old.replace(", ", " and "))


def _edit(site: Site, text: str, detail: str, quantity: str) -> Edit:
    return site.edit(text, "handed-over-wrongly", detail=detail, quantity=quantity, slip=f"{quantity}: {detail}")


OPERATOR = Operator(
    id="handed-over-wrongly",
    title="The cell takes in or hands back something else",
    about=__doc__ or "",
    where="Look at what passes between {function} and its loop: {quantity}.",
    says="the cell {detail}.",
    hint=(
        "A loop sees nothing of a cell but its arguments and what it returns, and goes on with that. So the equations can be right, and "
        "the loop as well. Read the first and the last lines of {function} beside the call in the loop, name by name, and print on both "
        "sides of the call what goes in and what comes out."
    ),
    asks="What the mathematics asks for: {quantity} as the equations of the cell name it, in the order that the call in the loop expects.",
    examples=(Example("lstm_cell_forward", "return (a_next, c_next, yt_pred, cache)", "return (c_next, a_next, yt_pred, cache)"),),
    edits=edits,
    twin=True,
)
