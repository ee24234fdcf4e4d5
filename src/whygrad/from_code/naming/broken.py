"""The mistake where no experiment is needed: what a function must do is not done, and its verdict's sentence says so."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from whygrad.from_code.naming.where_returned import where_returned
from whygrad.from_code.naming.wording import asked, filled, returned_by
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.text.kinds_asked_for import halves, whole_numbers
from whygrad.mistakes import OPERATORS
from whygrad.records import Location, Mistake

if TYPE_CHECKING:
    from whygrad.from_code.observe.contract import CachesFault
    from whygrad.from_code.text.written import Definitions, Written
    from whygrad.records import FunctionVerdict
    from whygrad.sandbox.requests import Raised

Broken = Literal[
    "not-filled-in", "raises", "called-otherwise", "returned-otherwise", "whole-numbers", "half-precision", "state-kept",
    "handed-out-again", "changed-in-place", "np-matrix", "draws-random", "weights-from-globals", "names-exchanged",
]  # fmt: skip
"""The ids; ``returned-otherwise`` is also a cache that holds something else.

All but the last three are in no file of ``whygrad.mistakes``: no check of the course prints numbers that tell them.
"""


@dataclass(frozen=True, slots=True)
class Breach:
    """What is broken, and what its line is found by: ``names`` that are read from the notebook, or stored; the fault of ``caches``.

    ``kept`` is the text of what a cache keeps under the name of another quantity, ``error`` the type's name of what is raised.

    ``elsewhere`` is the verdict's sentence without the line, where it names the very line beside which the mistake's sentence will stand.
    ``line`` is the source, the line and the column to blame, where it is not the one that raises; ``hint`` then stands in place of the
    kind's. ``lines`` are others that the sentence names, each with its source.
    """

    id: Broken
    names: tuple[str, ...] = ()
    caches: CachesFault | None = None
    kept: str = ""
    error: str = ""
    elsewhere: str | None = None
    line: tuple[str, int, int] | None = None
    hint: str = ""
    lines: tuple[tuple[str, int], ...] = ()


_LATER = "What this function computes can be judged as soon as it runs to its end."
_HINTS: dict[str, tuple[str, str]] = {
    "not-filled-in": ("Something is still to be written at these lines. What does the assignment's text ask for there?", "{asks}"),
    "raises": (
        "Print the type and the shape of each name in this line just before it: which of them is not what the line needs?",
        "{asks}",
    ),
    "called-otherwise": (
        "The notebook calls it with the arguments that the assignment names, in that order.",
        "What this function computes can be judged as soon as it takes just these arguments.",
    ),
    "returned-otherwise": (
        "Compare what is returned, and what is put into it, with what the assignment's description says under Returns.",
        "What the assignment asks for: {returns}.",
    ),
    "whole-numbers": (
        "Print the dtype of each array that is made before the loop, and one entry before and after it is stored.",
        "What the mathematics asks for: states and gradients are real numbers, mostly smaller than one.",
    ),
    "half-precision": (
        "Print the dtype of each array that is made or changed here: in which line does it become float16?",
        "The formulas need no other look for this: in float64, which NumPy takes by itself, a number keeps sixteen digits.",
    ),
    "state-kept": (
        "Call it twice with copies of the same arguments: both answers must be equal. Something that lives outside of it is changed.",
        "What the mathematics asks for: the results are a function of the arguments, and of nothing that an earlier call has left.",
    ),
    "names-exchanged": (
        "A dictionary keeps its keys in the order in which they came. Print list() of what the cell returns, beside the names here.",
        "What the mathematics asks for: each gradient goes to the state or the parameter that it is the gradient of, whatever its place.",
    ),
    "handed-out-again": (
        "Print what the first step hands out right then, and again after the last one: has it changed? Print its id() at each step, too.",
        "What the mathematics asks for: each step is differentiated at its own values, so these have to last until the backward pass.",
    ),
    "changed-in-place": (
        "A line such as x += 1 or x[...] = 1 also changes the caller's array. Print the arguments before and after each call.",
        "What the mathematics asks for: no argument and no cached value changes while the gradients are computed.",
    ),
    "np-matrix": (
        "A matrix is an array of an old kind. Print the type of what each function returns: from which line on is it np.matrix?",
        "The formulas need no other look for this: in them ⊙ is entry by entry, as * is with arrays that np.array or np.asarray made.",
    ),
}


_WHERE: dict[str, str] = {
    "not-filled-in": "Look at what {function} still lacks.",
    "raises": "Look at why {function} stops.",
    "called-otherwise": "Look at the arguments of {function}.",
    "returned-otherwise": "Look at what {function} returns.",
    "handed-out-again": "Look at what {function} keeps of each step.",
    "changed-in-place": "Look at what {function} does to its arguments.",
}
"""The first hint, where it can say more than the name."""
_ERRORS = {
    "NameError": "Python finds this name nowhere. Compare it letter by letter with the names that get a value in the lines above it.",
    "UnboundLocalError": "The name gets its value at a line that has not been run by then. Look for that line: where is it, and when?",
    "SyntaxError": "Python says where it stopped, what is missing may stand before. Count the brackets, and look at the line above.",
    "KeyError": "Print the keys of the dictionary just before this line, and hold the one that is asked for beside them, letter by letter.",
    "AttributeError": "Print the type of what stands before the dot, just before this line, and look for the line that gave it this value.",
    "AssertionError": "What stands behind assert is not so here. Print its parts just before this line: is the value wrong, or the claim?",
    "RecursionError": "The function calls itself without an end, or by way of another. Read the calls in it: which function was meant?",
    "SystemExit": "This line ends Python. A function of a notebook hands its answer back with return: is anything still to be done here?",
    "KeyboardInterrupt": "This line stops Python as Ctrl-C does. A function hands its answer back with return: what is to be done here?",
    "MemoryError": "Print the sizes that this line asks for, just before it, and multiply them: each number takes eight bytes.",
    "ZeroDivisionError": "Print what is divided by, just before this line, and look for the line that gave it this value.",
}
"""The second hint by the type of error, where types and shapes are not what to look at."""
_OF_THE_TEXT = {
    "that Python does not take": "It looks like one that you can type. Delete it and type it anew, and look for others of its kind.",
    "and whygrad runs in Python": "Nothing need be wrong with it. Start whygrad with that Python, or write this line in the older way.",
    "tabs and spaces": "A tab and blanks look alike, and Python tells them apart. Indent all lines of the function with blanks.",
    "indent": "The blanks at the start of a line say what it belongs to. Count them here, in the line above, and in the first of all.",
    "conflict": "git has left both versions here, one below the other. Keep the one that you want, and delete the lines with the marks.",
    "too long": "Put the functions into a file, or a cell, of their own: only they are looked at.",
}
"""The same for a text that could not be read, by what its reason says."""
ENDLESS = "Print what the loop counts or tests at the start of each turn, and stop it after a few: what has to change for it to end?"
_STAYS = "Print a word before each line: which is the last one that comes? That line, or what it calls, goes on and on or waits."
_NO_KEY = (
    "What can be changed, as an array or a list can, is no key, goes into no set, and is not taken by lru_cache. Which name is it here?"
)
_ENDED = "Python itself ends within this function: by a crash, a call that ends it, or too large a demand. Print a word before each line."
_OF_THE_NOTEBOOK = "A function has its arguments, and what its own lines make. In which of them is this value, and under which key or name?"
_ANOTHER_CELL = "Two networks have cells of like names, and their caches are not alike. Which of the two does this loop go through?"
_CALL = "Hold this call beside the def line of what is called: one value for each name, in the same order."
_KEPT = (
    "The backward function takes what it reads for what its name says. Print each entry of the cache beside the variable of that name.",
    "What the mathematics asks for: each derivative is taken at the values of the forward step, each of them under its own name.",
)


_OF_ITSELF = frozenset(("state-kept", "handed-out-again", "changed-in-place", "np-matrix"))
"""Of these the sentence has a subject of its own."""


def broken(breach: Breach, verdict: FunctionVerdict, definitions: Definitions) -> Mistake:
    """The mistake that a verdict's sentence tells, at the line where it is seen: the draw, the last return, or the verdict's own line."""
    id_, written = breach.id, definitions.functions.get(verdict.function)
    where, added = (None, "") if written is None else _seen_at(breach, verdict, written, definitions)
    where = where or (verdict.location if breach.line is None else Location(*breach.line, ""))
    proved = id_ == "weights-from-globals"  # with what the arguments hold in its place the results are right
    quantity = breach.names[0] if proved else "np.random" if id_ == "draws-random" else verdict.function
    says = breach.elsewhere or verdict.says
    says = says if id_ in _OF_ITSELF else f"{verdict.function} {says}{added}"
    around = definitions.around(where)
    return Mistake(
        id_, verdict.function, quantity, None, says, _hints_of(breach, verdict, quantity, written), location=where, proved=proved,
        proof="proved" if proved else "contract", within=None if around == verdict.function else around,
    )  # fmt: skip


def _seen_at(breach: Breach, verdict: FunctionVerdict, written: Written, definitions: Definitions) -> tuple[Location | None, str]:
    """The line in the function, or in what it calls, at which what is broken is seen, if there is one, and what is to be said of it."""
    match breach.id:
        case "draws-random":
            return draw(definitions, verdict.function), ""
        case "state-kept":
            return next((place for name in breach.names if (place := written.reading(name))), None), ""
        case "whole-numbers":
            return whole_numbers(written), ""
        case "half-precision":
            return halves(written), ""
        case "returned-otherwise" if "async" not in verdict.says:
            return where_returned(written, breach.caches, breach.names, breach.kept)
        case _:
            return None, ""


def _hints_of(breach: Breach, verdict: FunctionVerdict, quantity: str, written: Written | None) -> tuple[str, str, str]:
    """The hints for what is broken: those of a mistake of the course, if it is one, or of the error that is raised."""
    where, what, asks = hints_of_contract(breach.id, verdict.function)
    if breach.id not in _HINTS:
        return filled(OPERATORS[breach.id].hints, {"function": verdict.function, "quantity": quantity})
    if breach.kept and breach.id == "returned-otherwise":
        what, asks = _KEPT
    if breach.hint or breach.id == "raises":
        what = breach.hint or _of_the_error(breach.error, f"{verdict.says} {breach.elsewhere}") or what
        loops = written is None or any(isinstance(node, ast.For | ast.While | ast.comprehension) for node in written.nodes)
        what = what if loops or what != ENDLESS else _STAYS
    return where, what, asks


def hints_of_contract(id_: Broken, function: str) -> tuple[str, str, str]:
    """The hints for what a function must do and does not."""
    second, third = _HINTS.get(id_, ("", "{asks}"))
    returns = returned_by(function) if id_ == "returned-otherwise" else ""
    return _WHERE.get(id_, "Look at {function}.").format(function=function), second, third.format(returns=returns, asks=_asks(function))


def _asks(function: str) -> str:
    """The third hint where an error, or a blank, leaves nothing else to say of the mathematics."""
    return asked(function) if function in FUNCTIONS else _LATER


def hints_of_error(function: str, raised: Raised, says: str) -> tuple[str, str, str]:
    """The hints for a line that raises, of which a sentence ``says`` more than the error does."""
    what = _of_the_error(raised.type, f"{raised.text} {says}") or _HINTS["raises"][0]
    return _WHERE["raises"].format(function=function), what, _asks(function)


def _of_the_error(error: str, says: str) -> str | None:
    """The second hint for a kind of error."""
    if not error and "does not come to an end" in says:
        return ENDLESS
    if not error and "ends the process" in says:
        return _ENDED
    if error == "SyntaxError":
        return next((hint for part, hint in _OF_THE_TEXT.items() if part in says), _ERRORS[error])
    if "and that is not the cell of" in says:
        return _ANOTHER_CELL
    if error == "NameError" and "its arguments" in says:
        return _OF_THE_NOTEBOOK
    of_a_type = {"unhashable": _NO_KEY, "argument": _CALL} if error == "TypeError" else {}
    return next((hint for part, hint in of_a_type.items() if part in says), _ERRORS.get(error))


def draw(definitions: Definitions, function: str) -> Location | None:
    """The first call of a generator of random numbers in a function, or in those of the learner's that it calls."""
    waiting, seen = [function], set[str]()
    while waiting:
        name = waiting.pop(0)
        written = definitions.functions.get(name)
        if written is None or name in seen or (name in FUNCTIONS and name != function):
            continue
        seen.add(name)
        calls = sorted((node for node in written.nodes if isinstance(node, ast.Call)), key=lambda node: node.lineno)
        for call in calls:
            if {"random", "rand", "randn", "seed"} & set(ast.unparse(call.func).split(".")):
                return written.at(call.lineno, call.col_offset)
        waiting += [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    return None
