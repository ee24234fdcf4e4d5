"""Several slips in one line: what it adds up is held against what the reference adds up, part by part and factor by factor.

Factors are known by their values, so it does not matter how they are called, in which order they stand, or whether a bracket is
multiplied out. Where the line has little in common with the reference, nothing is said.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from itertools import combinations, permutations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code.lines.line_changes import replaced
from whygrad.from_code.observe.arrays import same
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from whygrad.from_code.lines.sum_of_products import Factor, Part
    from whygrad.from_code.observe.arrays import Array

_MOST_PARTS = 5
_MOST_SLIPS = 3
_CLOSE = 1e-9
_WORD = re.compile(r"[A-Za-z_]\w*")
OTHER_VALUES = "where other values belong"
_OF_SEVERAL = {
    "where another value belongs": OTHER_VALUES,
    "where another derivative belongs": "where other derivatives belong",
    "where another part belongs": "where other parts belong",
}
_POWERS = frozenset(("square", "power", "subtract"))
_TOGETHER = 3
"""Factors that may stand as one."""


class Slip(NamedTuple):
    """The ``id`` of a mistake, what the line has, in words, and how many slips that is."""

    id: str
    says: str
    times: int = 1


class _Pair(NamedTuple):
    """A part of the line and the reference's: what the one has too many, what it lacks, and sides of its matrix product that differ."""

    part: Part
    right: Part
    extra: tuple[Factor, ...]
    missing: tuple[Factor, ...]
    sides: tuple[tuple[Factor, Factor], ...] = ()

    @property
    def cost(self) -> int:
        return max(len(self.extra), len(self.missing)) + len(self.sides) + (self.part.number != self.right.number)


def slips(parts: Sequence[Part], rights: Sequence[Part], called: Callable[[Factor], str], tolerance: float) -> list[Slip] | None:
    """What is wrong in ``parts`` where ``rights`` belong, in words; None where they are not alike. ``called`` names a right factor."""
    if max(len(parts), len(rights)) > _MOST_PARTS:
        return None
    pairs = _matched(parts, rights, max(_CLOSE, tolerance))
    if not pairs:
        return None
    found = [*_replaced(pairs), *_at_one_part(pairs), *_too_many(pairs), *_lacking(pairs, called), *_numbers(pairs)]
    taken = {id(pair.part) for pair in pairs}, {id(pair.right) for pair in pairs}
    lost = [right for right in rights if id(right) not in taken[1]]
    found += [Slip("term-dropped", says) for right in lost if (says := _lost(right, rights, called))]
    more = [part for part in parts if id(part) not in taken[0]]
    if more and (found or any(pair.cost for pair in pairs)):  # it may be made of the same in another way
        return None
    found += [Slip("term-added", f"a part too many: {part.text}") for part in more]
    return found if 0 < len(found) <= _MOST_SLIPS else None


def wrong_factors(parts: Sequence[Part], rights: Sequence[Part], tolerance: float) -> list[Factor] | None:
    """The factors of ``parts`` that speak against ``rights``; of a part whose number alone is wrong those that no right part shares.

    None where they are not alike.
    """
    if max(len(parts), len(rights)) > _MOST_PARTS:
        return None
    pairs = _matched(parts, rights, max(_CLOSE, tolerance))
    if len(pairs) < len(parts):
        return None
    shared = {id(factor.node) for pair in pairs if not pair.cost for factor in pair.part.factors}
    found: list[Factor] = []
    for pair in pairs:
        against = [*pair.extra, *(one for one, _ in pair.sides)]
        if not against and pair.part.number != pair.right.number:
            against = [factor for factor in pair.part.factors if id(factor.node) not in shared]
        found += against
    return found


def _matched(parts: Sequence[Part], rights: Sequence[Part], tolerance: float) -> list[_Pair]:
    """Which part stands for which, with the fewest differences; parts that have nothing in common are not matched."""
    known = {(n, k): _pair(part, right, tolerance) for n, part in enumerate(parts) for k, right in enumerate(rights)}
    best: tuple[float, list[_Pair]] | None = None
    size = max(len(parts), len(rights))
    for order in permutations(range(size)):
        pairs = [pair for n, k in enumerate(order) if (pair := known.get((n, k))) is not None]
        cost = sum(pair.cost for pair in pairs) + 2 * (len(parts) + len(rights) - 2 * len(pairs))
        if best is None or cost < best[0]:
            best = cost, pairs
    return best[1] if best else []


def _pair(part: Part, right: Part, tolerance: float) -> _Pair | None:
    extra, missing = list(part.factors), list(right.factors)
    for factor in part.factors:
        for several in _some_of(missing):
            if same(factor.value, _product(several), tolerance):
                extra.remove(factor)
                missing = [one for one in missing if one not in several]
                break
    for factor in tuple(missing):
        several = next((several for several in _some_of(extra) if same(_product(several), factor.value, tolerance)), None)
        if several is not None:
            missing.remove(factor)
            extra = [one for one in extra if one not in several]
    if len(extra) == len(missing) == 1 and (sides := _sides(extra[0], missing[0], tolerance)):
        return _Pair(part, right, (), (), sides)
    near = len(missing) < len(right.factors) or any(_of_the_same(one, other) for one in extra for other in missing)
    return _Pair(part, right, tuple(extra), tuple(missing)) if near else None


def _sides(wrong: Factor, right: Factor, tolerance: float) -> tuple[tuple[Factor, Factor], ...]:
    """The sides of a matrix product that are not those of the right one, if they have its shapes, or are only transposed."""
    if wrong.sides is None or right.sides is None:
        return ()
    both = tuple((one, other) for one, other in zip(wrong.sides, right.sides, strict=True) if not same(one.value, other.value, tolerance))
    shaped = all(one.value.shape == other.value.shape for one, other in both)
    known = shaped or len(both) < len(wrong.sides) or any(same(one.value.T, other.value, tolerance) for one, other in both)
    return both if known else ()


def _some_of(factors: Sequence[Factor]) -> Iterator[tuple[Factor, ...]]:
    for number in range(1, _TOGETHER + 1):
        yield from combinations(factors, number)


def _product(factors: Sequence[Factor]) -> Array:
    with np.errstate(all="ignore"):
        return np.prod(np.stack([factor.value for factor in factors]), axis=0)


def _replaced(pairs: Sequence[_Pair]) -> list[Slip]:
    """What stands where something else belongs; what is said alike of several is said once, but each other name is a slip."""
    texts: dict[tuple[str, str], dict[str, tuple[Factor, Factor]]] = defaultdict(dict)
    for pair in pairs:
        for extra, missing in _in_place_of(pair):
            texts[_kind(extra, missing)][extra.text] = extra, missing
        for one, other in pair.sides:
            turned = one.value.T.shape == other.value.shape and same(one.value.T, other.value)
            texts[("transpose-wrong", "not transposed") if turned else _kind(one, other)][one.text] = one, other
    found: list[Slip] = []
    for (known, what), several in texts.items():
        taken = several.values() if known == "name-replaced" else ()
        exchanged = sum(_is_in(a, [d]) and _is_in(c, [b]) for (a, b), (c, d) in combinations(taken, 2))
        says = f"{listed(several)} {_OF_SEVERAL.get(what, what) if len(several) > 1 else what}"
        found.append(Slip(known, says, max(1, len(taken) - exchanged)))
    return found


def _in_place_of(pair: _Pair) -> list[tuple[Factor, Factor]]:
    """The factors that stand for others: a derivative for that of the same value, if there is one, and no gate for its own derivative."""
    extra, missing = list(pair.extra), list(pair.missing)
    of_slopes = {_name(one) for one in missing if one.slope}
    found: list[tuple[Factor, Factor]] = []
    for fits in (_of_the_same, _of_what_is_called, _alike, _a_value_for_a_slope, _a_slope_for_a_value):
        for one in tuple(extra):
            able = [other for other in missing if fits(one, other)]
            other = min(able, key=lambda other: not other.slope and _name(other) in of_slopes, default=None)
            if other is not None:
                found.append((one, other))
                extra.remove(one)
                missing.remove(other)
    return found


def _of_the_same(one: Factor, other: Factor) -> bool:
    """Whether both are made like the derivative of an activation, and of the same value."""
    return one.slope and other.slope and not _names(one).isdisjoint(_names(other))


def _of_what_is_called(one: Factor, other: Factor) -> bool:
    """Whether a function of the learner's own is called with what the other is made of."""
    return "(" in one.text and isinstance(one.node, ast.Name) and not _names(one).isdisjoint(_names(other))


def _alike(one: Factor, other: Factor) -> bool:
    return one.slope == other.slope


def _a_value_for_a_slope(one: Factor, other: Factor) -> bool:
    return not one.slope and other.slope


def _a_slope_for_a_value(one: Factor, other: Factor) -> bool:
    """Whether one minus a gate, say, stands for another gate."""
    return _a_value_for_a_slope(other, one)


def _names(factor: Factor) -> set[str]:
    return set(_WORD.findall(factor.text)) - {"np", "tanh"}


def _kind(extra: Factor, missing: Factor) -> tuple[str, str]:
    if missing.slope and (extra.slope or _made_of_it(extra)):
        return "wrong-activation-derivative", "where another derivative belongs"
    if missing.slope:
        return "activation-derivative-missing", "where a derivative belongs"
    if _weights(extra) & _weights(missing):
        return "slice-wrong", "where another part belongs"
    return replaced(extra.text, _name(missing)), "where another value belongs"


def _made_of_it(factor: Factor) -> bool:
    """Whether a factor is written as more than a value and its activation: a square, a difference, a function of the learner's own."""
    match factor.node:
        case ast.Name():
            return "(" in factor.text
        case ast.BinOp(op=ast.Sub() | ast.Pow()):
            return True
        case ast.Call(ast.Attribute(ast.Name("np"), name)):
            return name in _POWERS
        case _:
            return False


def _weights(factor: Factor) -> set[str]:
    return {name for name in _names(factor) if name.startswith("W")}


def _name(factor: Factor) -> str:
    return next((node.id for node in ast.walk(factor.node) if isinstance(node, ast.Name) and node.id != "np"), factor.text)


def _left(pair: _Pair) -> tuple[list[Factor], list[Factor]]:
    """The factors too many and those that are missing, without those that stand for each other."""
    places = _in_place_of(pair)
    return [one for one in pair.extra if all(one is not extra for extra, _ in places)], [
        one for one in pair.missing if all(one is not missing for _, missing in places)
    ]


def _at_one_part(pairs: Sequence[_Pair]) -> list[Slip]:
    """Factors that belong to the whole sum and end its last part, or begin its first one, alone: a bracket is missing."""
    common = _belong_to_all(pairs)
    has = [pair for pair in pairs if not any(_is_in(factor, _left(pair)[1]) for factor in common)]
    if not common or len(has) != 1 or len(pairs) < 2:  # noqa: PLR2004 - a sum
        return []
    factors = has[0].part.factors
    last = has[0] is pairs[-1] and all(_is_in(factor, common) for factor in factors[-len(common) :])
    first = has[0] is pairs[0] and all(_is_in(factor, common) for factor in factors[: len(common)])
    texts = [factor.text for factor in factors if _is_in(factor, common)]
    return [Slip("bracket-moved", f"{listed(texts)} at one part of the sum only")] if last or first else []


def _belong_to_all(pairs: Sequence[_Pair]) -> list[Factor]:
    """The factors that are missing somewhere, of those that are in every right part and stand in some part of the line."""
    missing = [factor for pair in pairs for factor in _left(pair)[1]]
    everywhere = [factor for factor in missing if all(_is_in(factor, pair.right.factors) for pair in pairs)]
    somewhere = [factor for factor in everywhere if any(_is_in(factor, pair.part.factors) for pair in pairs)]
    return [factor for n, factor in enumerate(somewhere) if not _is_in(factor, somewhere[:n])]


def _is_in(factor: Factor, factors: Iterable[Factor]) -> bool:
    return any(same(factor.value, other.value, _CLOSE) for other in factors)


def _too_many(pairs: Sequence[_Pair]) -> list[Slip]:
    texts = dict.fromkeys(factor.text for pair in pairs for factor in _left(pair)[0])
    return [Slip("factor-added", f"a factor too many: {text}") for text in texts]


def _lacking(pairs: Sequence[_Pair], called: Callable[[Factor], str]) -> list[Slip]:
    """Parts without a factor that belongs to them; what all of them lack is said of the whole."""
    common = _belong_to_all(pairs) if _at_one_part(pairs) else []
    lacks: dict[str, list[Part]] = defaultdict(list)
    for pair in pairs:
        for factor in _left(pair)[1]:
            if not _is_in(factor, common):
                lacks[called(factor)].append(pair.part)
    of: dict[str, list[str]] = defaultdict(list)
    for word, parts in lacks.items():
        of["" if len(parts) == len(pairs) else listed([part.text for part in parts])].append(word)
    return [Slip("factor-dropped", f"{where} without {listed(words)}" if where else _missing(words)) for where, words in of.items()]


def _missing(words: Sequence[str]) -> str:
    return f"a missing factor: {words[0]}" if len(words) == 1 else f"missing factors: {listed(words)}"


def _numbers(pairs: Sequence[_Pair]) -> list[Slip]:
    """Parts with another sign or number."""
    found: list[Slip] = []
    for pair in pairs:
        if pair.part.number == -pair.right.number:
            found.append(Slip("sign-flipped", f"{pair.part.text} with the wrong sign"))
        elif pair.part.number != pair.right.number:
            found.append(Slip("factor-added", f"{pair.part.text} {pair.part.number:g} times"))
    return found


def _lost(right: Part, rights: Sequence[Part], called: Callable[[Factor], str]) -> str | None:
    """That a part is not there, by the factor that is in no other one."""
    others = [factor for other in rights if other is not right for factor in other.factors]
    own = [factor for factor in right.factors if not _is_in(factor, others)]
    incoming = [factor for factor in own if _name(factor).startswith("d")]
    return f"no part with {called((incoming or own)[0])}" if own else "a part of the sum missing"
