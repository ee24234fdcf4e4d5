"""What a mistake is made of: the site where it can stand, the edit that makes it, the operator that knows the edits and the words.

An operator gives either ``rewrites`` of one expression (they can be combined within an equation), or whole ``edits`` of a function.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from whygrad.mistakes.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.assignments.assignment import Assignment

NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
BETWEEN = "\x1f"
"""It stands between the two slips, and between the two details, of an equation that was edited twice."""
_ACTIVATION = re.compile(r"<gate> = (sigmoid|np\.tanh)(?=\()")
_DERIVATIVE = re.compile(r"⟨[^⟩]*⟩")


class Part(NamedTuple):
    """One mistake of an edit: its operator, what stands there in words, and the slip, the same in sibling equations."""

    operator: str
    detail: str
    alike: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of the program written otherwise.

    ``lines``: (function, line number, new text); an empty text deletes the line, a text of several lines replaces it by them. ``slip`` is
    the same text for the same slip in sibling equations: made several times it is one mistake. ``detail`` says in words what stands there.
    """

    operator: str
    function: str
    quantity: str
    lines: tuple[tuple[str, int, str], ...]
    slip: str
    detail: str = ""
    step: int | None = None

    @property
    def alike(self) -> str:
        """The slip, whichever activation the gate has, and so which derivative: the candidate has another than its siblings."""
        return _without_activation(self.slip)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The mistakes that it is made of: two where one equation was edited twice."""
        return tuple(map(Part, self.operator.split(" + "), self.detail.split(BETWEEN), self.alike.split(BETWEEN)))

    @property
    def formula(self) -> str:
        """What stands at the right of the equals sign in the first of its lines."""
        return self.lines[0][2].strip().partition(" = ")[2]


Edits = tuple[Edit, ...]
"""Mistakes made together."""


@lru_cache(maxsize=16384)
def _without_activation(slip: str) -> str:
    """The text of a slip without the name of the activation that a gate's formula begins with, and with one name for its derivative."""
    return _DERIVATIVE.sub("<derivative>", _ACTIVATION.sub("<gate> = ", slip))


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An expression written otherwise; ``slip`` only where the normalised text would not show that two slips are the same."""

    text: str
    detail: str = ""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a function as it should be and as people get it wrong; a test runs it.

    ``seen`` is what stands in a notebook where ``after`` only acts like it: a comment for a line that is not there.
    """

    function: str
    before: str
    after: str
    seen: str = ""


@dataclass(frozen=True)
class Site:
    """One line of a function of the assignment's program, where mistakes can stand."""

    assignment: Assignment
    function: str
    number: int
    line: str

    @property
    def text(self) -> str:
        """The line without its indentation."""
        return self.line.strip()

    @property
    def indent(self) -> str:
        """The white space in front."""
        return self.line[: len(self.line) - len(self.line.lstrip())]

    @property
    def role(self) -> str:
        """What the function is: ``cell forward``, ``forward``, ``cell backward``, ``backward`` or ``check``."""
        return self.assignment.vocabulary.roles.get(self.function, "check")

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines of the function."""
        return self.assignment.functions[self.function]

    @cached_property
    def node(self) -> ast.stmt | None:
        """The statement, where it is one that stands on one line."""
        try:
            return ast.parse(self.text).body[0]
        except SyntaxError:
            return None

    @cached_property
    def target(self) -> str:
        """The name that is assigned, or an empty text."""
        if isinstance(self.node, ast.Assign):
            first = self.node.targets[0]
            first = first.value if isinstance(first, ast.Subscript) else first
            return first.id if isinstance(first, ast.Name) else ""
        return ""

    @cached_property
    def right(self) -> str:
        """The text right of the equals sign."""
        return self.text.split(" = ", 1)[1] if " = " in self.text else ""

    @cached_property
    def equation(self) -> bool:
        """Whether this line of a cell computes a quantity."""
        words = self.assignment.vocabulary.words
        return self.role.startswith("cell") and self.target in words and not self.right.startswith(("parameters[", "stale("))

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """The right side in all its right spellings."""
        others = self.assignment.spellings.get((self.function, self.target), ())
        return tuple(Expression(text) for text in (self.right, *others))

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """The arrays of this function that could be typed here: all of them but those computed from this line's own quantity."""
        words = self.assignment.vocabulary.words
        bound: list[str] = []
        tainted = {self.target}
        for line in self.lines:
            left, _, right = line.strip().partition(" = ")
            names = NAME.findall(left)
            if tainted & set(NAME.findall(right)):
                tainted |= set(names)
            bound += [name for name in names if name in words and name not in bound]
        return tuple(name for name in bound if name not in tainted)

    @cached_property
    def sums(self) -> dict[str, str]:
        """The arrays in scope that a line of their own computes as a sum, with what stands there."""
        lines = {target: text for target, _, text in (line.strip().partition(" = ") for line in self.lines)}
        return {name: lines[name] for name in self.scope if name in lines and next(Expression(lines[name]).sums(), None)}

    def edit(self, text: str, operator: str, *, detail: str = "", slip: str = "", quantity: str = "", step: int | None = None) -> Edit:
        """This line written as ``text`` (without indentation; several lines are indented alike; empty deletes it)."""
        new = "\n".join(self.indent + line for line in text.split("\n")) if text else ""
        name = quantity or self.target
        normal = slip or self.assignment.vocabulary.normal(self.target, text)
        return Edit(operator, self.function, name, ((self.function, self.number, new),), f"{operator}: {normal}", detail, step)

    def also(self, first: Edit, *others: tuple[int, str]) -> Edit:
        """``first`` with further lines of the same function: (number, text without indentation)."""
        more = tuple(
            (self.function, number, "\n".join(indent_of(self.lines[number]) + line for line in text.split("\n")) if text else "")
            for number, text in others
        )
        return Edit(first.operator, first.function, first.quantity, first.lines + more, first.slip, first.detail, first.step)

    def number_of(self, start: str) -> int:
        """The number of the first line of the function that starts so; -1 if none does."""
        return next((number for number, line in enumerate(self.lines) if line.strip().startswith(start)), -1)


@dataclass(frozen=True)
class Operator:
    """One way to get a program wrong.

    ``about`` is a paragraph or two for the documentation page. ``where``, ``says``, ``hint`` and ``asks`` are templates over ``function``,
    ``quantity``, ``meaning``, ``detail`` and ``mathematics``; of these only the last one shows what is right, and only ``asks`` uses it.
    ``quantity``, ``meaning`` and ``detail`` may each become a list ("dft and dit"), so no verb has them as its subject.
    A ``twin`` is looked for only beside a mistake of another function that prints the same; no search begins with it. What stands ``alone``
    explains by itself or not at all.
    """

    id: str
    title: str
    about: str
    says: str
    hint: str
    examples: tuple[Example, ...]
    rewrites: Callable[[Expression, Site], Iterator[Rewrite]] | None = None
    edits: Callable[[Site], Iterator[Edit]] | None = None
    where: str = "Look at {quantity} in {function}: {meaning}."
    asks: str = "What the mathematics asks for: {mathematics}."
    twin: bool = False
    alone: bool = False

    @property
    def hints(self) -> tuple[str, str, str]:
        """The templates of the three hints: where, what is wrong, what the mathematics asks."""
        return self.where, self.hint, self.asks

    def at(self, site: Site) -> Iterator[Edit]:
        """Every edit that this operator makes at ``site``."""
        if self.edits is not None:
            yield from self.edits(site)
        if self.rewrites is not None and site.equation:
            for expression in site.expressions:
                for rewrite in self.rewrites(expression, site):
                    yield site.edit(f"{site.target} = {rewrite.text}", self.id, detail=rewrite.detail, slip=rewrite.slip)


def indent_of(line: str) -> str:
    """The white space in front of a line."""
    return line[: len(line) - len(line.lstrip())]
