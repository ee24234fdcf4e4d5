"""What an edited loop hands to its cell: its linear form, found by running it on basis vectors.

A loop over time only adds, copies and scales; so each argument of each call of the cell is a linear combination of upstream slices and
of what earlier calls returned. The edited loop is run for real, views and overwritten buffers included, with a stand-in cell and with
vectors in which every such atom has a direction of its own.
Two edits with the same form print the same numbers, whatever the cell computes.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.loops.handed_over import HandedOver, Handing
from whygrad.from_numbers.loops.sums import Sums
from whygrad.from_numbers.numbers.arrays import lock
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import NAME, Linewise
from whygrad.from_numbers.programs.replaced import Replaced
from whygrad.from_numbers.programs.wanted import wanted_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.loops.sums import Parts
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.mistakes import Edit

MOST_CALLS = 8
FURTHER = "further upstream"
"""The name of an upstream gradient that was not asked for; its atoms are (``FURTHER``, step)."""
ONES = ("ones", 0)
"""The atom of an array of ones: a carry can start so."""
MOST_RUNS = 256
"""So many loops are kept with the variables at each of their calls."""
_WATCHED = "watched"
"""How a loop calls its cell where its variables are kept."""
Stored = tuple[tuple[int, tuple[tuple[int, float], ...]], ...]


class Call(NamedTuple):
    """One call of the cell: which cache, which steps of dx are complete with it, and the combination for each argument.

    ``stored`` lists (step, what it holds), the latter as (call, weight): mostly one step that holds this call's own result.

    ``arguments[i]`` lists (atom, weight). Atoms are ("da", step), (output name, call number),
    (name of a state, number of its cache), (``FURTHER``, step) and ``ONES``.
    """

    cache: int
    stored: Stored
    arguments: tuple[Parts, ...]


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
        atoms = {("da", step): -1 for step in range(steps)}
        atoms |= {(name, call): call for name in self.outputs for call in range(MOST_CALLS)}
        atoms |= {("dxt", call): MOST_CALLS for call in range(MOST_CALLS)}  # never handed over, as if a call returned it that does not come
        atoms |= {(name, cache): -1 for name in self.states for cache in range(caches)}
        atoms |= {(FURTHER, step): -1 for step in range(steps)}
        atoms[ONES] = -1
        self._sums = Sums(atoms, shape[0])
        self._of = self._sums.of
        self._da, self._further = (lock(self._in_time([(name, step) for step in range(steps)])) for name in ("da", FURTHER))
        self._left_out = self._accumulators()
        self._space = assignment.namespace()
        self._space["np"].ones = self._space["np"].ones_like = _copies_of(self._of[ONES])
        self._space["np"].clip = _no_combination
        self._space["np"].sum, self._space["np"].mean = _over_steps(np.sum), _over_steps(np.mean)
        unknown = lock(np.full_like(self._of[ONES], np.nan))
        self._caches = [tuple(self._of.get((name, cache), unknown) for name in self.fields) for cache in range(caches)]
        self._results = [{name: self._of[name, call] for name in (*self.outputs, "dxt")} for call in range(MOST_CALLS)]
        lines = enumerate(assignment.functions[check])
        self._loop = Replaced([self._left_out.get((check, number), line) for number, line in lines])
        self._calling = next(number for number, line in enumerate(assignment.functions[check]) if f" = {self.cell}(" in line)
        places = {id(cache): place for place, cache in enumerate(self._caches)}
        fixed = [*self._of.values(), *self._caches, self._da]
        self._handed_over = HandedOver(
            assignment.functions[check][self._calling], self.cell, self._space, fixed, (self._sums.sum_of, lambda cache: places[id(cache)])
        )
        self._runs: Last[_Run | None] = Last(MOST_RUNS)
        """Loops that hand over what is right, as they are run, by their lines."""
        self._known: dict[tuple[Any, ...], Form | None] = {}
        self._entering: dict[bytes, dict[int, Stored] | None] = {}
        self._once: dict[Any, Any] = {}
        """The parts of calls, so that equal ones are one object."""
        self._calls: dict[tuple[int, ...], Call] = {}
        """The calls by their numbers and the identities of what is known of them."""

    def _in_time(self, atoms: list[tuple[str, int]]) -> NDArray[Any]:
        """The atoms' arrays along an axis of time, each standing together in memory."""
        return np.stack([self._of[atom] for atom in atoms]).transpose(1, 2, 0)

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
        wanted = wanted_lines(self.assignment, edits)
        if wanted is None or not wanted.keys() <= {self.check}:
            return None
        new = wanted.get(self.check, {})
        key = tuple(sorted(new.items()))
        if all((self.check, number) not in self._left_out and self._loop.takes(number, text) for number, text in key):
            return self._kept(key, lambda: self._found_otherwise(new) or self._found(lambda: self._loop.by(new)))
        return self.with_further(edits)

    def with_further(self, edits: tuple[Edit, ...]) -> Form | None:
        """The same where the edits give the loop's function, and the check that calls it, an upstream gradient more."""
        lines = (edited_lines(self.assignment, edits, self._left_out) or {}).get(self.check)
        return None if lines is None else self._kept(lines, lambda: self._found(lambda: Linewise(lines)))

    def _kept(self, key: tuple[Any, ...], found: Callable[[], Form | None]) -> Form | None:
        if key not in self._known:
            self._known[key] = found()
        return self._known[key]

    def _found_otherwise(self, new: dict[int, str]) -> Form | None:
        """The form of a loop with these lines, if it differs from one that runs in nothing but what it hands over; else None."""
        changed = self._handed_over.changed(new[self._calling]) if self._calling in new else None
        if changed is None:
            return None
        others = {number: text for number, text in new.items() if number != self._calling}
        run = self._runs.get(tuple(sorted(others.items())), lambda: self._watched(others))
        if run is not None:
            with suppress(Exception), np.errstate(all="ignore"):  # an edited argument may raise anything
                return self._form([self._handed_over.otherwise(call, changed) for call in run.calls], run.entering)
        return None

    def _watched(self, new: dict[int, str]) -> _Run | None:
        """The run of the loop with these lines, with its variables at each call; None where it raises or needs copies."""
        line = self.assignment.functions[self.check][self._calling]
        with suppress(Exception), np.errstate(all="ignore"):  # an edited loop may raise anything
            return self._run(self._loop.by({**new, self._calling: line.replace(f"{self.cell}(", f"{_WATCHED}(")}))
        return None

    def _found(self, made: Callable[[], Linewise]) -> Form | None:
        try:
            loop = made()
            with np.errstate(all="ignore"):
                try:
                    run = self._run(loop)
                except ValueError:  # it may have written into what it was given: only such a loop needs copies
                    run = self._run(loop, copied=True)
                return self._form([call.arguments for call in run.calls], run.entering)
        except Exception:  # noqa: BLE001 - an edited loop may raise anything, and then has no form
            return None

    def _run(self, loop: Linewise, *, copied: bool = False) -> _Run:
        caches = [tuple(map(np.copy, cache)) for cache in self._caches] if copied else self._caches
        where = {id(cache): place for place, cache in enumerate(caches)}
        upstream = [self._da, self._further] if len(loop.arguments) > 2 else [self._da]  # noqa: PLR2004 - da and caches
        given = map(np.copy, upstream) if copied else upstream
        env: Environment = dict(zip(loop.arguments, (*given, (list(caches), self._da)), strict=True))
        calls: list[Handing] = []

        def cell(*arguments: Any, variables: Environment | None = None) -> dict[str, Any]:
            *gradients, cache = arguments
            returned = self._results[len(calls)]
            calls.append(Handing(variables, [*map(self._sums.sum_of, gradients), where[id(cache)]]))
            return _Gradients({name: value.copy() for name, value in returned.items()} if copied else returned)

        def watched(*arguments: Any) -> dict[str, Any]:
            return cell(*arguments, variables=self._handed_over.variables(env))

        dx = np.asarray(loop.ended(loop.steps, {**self._space, self.cell: cell, _WATCHED: watched}, env).get("dx"))
        return _Run(calls, self._stored(dx[:, 0]) if dx.shape == self._da.shape else None)

    def _form(self, calls: Iterable[Sequence[Any]], entering: dict[int, Stored] | None) -> Form | None:
        """The form of what is known of the arguments of each call; None where a call is none."""
        if entering is None:
            return None
        form: list[Call] = []
        for number, known in enumerate(calls):
            stored = entering.get(number, ())
            key = (number, id(stored), *map(id, known))
            call = self._calls.get(key)
            if call is None:
                call = self._calls[key] = self._call(number, stored, known)
            form.append(call)
        return tuple(form)

    def _call(self, number: int, stored: Stored, known: Sequence[Any]) -> Call:
        """One object for all equal ones.

        TypeError where an argument is no sum, or one of a result that is not there yet, or of a gradient at an input.
        """
        *sums, cache = known
        parts = tuple([found.parts for found in sums if found is not None and found.newest < number])
        if len(parts) < len(sums) or len(parts) != len(self.arguments):
            raise TypeError
        return self._once.setdefault((cache, id(stored), *map(id, parts)), Call(cache, stored, parts))

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
            found = self._sums.sum(dx[:, step])
            if found is None or any(name != "dxt" for (name, _), _ in found.parts):
                return None
            if found.parts:
                parts = tuple((call, weight) for (_, call), weight in found.parts)
                last = max(call for call, _ in parts)
                stored[last] = (*stored.get(last, ()), (step, parts))
        return {last: self._once.setdefault(own, own) for last, own in stored.items()}


_NOTHING = lock(np.zeros((1, 1)))


def _copies_of(array: NDArray[Any]) -> Callable[..., NDArray[Any]]:
    """A function that gives nothing else, and holds nothing else: what many loops needed is let go of at once."""
    return lambda *_: array.copy()  # pyright: ignore[reportUnknownLambdaType] - called with anything


def _no_combination(*_: Any, **__: Any) -> NDArray[Any]:
    """Stands for a function whose result, of vectors shorter than its bound or the same for all examples, would look like a combination."""
    raise TypeError


def _over_steps(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function along the axis of time only."""

    def along(array: NDArray[Any], axis: int | None = None, **more: Any) -> Any:
        return function(array, axis, **more) if axis == 2 else _no_combination()  # noqa: PLR2004 - the axis of time

    return along


class _Run(NamedTuple):
    """What a loop hands to its cell; the steps of dx that its calls complete, None where its dx holds anything else."""

    calls: Sequence[Handing]
    entering: dict[int, Stored] | None


class _Gradients(dict[str, Any]):
    """What the stand-in cell returns: zeros for every parameter."""

    def __missing__(self, key: str) -> Any:
        return _NOTHING
