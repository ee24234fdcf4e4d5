"""The line that sums up one parameter's gradient was copied from another's, and one of its names was not changed.

Eight lines look alike, so seven of them are copied. A name left as it was makes one sum take the other's gradient, or go on from the
other's sum. Nothing fails, because the two have one shape, or a bias's column is spread over the whole weight. The numbers of the copied
line are wrong, everything else is right; sometimes two printed numbers are equal, which they never are by chance.

To check, read only the names in these lines, top to bottom: each should stand three times in its own line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each of the names in the line replaced by each sibling's, the one on the left with or without that of the step."""
    vocabulary = site.assignment.vocabulary
    if site.role != "backward" or not site.right.startswith(f"{site.target} + gradients") or site.target not in vocabulary.member:
        return
    family, _, kind = vocabulary.member[site.target]
    siblings = [parts[kind] for parts in vocabulary.siblings[family].values() if kind in parts and parts[kind] != site.target]
    weight = vocabulary.of_kind(site.target, "weight gradient")
    if kind == "bias gradient" and weight:
        yield site.edit(
            f"{weight} = {weight} + gradients['{site.target}']",
            "accumulator-copied",
            detail=f"is wrong: in the line of {site.target} the step's {site.target} is added to {weight}, and {site.target} gets nothing",
            slip="the weight's for the bias's",
            quantity=f"{site.target} and {weight}",
        )
    for name in siblings:
        own = f"gradients['{site.target}']"
        other = f"gradients['{name}']"
        for right, how in (
            (f"{site.target} + {other}", f"adds the step's {name} and not its own gradient"),
            (f"{name} + {own}", f"goes on from the sum for {name} and not from its own"),
            (f"{name} + {other}", f"goes on from the sum for {name} and adds the step's {name}"),
            (other, f"is nothing but the step's {name}"),
        ):
            yield site.edit(f"{site.target} = {right}", "accumulator-copied", detail=how, slip=right.replace(site.target, "<own>"))
        for step in (site.target, name):
            yield site.edit(
                f"{name} = {name} + gradients['{step}']",
                "accumulator-copied",
                detail=f"is wrong: in the line of {site.target} the step's {step} is added to {name}, and {site.target} gets nothing",
                slip=f"{name} + {step} for {site.target}",
                quantity=f"{site.target} and {name}",
            )


OPERATOR = Operator(
    id="accumulator-copied",
    title="A copied accumulator line",
    about=__doc__ or "",
    says="the sum over the steps for {quantity} {detail}.",
    hint=(
        "This line looks like one that was copied from its neighbour. Nothing is computed from such a sum, so no other number suffers "
        "from it. Read the names in these lines one by one: is it the same parameter on both sides of the equals sign and inside the "
        "brackets?"
    ),
    examples=(
        Example("lstm_backward", "dbo = dbo + gradients['dbo']", "dbo = dbo + gradients['dbc']"),
        Example("lstm_backward", "dbi = dbi + gradients['dbi']", "dbi = dbf + gradients['dbi']"),
    ),
    edits=edits,
)
