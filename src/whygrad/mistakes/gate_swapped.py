"""The lines of the gates look alike, and one that was copied from another still holds a name of it.

All gates have one shape, so a wrong gate, partner or weight goes unnoticed. The numbers of this gate's weight and bias are wrong, and
what goes back to the previous state and the input; the other gates' weights and biases are right. Two gates may even print the same
numbers.

To check, go through the line name by name, and say which gate each belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import NAME, Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The sibling's whole formula, this formula with the sibling's names for one or all kinds, or with its activation's derivative."""
    vocabulary = site.assignment.vocabulary
    yield from _one_for_all(expression, site)
    if site.target not in vocabulary.member:
        return
    family, member, kind = vocabulary.member[site.target]
    own = vocabulary.siblings[family][member]
    for other, parts in vocabulary.siblings[family].items():
        if other == member:
            continue
        sibling = parts.get(kind, "")
        owner = _owned(parts.get("gate"), sibling, site)
        line = site.number_of(f"{sibling} = ")
        if line >= 0 and expression is site.expressions[0]:
            yield Rewrite(site.lines[line].strip().split(" = ", 1)[1], owner, f"copied from {sibling}")
        swap = {own[part]: parts[part] for part in own if part in parts and own[part] != site.target and parts[part] in site.scope}
        for names in (swap, {name: new for name, new in swap.items() if vocabulary.kind(name) == "gate" and name == own.get("gate")}):
            text = NAME.sub(lambda found, names=names: names.get(found[0], found[0]), expression.text)
            if text != expression.text:
                yield Rewrite(text, owner)
        if kind == "gate gradient":
            yield from _derivative_of(own["gate"], parts["gate"], owner, expression)


def _one_for_all(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """In a sum over the gates one of them in all terms."""
    vocabulary = site.assignment.vocabulary
    for kind in ("gate gradient", "weight"):
        names = list(dict.fromkeys(node.id for node in expression.names if vocabulary.kind(node.id) == kind))
        for name in names if len(names) > 2 else ():  # noqa: PLR2004 - more than one for another
            text = NAME.sub(lambda found, name=name, names=names: name if found[0] in names else found[0], expression.text)
            yield Rewrite(text, _owned(vocabulary.of_kind(name, "gate"), name, site), f"{name} in all terms")


def _owned(gate: str | None, name: str, site: Site) -> str:
    """What is a gate's, in words; of what is no gate's the name's own meaning."""
    vocabulary = site.assignment.vocabulary
    return vocabulary.word(name) if gate is None else f"what belongs to {vocabulary.word(gate)}"


def _derivative_of(gate: str, other: str, owner: str, expression: Expression) -> Iterator[Rewrite]:
    """The derivative of this gate's activation written with the other gate, as a sigmoid's and as a tanh's."""
    for right in (f" * {gate} * (1 - {gate})", f" * (1 - {gate} ** 2)"):
        for new in (f" * {other} * (1 - {other})", f" * (1 - {other} ** 2)"):
            if expression.text.endswith(right):
                yield Rewrite(expression.text.removesuffix(right) + new, owner)


OPERATOR = Operator(
    id="gate-swapped",
    title="The formula of another gate",
    about=__doc__ or "",
    says="{detail} stands in {quantity}.",
    hint=(
        "Where one line follows another with other letters, a name is easily left as it was. This spoils {quantity} and whatever is "
        "computed from there; no other number is touched. Go through the line name by name: to which gate, or to which of state and input, "
        "does each of them belong, and which of them belong together?"
    ),
    examples=(
        Example("lstm_cell_backward", "dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = np.sum(dcct, axis=1, keepdims=True)"),
        Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * ft * (1 - ft)"),
    ),
    rewrites=rewrites,
)
