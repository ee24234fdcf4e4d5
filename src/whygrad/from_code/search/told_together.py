"""What is told once: a slip made for each gate, at its first line; that nothing is carried back; what several lines raise; one place."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.wording import STANDS_BEHIND
from whygrad.from_code.search.told_of_found import OF_ANOTHER_STEP
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from whygrad.from_code.finding import Finding

_AT_A_STEP = re.compile(r"\bat ((?:the last )?step(?: but one| \d+)?)")
_STILL_ZERO = re.compile(rf"(.+) is (?:still )?zero in the call {_AT_A_STEP.pattern}")
_THERE = "is still zero there"
_NO_NEW_VALUE = re.compile(r": the loop gives (\S+) no new value$|^(\S+) gets a new value here, behind the loop, and none in it(?=:)")
"""What is said of a state, or of a gradient, that no line of the loop gives a value: at the call, or at the line that gives it one."""
_BEHIND = re.compile(STANDS_BEHIND.format(r"(\d+)", r"(\S+)") + "$")
_NOT_ADDED = "is not added"
"""How the sentence ends on a call that makes no use of what comes back."""
_NO_USE = "The call makes no use of"
"""How the hint begins on a number in such a call."""
_SEVERAL = 3
"""Lines from which on one slip is the learner's idea, and no slip of the pen."""
_SURE = frozenset(
    (
        "activation-derivative-missing", "activation-wrong", "carry-added-up", "kind-replaced", "mean-for-sum",
        "slice-wrong", "stack-wrong", "sum-wrong", "transpose-wrong",
        "wrong-size",
    )
)  # fmt: skip
"""Mistakes whose sentence, where it is the same of two lines, leaves open neither what stands there nor what belongs there."""
_SO_IT_RAISES = re.compile(r",? and so (it|line \d+) raises .*", re.DOTALL)
_STORED = "is written at another step"
"""What is said of an index at which a result is stored; the others have mistakes of their own."""
_INDEX = re.compile(r"(?:\[|, ?)((?=[^\],]*[-+])[^\[\],:\"']*[A-Za-z_][^\[\],:\"']*)\]")
"""The last index of a part that is taken, if it is computed."""
_PLURAL = {"lacks": "lack", "has": "have"}
"""How an idea begins of what a line has not, or has."""
_SET_ANEW = re.compile(r"^(.+) (?:is|are) set anew here: ")
"""What is said of a line that sets names anew, and which names."""
_LACKS_A_TRANSPOSE = re.compile(r" not transposed$|^a transpose is wrong in .* is missing\.$")
_AS_A_WHOLE = " transposed as a whole, and not one of its factors"
"""How the sentence on a product ends that is transposed and should not be."""
_TWO = re.compile(r"(.+? has )two slips: (.+), and (.+)")
"""What is said of a line with two slips; its mistake is the first of them."""
_ANY = "another value belongs"
_ALONE = "no other number is touched"
"""What hints say of one line."""
_GIVEN = re.compile(r"([\w.]+(?:\[[^=\]]*\])?) *(?:[-+*/@]|//|\*\*)?=(?!=)")
"""What a line gives a value, in the learner's words."""
_KEY_MADE = re.compile(r"""\[(?!\s*(['"])\w+\1\s*\])[^\]]*['"]""")
"""A key that is put together: the line gives values to several things."""
_LOOKED_AT = re.compile(r"Look at ([\w.]+) in ")
"""How the first hint begins."""


def each_once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings without those that follow from others of them, those put together that one call lacks both carries."""
    return tuple(_neither_carried(_raised_once(_of_one_place(findings))))


def told_together(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those put together that one wrong idea explains at several lines: the last step, for others tell them apart."""
    alike: dict[tuple[Hashable, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        for idea in _ideas(one):
            alike[one.function, one.within, one.source, one.proof, one.step, *idea].append(one)
    told: dict[int, Finding] = {}
    gone = set[int]()
    for (*_, idea, enough), group in sorted(alike.items(), key=lambda item: -len(item[1])):
        left = [one for one in group if id(one) not in gone | told.keys()]
        if len(left) >= max(2, cast("int", enough)) and len({_name(one) for one in left}) == len(left):
            first, *others = sorted(left, key=lambda one: (one.line, one.column))
            rest = {id(one): other for one in findings if id(one) not in gone | told.keys() and (other := _without(first, one))}
            others += [one for one in findings if id(one) in rest]
            told |= {**rest, id(first): _joined(first, sorted(others, key=lambda one: (one.line, one.column)), str(idea))}
            gone |= {id(one) for one in others} - rest.keys()
    return tuple(_of_one_index([told.get(id(one), one) for one in findings if id(one) not in gone]))


def _without(first: Finding, one: Finding) -> Finding | None:
    """A finding of two slips with the other one alone, if the second is that of several lines of which ``first`` is one; else None.

    That another value belongs there leaves open which, and so it may be another slip in each line.
    """
    two, alone = _TWO.fullmatch(one.says), first.says.partition(" has ")[2]
    if two is None or _ANY in alone or (two[3], one.function, one.source) != (alone, first.function, first.source):
        return None
    return replace(one, says=f"{two[1]}{two[2]}")


def _of_one_index(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What takes or stores another step than it should, by one and the same index, at the first of these places."""
    groups: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        indices = set(_INDEX.findall(f"[{one.text}]"))
        if len(indices) == 1 and (one.id in OF_ANOTHER_STEP or _STORED in one.says):
            groups[one.function, one.within, one.source, *indices].append(one)
    first = {id(one): (group, names[-1]) for names, group in groups.items() for one in group if len(group) > 1}
    for one in findings:
        group, index = first.get(id(one), ([one], ""))
        if one is group[0]:
            lines = dict.fromkeys(other.at for other in group[1:] if other.line != one.line)
            here = ["once more in this line"] if len({other.line for other in group}) < len(group) else []
            where = listed([*here, *(f"in line {number}" for _, number in lines)])
            says = f"{one.says.rstrip('.')}; the same index, {index}, is wrong {where}"
            yield replace(one, says=says, lines=tuple(lines)) if index else one


def _ideas(one: Finding) -> Iterator[tuple[str, int]]:
    """What may be one wrong idea of several lines, and how many there have to be."""
    if one.id is None or not one.quantity:
        return
    yield from ((idea, 2) for idea in one.ideas)
    says = _SO_IT_RAISES.sub("", one.says)
    if _LACKS_A_TRANSPOSE.search(says):
        yield "lacks a transpose", _SEVERAL
    if says.endswith(_AS_A_WHOLE):
        yield f"has a product{_AS_A_WHOLE}", _SEVERAL
    if _SET_ANEW.match(says):
        yield f"{one.id}: set anew", _SEVERAL
    if one.id == "raises":
        yield f"raises {_form(one)}", _SEVERAL
    elif says != one.says or not (one.raises or one.lines):
        for name in (one.quantity, _name(one)):
            says = re.sub(rf"(?:\bthe name )?(?<![\w.]){re.escape(name)}(?!\w)", "", says)
        yield f"{one.id}: {says}", 2 if one.id in _SURE or _KEY_MADE.search(_name(one)) else _SEVERAL
        if one.id == "overwritten-not-summed":
            yield f"{one.id} at line {one.line}: {says}", 2


def _joined(first: Finding, others: Sequence[Finding], idea: str) -> Finding:
    """The finding at the first line, with where the others are that follow from the same idea."""
    places = [
        _name(one) if one.line == first.line or _name(one).startswith("line ") else f"{_name(one)} (line {one.line})" for one in others
    ]
    where = listed(places)
    verb, _, what = idea.partition(" ")
    if verb in _PLURAL:
        also = f"{where} {verb if len(others) == 1 else _PLURAL[verb]} {what} too"
    elif first.id == "raises" or first.raises:
        also = f"the same mistake stands in {where}"
    else:
        also = f"the same holds for {where}"
    lines = dict.fromkeys((*first.lines, *(one.at for one in others if one.line != first.line)))
    raises = next((one.raises for one in (first, *others) if one.raises), "")
    look, says, asks = first.hints
    hints = look, says.replace(_ALONE, "the same goes for the others"), asks
    return replace(first, says=f"{first.says.rstrip('.')}; {also}", hints=hints, lines=tuple(lines), raises=raises)


def _name(one: Finding) -> str:
    """What a line is told to give a value: in the learner's words, if its text shows them, or a part that is told to lack, or the line."""
    given = _GIVEN.match(one.text) or _SET_ANEW.match(one.says)
    if given is not None:
        return given[1]
    lacks = re.search(rf"(?:^|\bfrom ){re.escape(one.text)}(?=:| (?:has|lacks)\b)", one.says)  # and is not what stands there wrongly
    if one.text.isidentifier() and not lacks and (looked_at := _LOOKED_AT.match(one.hints[0])) is not None:
        return looked_at[1]  # one of several names that a line gives values at once
    if re.search(rf"(?<![\w.]){re.escape(one.quantity)}(?!\w)", one.says):
        return one.quantity
    return one.text if lacks else f"line {one.line}"


def _form(one: Finding) -> str:
    """A line's text with what the assignment's names are in their families in the place of each."""
    return re.sub(r"\w+", lambda name: SEQUENCE_MODELS.vocabulary.kind(name[0]) or name[0], one.text)


def _of_one_place(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those of a place that follow from another one of it: at a later turn, say, or since its memory is lent out."""
    return [one for one in findings if not any(_follows_at_its_place(one, other) for other in findings if other is not one)]


def _follows_at_its_place(one: Finding, other: Finding) -> bool:
    if one.at != other.at or other.id is None:
        return False
    if one.id == "view-of-output" and other.id in {"state-not-carried", "output-slot-as-state"}:
        return one.column == other.column
    return one.quantity == other.quantity and (one.id is None or (one.id == other.id and not one.raises and bool(other.raises)))


def _raised_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with one for each line that is to blame for what others raise."""
    blamed: dict[tuple[str, int, int], Finding] = {}
    for one in findings:
        if one.id == "raises":
            blamed.setdefault((one.source, one.line, one.column), one)
    return [one for one in findings if one.id != "raises" or one in blamed.values()]


def _neither_carried(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those put together that tell of one call that the hidden state is not carried to it, and that the cell state is not."""
    told: list[Finding] = []
    for one in findings:
        first = next((other for other in told if _of_one_call(other, one)), None)
        if first is None:
            told.append(one)
            continue
        (head, *behind), (rest, *more) = (_BEHIND.split(other.says, 1)[:3] for other in (first, one))
        says, whole = _both_carries(head, rest, first)
        if behind and behind[:1] == more[:1]:
            behind, more = [behind[0], "both"], []
        says += "".join(STANDS_BEHIND.format(*line) for line in (behind, more) if line)
        lines = (*first.lines, *(at for at in one.lines if [str(at[1])] == more[:1]))
        told[told.index(first)] = replace(first, says=says, whole=whole, lines=tuple(dict.fromkeys(lines)))
    return told


def _both_carries(says: str, other: str, first: Finding) -> tuple[str, bool | None]:
    """What is said of both carries, and whether the function is right once they come in, if that is known."""
    still = _STILL_ZERO.match(other)
    if still is None:
        also = "".join(f", nor {at_call}" if at_call else f", like {behind}" for at_call, behind in _NO_NEW_VALUE.findall(other))
        return _NO_NEW_VALUE.sub(lambda found: f"{found[0]}{also}", says), first.whole
    head, there, more = says.partition(_THERE)
    if not (there and still[2] in _AT_A_STEP.findall(head)):
        return f"{says}; and {still[0]}", first.whole
    if re.search(rf"(?<![\w.]){re.escape(still[1])} $", head):
        return f"{head}{there}, and is given to this call twice{more}", None
    return f"{head}{there}, and so is {still[1]}{more}", first.whole


def _of_one_call(first: Finding, second: Finding) -> bool:
    """Whether both are told of the same call, or of what is made for it of a carry that is still zero.

    A call that makes no use of the one carry is another slip than a loop that never gives the other one a value; if it uses neither it
    is one.
    """
    here = first.at == second.at or _THERE in first.says
    alike = (first.id, first.function, first.proof) == (second.id, second.function, second.proof)
    if here and alike and all(_NO_NEW_VALUE.search(_BEHIND.sub("", one.says)) for one in (first, second)):
        return True
    unlike = first.says.endswith(_NOT_ADDED) and _NO_USE not in second.hints[1]
    still = first.id == "carry-missing" and _STILL_ZERO.match(second.says)
    return here and alike and bool(still) and not _STILL_ZERO.match(first.says) and not unlike
