"""The main path from a traceback: which of the quoted lines is wrong, and what is wrong there.

A line is blamed only where the course's program with the quoted lines in it stops at the same line with the same error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_traceback.fragment import fragments
from whygrad.from_traceback.handed_back import lacking_at
from whygrad.from_traceback.holds import has_no_value, holds_something_else
from whygrad.from_traceback.kinds import gives_otherwise, has_no_room, is_of_another_kind, keeps_nothing
from whygrad.from_traceback.runs import Runs
from whygrad.from_traceback.spliced import spliced
from whygrad.from_traceback.told import Text
from whygrad.records import FunctionVerdict, Result, Search
from whygrad.records import Sandbox as Ran
from whygrad.sandbox.parent import Sandbox

if TYPE_CHECKING:
    from whygrad.from_traceback.fragment import Fragment
    from whygrad.read.post.frames import Stopped
    from whygrad.records import Mistake

_SECONDS = 2.0
"""The longest that one run may take; it takes milliseconds, unless a quoted line never ends."""
_STOPS = "the course's own {function} stops here with the same error when these lines are put into it"
_STOPS_TOO = "the course's own {function} stops at this call too, within the cell, when the line is put into it"
_RUNS_ON = "the course's own {function} runs on when this line is put into it"
_SAYS = "this is what the error itself says"
_ELSEWHERE = "this is what the error itself says, at the line `{line}` outside of the function"
_MORE = "give me the whole code to have all of {function} judged"


def explain_error(stopped: Stopped, name: str, within: tuple[str, frozenset[str]] | None = None) -> Result | None:
    """What is wrong in the lines that a traceback quotes; None where that is not known.

    ``name`` is what the text is called; ``within`` the check whose first numbers the text shows too, and the entries that come next.

    Raises:
        SandboxError: nothing on this machine keeps the lines from doing harm.
    """
    texts = [Text(name, frame, stopped) for frame in reversed(stopped.frames) if frame.function in FUNCTIONS]
    quoted = [(text, last) for text in texts if (last := next(fragments(text.frame), None)) is not None]
    told = _lines_told(quoted) if quoted else None
    return told or _handed_back(stopped, name, within)


def _lines_told(quoted: list[tuple[Text, Fragment]]) -> Result | None:
    """What is wrong in the lines of the course's own functions, or with what they read; each with the line at which it stopped."""
    with Sandbox((), PARTS, _SECONDS) as sandbox:
        runs = Runs(sandbox)
        for find, known in (
            (_in_the_lines, _STOPS),
            (_at_the_line, _STOPS),
            (_in_the_error, _SAYS),
            (_in_the_call, _STOPS_TOO),
            (holds_something_else, _RUNS_ON),
            (_in_its_kind, _SAYS),
        ):
            for text, last in quoted:
                if mistake := find(text, last, runs):
                    return _result(text, mistake, f"{known}; {_MORE}".format(function=text.function), runs)
    return None


def _in_the_lines(text: Text, _: Fragment, runs: Runs) -> Mistake | None:
    """What is wrong in the quoted lines, if the course's own function with them stops there too."""
    programs = (program for fragment in fragments(text.frame) for program in spliced(text.function, fragment))
    return next(filter(None, (runs.mistake(text, program) for program in programs)), None)


def _at_the_line(text: Text, last: Fragment, runs: Runs) -> Mistake | None:
    """That it is the line itself, if the course's own function with it stops there too."""
    stops = next((why for program in spliced(text.function, last) if (why := runs.why_it_stops(text, program)) is not None), None)
    if stops is None:
        return None
    says = f"{text.stopped.type} {stops}" if stops else f"{text.error} at this line, even where all that it reads is right"
    return text.mistake(f"{text.function} raises {says}")


def _in_the_error(text: Text, last: Fragment, _: Runs) -> Mistake | None:
    """That a name has no value, or no list any more, or that a function is given something else, which the error says."""
    return has_no_value(text, last) or keeps_nothing(text, last) or gives_otherwise(text, last)


def _in_the_call(text: Text, last: Fragment, runs: Runs) -> Mistake | None:
    """What is wrong in a call within which somebody's own cell stops at what belongs to a whole sequence."""
    return next(filter(None, (runs.mistake(text, program, within=True) for program in spliced(text.function, last))), None)


def _in_its_kind(text: Text, last: Fragment, _: Runs) -> Mistake | None:
    """That what the line reads is of another kind or shape, or holds another number of values, which the error says."""
    return is_of_another_kind(text, last) or has_no_room(text, last)


def _handed_back(stopped: Stopped, name: str, within: tuple[str, frozenset[str]] | None) -> Result | None:
    """What the line that stopped does not get from another function; nothing is run for that."""
    frame = stopped.frames[-1]
    lacking = lacking_at(name, frame, stopped, within if frame.function is None else None)
    if lacking is None:
        return None
    text, mistake = lacking
    says = mistake.says.removeprefix(f"{text.function} ")
    line = text.place(text.frame.line).text
    return Result(
        verdict="explained",
        assignment=SEQUENCE_MODELS.id,
        checks=(text.function,),
        mistakes=(mistake,),
        notes=(f"{_ELSEWHERE}; {_MORE}".format(line=line, function=text.function),),
        functions=(FunctionVerdict(text.function, "missing" if mistake.id == "raises" else "wrong", says),),
    )


def _result(text: Text, mistake: Mistake, note: str, runs: Runs) -> Result:
    verdict = FunctionVerdict(text.function, "raises", f"raises {text.error}", mistake.location)
    return Result(
        verdict="explained",
        assignment=SEQUENCE_MODELS.id,
        checks=(text.function,),
        mistakes=(mistake,),
        search=Search(runs.many, complete=True),
        notes=(note,),
        functions=(verdict,),
        sandbox=Ran(runs.sandbox.tier),
    )
