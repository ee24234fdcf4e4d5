"""`c = a` makes no second array, it gives the first one a second name: what is stored in one appears in the other.

It saves typing `np.zeros` once more, and looks like a copy. But the loop then stores the hidden and the cell states in the same memory,
so the later of the two overwrites the other, in the outputs and in every slice that is read later. States that the loop hands on in
variables of its own stay right, and then only the outputs are wrong; a state that is taken out of its array is the other one.

To check, change one entry of c after the forward pass and print the same entry of a.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


_WHOLE = "c and a are two names for one array"


def edits(site: Site) -> Iterator[Edit]:
    """``c = a``, alone or where the loop takes states out of the arrays; never with a change that alone prints the same."""
    if site.role != "forward" or site.target != "c" or "zeros" not in site.text:
        return

    def shared(what: str, *others: tuple[int, str]) -> Edit:
        return site.also(site.edit("c = a", "one-buffer-two-names", detail=f"{_WHOLE}, and {what}", slip=what), *others)

    yield site.edit("c = a", "one-buffer-two-names", detail=_WHOLE)
    first_a, first_c, call, of_a, of_c = map(site.number_of, ("a_next = ", "c_next = ", "a_next, ", "a[:, :, t] = ", "c[:, :, t] = "))
    inside = site.lines[call].strip()
    yield shared(
        "the loop takes the hidden state out of it", (call, inside.replace("t], a_next,", "t], a_next if t == 0 else a[:, :, t - 1],"))
    )
    yield shared(
        "the loop, which stores the hidden state last, takes the cell state out of it",
        (call, inside.replace(" c_next, p", " c_next if t == 0 else c[:, :, t - 1], p")),
        (of_a, site.lines[of_c].strip()),
        (of_c, site.lines[of_a].strip()),
    )
    for slot, which in (("t", "of the very step"), ("t - 1", "of the step before"), ("0", "of step 0")):
        both = inside.replace(" a_next, c_next, p", f" a[:, :, {slot}], c[:, :, {slot}], p")
        yield shared(f"the loop takes both states out of its slot {which}", (call, both))
    filled = "a[:, :, 0] = a0\na_next = a[:, :, 0]"
    yield shared("both states start as views of its first slot", (first_a, filled), (first_c, "c_next = c[:, :, 0]"))


OPERATOR = Operator(
    id="one-buffer-two-names",
    title="One array under two names",
    about=__doc__ or "",
    says="{detail}.",
    hint=(
        "A plain assignment copies nothing, so what is stored in one appears in the other. In {function} the second of the two states "
        "that a step stores overwrites the first one, and whoever reads that later, gets the other. Change one entry of c after the "
        "forward pass, and print the same entry of a."
    ),
    asks="What the mathematics asks for: a⟨t⟩ = Γo ∘ tanh(c⟨t⟩), so hidden and cell states differ, and each needs an array of its own.",
    examples=(Example("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a"),),
    edits=edits,
)
