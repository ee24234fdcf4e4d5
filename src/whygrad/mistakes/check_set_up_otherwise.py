"""The cell that prints the numbers hands other arrays to the functions than the one that the expected numbers were made with.

A check that was typed anew, or that was changed to try something out, draws the weights in another order, files one under the name of
another, or hands an array of ones, or a state, to the backward function in place of the upstream gradient. Each printed number for which
it matters is another one, as if several functions were wrong at once. The learner's functions are not to blame.

To check, compare the cell with the original line by line, restart the kernel and run all cells from the top.
"""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

ID = "check-set-up-otherwise"
_DRAW = re.compile(r"(\w+) = np\.random\.randn\((.*)\)")
_CALL = re.compile(r"gradients = \w+\((.*), caches?\)")
_STATES = ("a", "c", "a_next", "c_next", "a_prev", "c_prev")
_GATES = re.compile(r"'W([fioc])': W")


def edits(site: Site) -> Iterator[Edit]:
    """Two draws exchanged; the weights before the biases; weights under other names; other arrays in place of the upstream gradients."""
    if site.role != "check":
        return
    if _DRAW.fullmatch(site.text):
        yield from _orders(site)
    elif site.target == "parameters":
        yield from _names(site)
    elif call := _CALL.fullmatch(site.text):
        yield from _upstreams(site, call[1].split(", "))


def _orders(site: Site) -> Iterator[Edit]:
    behind = site.lines[site.number + 1].strip()
    if other := _DRAW.match(behind):
        names = f"{site.target} and {other[1]}"
        first = site.edit(behind, ID, detail=f"draws {names} in the other order", quantity=names)
        yield site.also(first, (site.number + 1, site.text))
    if site.text.startswith("Wf = "):
        numbers = [site.number_of(f"{kind}{gate} = ") for kind in "Wb" for gate in "fioc"]
        lines = [site.lines[number].strip() for number in numbers]
        first = site.edit(lines[0], ID, detail="draws all weights and then all biases", quantity="weights")
        yield site.also(first, *zip(sorted(numbers)[1:], lines[1:], strict=True))
    if other and site.target == "da_next":
        for make in ("ones", "zeros"):
            detail = f"makes da_next an array of {make} and draws only {other[1]}"
            yield site.edit(f"da_next = np.{make}((5, 10))", ID, detail=detail, quantity="da_next")


def _names(site: Site) -> Iterator[Edit]:
    """The gates drawn in another order, which is as if they were filed under each other's names; two weights filed so by themselves."""
    gates = _GATES.findall(site.text)
    for order in permutations(gates):
        drawn = {gate: before for before, gate in zip(gates, order, strict=True)}
        moved = [gate for gate in gates if drawn[gate] != gate]
        said = f"draws the gates' weights in the order {', '.join(order)}, or files them in parameters under each other's names"
        if moved:
            yield _renamed(site, drawn, "Wb", said)
        if len(moved) == 2:  # noqa: PLR2004 - two exchanged
            yield _renamed(site, drawn, "W", f"files {listed([f'W{gate}' for gate in moved])} in parameters under each other's names")


def _renamed(site: Site, drawn: dict[str, str], kinds: str, detail: str) -> Edit:
    text = re.sub(rf"(?<=': )([{kinds}])(\w)", lambda found: found[1] + drawn.get(found[2], found[2]), site.text)
    return site.edit(text, ID, detail=detail, quantity="parameters", slip=detail)


def _upstreams(site: Site, names: list[str]) -> Iterator[Edit]:
    """Ones, zeros, a state of the forward pass or the other of two gradients in the place of each of them; both so."""
    draws = {found[1]: found[2] for line in site.lines if (found := _DRAW.match(line.strip()))}
    known = {name for line in site.lines for name in line.strip().partition(" = ")[0].split(", ")}
    states = {name: name for name in _STATES if name in known}
    if "c" in known:  # the pass has more steps than the upstream gradient
        states = {f"{name}[:, :, :4]": f"the first four steps of {name}" for name in states}
    words = {f"np.{make}(({draws[names[0]]}))": f"an array of {make}" for make in ("ones", "zeros")} | states
    if names == ["da"]:
        last = {"np.ones(4)": "an array of zeros with ones at the last step", "da": "an array of zeros with da's own last step"}
        words |= {f"np.where(np.arange(4) == 3, {what}, np.zeros(({draws['da']})))": said for what, said in last.items()}
    for name in names:
        for new, said in {**words, **{other: other for other in names if other != name}}.items():
            yield _handed(site, {name: new}, f"hands over {said} in place of {name}")
    if len(names) > 1:
        pairs = [(new, new) for new in words if new.startswith("np.")]
        pairs += [(state, f"c{state[1:]}") for state in states if state.startswith("a")]
        for pair in (*pairs, (names[1], names[0])):
            said = listed([words.get(new, new) for new in dict.fromkeys(pair)])
            yield _handed(site, dict(zip(names, pair, strict=True)), f"hands over {said} in place of {listed(names)}")


def _handed(site: Site, new: dict[str, str], detail: str) -> Edit:
    names = re.compile(rf"(?<=[(,\s])(?:{'|'.join(new)})(?=,)")
    return site.edit(names.sub(lambda found: new[found[0]], site.text), ID, detail=detail, quantity=" and ".join(new))


OPERATOR = Operator(
    id=ID,
    title="The notebook's check hands over other arrays",
    about=__doc__ or "",
    where="Look at what {function} draws and hands over: {quantity}.",
    says="the notebook's own check {detail}, so that even right functions print other numbers there.",
    hint=(
        "Your functions may all be right; one that takes another array than it is given prints the same. The numbers of a check depend "
        "on what it draws, in which order, and on what it hands to which argument. Compare this cell with the original line by line, "
        "restart the kernel, and run all cells from the top."
    ),
    asks="What the expected numbers were made with: seed 1, every draw of the original check in its order, and each array in its place.",
    examples=(
        Example(
            "rnn_cell_backward_check",
            "gradients = rnn_cell_backward(da_next, cache)",
            "gradients = rnn_cell_backward(np.ones((5, 10)), cache)",
        ),
    ),
    edits=edits,
    alone=True,
)
