"""A name that a function does not define is looked for in the notebook, where another cell has left a variable of that name.

The line that takes the weight out of the parameters or the cache is missing, or the name is mistyped. Nothing fails, because the notebook
is full of weights of other checks, of the same shape. The formulas are right and still the numbers are wrong: those for which this weight
matters.

To check, restart the kernel and run only the cells that define the functions and this check: Python then names what it does not know.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.mistakes.anew import computed_anew
from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each parameter, and all of them, as another check's cell left it."""
    if not site.right.startswith("parameters['") or not site.role.startswith("cell"):
        return
    numbers = [number for number, line in enumerate(site.lines) if "= parameters['" in line]
    for check, draws in site.assignment.stale.items():
        known = {entry.split(":")[0] for entry in draws.split()}
        if site.target not in known:
            continue
        text = f"{site.target} = stale('{check}')['{site.target}']"
        yield site.edit(text, "weights-from-globals", detail=named(site.target, site), slip=f"one of {check}")
        names = {number: site.lines[number].strip().split(" = ")[0] for number in numbers}
        rest = [
            (number, f"{name} = stale('{check}')['{name}']") for number, name in names.items() if name in known and number != site.number
        ]
        if site.number == numbers[0] and rest:
            every = site.edit(text, "weights-from-globals", detail="the parameters", quantity="parameters", slip=f"all of {check}")
            yield site.also(every, *rest)
            if site.role == "cell forward":
                kinds = {number: site.assignment.vocabulary.kind(name) for number, name in names.items()}
                some = replace(every, detail="the weights, and not the biases,", slip=f"{every.slip}, weights")
                yield site.also(some, *(line for line in rest if kinds[line[0]] == "weight"))
            yield from _anew(site, site.also(every, *rest), check)


def _anew(site: Site, every: Edit, check: str) -> Iterator[Edit]:
    """The same in a cell that computes the hidden state anew with these weights, and with its bias or that of the notebook."""
    anew = computed_anew(site)
    if anew is None:
        return
    number, line = anew
    for parameters, how in (("parameters[", "the weights"), (f"stale('{check}')[", "the weights and the bias")):
        first = replace(every, detail=f"{how}, with which it computes the hidden state anew,", slip=f"{every.slip}, {how} anew")
        yield site.also(first, (number, line.replace("parameters[", parameters)))


OPERATOR = Operator(
    id="weights-from-globals",
    title="Weights are read from the notebook",
    about=__doc__ or "",
    where="Look at where {function} gets {quantity} from.",
    says="{function} reads {detail} from the notebook, where another check left its own, and not from its arguments.",
    hint=(
        "The formulas may all be right, and so is what does not need this value. A name that a function does not set itself is looked "
        "for in the notebook, and another cell left one there. Restart the kernel and run only the cells that {function} and this "
        "check need: Python then names what it does not know."
    ),
    asks=(
        "What the mathematics asks for: forward and backward pass, and all steps, use the same weights, those that come in with the "
        "arguments."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "Wf = parameters['Wf']",
            "Wf = stale('lstm_backward')['Wf']",
            seen="# no line of the function sets Wf",
        ),
    ),
    edits=edits,
)
