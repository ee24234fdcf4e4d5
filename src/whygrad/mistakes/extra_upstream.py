"""The sequence function has one argument more than was asked for: an upstream gradient for the cell states.

The cell's backward function takes two gradients, so it seems natural that the sequence's takes two as well, and the check is changed to
draw the second one. The loss of this exercise does not ask for it: the cell state acts on the loss through the hidden states only. All
numbers change, and so does what the check draws after it.

To check, compare the first line of the function with the one in the exercise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Edit, Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Site


def edits(site: Site) -> Iterator[Edit]:
    """An argument more: drawn after or before da, used with the carry or for it."""
    if not site.text.startswith("def lstm_backward(da"):
        return
    check = f"{site.function}_check"
    lines = site.assignment.functions[check]
    drawn = next(number for number, line in enumerate(lines) if "da = " in line)
    called = next(number for number, line in enumerate(lines) if "lstm_backward(da" in line)
    call = site.number_of("gradients = lstm_cell")
    start = site.number_of("dc_prevt = np.zeros")
    draw = "np.random.randn(5, 10, 4)"
    for order, text in (("after", f"    da = {draw}\n    dc = {draw}"), ("before", f"    dc = {draw}\n    da = {draw}")):
        for used, detail in (
            ("dc[:, :, t] + dc_prevt", "is added to what the step after hands back"),
            ("dc[:, :, t]", "stands in the place of what the step after hands back"),
            ("dc_prevt", "goes into the last step"),
        ):
            edit = site.edit(
                "def lstm_backward(da, dc, caches):", "extra-upstream", detail=detail, quantity="dc_next", slip=f"{order} {used}"
            )
            first = site.also(edit, (call, site.lines[call].strip().replace("dc_prevt", used)))
            if used == "dc_prevt":
                first = site.also(first, (start, "dc_prevt = dc[:, :, -1]"))
            whole = (*first.lines, (check, drawn, text), (check, called, "    gradients = lstm_backward(da, dc, caches)"))
            yield Edit(first.operator, first.function, first.quantity, whole, first.slip, first.detail)


OPERATOR = Operator(
    id="extra-upstream",
    title="An extra upstream gradient",
    about=__doc__ or "",
    says="{function} takes an upstream gradient for the cell states too, which the check draws at random.",
    hint=(
        "Compare the arguments of {function} with those that were asked for: one is too many, and it {detail}. Through the cell states"
        " it changes nearly every printed number. By which way does a cell state act on the loss of this exercise?"
    ),
    examples=(Example("lstm_backward", "def lstm_backward(da, caches):", "def lstm_backward(da, dc, caches):"),),
    edits=edits,
)
