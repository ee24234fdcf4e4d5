"""An accumulator of another parameter.

A line was copied and one of its names not changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each of the names in the line replaced by each sibling's."""
    vocabulary = site.assignment.vocabulary
    if site.role != "backward" or not site.right.startswith(f"{site.target} + gradients") or site.target not in vocabulary.member:
        return
    family, _, kind = vocabulary.member[site.target]
    siblings = [parts[kind] for parts in vocabulary.siblings[family].values() if kind in parts and parts[kind] != site.target]
    for name in siblings:
        own = f"gradients['{site.target}']"
        other = f"gradients['{name}']"
        for right, how in (
            (f"{site.target} + {other}", f"the step's {name}"),
            (f"{name} + {own}", f"the sum for {name} and the step's own gradient"),
            (f"{name} + {other}", f"the sum for {name}"),
            (other, f"the step's {name} alone"),
        ):
            yield site.edit(f"{site.target} = {right}", "accumulator-copied", detail=how, slip=right.replace(site.target, "<own>"))


OPERATOR = Operator(
    id="accumulator-copied",
    title="A copied accumulator line",
    about=__doc__ or "",
    says="{quantity} takes its value from {detail}.",
    hint="This line was copied from a sibling: {quantity} takes its value from {detail}.",
    examples=(
        Example("lstm_backward", "dbo = dbo + gradients['dbo']", "dbo = dbo + gradients['dbc']"),
        Example("lstm_backward", "dbi = dbi + gradients['dbi']", "dbi = dbf + gradients['dbi']"),
    ),
    edits=edits,
)
