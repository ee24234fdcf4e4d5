"""The loop visits the steps in the wrong order, leaves some out, or visits some twice.

`range` counts upwards and stops before its end, and in the backward pass the order must be turned round. A loop in the wrong order gives
each step a carry that is not meant for it; steps that are left out keep their zeros in dx and are missing from the sums. Steps that are
visited before anything goes wrong are right.

To check, write down the values that t takes for four steps, or print t at the start of each turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "range(T_x)": "runs from the first step to the last",
    "reversed(range(T_x))": "runs from the last step to the first",
    "reversed(range(1, T_x))": "leaves out step 0",
    "reversed(range(T_x - 1))": "leaves out the last step",
    "range(T_x - 1)": "runs forward and leaves out the last step",
    "range(1, T_x)": "runs forward and leaves out step 0",
    "reversed(range(1, T_x - 1))": "leaves out the first and the last step",
    "range(T_x - 1, 0, -1)": "leaves out step 0",
    "[T_x - 1]": "visits the last step only",
    "[0]": "visits step 0 only",
    "range(T_x - 1, -1, -2)": "visits every second step only, the last among them",
    "reversed(range(0, T_x, 2))": "visits every second step only, step 0 among them",
    "list(reversed(range(T_x))) * 2": "visits every step twice",
    "[*reversed(range(T_x)), -1]": "goes on after step 0, to the index -1",
    "[-1, *reversed(range(T_x))]": "visits the last step twice",
    "reversed(range(-1, T_x - 1))": "starts at the last step but one and ends at the index -1, which is the last step",
}

_FROM_THE_LAST = "runs from the last step to the first, and "
_FORWARD = _WAYS | {
    "reversed(range(1, T_x))": f"{_FROM_THE_LAST}leaves out step 0",
    "reversed(range(T_x - 1))": f"{_FROM_THE_LAST}leaves out the last step",
    "range(T_x - 1)": "leaves out the last step",
    "range(1, T_x)": "leaves out step 0",
    "reversed(range(1, T_x - 1))": f"{_FROM_THE_LAST}leaves out both of these",
    "range(T_x - 1, 0, -1)": f"{_FROM_THE_LAST}leaves out step 0",
    "range(T_x - 1, -1, -2)": f"{_FROM_THE_LAST}visits every second step only",
    "reversed(range(0, T_x, 2))": f"{_FROM_THE_LAST}visits every second step only, step 0 among them",
    "list(reversed(range(T_x))) * 2": f"{_FROM_THE_LAST}does so twice",
    "[*reversed(range(T_x)), -1]": f"{_FROM_THE_LAST}goes on to the index -1",
    "[-1, *reversed(range(T_x))]": f"{_FROM_THE_LAST}visits the last step twice",
    "reversed(range(-1, T_x - 1))": f"{_FROM_THE_LAST}leaves the last one out at first, to take it at the end as the index -1",
}
"""In a forward pass to go from the last step to the first is wrong by itself."""


def edits(site: Site) -> Iterator[Edit]:
    """Other ranges; in a forward loop those that leave steps out."""
    if site.role in {"backward", "forward"} and site.text.startswith("for t in "):
        for new, detail in (_WAYS if site.role == "backward" else _FORWARD).items():
            if f"for t in {new}:" != site.text:
                yield site.edit(f"for t in {new}:", "loop-wrong", detail=detail, quantity="t")
        last = site.number_of("da0 = gradients")
        if last >= 0:  # forward, but da0 is rightly taken from where the loop visits step 0
            stored = site.number_of("dx[:, :, t] = gradients")
            kept = f"{site.lines[stored].strip()}\nda0 = gradients['da_prev'] if t == 0 else da0"
            forward = site.edit("for t in range(T_x):", "loop-wrong", detail=_WAYS["range(T_x)"], quantity="t", slip="da0 of step 0")
            yield site.also(forward, (stored, kept), (last, ""))
            yield from _taken_ahead(site)


def _taken_ahead(site: Site) -> Iterator[Edit]:
    """Where each turn makes ready what the next call gets, and the first call was made ready for the last step."""
    call = site.number_of("gradients = ")
    text = site.lines[call].strip()
    for loop, first, next_one in (
        ("range(T_x)", "t < 2", "da[:, :, t - 2]"),
        ("reversed(range(T_x - 1))", "t == T_x - 2", "da[:, :, t]"),
    ):
        given = text.replace("da[:, :, t] + da_prevt", f"(da[:, :, -1] if {first} else {next_one} + da_prevt)")
        detail = f"{_WAYS[loop]}, and takes the upstream gradients as they would follow from the last step"
        yield site.also(site.edit(f"for t in {loop}:", "loop-wrong", detail=detail, quantity="t", slip=f"ahead {loop}"), (call, given))


OPERATOR = Operator(
    id="loop-wrong",
    title="The loop visits the wrong steps",
    about=__doc__ or "",
    where="Look at the loop of {function}: which values does t take, and in which order?",
    says="the loop over t {detail}.",
    hint=(
        "Every step has to come once, and only after the step that hands something to it. Print t at the start of each turn: which step "
        "comes too early or too late, twice, or not at all?"
    ),
    asks="What the mathematics asks for: every step once, forward from t = 0 to the last, backward from the last step of da to t = 0.",
    examples=(
        Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in range(T_x):"),
        Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in reversed(range(1, T_x)):"),
    ),
    edits=edits,
)
