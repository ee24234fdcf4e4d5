"""What is not right about one run: it stopped, returned another kind of thing, wrong numbers, or caches that lead to wrong ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from whygrad.from_code.naming.broken import draw
from whygrad.from_code.observe import contract
from whygrad.from_code.reference.compare import Difference, difference, half, single, to_be_written
from whygrad.from_code.reference.inputs import OUTPUTS, answer, modest, names_in_notebook, upstream
from whygrad.from_code.reference.parts import cell_of, partner
from whygrad.from_code.text.endless import endless
from whygrad.from_code.text.kinds_asked_for import halves
from whygrad.from_code.verdict import audit
from whygrad.from_code.verdict.holds_instead import NOT_DEFINED, holds_instead
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from whygrad.from_code.observe.contract import CachesFault
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.text.written import Definitions
    from whygrad.records import Location
    from whygrad.sandbox.requests import Raised, Reply, Value

Kind = Literal["undefined", "raises", "contract", "numbers", "whole", "half", "random", "cache"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not right about one run; ``says`` is a clause whose subject is the function or a result.

    ``empty`` where nothing was computed: a blank may be why. ``right`` is how many results are right nevertheless. Where the clause
    names the line, ``elsewhere`` is the same without it. ``raised`` is what was raised, ``caches`` what is wrong with the form of caches.
    ``blank`` are the results that nothing was computed for, ``filled`` those that are wrong though something was.
    """

    kind: Kind
    says: str
    location: Location | None = None
    empty: bool = False
    right: int = 0
    elsewhere: str | None = None
    raised: Raised | None = None
    caches: CachesFault | None = None
    blank: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def problem_of(function: str, case: Case, reply: Reply, definitions: Definitions) -> Problem | None:
    """Judge one run; for a chain, ``function`` is its backward function."""
    if reply.status != "returned":
        instead = holds_instead(function, reply, definitions)
        return _stopped(function, reply, definitions) if instead is None else Problem("undefined", *instead)
    kind = contract.returned(function, reply.value, case.expected)
    if kind:
        blank, filled = _blank_and_filled(function, reply.value, case, single=definitions.single)
        return Problem("contract", kind, empty=True, blank=blank, filled=filled)
    floats = definitions.single or single(reply.value)
    names: dict[str, str | int] = {name: at for at, name in enumerate(OUTPUTS[function][:-1])} if function in OUTPUTS else {}
    names = names or {key: key for key in case.expected}
    found = [difference(name, reply.value[key], case.expected[key], single=floats) for name, key in names.items()]
    wrong = [one for one in found if one.level == "wrong"]
    if wrong:
        written = definitions.functions.get(function)
        near = all(one.near for one in wrong)
        short = near and (half(reply.value) or (written is not None and halves(written) is not None))
        blank = tuple(name for name, key in names.items() if _is_blank(reply.value[key]))
        return replace(_of_numbers(wrong, len(found), short=short), blank=blank)
    if function not in OUTPUTS:
        return None
    if reply.random:
        at = draw(definitions, function)
        does = "sets the seed of the random numbers" if at and "seed(" in at.text else "draws random numbers"
        says = f"it {does}, so what the notebook draws after it is not what the expected numbers come from"
        return Problem("random", but(function, says))
    return _cache_problem(function, case, reply, single_precision=floats)


def _blank_and_filled(function: str, value: Value, case: Case, *, single: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The results that nothing was computed for, and those that are wrong though something was."""
    given, right = (_by_name(function, one) for one in (value, case.expected))
    blank = [name for name in right if name not in given or _is_blank(given[name])]
    found = [difference(name, given[name], right[name], single=single) for name in right if name not in blank]
    return tuple(blank), tuple(one.name for one in found if one.level == "wrong" and not one.empty)


def _by_name(function: str, value: Value) -> dict[str, Any]:
    """Gradients, or outputs without the cache, of whatever was returned."""
    if function not in OUTPUTS:
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    names = OUTPUTS[function]
    parts = cast("Sequence[Any]", value) if isinstance(value, tuple | list) else ()
    return dict(zip(names[:-1], parts, strict=False)) if len(parts) == len(names) else {}


def _is_blank(value: Value) -> bool:
    """Whether nothing was computed: None, an ellipsis, or an array in which None was stored; zeros may be a slip of their own."""
    if isinstance(value, np.ndarray):
        array = cast("NDArray[Any]", value)
        return array.dtype.kind in "fc" and bool(np.isnan(array).all())
    return to_be_written(value)


def _of_numbers(wrong: Sequence[Difference], number: int, *, short: bool) -> Problem:
    """What is wrong with the numbers; ``short`` where half precision, which takes part, alone may be why."""
    whole = [one.name for one in wrong if one.whole]
    if whole:
        says = f"puts {listed(whole)} into an array of whole numbers, where everything behind the point is lost"
        return Problem("whole", says, right=number - len(wrong))
    if short:
        says = f"keeps three digits only, for it counts in half precision (float16): {listed(one.name for one in wrong)} are"
        says = f"{says if len(wrong) > 1 else says.removesuffix('are') + 'is'} no farther from the right numbers than that"
        return Problem("half", says, right=number - len(wrong))
    filled = tuple(one.name for one in wrong if not one.empty)
    return Problem("numbers", _wrong(wrong, number), empty=len(filled) < len(wrong), right=number - len(wrong), filled=filled)


def but(function: str, says: str) -> str:
    """The sentence for a forward function whose outputs are right and something else is not."""
    return f"returns the right {listed(OUTPUTS[function][:-1])}, but {says}"


def cache_says(function: str, case: Case, reply: Reply) -> str:
    """What is wrong with the caches of a forward function, as far as it can be told."""
    entries = audit.wrong_entries(case, reply.value)
    if not entries and "cell" in function:
        return f"its cache is not the one that the assignment's {partner(function)} reads"
    if not entries:
        return f"its list of caches does not hold, step by step, what {cell_of(function)} hands back as cache"
    shared = audit.shared(entries[0], case, reply)
    more = f" ({len(entries)} entries of the caches are wrong)" if len(entries) > 1 else ""
    because = f": {shared}" if shared else ""
    return f"{entries[0].says}{more}{because}"


def _stopped(function: str, reply: Reply, definitions: Definitions) -> Problem:
    raised = reply.raised
    if reply.status == "refused":
        if raised is None:
            return Problem("undefined", NOT_DEFINED)
        where = definitions.where(raised)
        return _raises("undefined", f"{NOT_DEFINED}: {raised.type}", f": {raised.text}", where, raised)
    if raised is None and reply.status == "timeout" and (loop := endless(definitions, function)) is not None:
        where, why = loop
        says = "does not come to an end in the time allowed"
        return Problem("raises", f"{says}: {why} at line {where.line}", where, elsewhere=f"{says}: {why} here")
    if raised is None:
        says = {
            "timeout": "does not come to an end in the time allowed",
            "died": "ends the process that runs it",
            "too-large": "returns more than can be looked at",
        }
        return Problem("raises", says.get(reply.status, "could not be run"))
    where = definitions.where(raised)
    name = raised.name
    if raised.type == "NameError" and name is not None and name in names_in_notebook() | definitions.computed:
        return _raises("raises", *_not_its_own(function, name, definitions), where, raised)
    text = raised.text.strip().partition("\n")[0]
    return _raises("raises", f"raises {raised.type}", f": {text}" if text else " without a message", where, raised)


def _not_its_own(function: str, name: str, definitions: Definitions) -> tuple[str, str]:
    """What is said of a name that stands for an argument: which name that is, and that it is none."""
    if name in definitions.computed:
        return f"reads {name} from the notebook", f", not from its arguments: there is no {name} in the function"
    names = definitions.lacking(function, names_in_notebook() - definitions.computed)
    if len(names) > 1 and name in names:
        return f"reads {listed(names)}", ", which are not among its arguments: no line gives them a value"
    return f"reads {name}", f", which is not among its arguments: there is no {name} in the function"


def _raises(kind: Kind, what: str, why: str, where: Location | None, raised: Raised) -> Problem:
    at = f" at line {where.line}" if where else ""
    return Problem(kind, f"{what}{at}{why}", where, empty=kind == "raises", elsewhere=f"{what}{why}", raised=raised)


def _cache_problem(function: str, case: Case, reply: Reply, *, single_precision: bool) -> Problem | None:
    """The caches are judged by the gradients that the reference's backward function computes from them."""
    asked = contract.caches(function, reply.value[-1], case.arguments[0].shape[-1])
    if asked:
        return Problem("cache", asked.says, caches=asked.fault)
    backward = partner(function)
    above, right = _gradients(function, case)
    cache = reply.value[-1]
    if "cell" not in function:
        cache = contract.in_order(cache[0]), cache[1]
    modestly = modest(cache) if "cell" in function else modest(cache[0]) and modest(cache[1], axes=3)
    try:
        got: dict[str, Any] = answer(backward, (*above, cache)) if modestly else {}
        found = [difference(key, got[key], right[key], single=single_precision) for key in right]
    except Exception:  # noqa: BLE001 - somebody's cache may hold anything
        found = None
    wrong = [one for one in found or () if one.level == "wrong"]
    if found is not None and not wrong:
        return None
    if wrong and half(cache) and all(one.near for one in wrong):
        says = "its cache keeps three digits only, for it is in half precision (float16)"
        return Problem("half", but(function, says))
    if "cell" not in function and audit.reversed_caches(case, reply.value):
        return Problem("cache", but(function, "the list of caches begins with that of the last step"), caches="reversed")
    form: CachesFault | None = None if audit.wrong_entries(case, reply.value) else "form" if "cell" in function else "others"
    no_caches = "" if "cell" in function else contract.no_caches(cache[0], case.arguments[-1])
    if no_caches:
        return Problem("cache", but(function, no_caches), caches="others")
    return Problem("cache", but(function, cache_says(function, case, reply)), caches=form)


@lru_cache(maxsize=32)
def _gradients(function: str, case: Case) -> tuple[tuple[Value, ...], dict[str, Any]]:
    """Gradients from outside, and those that the reference's backward function computes from them and from right caches."""
    above = upstream(function, case)
    return above, answer(partner(function), (*above, case.expected[-1]))


def _wrong(wrong: Sequence[Difference], number: int) -> str:
    """One clause about all arrays that differ."""
    if len(wrong) == 1:
        return f"{wrong[0].name} {wrong[0].says}"
    every = "both" if number == 2 else f"all {number}"  # noqa: PLR2004 - no language says "all two"
    which = f"{every} results are wrong" if len(wrong) == number else f"{listed(one.name for one in wrong)} are wrong"
    first, differ = wrong[0].name, wrong[0].says.removeprefix("is wrong: ")
    return f"{which}; {first} {differ}" if differ == wrong[0].says else f"{which}: in {first} {differ}"
