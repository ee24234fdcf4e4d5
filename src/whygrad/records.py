"""The data that rooms hand to each other, as plain frozen dataclasses: what was read, and what was found.

No behaviour lives here, so a report is a pure function of these records and JSON is their encoding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["explained", "right", "partly", "unknown", "unreadable"]


@dataclass(frozen=True, slots=True)
class Number:
    """One number as printed: an entry of one gradient, and the interval of values that could have printed so.

    ``index`` is the full index of the entry: ``dx[1][2] = [a b c d]`` gives four numbers with index (1, 2, 0) to (1, 2, 3);
    ``dbf[4] = [v]`` gives index (4, 0) and ``dbf[4] = v`` gives (4,). ``low`` and ``high`` are inclusive; both are NaN for
    a printed ``nan`` and both infinite for ``inf``.
    """

    quantity: str
    index: tuple[int, ...]
    text: str
    low: float
    high: float

    @property
    def label(self) -> str:
        """``dx[1][2][0]``."""
        return self.quantity + "".join(f"[{i}]" for i in self.index)


@dataclass(frozen=True, slots=True)
class Shape:
    """A printed shape line: ``gradients["dxt"].shape = (3, 10)``; or one ``inferred`` from how the gradient's numbers are printed."""

    quantity: str
    shape: tuple[int, ...]
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What one run of one check printed, and what was expected beside it (empty where the post has none).

    ``earlier`` is true where the text has a later run of the same check, after a change. ``said_right`` are gradients that it does not
    print and other checks of which the post says that they are right.
    """

    check: str
    numbers: tuple[Number, ...]
    expected: tuple[Number, ...] = ()
    shapes: tuple[Shape, ...] = ()
    earlier: bool = False
    said_right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader took from a text.

    ``version`` names the key that the expected numbers are (``"new"``, ``"old"``), or is None where they match none or are absent.
    ``unread`` holds the lines that look like numbers of a check but were not understood. ``alternatives`` are the other ways to read
    it, where two checks print the same labels and the text does not say which of them it was. ``lost`` are the labels in unread lines
    of whose numbers nothing was read anywhere else. ``speaks_of_signs``: its words do, so that none is taken for lost in copying.
    """

    assignment: str
    blocks: tuple[Block, ...]
    version: str | None
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alternatives: tuple[Reading, ...] = ()
    lost: tuple[str, ...] = ()
    speaks_of_signs: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of somebody's code that is executed as it stands: a definition, an import, a literal assignment.

    ``source`` names the file or cell for tracebacks ("notebook.ipynb, cell 4"), ``line`` is the number of its first line there (from 1),
    ``names`` what it defines, ``indent`` how many columns were cut off at the left of its lines (for a definition within an ``if``).
    """

    source: str
    line: int
    text: str
    names: tuple[str, ...] = ()
    indent: int = 0

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return split_lines(self.text)


def names_of_file(source: str) -> dict[str, object]:
    """The names that Python gives a file that it runs, and a notebook has not; of pieces from anything else there are none."""
    return {"__file__": source, "__cached__": None, "__annotations__": {}} if source.endswith(".py") else {}


def split_lines(text: str) -> list[str]:
    """The lines of a text as Python and editors count them: a form feed, for one, ends none."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an explanation is.

    ``numbers`` printed numbers agree to the last digit, ``telling`` of them differ from the right program's; ``digits`` is the
    significant digits matched in those; ``tried`` the candidates looked at;
    ``log10_chance`` the decimal logarithm of the chance that some wrong candidate among them agrees by accident.
    """

    numbers: int
    telling: int
    digits: int
    tried: int
    log10_chance: float


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands in the learner's code.

    ``source`` names the file or cell as `Piece.source` does. ``line`` counts from 1 within the cell, or within the file where there are no
    cells; ``column`` counts characters from 1. ``text`` is that line, stripped, at most 200 characters. ``file`` is the path as the user
    gave it. ``cell`` is the cell's position in the notebook, from 1, text cells counted too; for functions of a running notebook it is the
    number in ``In [3]``; None for a file without cells. ``excerpt`` are the line and at most two above and
    two below it, without the indentation that all have; ``excerpt_line`` is the number of the first. A place is the same with and without.
    """

    source: str
    line: int
    column: int
    text: str
    file: str = ""
    cell: int | None = None
    excerpt: tuple[str, ...] = field(default=(), compare=False)
    excerpt_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Differing:
    """An array of which ``wrong`` of ``size`` entries differ; at ``worst`` stands ``value`` where ``expected`` is right."""

    name: str
    wrong: int
    size: int
    worst: tuple[int, ...]
    value: float
    expected: float


@dataclass(frozen=True, slots=True)
class SmallestCase:
    """The smallest sizes at which a function is wrong: inputs, hidden units, examples, and time steps (0 for a function of one step)."""

    n_x: int
    n_a: int
    m: int
    steps: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines between which it goes wrong, where no kind of mistake fits.

    ``after`` is the last line at which all is right, None where that is not known, and ``line`` the one at which it is not. ``came_in``
    are the names of what came in right, ``came_out`` what is wrong of what came out; ``smallest`` is None where no small case fails.
    """

    after: int | None
    line: int
    came_in: tuple[str, ...]
    came_out: tuple[Differing, ...]
    smallest: SmallestCase | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: where it is, what it is, and three hints of rising openness.

    ``function`` is None where the mistake is in the notebook's check and not in one of the learner's functions.
    ``quantity`` is the name on the left of the equation; ``step`` the time step it bears on, None where it holds at every step.
    Where it was found in code, ``location`` is its line and ``proof`` says how it is known: "proved" by experiment, only "located" there,
    or a "contract" that any reader can see broken; ``proved`` is True for the first. All three are None where only numbers told.
    ``stretch`` is what is known where no kind of mistake fits. ``within`` is the helper of the learner's in which the line stands.
    """

    id: str
    function: str | None
    quantity: str
    step: int | None
    says: str
    hints: tuple[str, str, str]
    confidence: Confidence | None = None
    location: Location | None = None
    proved: bool | None = None
    proof: Literal["proved", "located", "contract"] | None = None
    stretch: Stretch | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Mistakes which, made together, print ``reproduced`` of the numbers; ``log10_odds`` is how often people make just these."""

    mistakes: tuple[Mistake, ...]
    reproduced: int
    log10_odds: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What another entry or another check would print if the explanation is right; ``alternative`` says what the next one would."""

    check: str
    label: str
    value: str
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How far the search went: ``candidates`` looked at; ``complete`` is False where more may be wrong, and ``cuts`` says why."""

    candidates: int
    complete: bool
    cuts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionVerdict:
    """What is known of one function of the assignment, run alone and together with the learner's other functions.

    ``says`` is one plain sentence; ``location`` the line that raises or is blank, else the ``def`` line, None where there is none.
    ``notes`` are facts that do no harm here.
    """

    function: str
    verdict: Literal["right", "wrong", "raises", "blank", "missing", "not reached"]
    says: str
    location: Location | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """How somebody's code was run: ``tier`` says what kept it from doing harm."""

    tier: str


@dataclass(frozen=True, slots=True)
class GradientError:
    """How far one gradient is from the right one: the largest difference, divided by the largest entry that a right one has.

    0 is right. None where no number says how far, and ``problem`` why: it holds NaN or infinity, or has another shape.
    """

    error: float | None
    problem: Literal["", "nan", "shape"] = ""


@dataclass(frozen=True, slots=True)
class GradientErrors:
    """One gradient: its error at each time step, and ``whole`` in what the function returns. None where it has no value there."""

    gradient: str
    steps: tuple[GradientError | None, ...]
    whole: GradientError | None


@dataclass(frozen=True, slots=True)
class Errors:
    """The error of each gradient of one function at each of its time steps (of a cell none), the first step first.

    At a step stands what the cell returns there, of a gradient for all steps the step's own slice. ``basis`` tells whose gradients these
    are: those of the learner's "code", those of a right program into which the found "mistakes" were put, or the printed "numbers" alone.
    """

    function: str
    basis: Literal["code", "mistakes", "numbers"]
    steps: int
    rows: tuple[GradientErrors, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that is known at the end; the JSON document is this record with its schema name in front."""

    verdict: Verdict
    assignment: str | None = None
    checks: tuple[str, ...] = ()
    version: str | None = None
    printed: int = 0
    reproduced: int = 0
    mistakes: tuple[Mistake, ...] = ()
    alternatives: tuple[Explanation, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    would_tell: tuple[str, ...] = ()
    search: Search = field(default_factory=lambda: Search(0, complete=True))
    exonerated: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    key_is_wrong: bool = False
    notes: tuple[str, ...] = ()
    problem: str | None = None
    functions: tuple[FunctionVerdict, ...] = ()
    sandbox: Sandbox | None = None
    errors: tuple[Errors, ...] = ()
    stopped: str | None = None

    @property
    def of_a_check(self) -> bool:
        """Whether nothing but the notebook's own checks is blamed, so that the functions are right though the numbers are not.

        No function prints what a check draws otherwise; what it hands over otherwise a function that is not cleared can have done.
        """
        told = [*self.mistakes, *(mistake for other in self.alternatives for mistake in other.mistakes)]
        cleared = set(self.checks) <= set(self.exonerated) or all(mistake.id == "check-draws-otherwise" for mistake in told)
        return self.verdict == "explained" and bool(told) and cleared and all(mistake.function is None for mistake in told)
