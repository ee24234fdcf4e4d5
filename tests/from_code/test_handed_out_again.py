"""One object for all steps: what a step hands out is changed by the next, so that each function is right and the whole program is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

    Examined = Callable[[str], Result]
    Edit = tuple[str, str, str]

NAMES = ("a_next", "a_prev", "xt", "parameters")
TUPLE, CELL = "cache = (a_next, a_prev, xt, parameters)", "def rnn_cell_forward(xt, a_prev, parameters):"
FILL = f"cache.update({', '.join(f'{name}={name}' for name in NAMES)})"
FRESH = ("rnn_cell_forward", TUPLE, f"cache = dict({', '.join(f'{name}={name}' for name in NAMES)})")
APPEND = "caches.append(cache)"


def outside(text: str) -> Edit:
    """Something that stands before the functions."""
    return "softmax", "", f"{text}\n\n{PARTS['softmax']}"


def reading(entry: str, first: str) -> list[Edit]:
    """Backward functions that take one step's cache apart by names, and the first one's."""
    taken = ", ".join(entry.format(name) for name in NAMES)
    return [
        ("rnn_cell_backward", "a_next, a_prev, xt, parameters = cache", f"a_next, a_prev, xt, parameters = {taken}"),
        ("rnn_backward", "a1, a0, x1, parameters = caches[0]", f"a1, x1 = {first.format('a_next')}, {first.format('xt')}"),
    ]


BY_KEY, BY_ATTRIBUTE = reading("cache['{}']", "caches[0]['{}']"), reading("cache.{}", "caches[0].{}")
BUFFER = "kept = KEPT.setdefault(xt.shape, np.zeros(xt.shape))"
WITHIN = "cache = dict(a_next=a_next, a_prev=a_prev,\n        xt=KEPT[xt.shape],\n        parameters=parameters)"
LATER = [
    ("rnn_cell_backward", "(da_next, cache):", "(da_next, cache, gradients={}):"),
    ("rnn_cell_backward", "gradients = {'dxt'", "gradients.update({'dxt'"),
    ("rnn_cell_backward", "'dba': dba}", "'dba': dba})"),
]
COLLECTED = [
    ("rnn_backward", "    for t in rev", "    steps = []\n    for t in rev"),
    ("rnn_backward", "dx[:, :, t] = gradients['dxt']", "steps.insert(0, gradients)"),
    ("rnn_backward", "    da0 = grad", "    for t, step in enumerate(steps):\n        dx[:, :, t] = step['dxt']\n    da0 = grad"),
]
LAMBDA = "caches.append(lambda: cache)"
CALLED = [
    ("rnn_backward", "caches[0]", "caches[0]()"),
    ("rnn_backward", "caches[t])", "caches[t]())"),
]

ALIKE: dict[str, tuple[list[Edit], str, str]] = {
    "a dictionary of the notebook": (
        [outside("KEPT = {}"), ("rnn_cell_forward", TUPLE, f"cache = KEPT\n    {FILL}"), *BY_KEY],
        "rnn_cell_forward",
        "cache = KEPT",
    ),
    "a default argument": (
        [("rnn_cell_forward", CELL, CELL.replace("):", ", cache={}):")), ("rnn_cell_forward", TUPLE, FILL), *BY_KEY],
        "rnn_cell_forward",
        "return (a_next, yt_pred, cache)",
    ),
    "a list": (
        [outside("KEPT = []"), ("rnn_cell_forward", TUPLE, f"KEPT[:] = [{', '.join(NAMES)}]\n    cache = KEPT")],
        "rnn_cell_forward",
        "cache = KEPT",
    ),
    "an object": (
        [
            outside("class Kept:\n    pass\n\nKEPT = Kept()"),
            ("rnn_cell_forward", TUPLE, "\n    ".join(["cache = KEPT", *(f"cache.{name} = {name}" for name in NAMES)])),
            *BY_ATTRIBUTE,
        ],
        "rnn_cell_forward",
        "cache = KEPT",
    ),
    "an array": (
        [outside("KEPT = {}"), ("rnn_cell_forward", TUPLE, f"{BUFFER}\n    kept[:] = xt\n    {TUPLE.replace(' xt', ' kept')}")],
        "rnn_cell_forward",
        BUFFER,
    ),
    "an array in a new dictionary": (
        [
            outside("KEPT = {}"),
            ("rnn_cell_forward", TUPLE, f"KEPT.setdefault(xt.shape, np.zeros(xt.shape))[:] = xt\n    {WITHIN}"),
            *BY_KEY,
        ],
        "rnn_cell_forward",
        "xt=KEPT[xt.shape],",
    ),
    "a dictionary made before the loop": (
        [
            FRESH,
            ("rnn_forward", "    for t in", "    step = {}\n    for t in"),
            ("rnn_forward", APPEND, "step.update(cache)\n        caches.append(step)"),
            *BY_KEY,
        ],
        "rnn_forward",
        "caches.append(step)",
    ),
    "a function that looks up its names later": ([("rnn_forward", APPEND, LAMBDA), *CALLED], "rnn_forward", LAMBDA),
    "gradients": ([*LATER, *COLLECTED], "rnn_cell_backward", "return gradients"),
}


@pytest.mark.parametrize("name", list(ALIKE))
def test_it_is_told_where_it_is_handed_out(examined: Examined, name: str) -> None:
    """As the only mistake, in the function that hands it out; all others are right."""
    edits, function, line = ALIKE[name]
    text = edited(*edits)
    found = examined(text)
    (said,) = found.mistakes
    assert (said.function, said.id) == (function, "handed-out-again")
    assert said.location is not None
    assert said.location.line == line_of(text, line)
    assert {one.function for one in found.functions if one.verdict != "right"} == {function}
    assert "function, which looks up" in said.says if line == LAMBDA else "changes it, and with it " in said.says


RIGHT: dict[str, list[Edit]] = {
    "a dictionary that the loop copies": [*ALIKE["a dictionary of the notebook"][0], ("rnn_forward", APPEND, "caches.append(dict(cache))")],
    "a list that the loop copies": [*ALIKE["a list"][0], ("rnn_forward", APPEND, "caches.append(list(cache))")],
    "a function that holds its own": [("rnn_forward", APPEND, "caches.append(lambda cache=cache: cache)"), *CALLED],
    "gradients that are read at once": LATER,
}


@pytest.mark.parametrize("name", list(RIGHT))
def test_what_is_read_in_time_is_right(examined: Examined, name: str) -> None:
    """One object for all steps does no harm by itself."""
    assert examined(edited(*RIGHT[name])).verdict == "right"


def test_what_a_backward_cell_spoils_is_not_told_of_the_cache(examined: Examined) -> None:
    """Copies of the weights in each cache would mend that, too; but no call of the forward cell changes what it gave."""
    spoils = ("rnn_cell_backward", "    gradients = {", "    Waa *= 0.5\n    gradients = {")
    told = examined(edited(FRESH, *BY_KEY, spoils)).mistakes
    assert told
    assert not [one for one in told if one.function.endswith("forward")]


IN_PLACE = ("rnn_cell_forward", "    cache = ", "    a_prev *= 0.5\n    cache = ")


def test_what_is_changed_before_it_is_kept_is_told_where_it_is_changed(examined: Examined) -> None:
    """In a dictionary, too, whose entries the backward cell reads by name."""
    text = edited(FRESH, IN_PLACE, *BY_KEY)
    found = examined(text)
    (said,) = found.mistakes
    assert (said.function, said.id) == ("rnn_cell_forward", "changed-in-place")
    assert said.says == "a_prev is changed in place, and the cache keeps it"
    assert said.location is not None
    assert said.location.line == line_of(text, "a_prev *= 0.5")


def test_one_array_in_a_list_is_no_cache(examined: Examined) -> None:
    """The sentence says what was given the array."""
    buffer = ("rnn_backward", "    for t in rev", "    steps, step = [], np.zeros((n_x, m))\n    for t in rev")
    stored = ("rnn_backward", "dx[:, :, t] = gradients['dxt']", "step[:] = gradients['dxt']\n        steps.insert(0, step)")
    joined = ("rnn_backward", "    da0 = grad", "    dx = np.stack(steps, axis=2)\n    da0 = grad")
    (said,) = examined(edited(buffer, stored, joined)).mistakes
    assert said.says.endswith("and what steps.insert was given before is the same array")
    assert "cache" not in said.hints[1]
