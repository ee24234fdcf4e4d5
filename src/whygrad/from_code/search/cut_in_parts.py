"""An array that is cut into its parts, each of them wrong: the parts lie in another order, or meet elsewhere, which is one mistake."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.what_is_cut import computed_text
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search

_PART = re.compile(r"(\w+)\[[^\[\]]*:[^\[\]]*\]")


def cut_in_parts(search: Search, found: list[Found], findings: tuple[Finding, ...]) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one in the place of two that take the two parts of one array."""
    for first, second in combinations(range(len(found)), 2) if len(found) == len(findings) else ():
        pair, told = (found[first], found[second]), (findings[first], findings[second])
        texts = [computed_text(one) for one in pair]
        whole = {part[1] if (part := _PART.fullmatch(text)) else text for text in texts}
        way = _way(search, pair) if len(whole) == 1 and all(one.id == "slice-wrong" and one.sure for one in told) else ""
        if way:
            lines = tuple(dict.fromkeys(one.at for one in told[1:] if one.at != told[0].at))
            where = "".join(f" (line {line})" for _, line in lines)
            says = f"{listed(texts)}{where} are the parts of {whole.pop()}, cut as if {way}"
            puts, cured = (*pair[0].substitutes, *pair[1].substitutes), pair[0].cured | pair[1].cured
            kept = [number for number in range(len(found)) if number != second]
            one, joined = replace(told[0], says=says, lines=lines, ideas=()), replace(pair[0], substitutes=puts, cured=cured)
            now = [joined if number == first else found[number] for number in kept]
            return now, tuple(one if number == first else findings[number] for number in kept)
    return found, findings


def _way(search: Search, pair: Sequence[Found]) -> str:
    """How the two parts of an array are cut: what belongs in their places, side by side in one order or the other, is all of it too."""
    taken, belong = [array_of(one.record.value) for one in pair], [array_of(one.right) for one in pair]
    for way, parts in (("they met at another place", taken), ("they lay in the other order", taken[::-1])):
        both = product(_joined(parts), _joined(belong)), product(_joined(parts[::-1]), _joined(belong[::-1]))
        if any(same(one, other, search.tolerance) for one, other in chain(*both)):
            return way
    return ""


def _joined(parts: Sequence[Array | None]) -> Iterator[Array]:
    """Arrays one below the other, and side by side."""
    arrays = [part for part in parts if part is not None and part.ndim == 2]  # noqa: PLR2004 - a matrix
    for axis in (0, 1):
        if len(arrays) == len(parts) and len({one.shape[1 - axis] for one in arrays}) == 1:
            yield np.concatenate(arrays, axis=axis)
