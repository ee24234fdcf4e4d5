"""Run the assignment's program with some of its lines edited, and watch what its cell computes on the way."""

from __future__ import annotations

from functools import cached_property, lru_cache
from threading import local
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments.assignment import stream_of_thread
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import NAME, Environment, Linewise, expression_code, linewise
from whygrad.from_numbers.programs.replaced import replaced
from whygrad.from_numbers.programs.wanted import wanted_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from whygrad.assignments.assignment import Assignment, Lines
    from whygrad.mistakes import Edit

MOST_VALUES = 20_000
"""So many values of expressions a record keeps, 10 MB: the same edits are asked for again and again, those that raise are the slowest."""
MOST_RUNS = 64
"""So many runs are kept: what tells an answer runs the same few programs as the search did."""


def edited_lines(
    assignment: Assignment, edits: Iterable[Edit], besides: Mapping[tuple[str, int], str] = MappingProxyType({})
) -> dict[str, Lines] | None:
    """The functions that the edits change, with their new lines; None where two edits want the same line otherwise.

    ``besides`` are further lines with their new texts.
    """
    wanted = wanted_lines(assignment, edits, besides)
    return None if wanted is None else {function: _with_lines(assignment, function, new) for function, new in wanted.items()}


def _with_lines(assignment: Assignment, function: str, new: Mapping[int, str]) -> Lines:
    lines = list(assignment.functions[function])
    for number, text in new.items():
        lines[number] = text
    return in_order(tuple(lines)) if in_cell(assignment, function) else tuple(filter(None, lines))


def _edited(assignment: Assignment, function: str, new: Mapping[int, str]) -> Linewise:
    """A function with new lines. SyntaxError where a text is no statement."""
    simply = None if in_cell(assignment, function) else replaced(assignment.functions[function], new)
    return simply or linewise(_with_lines(assignment, function, new))


def in_cell(assignment: Assignment, function: str) -> bool:
    """Whether a function is a cell, whose lines may change places."""
    return assignment.vocabulary.roles.get(function, "").startswith("cell")


@lru_cache(maxsize=8192)
def in_order(lines: Lines) -> Lines:
    """The lines of a function without branches, moved so that each name is computed before it is used: a learner's order may differ.

    As they are where one line stands for several.
    """
    if any("\n" in line for line in lines):
        return tuple(filter(None, lines))
    head, body, last = lines[0], [line for line in lines[1:-1] if line], lines[-1]
    parts = [_names_of(line) for line in body]
    made_somewhere = frozenset[str]().union(*(made for made, _ in parts))
    needs = [needed & made_somewhere for _, needed in parts]
    if _in_order_already(parts, needs):
        return (head, *body, last)
    known: set[str] = set()
    order: list[str] = []
    rest = list(range(len(body)))
    while rest:
        ready = next((at for at in rest if needs[at] <= known), rest[0])
        rest.remove(ready)
        order.append(body[ready])
        known |= parts[ready][0]
    return (head, *order, last)


def _in_order_already(parts: Sequence[tuple[frozenset[str], frozenset[str]]], needs: Sequence[frozenset[str]]) -> bool:
    known: set[str] = set()
    for (made, _), needed in zip(parts, needs, strict=True):
        if not needed <= known:
            return False
        known |= made
    return True


def read_too_early(edited: Mapping[int, Mapping[str, Sequence[int]]], targets: Mapping[int, str]) -> dict[int, dict[str, list[int]]]:
    """Of edited lines, each with the numbers of the programs it stands in, those of programs in which one reads what a later line computes.

    ``targets`` is what each line computes. Empty where no line does so.
    """
    early = {
        at
        for line, texts in edited.items()
        for text, programs in texts.items()
        if any(number > line and target in NAME.findall(text) for number, target in targets.items())
        for at in programs
    }
    if not early:
        return {}
    return {
        line: {text: few for text, programs in texts.items() if (few := [at for at in programs if at in early])}
        for line, texts in edited.items()
    }


@lru_cache(maxsize=16384)
def _names_of(line: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a line makes, and what else it needs."""
    target, _, text = line.partition(" = ")
    made = frozenset(NAME.findall(target))
    return made, frozenset(NAME.findall(text)) - made


class _Thread(local):
    """What the programs that a thread ran last printed, with their assignments."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: Last[tuple[Assignment, dict[str, Any] | None]] = Last(MOST_RUNS)


_THREAD = _Thread()


class Program:
    """The assignment's program with some edits, ready to run its checks.

    ``broken`` is True where two edits collide or the edited text does not compile; such a program prints nothing.
    """

    def __init__(self, assignment: Assignment, edits: Iterable[Edit] = ()) -> None:
        self.assignment = assignment
        self.edits = tuple(edits)
        self.edited: dict[str, Linewise] = {}
        wanted = wanted_lines(assignment, self.edits)
        try:
            self.edited = {name: _edited(assignment, name, new) for name, new in (wanted or {}).items()}
        except (SyntaxError, ValueError):
            wanted = None
        self.broken = wanted is None

    def run(self, check: str) -> dict[str, Any] | None:
        """The gradients of one check; None where the program raises. Not to be written into: a search asks for the same ones again."""
        key = id(self.assignment), check, self.edits
        return _THREAD.runs.get(key, lambda: (self.assignment, self._run(check)))[1]  # while it is kept no other has its id

    def _run(self, check: str) -> dict[str, Any] | None:
        space = self.space(stream_of_thread())
        gradients: dict[str, Any] | None = self.checked(check, space)
        space.clear()  # its functions hold on to it, and it to them
        return gradients if isinstance(gradients, dict) else None

    def record(self, check: str, *, copied: bool = False, given: Sequence[Any] | None = None) -> Record | None:
        """Run a check and keep what each call of the backward cell computed; None where the program raises.

        With ``copied`` what the cell returns is kept as it was then, whatever an edited loop does to it afterwards. With what its backward
        function is ``given`` only that is run.

        Raises:
            ValueError: what is given does not fit, or is written into although it is locked.
        """
        cell = next(name for name in self.assignment.chain(check) if self.assignment.vocabulary.roles[name] == "cell backward")
        traced = self.edited.get(cell) or linewise(self.assignment.functions[cell])
        calls: list[Environment] = []
        kept: list[Any] = []
        space = self.space(stream_of_thread() if self.edits else None)  # the right run stays, for every thread
        untouched = dict(space)

        def watched(*arguments: Any) -> Any:
            calls.append(traced.variables(space, arguments))
            returned = calls[-1]["gradients"]
            if copied:
                calls[-1]["gradients"] = {name: np.copy(value) if is_array(value) else value for name, value in returned.items()}
            return returned

        checked: Callable[..., Any] = space[check] if check != cell else watched

        def called(*arguments: Any) -> Any:
            kept[:] = arguments
            return checked(*arguments)

        space |= {cell: watched, check: called}
        gradients = self.checked(check, space) if given is None else _ran(called, given)
        space.update({name: untouched[name] for name in (cell, check)})  # else a whole run would stay as long as any of its functions
        return None if gradients is None else Record(gradients, calls, untouched, kept)

    def space(self, stream: np.random.RandomState | None = None) -> Environment:
        """The global names of the program, the edited functions among them."""
        space = self.assignment.namespace(stream=stream)
        for name, function in self.edited.items():
            space[name] = _bound(function, space)
        return space

    def checked(self, check: str, space: Environment) -> Any:
        """What the check returns when it is run in this space; None where it raises."""
        if self.broken:
            return None
        try:
            with np.errstate(all="ignore"):
                return space[f"{check}_check"]()
        except Exception:  # noqa: BLE001 - an edited program may raise anything, and then prints nothing
            return None


def _ran(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """What a function returns; None where it raises anything but ValueError, which is passed on."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments)
    except ValueError:
        raise
    except Exception:  # noqa: BLE001 - an edited program may raise anything, and then prints nothing
        return None


def _bound(function: Linewise, space: Environment) -> Callable[..., Any]:
    return lambda *arguments: function.call(space, arguments)


class Record:
    """One run of a check.

    ``gradients`` is what the check prints from, ``calls`` holds the local variables of every call of the backward cell in the order of the
    calls, ``arguments`` what the sequence function was called with, ``space`` the program's global names.
    """

    def __init__(self, gradients: dict[str, Any], calls: list[Environment], space: Environment, arguments: list[Any]) -> None:
        self.arguments = arguments
        self.gradients = gradients
        self.calls = calls
        self.space = space
        self._values: dict[tuple[str, int], Any] = {}

    @cached_property
    def handed_on(self) -> int:
        """What a sequence function was called with, the weights aside: a digest, equal where that is equal."""
        da, (caches, *_) = self.arguments
        values = [np.asarray(value) for cache in caches for value in cache[:-1]]
        return hash(b"".join([np.asarray(da).tobytes(), *[value.tobytes() for value in values]]))

    def evaluate(self, text: str, call: int, **replaced: Any) -> Any:
        """An expression in the variables of one call, some of them replaced; None where it raises. Not to be written into."""
        return self.evaluation(call, replaced)(text)

    def evaluation(self, call: int, replaced: Environment) -> Callable[[str], Any]:
        """The same for many expressions, as a function of the text."""
        if replaced:
            variables = {**self.calls[call], **replaced}
            return lambda text: self._evaluated(text, variables)
        return lambda text: self._kept(text, call)

    def _kept(self, text: str, call: int) -> Any:
        key = (text, call)
        if key in self._values:
            return self._values[key]
        value = self._evaluated(text, self.calls[call])
        if len(self._values) < MOST_VALUES:
            self._values[key] = value
        return value

    def _evaluated(self, text: str, variables: Environment) -> Any:
        try:
            return eval(expression_code(text), self.space, variables)  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - an edited expression may raise anything, and then has no value
            return None
