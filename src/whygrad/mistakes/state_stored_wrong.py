"""The cache is a plain tuple: only the order of its places counts, and one of them holds another value than its reader takes it for.

Ten names are written in one function and read in another, and two of them are exchanged, or one is written for another. The outputs of
the forward pass are right. The backward pass works with exchanged values, and everything that uses them is wrong, while formulas may all
be right.

To check, put the line that makes the cache and the line that takes it apart one below the other.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.anew import computed_anew
from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.orders import other_orders
from whygrad.mistakes.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_STATES = {"a_next", "c_next", "a_prev", "c_prev", "cct"}


def edits(site: Site) -> Iterator[Edit]:
    """Two names of the cache exchanged where it is written or read; one name, or what stood before an activation, written for another."""
    if site.role not in {"cell forward", "cell backward"} or not (site.text.endswith(" = cache") or site.text.startswith("cache = (")):
        return
    names = re.findall(r"\w+", site.text.replace("cache", ""))[:-1]
    if {"c_prev", "c_next"} <= set(names):
        crossed = {"a_next": "a_prev", "c_next": "c_prev", "a_prev": "a_next", "c_prev": "c_next"}
        yield site.edit(
            _renamed(site.text, crossed),
            "state-stored-wrong",
            detail="has changed places with the previous cell state, and so have the two hidden states",
            quantity="c_next",
        )
    anew = computed_anew(site)
    if anew is not None:  # with the previous state from the wrong place
        first = site.edit(
            _renamed(site.text, {"a_next": "a_prev", "a_prev": "a_next"}),
            "state-stored-wrong",
            detail="has changed places with the previous hidden state, from which the cell then computes it anew",
            quantity="a_next",
            slip="a_next <-> a_prev, computed anew",
        )
        yield site.also(first, anew)
    if site.text.startswith("cache = "):
        yield from _computed(site, names)
    else:  # what is stored in another order prints the same as what is taken out so
        yield from _in_another_order(site, names)
        yield from _through_an_activation(site, names)
    for place, name in enumerate(names):
        for other in names if site.text.startswith("cache = ") else ():  # before what says more where it shows no more
            if other != name:
                text = f"cache = ({', '.join([*names[:place], other, *names[place + 1 :]])}, parameters)"
                detail = f"holds {named(other, site)}"
                yield site.edit(text, "state-stored-wrong", detail=detail, quantity=name, slip=f"{name} = {other}")
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            yield site.edit(
                _renamed(site.text, {name: other, other: name}),
                "state-stored-wrong",
                detail=f"has changed places with {named(other, site)}",
                quantity=name,
                slip=f"{name} <-> {other}",
            )


def _in_another_order(site: Site, names: list[str]) -> Iterator[Edit]:
    """The four gates in an order that is no exchange of two."""
    for order in other_orders([name for name in names if site.assignment.vocabulary.kind(name) == "gate"]):
        detail = f"and the other gates stand there in the order {', '.join(order.values())}"
        yield site.edit(
            _renamed(site.text, order),
            "state-stored-wrong",
            detail=detail,
            quantity=next(iter(order)),
            slip=f"gates {' '.join(order.values())}",
        )


def _computed(site: Site, names: list[str]) -> Iterator[Edit]:
    """A state's tanh in its place; what stood before an activation, in the place of its value, of those of several gates, or of a state."""
    before = {name: before for name in names if (before := _before_activation(name, site))}
    for name in names:
        if name in _STATES:
            tanh = _renamed(site.text, {name: f"np.tanh({name})"})
            yield site.edit(tanh, "state-stored-wrong", detail="holds its tanh", quantity=name, slip=f"tanh of {name}")
        if name in before:
            text = _renamed(site.text, {name: before[name]})
            detail = "holds what stood before its activation"
            yield site.edit(text, "state-stored-wrong", detail=detail, quantity=name, slip="no activation")
    gates = [name for name in before if site.assignment.vocabulary.kind(name) == "gate"]
    for several in (some for count in range(2, len(gates) + 1) for some in combinations(gates, count)):
        text = _renamed(site.text, {name: before[name] for name in several})
        detail = "hold what stood before their activations"
        yield site.edit(text, "state-stored-wrong", detail=detail, quantity=" and ".join(several), slip="no activation")
    if "a_next" in before:
        text = _renamed(site.text, {"a_prev": before["a_next"]})
        detail = f"holds what stood before the activation of {named('a_next', site)}"
        yield site.edit(text, "state-stored-wrong", detail=detail, quantity="a_prev", slip="a_prev = before a_next")


def _before_activation(name: str, site: Site) -> str:
    """What the line that makes ``name`` puts through an activation."""
    return next((found[1] for line in site.lines if (found := re.fullmatch(rf"\s+{name} = (?:sigmoid|np\.tanh)\((.+)\)", line))), "")


def _through_an_activation(site: Site, names: list[str]) -> Iterator[Edit]:
    """A value, or all gates with a sigmoid, or all four, put through an activation when taken out, before any line reads it."""
    for name in [name for name in names if name != "xt"]:
        for function in ("np.tanh", "sigmoid") if site.assignment.vocabulary.kind(name) == "gate" else ("np.tanh",):
            own = function.removeprefix("np.")
            detail = f"goes through a {own} when it is taken out"
            text = f"{site.text}\n{name} = {function}({name})"
            yield site.edit(text, "state-stored-wrong", detail=detail, quantity=name, slip=f"{own} of {name}, taken out")
    kind = site.assignment.vocabulary.kind
    activations = {name: _activation_of(name, site) for name in names if kind(name) == "gate"}
    for left_out, detail in (("np.tanh", "go through the sigmoid"), ("", "go through their activations")):
        again = {name: function for name, function in activations.items() if function and function != left_out}
        text = "\n".join([site.text, *(f"{name} = {function}({name})" for name, function in again.items())])
        if len(again) > 1:
            quantity = " and ".join(again)
            yield site.edit(
                text, "state-stored-wrong", detail=f"{detail} again when taken out", quantity=quantity, slip=f"again {quantity}"
            )


def _activation_of(name: str, site: Site) -> str:
    """The activation that the forward cell makes ``name`` with."""
    lines = (line.strip() for function in site.assignment.functions.values() for line in function)
    return next((found[1] for line in lines if (found := re.match(rf"{name} = (sigmoid|np\.tanh)\(", line))), "")


def _renamed(text: str, names: dict[str, str]) -> str:
    return re.sub(r"\w+", lambda found: names.get(found[0], found[0]), text)


OPERATOR = Operator(
    id="state-stored-wrong",
    title="A wrong value goes into the cache",
    about=__doc__ or "",
    where="Look at {quantity} in the cache, in {function}: {meaning}.",
    says="a place of the cache is wrong: {quantity} {detail}.",
    hint=(
        "A cache is a plain tuple, so not the names count but the order of its places. The outputs of the forward pass are not "
        "touched; only what the backward pass computes from {quantity} is wrong. Put the line that makes the cache and the line that "
        "takes it apart one below the other."
    ),
    asks=(
        "What the mathematics asks for: each step is differentiated at its own values, so {quantity} in the cache is what the forward "
        "step had for it, {meaning}."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            ("a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache"),
            ("a_next, c_next, c_prev, a_prev, ft, it, cct, ot, xt, parameters = cache"),
        ),
    ),
    edits=edits,
)
