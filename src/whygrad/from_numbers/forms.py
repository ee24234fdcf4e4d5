"""What an edited loop hands to its cell: its linear form, found by running it on basis vectors.

A loop over time only adds, copies and scales; so each argument of each call of the cell is a linear combination of upstream slices and
of what earlier calls returned. The edited loop is run for real, views and overwritten buffers included, with a stand-in cell and with
vectors in which every such atom has a direction of its own; in a random basis, so that a product of two atoms is seen not to be a sum.
Two edits with the same form print the same numbers, whatever the cell computes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.edited import edited_lines
from whygrad.from_numbers.linewise import NAME, Linewise
from whygrad.from_numbers.numbers import lock
from whygrad.from_numbers.replaced import Replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.replaced import NewLines
    from whygrad.mistakes import Edit

MOST_CALLS = 8
FURTHER = "further upstream"
"""The name of an upstream gradient that was not asked for; its atoms are (``FURTHER``, step)."""
ONES = ("ones", 0)
"""The atom of an array of ones: a carry can start so."""
_BATCH = 10
_PLAIN = 53760
"""Weights that loops give are multiples of one over this: halves up to 1/512, thirds, fifths, sevenths, tenths."""
_ROUNDING = 1e-9


Stored = tuple[tuple[int, tuple[tuple[int, float], ...]], ...]
_Parts = tuple[tuple[tuple[str, int], float], ...]
"""The atoms of a sum, each with its weight."""


class Call(NamedTuple):
    """One call of the cell: which cache, which steps of dx are complete with it, and the combination for each argument.

    ``stored`` lists (step, what it holds), the latter as (call, weight): mostly one step that holds this call's own result.

    ``arguments[i]`` lists (atom, weight). Atoms are ("da", step), (output name, call number),
    (name of a state, number of its cache), (``FURTHER``, step) and ``ONES``.
    """

    cache: int
    stored: Stored
    arguments: tuple[_Parts, ...]


Form = tuple[Call, ...]


class Forms:
    """The forms of a check's sequence function under edits; ``shape`` is that of its upstream gradient."""

    def __init__(self, assignment: Assignment, check: str, shape: tuple[int, int, int], caches: int) -> None:
        self.assignment = assignment
        self.check = check
        roles = assignment.vocabulary.roles
        self.cell = next(name for name in assignment.chain(check) if roles[name] == "cell backward")
        self.arguments = assignment.arguments(self.cell)[:-1]
        self.fields = NAME.findall(assignment.functions[self.cell][1].partition(" = ")[0])
        self.outputs = ["da_prev", "dc_prev"][: len(self.arguments)]
        self.states = [name for name in self.fields if name not in {"xt", "parameters"}]
        steps = self.steps = shape[2]
        self.caches = caches
        self.atoms: list[tuple[str, int]] = [("da", step) for step in range(steps)]
        self.atoms += [(name, call) for name in (*self.outputs, "dxt") for call in range(MOST_CALLS)]
        self.atoms += [(name, cache) for name in self.states for cache in range(caches)]
        self.atoms += [(FURTHER, step) for step in range(steps)]
        self.atoms.append(ONES)
        size = len(self.atoms)
        self._enlarged = size / shape[0]
        """By so much more than in the check is the number of hidden units here."""
        self._basis = np.linalg.qr(np.random.default_rng(7).normal(size=(size, size)))[0]
        self._of = {atom: lock(np.repeat(self._basis[:, [place]], _BATCH, axis=1)) for place, atom in enumerate(self.atoms)}
        self._da, self._further = (lock(self._in_time([(name, step) for step in range(steps)])) for name in ("da", FURTHER))
        self._zero = lock(np.zeros((size, _BATCH)))
        self._left_out = self._accumulators()
        self._space = assignment.namespace()
        self._space["np"].ones = self._space["np"].ones_like = self._ones
        self._space["np"].clip = _no_combination
        self._space["np"].sum, self._space["np"].mean = _over_steps(np.sum), _over_steps(np.mean)
        unknown = lock(np.full_like(self._zero, np.nan))
        self._caches = [tuple(self._of.get((name, cache), unknown) for name in self.fields) for cache in range(caches)]
        self._results = [{name: self._of[name, call] for name in (*self.outputs, "dxt")} for call in range(MOST_CALLS)]
        lines = enumerate(assignment.functions[check])
        self._loop = Replaced([self._left_out.get((check, number), line) for number, line in lines])
        self._known: dict[NewLines | tuple[str, ...], Form | None] = {}
        self._sums: dict[int, _Sum | None] = {}
        self._entering: dict[bytes, dict[int, Stored] | None] = {}
        self._once: dict[Any, Any] = {}
        """The parts of calls, so that equal ones are one object."""
        self._calls: dict[tuple[int, ...], Call] = {}
        """The calls by the identities of their parts."""
        self._returned = frozenset((*self.outputs, "dxt"))
        self._alone = {id(array): self._sum(array[:, 0]) for array in self._of.values()}
        """What each atom's own array is the sum of: many a loop hands on what it was given."""

    def _in_time(self, atoms: list[tuple[str, int]]) -> NDArray[Any]:
        """The atoms' arrays along an axis of time, each standing together in memory."""
        return np.stack([self._of[atom] for atom in atoms]).transpose(1, 2, 0)

    def _ones(self, *_: Any) -> NDArray[Any]:
        return self._of[ONES].copy()

    def _accumulators(self) -> dict[tuple[str, int], str]:
        """Lines without what has no part in the form: the parameters' gradients and their places in the result."""
        vocabulary = self.assignment.vocabulary
        found: dict[tuple[str, int], str] = {}
        for number, line in enumerate(self.assignment.functions[self.check]):
            target = line.strip().partition(" = ")[0]
            if target == "gradients" and "{" in line:
                found[self.check, number] = "    gradients = {'dx': dx}"
            elif target in vocabulary.words and target.startswith("d") and "_" not in target and target not in {"da", "dx", "da0"}:
                found[self.check, number] = ""
        return found

    def of(self, edits: tuple[Edit, ...]) -> Form | None:
        """The form of the loop under these edits; None where it raises or is not linear in the atoms."""
        new = self._new_lines(edits)
        if new is not None:
            return self._kept(new, lambda: self._loop.by(new))
        lines = edited_lines(self.assignment, edits, self._left_out)
        if lines is None or set(lines) != {self.check}:
            return None
        return self._kept(lines[self.check], lambda: Linewise(lines[self.check]))

    def with_further(self, edits: tuple[Edit, ...]) -> Form | None:
        """The same where the edits give the loop's function, and the check that calls it, an upstream gradient more."""
        lines = edited_lines(self.assignment, edits, self._left_out)
        return None if lines is None or self.check not in lines else self._kept(lines[self.check], lambda: Linewise(lines[self.check]))

    def _new_lines(self, edits: tuple[Edit, ...]) -> NewLines | None:
        """The edited lines, where each is one statement for another."""
        new: dict[int, str] = {}
        for edit in edits:
            for function, number, text in edit.lines:
                if function != self.check or number in new or (function, number) in self._left_out or not self._loop.takes(number, text):
                    return None
                new[number] = text
        return tuple(sorted(new.items()))

    def _kept(self, key: NewLines | tuple[str, ...], loop: Callable[[], Linewise]) -> Form | None:
        if key not in self._known:
            self._known[key] = self._found(loop)
        return self._known[key]

    def _found(self, made: Callable[[], Linewise]) -> Form | None:
        try:
            loop = made()
            with np.errstate(all="ignore"):
                try:
                    return self._run(loop)
                except ValueError:  # it may have written into what it was given: only such a loop needs copies
                    return self._run(loop, copied=True)
        except Exception:  # noqa: BLE001 - an edited loop may raise anything, and then has no form
            return None

    def _run(self, loop: Linewise, *, copied: bool = False) -> Form | None:
        caches = [tuple(map(np.copy, cache)) for cache in self._caches] if copied else self._caches
        calls: list[tuple[int, list[_Parts]]] = []
        where = {id(cache): place for place, cache in enumerate(caches)}

        def cell(*arguments: Any) -> dict[str, Any]:
            *gradients, cache = arguments
            number = len(calls)
            calls.append((where[id(cache)], [self._parts(value, number) for value in gradients]))
            returned = self._results[number]
            return _Gradients({name: value.copy() for name, value in returned.items()} if copied else returned)

        upstream = [self._da, self._further] if len(loop.arguments) > 2 else [self._da]  # noqa: PLR2004 - da and caches
        given = map(np.copy, upstream) if copied else upstream
        gradients = loop.call({**self._space, self.cell: cell}, (*given, (list(caches), self._da)))
        dx = np.asarray(gradients.get("dx"))
        entering = self._stored(dx[:, 0]) if dx.shape == self._da.shape else None
        if entering is None or any(len(parts) != len(self.arguments) for _, parts in calls):
            return None
        return tuple([self._call(cache, entering.get(number, ()), parts) for number, (cache, parts) in enumerate(calls)])

    def _call(self, cache: int, stored: Stored, parts: list[_Parts]) -> Call:
        """The call of these parts, which is one object too."""
        key = (cache, id(stored), *map(id, parts))
        if key not in self._calls:
            self._calls[key] = Call(cache, stored, tuple(parts))
        return self._calls[key]

    def _parts(self, value: Any, number: int) -> _Parts:
        """What an argument of this call is the sum of; most edited loops hand on the same few sums.

        TypeError where it is no sum, or one of a result that is not there yet, or of a gradient at an input.
        """
        found = self._alone.get(id(value))
        if found is None:
            array = np.asarray(value, float)
            key = hash(array.tobytes())
            if key not in self._sums:
                alike = array.shape == self._zero.shape and (array == array[:, :1]).all()
                self._sums[key] = self._sum(array[:, 0]) if alike else None
            found = self._sums[key]
        if found is None or found.newest >= number:
            raise TypeError
        return found.parts

    def _sum(self, vector: NDArray[Any]) -> _Sum | None:
        """The atoms that a vector is the sum of; None where it is none with plain weights (a product of gradients, a constant)."""
        weights = self._basis.T @ vector
        plain = np.rint(weights * _PLAIN) / _PLAIN
        odd = np.abs(weights - plain) >= _ROUNDING
        if odd.any():  # what is divided by the number of hidden units
            weights[odd] *= self._enlarged
            plain = np.rint(weights * _PLAIN) / _PLAIN
        if not np.abs(weights - plain).max() < _ROUNDING:  # a NaN is not below
            return None
        places = np.flatnonzero(plain)
        parts = tuple(zip([self.atoms[place] for place in places.tolist()], plain[places].tolist(), strict=True))
        newest = max((MOST_CALLS if name == "dxt" else call for (name, call), _ in parts if name in self._returned), default=-1)
        return _Sum(self._once.setdefault(parts, parts), newest)

    def _stored(self, dx: NDArray[Any]) -> dict[int, Stored] | None:
        """Last call that enters -> steps of dx, each with the calls that it is the sum of; None where it holds anything else.

        Most edited loops store the same.
        """
        key = dx.tobytes()
        if key not in self._entering:
            self._entering[key] = self._stored_anew(dx)
        return self._entering[key]

    def _stored_anew(self, dx: NDArray[Any]) -> dict[int, Stored] | None:
        stored: dict[int, Stored] = {}
        for step in range(self.steps):
            found = self._sum(dx[:, step])
            if found is None or any(name != "dxt" for (name, _), _ in found.parts):
                return None
            if found.parts:
                parts = tuple((call, weight) for (_, call), weight in found.parts)
                last = max(call for call, _ in parts)
                stored[last] = (*stored.get(last, ()), (step, parts))
        return {last: self._once.setdefault(own, own) for last, own in stored.items()}


_NOTHING = lock(np.zeros((1, 1)))


def _no_combination(*_: Any, **__: Any) -> NDArray[Any]:
    """Stands for a function whose result, of vectors shorter than its bound or the same for all examples, would look like a combination."""
    raise TypeError


def _over_steps(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function along the axis of time only."""

    def along(array: NDArray[Any], axis: int | None = None, **more: Any) -> Any:
        return function(array, axis, **more) if axis == 2 else _no_combination()  # noqa: PLR2004 - the axis of time

    return along


class _Sum(NamedTuple):
    """What a vector is the sum of. ``newest`` is the last call of which it holds a result, -1 if none.

    A gradient at an input counts as the result of a call that never comes.
    """

    parts: _Parts
    newest: int


class _Gradients(dict[str, Any]):
    """What the stand-in cell returns: zeros for every parameter."""

    def __missing__(self, key: str) -> Any:
        return _NOTHING
