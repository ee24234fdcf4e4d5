"""The formula of another gate.

The four gates look alike, and a line that was copied was not changed everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import NAME, Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The sibling's whole formula, or this formula with the sibling's names for one or all kinds."""
    vocabulary = site.assignment.vocabulary
    if site.target not in vocabulary.member:
        return
    family, member, kind = vocabulary.member[site.target]
    own = vocabulary.siblings[family][member]
    for other, parts in vocabulary.siblings[family].items():
        if other == member:
            continue
        sibling = parts.get(kind, "")
        line = site.number_of(f"{sibling} = ")
        if line >= 0 and expression is site.expressions[0]:
            yield Rewrite(site.lines[line].strip().split(" = ", 1)[1], vocabulary.word(sibling), f"copied from {sibling}")
        swap = {own[part]: parts[part] for part in own if part in parts and own[part] != site.target and parts[part] in site.scope}
        for names in (swap, {name: new for name, new in swap.items() if vocabulary.kind(name) == "gate" and name == own.get("gate")}):
            text = NAME.sub(lambda found, names=names: names.get(found[0], found[0]), expression.text)
            if text != expression.text:
                yield Rewrite(text, vocabulary.word(sibling))


OPERATOR = Operator(
    id="gate-swapped",
    title="The formula of another gate",
    about=__doc__ or "",
    says="{quantity} is computed by the formula of {detail}.",
    hint=(
        "This line was copied from another gate's: {quantity} is computed by the formula of {detail}. What does not go through it is right."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dWo = np.dot(dot, np.concatenate((a_prev, xt), axis=0).T)",
            ("dWo = np.dot(dcct, np.concatenate((a_prev, xt), axis=0).T)"),
        ),
        Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * ft * (1 - ft)"),
    ),
    rewrites=rewrites,
)
