"""What is wrong with the parameters of a function, if it is called as they stand in its text.

A decorator, or another value under the function's name, may call it with other arguments than the assignment does: then its ``def`` line
says nothing of the call, and only what came of the call does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.verdict.problems import problem_of
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from whygrad.from_code.text.written import Written
    from whygrad.from_code.verdict.problems import Problem
    from whygrad.from_code.verdict.trials import Trials

_LACKS = re.compile(r"missing (\d+) required positional")
_GIVEN = re.compile(r"but (\d+) (?:positional arguments? \(and .* )?(?:was|were) given")


def called_otherwise(trials: Trials, function: str, problem: Problem) -> str | None:
    """What is wrong with the parameters of a function that has this problem; optional ones more, and other names, are fine."""
    written = trials.definitions.functions.get(function)
    if written is None:
        return None
    plain = trials.definitions.is_plain(function)
    if (says := _other_number(function, written)) is not None:
        return says if plain or _is_refused(function, written, problem) else None
    asked, given = ARGUMENTS[function], written.parameters
    if given[: len(asked)] == asked or set(given[: len(asked)]) != set(asked) or not (plain or _better_in_order(trials, function, given)):
        return None
    return f"takes its arguments in the order ({', '.join(given)}), but it is called as {_call(function)}"


def _call(function: str) -> str:
    return f"{function}({', '.join(ARGUMENTS[function])})"


def _other_number(function: str, written: Written) -> str | None:
    """That it takes more or fewer than the assignment hands in, or takes some in another way."""
    asked, given, by_keyword = ARGUMENTS[function], written.parameters, written.by_keyword
    takes, call = f"({', '.join(given)})", _call(function)
    if named := [name for name in asked if name in by_keyword]:
        return f"takes {listed(named)} by keyword only, for * stands before in its def line, but it is called as {call}"
    extra = [*(name for name in given[: written.required] if name not in asked), *by_keyword]
    if written.required > len(asked):
        if len(extra) == 1 and extra[0].startswith("dc") and function == "lstm_backward":
            return f"asks for {extra[0]} as well, which the assignment does not hand in: it is called as {call}"
        return f"takes {written.required} arguments {takes}, but it is called with {len(asked)}: {call}"
    if len(given) < len(asked) and written.node.args.vararg is None:
        return f"takes {len(given)} argument{'' if len(given) == 1 else 's'} {takes}, but it is called with {len(asked)}: {call}"
    if by_keyword:
        return f"asks for {listed(by_keyword)} as well, by keyword, which the assignment does not hand in: it is called as {call}"
    return None


def _is_refused(function: str, written: Written, problem: Problem) -> bool:
    """Whether Python itself has said so, of a call with as many arguments as the assignment's."""
    raised = problem.raised
    if raised is None or raised.type != "TypeError" or f"{function}() " not in raised.text:
        return False
    lacks, given = _LACKS.search(raised.text), _GIVEN.search(raised.text)
    number = written.required - int(lacks[1]) if lacks else int(given[1]) if given else -1
    return number == len(ARGUMENTS[function]) or "required keyword-only" in raised.text


def _better_in_order(trials: Trials, function: str, order: tuple[str, ...]) -> bool:
    """Whether more is right if the arguments are handed in in the order of the text."""
    alone = trials.alone(function)
    values = dict(zip(ARGUMENTS[function], alone.case.arguments, strict=True))
    arguments = tuple(values[name] for name in order[: len(values)])
    after = problem_of(function, alone.case, trials.run(function, arguments, frozenset({function})), trials.definitions)
    return after is None or (alone.problem is not None and after.right > alone.problem.right)
