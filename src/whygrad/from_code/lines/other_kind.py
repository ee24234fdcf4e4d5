"""The wrong kind of quantity in a line, once or at all of its gates: ``dWf`` where ``Wf`` belongs, turned and cut as it stands there."""

from __future__ import annotations

import ast
import re
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.subject import name_of
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.expression import Expression

_VOCABULARY = SEQUENCE_MODELS.vocabulary
_NAME = re.compile(r"\bv\d+\b")


def other_kinds(line: Expression) -> Iterator[tuple[Any, str]]:
    """What the line is worth with another kind for one, and what it has; at all places of a kind, and at one place alone."""
    known = dict(_whole(text, line.values[name]) for name, text in line.texts.items() if ":" not in text)
    places = dict[str, list[str]]()
    for name in _NAME.findall(ast.unparse(line.tree)) if line.tree is not None else ():
        kind = _VOCABULARY.kind(_base(line.texts[name]))
        if kind is not None:
            places.setdefault(kind, []).append(name)
    kinds = dict.fromkeys(_VOCABULARY.kind(name) for name in known)
    for kind, names in places.items():
        for chosen in dict.fromkeys(((tuple(dict.fromkeys(names))), *((name,) for name in names))):
            for other in kinds:
                if other is not None and other != kind:
                    yield from _with(line, chosen, other, known)


def spelled_alike(line: Expression) -> Iterator[tuple[Any, str]]:
    """What the line is worth with others in the place of several names, that are spelled like each of them but for the same letters.

    ``dzf`` and ``dzi`` for ``df`` and ``di``, whatever the learner calls the gradients before the activations.
    """
    names, known = list(_names_in(line)), {text: name for name, text in line.texts.items()}
    for first in names[:-1]:
        for letters in (letters for other in known for letters in _other_letters(line.texts[first], other)):
            changed = {name: line.values[known[meant]] for name in names if (meant := letters(line.texts[name])) in known}
            same_shapes = all(array.shape == line.values[name].shape for name, array in changed.items())
            if len(changed) > 1 and same_shapes and first == next(iter(changed)):
                yield line.with_values(changed), f"{listed(line.texts[name] for name in changed)} where other values belong"


def _names_in(line: Expression) -> dict[str, None]:
    return dict.fromkeys(_NAME.findall(ast.unparse(line.tree)) if line.tree is not None else ())


def _other_letters(one: str, other: str) -> Iterator[Callable[[str], str | None]]:
    """How ``other`` is made of ``one``: by other letters before an end, or behind a beginning, that both have."""
    if one == other:
        return
    for turned in (False, True):
        mine, theirs = (one, other) if turned else (one[::-1], other[::-1])
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, theirs, strict=False)))
        if shared and turned:
            yield partial(_ending, one[shared:], other[shared:])
        elif shared:
            yield partial(_beginning, one[: len(one) - shared], other[: len(other) - shared])


def _beginning(before: str, after: str, text: str) -> str | None:
    return after + text.removeprefix(before) if text.startswith(before) and text != before else None


def _ending(before: str, after: str, text: str) -> str | None:
    return text.removesuffix(before) + after if text.endswith(before) and text != before else None


def _with(line: Expression, names: tuple[str, ...], kind: str, known: Mapping[str, Array]) -> Iterator[tuple[Any, str]]:
    changed = dict[str, "Array"]()
    for name in names:
        text = line.texts[name]
        meant = known.get(_VOCABULARY.of_kind(_base(text), kind) or "")
        value = None if meant is None else _as_it_stands(line.values[name], known.get(_base(text)), meant)
        if value is None:
            return
        changed[name] = value
    says = f"{listed(line.texts[name] for name in names)} where {'other values belong' if len(names) > 1 else 'another value belongs'}"
    yield line.with_values(changed), says


def _base(text: str) -> str:
    """The name of what is read, turned or cut as it may be."""
    return name_of(text.removesuffix(".T").partition(".T[")[0])


def _whole(text: str, value: Array) -> tuple[str, Array]:
    """The name of a whole array, and the array as it has this name."""
    return _base(text), value.T if text.endswith(".T") else value


def _as_it_stands(part: Array, whole: Array | None, meant: Array) -> Array | None:
    """Of ``meant`` what ``part`` is of ``whole``, rows or columns side by side, transposed or not; None where it is none of these."""
    if whole is None or whole.shape != meant.shape or part.ndim != 2 or whole.ndim != 2:  # noqa: PLR2004 - matrices
        return None
    for one, other in ((whole, meant), (whole.T, meant.T)):
        for axis in (0, 1):
            size = part.shape[axis]
            for start in range(one.shape[axis] - size + 1):
                cut = range(start, start + size)
                if same(part, np.take(one, cut, axis)):
                    return np.take(other, cut, axis)
    return None
