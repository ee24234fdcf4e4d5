"""The weights are read from the notebook, not from the arguments.

A name that is not defined in the function is looked for in the notebook, where an earlier cell has left one. The function then works with
the weights of another check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

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
        yield site.edit(text, "weights-from-globals", detail=site.assignment.vocabulary.word(site.target), slip=f"one of {check}")
        names = {number: site.lines[number].strip().split(" = ")[0] for number in numbers}
        rest = [
            (number, f"{name} = stale('{check}')['{name}']") for number, name in names.items() if name in known and number != site.number
        ]
        if site.number == numbers[0] and rest:
            yield site.also(
                site.edit(text, "weights-from-globals", detail="the parameters", quantity="parameters", slip=f"all of {check}"), *rest
            )


OPERATOR = Operator(
    id="weights-from-globals",
    title="Weights are read from the notebook",
    about=__doc__ or "",
    says="{function} reads {detail} from the notebook, where an earlier cell left its own, and not from its arguments.",
    hint=(
        "Where does {function} get {detail} from? Restart the kernel and run only the cells that define it: every name that is then "
        "unknown was read from the notebook."
    ),
    examples=(Example("lstm_cell_backward", "Wf = parameters['Wf']", "Wf = stale('lstm_backward')['Wf']"),),
    edits=edits,
)
