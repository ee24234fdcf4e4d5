"""How sure a finding is. A cure alone is no proof: a right value handed out behind the mistake cures as well. Two facts are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from whygrad.from_code.experiment import Found
    from whygrad.from_code.locate import Search
    from whygrad.from_code.name import Name


def proof(search: Search, found: Found, name: Name) -> tuple[Literal["proved", "located", "contract"], tuple[str, ...]]:
    """The kind of proof and the facts that it rests on."""
    if found.how == "key":
        return ("located" if name.id == "left-at-zero" else "contract"), ()
    facts: list[str] = []
    if search.complete:
        rest = "" if len(search.found) == 1 else ", together with the other findings,"
        facts.append(f"with the right value at this place{rest} all results of {search.subject.function} come right")
    elif found.cured:
        facts.append(f"with the right value at this place {len(found.cured)} more results come right")
    if name.exact:
        facts.append("what is said here gives exactly the wrong value that was found")
    if found.inputs:
        facts.append("everything that this line reads is right")
    proved = search.complete and len(facts) > 1
    return ("proved" if proved else "located"), tuple(facts)
