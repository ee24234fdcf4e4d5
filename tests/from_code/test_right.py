"""Right programs are right, in any style and with any harmless oddity: a false alarm is the worst answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS

if TYPE_CHECKING:
    from conftest import Bench, Judged

STYLES = sorted((Path(__file__).parents[1] / "styles").glob("*.py"))


def not_right(judged: Judged) -> list[tuple[str, str, str]]:
    """What is not right of all that is there."""
    return [(one.function, one.verdict, one.says) for one in judged.values() if one.verdict not in {"right", "missing"}]


def random_sizes(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The sizes of two cases, T shorter than T_x and as long."""
    T = int(rng.integers(3, 7))
    first, second = (tuple(map(int, rng.choice(np.arange(1, 9), 4, replace=False))) for _ in range(2))
    return (*first, T + int(rng.integers(1, 3)), T), (*second, T, T)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_styles_are_right(bench: Bench, style: Path) -> None:
    """Each style is right at our own sizes and at random ones (seeds 0 to 2), without a word."""
    text, rng = style.read_text(encoding="utf-8"), np.random.default_rng(0)
    assert not_right(bench.judge(text)) == []
    for seed in range(1, 3):
        assert not_right(bench.judge(text, random_sizes(rng), seed)) == []


@pytest.mark.parametrize("seed", range(8))
def test_reference_is_right_at_any_size(bench: Bench, seed: int) -> None:
    """The reference program is right at random sizes, 1 included, and its verdicts carry no notes."""
    judged = bench.judge(
        "import numpy as np\n\n" + "\n\n".join(PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)),
        random_sizes(np.random.default_rng(seed)),
        seed,
    )
    assert [one.verdict for one in judged.values()] == ["right"] * 8
    assert [note for one in judged.values() for note in one.notes] == []


def test_right_program_takes_few_runs(bench: Bench) -> None:
    """A right notebook costs 28 runs: three a function and four chains."""
    bench.edited()
    assert bench.runs == 28


def test_a_function_that_is_wrong_is_not_run_on_other_inputs_to_see_that(bench: Bench) -> None:
    """Where the first size of inputs shows a mistake, the course's takes the place of the second: as many runs as for a right function."""
    bench.edited(("rnn_cell_forward", "np.tanh(", "np.sin("), without=("rnn_forward", "rnn_cell_backward", "rnn_backward"))
    wrong = bench.runs
    bench.edited(without=("rnn_forward", "rnn_cell_backward", "rnn_backward"))
    assert wrong == bench.runs


ENTRIES = "a_next c_next a_prev c_prev ft it cct ot xt parameters"
ODDITIES = {
    "in-place change of dc_next": [("lstm_cell_backward", "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
                                   "dc = dc_next\n    dc += da_next * ot * (1 - np.tanh(c_next) ** 2)")],
    "cache used up by one call": [
        ("rnn_backward", "caches[t])", "caches.pop())"),
        ("rnn_backward", "    for t in", "    del caches[T_x:]\n    for t in"),
    ],
    "extra optional argument": [("lstm_backward", "(da, caches)", "(da, caches, dc=None, *, clip=None)")],
    "scalar 0 as start state": [("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = 0")],
    "scalar 0 as carries": [
        ("lstm_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = 0"),
        ("lstm_backward", "dc_prevt = np.zeros((n_a, m), dtype)", "dc_prevt = 0"),
    ],
    "caches as lists": [
        ("rnn_cell_forward", "cache = (a_next, a_prev, xt, parameters)", "cache = [a_next, a_prev, xt, parameters]"),
        ("rnn_forward", "caches = (caches, x)", "caches = [caches, x]"),
    ],
    "keyword calls": [
        ("lstm_backward", "lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])",
         "lstm_cell_backward(cache=caches[t], dc_next=dc_prevt, da_next=da[:, :, t] + da_prevt)"),
    ],
    "other names of arguments": [("rnn_cell_forward", "", PARTS["rnn_cell_forward"].replace("xt", "entrada"))],
    "float32 buffers": [("lstm_backward", "dtype = np.result_type(da, a1)", "dtype = np.float32")],
    "a small constant": [("softmax", "np.sum(e_x, axis=0)", "(np.sum(e_x, axis=0) + 1e-9)")],
    "further keys": [("rnn_cell_backward", "gradients = {", "gradients = {'dz': dtanh, ")],
    "views of outputs that stay as they are": [
        ("rnn_forward", "        a_next, yt_pred, cache", "        a_next = a[:, :, t - 1] if t else a0\n        a_next, yt_pred, cache"),
    ],
    "another order in the cache": [
        ("lstm_cell_forward", "ft, it, cct, ot, xt, parameters)", "ot, it, cct, ft, xt, parameters)"),
        ("lstm_cell_backward", "ft, it, cct, ot, xt, parameters = cache", "ot, it, cct, ft, xt, parameters = cache"),
    ],
    "caches as dictionaries": [
        ("lstm_cell_forward", "cache = (a_next", "names = (a_next"),
        ("lstm_cell_forward", "    return", f"    cache = dict(zip('{ENTRIES}'.split(), names))\n    return"),
        ("lstm_cell_backward", " = cache", f" = [cache[name] for name in '{ENTRIES}'.split()]"),
        ("lstm_backward", "a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters = caches[0]",
         "a1, x1 = caches[0]['a_next'], caches[0]['xt']"),
    ],
    "caches without x": [("rnn_forward", "caches = (caches, x)", "pass"), ("rnn_backward", "caches, x = caches", "pass")],
    "noise that is filled": [("lstm_backward", "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.empty((n_x, m, T_x))")],
    "no tanh of the cell state, differentiated so": [
        ("lstm_cell_backward", "da_next * ot * (1 - np.tanh(c_next) ** 2)", "da_next * ot"),
        ("lstm_cell_backward", "da_next * np.tanh(c_next)", "da_next * c_next"),
        ("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * c_next"),
    ],
    "steps counted in x": [("rnn_backward", "n_a, m, T_x = da.shape", "n_a, m, T_x = a1.shape[0], x.shape[1], x.shape[2]")],
    "steps counted from the end": [("rnn_backward", "reversed(range(T_x))", "range(-1, -T_x - 1, -1)")],
    "sizes written as numbers": [("rnn_backward", "np.zeros((n_a, n_x), dtype)", "np.zeros((5, 3))")],
}  # fmt: skip


@pytest.mark.parametrize("name", ODDITIES)
def test_harmless_oddities_are_right(bench: Bench, name: str) -> None:
    """What does no harm is no mistake."""
    assert not_right(bench.edited(*ODDITIES[name])) == []


def test_derivative_of_another_forward_pass_is_said_once(bench: Bench) -> None:
    """Where the forward pass differs, that is said of it, and the backward pass is held against its derivative."""
    judged = bench.edited(
        ("lstm_cell_forward", "np.tanh(c_next)", "np.sin(c_next)"),
        ("lstm_cell_backward", "(1 - np.tanh(c_next) ** 2)", "np.cos(c_next)"),
        ("lstm_cell_backward", "np.tanh(c_next)", "np.sin(c_next)"),
    )
    assert judged["lstm_cell_backward"].says == (
        "returns the right derivative of your own lstm_cell_forward, which computes something else than the assignment's"
    )
    assert judged["lstm_cell_forward"].says == "a_next and yt_pred are wrong: in a_next all 12 entries differ"


def test_a_loop_that_relies_on_its_own_cell_is_right_and_the_note_says_why(bench: Bench) -> None:
    """A cell that leaves the carry in its argument makes a line of the loop superfluous: right together, which is what counts."""
    text = (Path(__file__).parents[1] / "styles" / "in_place.py").read_text(encoding="utf-8")
    judged = bench.judge(text.replace('        dc_prev = g["dc_prev"]\n', ""))
    assert judged["lstm_backward"].verdict == "right"
    assert (
        judged["lstm_backward"]
        .notes[-1]
        .endswith(
            "is right together with your own lstm_cell_backward, but not with another one: "
            "it relies on what lstm_cell_backward leaves in its arguments"
        )
    )


def test_two_functions_that_fit_each_other_alone_are_said_to(bench: Bench) -> None:
    """A cell that returns a tuple, or takes its arguments in an order of its own: the note on its loop is about that."""
    keys = "dxt", "da_prev", "dWax", "dWaa", "dba"
    names = "{" + ", ".join(f"'{key}': {key}" for key in keys) + "}"
    judged = bench.edited(
        ("rnn_cell_backward", f"gradients = {names}", f"gradients = {', '.join(keys)}"),
        (
            "rnn_backward",
            "gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])",
            f"gradients = dict(zip({keys}, rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])))",
        ),
    )
    assert judged["rnn_backward"].verdict == "right"
    assert judged["rnn_backward"].notes[-1].endswith("it relies on how rnn_cell_backward is called, or on what it returns")


def test_what_a_sequence_relies_on_is_told_truly(bench: Bench) -> None:
    """Where two functions exchange the states alike, or count on the order of a dictionary, no cache and no argument is spoken of."""
    exchanged = bench.edited(
        ("lstm_cell_forward", "return (a_next, c_next,", "return (c_next, a_next,"),
        ("lstm_forward", "a_next, c_next, yt, cache = ", "c_next, a_next, yt, cache = "),
    )
    names = "dxt", "da_prev", "dWax", "dWaa", "dba"
    ordered = bench.edited(
        ("rnn_cell_backward", "gradients = {'dxt': dxt, 'da_prev': da_prev,", "gradients = {'da_prev': da_prev, 'dxt': dxt,"),
        (
            "rnn_backward",
            "        da_prevt = gradients['da_prev']",
            f"        gradients = dict(zip({('da_prev', 'dxt', *names[2:])}, gradients.values()))\n        da_prevt = gradients['da_prev']",
        ),
    )
    call, order = "how lstm_cell_forward is called, or on what it returns", "the order in which rnn_cell_backward returns its gradients"
    for judged, function, why in ((exchanged, "lstm_forward", call), (ordered, "rnn_backward", order)):
        assert judged[function].verdict == "right"
        (note,) = judged[function].notes
        assert note.endswith(f"but not with another one: it relies on {why}")


def test_harmless_facts_are_notes(bench: Bench) -> None:
    """A change in place is told as a note, never in the verdict's sentence."""
    judged = bench.edited(*ODDITIES["in-place change of dc_next"])
    assert judged["lstm_cell_backward"].says == "returns the right gradients"
    assert judged["lstm_cell_backward"].notes == ("lstm_cell_backward changes dc_next in place",)


def test_a_run_that_needs_too_much_memory_tells_nothing_of_a_function_that_is_right_alone(bench: Bench) -> None:
    """What one keeps at each call is nothing that another does wrong."""
    kept = "    held.append(x)\n    if len(held) > 10:\n        raise MemoryError\n    return"
    judged = bench.edited(("sigmoid", "def sigmoid(x):", "def sigmoid(x, held=[]):"), ("sigmoid", "    return", kept))
    assert not_right(judged) == []
    assert judged["lstm_backward"].notes[-1].startswith("all functions together need more memory than a run is given here")
