"""Each wrong function is named, with one plain sentence and the place; the right ones beside it stay right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.verdict.isolate import verdicts
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Raised, Reply, Request

if TYPE_CHECKING:
    from conftest import Bench

ENTRIES = "a_next c_next a_prev c_prev ft it cct ot xt parameters"
OWN_CACHES = [
    ("lstm_cell_forward", "cache = (a_next", "names = (a_next"),
    ("lstm_cell_forward", "    return", f"    cache = dict(zip('{ENTRIES}'.split(), names))\n    return"),
    ("lstm_cell_backward", " = cache", f" = [cache[name] for name in '{ENTRIES}'.split()]"),
    ("lstm_backward", "a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters = caches[0]", "a1, x1 = caches[0]['a_next'], caches[0]['xt']"),
]
EVERY_BUT_THE_LAST = "all 10 results are wrong: in dx 24 of 30 entries differ, up to the last step but one"
CASES: dict[str, tuple[list[tuple[str, str, str]], dict[str, tuple[str, str]]]] = {
    "first cached state is a view of the output": (
        [("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")],
        {
            "lstm_forward": (
                "wrong",
                (
                    "returns the right a, y and c, but c_prev in the cache of step 0 holds c of step 0: it shares memory with c, "
                    "whose content changed after it was cached"
                ),
            )
        },
    ),
    "state of step 0 cached at every step": (
        [("rnn_forward", "caches.append(cache)", "caches.append(cache[:1] + (a0,) + cache[2:])")],
        {
            "rnn_forward": (
                "wrong",
                "returns the right a and y_pred, but a_prev in the cache of step 1 holds a0 (4 entries of the caches are wrong)",
            )
        },
    ),
    "nothing carried": (
        [("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")],
        {"lstm_backward": ("wrong", EVERY_BUT_THE_LAST)},
    ),
    "one gradient wrong": (
        [("rnn_cell_backward", "dWax = np.dot(dtanh, xt.T)", "dWax = np.dot(da_next, xt.T)")],
        {"rnn_cell_backward": ("wrong", "dWax is wrong: all 8 entries differ")},
    ),
    "never filled": (
        [("lstm_backward", "dbo = dbo + gradients['dbo']", "pass")],
        {"lstm_backward": ("wrong", "dbo is all zeros")},
    ),
    "shape": (
        [("rnn_cell_backward", ", keepdims=True", "")],
        {"rnn_cell_backward": ("wrong", "dba has shape (4,), expected (4, 1)")},
    ),
    "not a number": (
        [("rnn_cell_backward", "dba = ", "dba = np.nan * ")],
        {"rnn_cell_backward": ("wrong", "dba holds 4 entries that are not finite, of 4")},
    ),
    "misspelled key": (
        [("rnn_cell_backward", "'dWax': dWax", "'dwax': dWax")],
        {"rnn_cell_backward": ("wrong", 'returns a dictionary without the key "dWax" (there is "dwax")')},
    ),
    "no dictionary": (
        [("rnn_cell_backward", "return gradients", "return dxt, da_prev, dWax, dWaa, dba")],
        {"rnn_cell_backward": ("wrong", "returns a tuple, expected a dictionary with dxt, da_prev, dWax, dWaa and dba")},
    ),
    "nothing returned": (
        [("rnn_backward", "return gradients", "print(gradients)")],
        {"rnn_backward": ("wrong", "returns nothing")},
    ),
    "too few values": (
        [("lstm_forward", "return (a, y, c, caches)", "return (a, y, caches)")],
        {"lstm_forward": ("wrong", "returns 3 values, expected 4 values: (a, y, c, caches)")},
    ),
    "a required dc": (
        [("lstm_backward", "(da, caches)", "(da, dc, caches)")],
        {
            "lstm_backward": (
                "wrong",
                "asks for dc as well, which the assignment does not hand in: it is called as lstm_backward(da, caches)",
            )
        },
    ),
    "arguments in another order": (
        [("lstm_cell_backward", "(da_next, dc_next, cache)", "(dc_next, da_next, cache)")],
        {
            "lstm_cell_backward": (
                "wrong",
                (
                    "takes its arguments in the order (dc_next, da_next, cache), but it is called as "
                    "lstm_cell_backward(da_next, dc_next, cache)"
                ),
            )
        },
    ),
    "empty list of caches": (
        [("rnn_forward", "caches.append(cache)", "pass")],
        {"rnn_forward": ("wrong", "returns an empty list of caches: nothing was added to it")},
    ),
    "caches without x that nobody reads so": (
        [("rnn_forward", "caches = (caches, x)", "pass")],
        {"rnn_forward": ("wrong", "returns caches of 5 entries, expected the pair (list of one cache a step, x)")},
    ),
    "weights from the notebook": (
        [("rnn_cell_backward", "    Wax = parameters['Wax']\n", "")],
        {
            "rnn_cell_backward": (
                "raises",
                "reads Wax at line 82, which is not among its arguments: there is no Wax in the function",
            )
        },
    ),
    "another name that is not there": (
        [("rnn_backward", "dWax = np.zeros((n_a, n_x), dtype)", "dWax = total")],
        {"rnn_backward": ("raises", "raises NameError at line 98: name 'total' is not defined")},
    ),
    "a state between the calls": (
        [("rnn_cell_backward", "dxt = ", "rnn_cell_backward.n = getattr(rnn_cell_backward, 'n', 0) + 1\n    dxt = rnn_cell_backward.n * ")],
        {
            "rnn_cell_backward": (
                "wrong",
                "dxt is wrong: all 6 entries differ; it gives another answer when it is called a second time with the same arguments",
            )
        },
    ),
    "random draws before the upstream gradient": (
        [("rnn_forward", "caches = []", "caches = [np.random.rand(3)][1:]")],
        {
            "rnn_forward": (
                "wrong",
                (
                    "returns the right a and y_pred, but it draws random numbers, so what the notebook draws after it is not what the "
                    "expected numbers come from"
                ),
            )
        },
    ),
    "caches of an own layout, wrong cell": (
        [*OWN_CACHES, ("lstm_cell_backward", "dc * cct * it * (1 - it)", "dc * it * (1 - it)")],
        {
            "lstm_cell_backward": (
                "wrong",
                "dxt, da_prev, dWi and dbi are wrong: in dxt all 6 entries differ (with the caches of your own lstm_cell_forward)",
            ),
            "lstm_backward": ("not reached", "reads caches of your own layout, so it can be judged only after lstm_cell_backward is right"),
        },
    ),
    "caches of an own layout, wrong loop": (
        [*OWN_CACHES, ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")],
        {
            "lstm_backward": (
                "wrong",
                f"{EVERY_BUT_THE_LAST} (with the caches of your own lstm_forward)",
            )
        },
    ),
    "an entry that only the learner's own cell reads": (
        [
            ("lstm_cell_forward", "cache = (a_next, c_next", "cache = (c_next, c_next"),
            ("lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot", "dot = da_next * a_next"),
        ],
        {
            "lstm_cell_forward": (
                "wrong",
                "returns the right a_next, c_next and yt_pred, but a_next in the cache holds c_next",
            )
        },
    ),
    "two entries of the cache exchanged, and a slip in the cell that reads it": (
        [
            ("lstm_cell_forward", "ft, it, cct, ot, xt, parameters)", "it, ft, cct, ot, xt, parameters)"),
            ("lstm_cell_backward", "dbo = np.sum(dot,", "dbo = np.sum(dft,"),
        ],
        {
            "lstm_cell_forward": (
                "wrong",
                ("returns the right a_next, c_next and yt_pred, but ft in the cache holds it (2 entries of the caches are wrong)"),
            ),
            "lstm_cell_backward": ("wrong", "dbo is wrong: all 4 entries differ"),
        },
    ),
    "an output that is never filled, and nothing from it": (
        [("lstm_forward", "a[:, :, t] = a_next", "pass"), ("lstm_backward", "da[:, :, t] + da_prevt", "da_prevt")],
        {
            "lstm_forward": ("wrong", "a is all zeros"),
            "lstm_backward": ("wrong", "all 10 results are wrong; dx is all zeros"),
        },
    ),
    "derivative of a forward pass that differs, wrong": (
        [("lstm_cell_forward", "ot * np.tanh(c_next)", "ot * c_next"), ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * it")],
        {
            "lstm_cell_forward": ("wrong", "a_next and yt_pred are wrong: in a_next all 12 entries differ"),
            "lstm_cell_backward": ("wrong", "dc_prev is wrong: all 12 entries differ"),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_wrong_function_is_named(bench: Bench, name: str) -> None:
    """Just the wrong functions are not right, each with its sentence; the others are right."""
    edits, expected = CASES[name]
    judged = bench.edited(*edits)
    assert {one.function: (one.verdict, one.says) for one in judged.values() if one.verdict != "right"} == expected


def test_sentence_stands_at_the_line_that_raises(bench: Bench) -> None:
    """The location is the raising line, with its text."""
    location = bench.edited(("rnn_backward", "dWax = np.zeros((n_a, n_x), dtype)", "dWax = total"))["rnn_backward"].location
    assert location is not None
    assert (location.source, location.line, location.text) == ("cell 1", 98, "dWax = total")


BLANK = """def lstm_backward(da, caches):
    # Retrieve values from the first cache (t=1) of caches.
    (caches, x) = None

    ### START CODE HERE ###
    n_a, m, T_x = None
    for t in reversed(range(None)):
        gradients = None
        dx[:,:,t] = None
    ### END CODE HERE ###
    return gradients
"""


def test_blank_template_is_blank(bench: Bench) -> None:
    """A template with None in it is blank, not wrong; the lines are named."""
    judged = bench.edited(("lstm_backward", "", BLANK))
    assert judged["lstm_backward"].verdict == "blank"
    assert judged["lstm_backward"].says == "is not filled in yet: see lines 142 and 145 to 148"
    assert [one.function for one in judged.values() if one.verdict == "right"] == [name for name in FUNCTIONS if name != "lstm_backward"]


@pytest.mark.parametrize(
    "body", ["pass", '"""What it does."""', "### START CODE HERE ###\n\n    ### END CODE HERE ###\n    return da_prev"]
)
def test_empty_bodies_are_blank(bench: Bench, body: str) -> None:
    """So is a body of ``pass``, of a docstring alone, or with nothing between START and END."""
    assert (
        bench.edited(("rnn_cell_backward", "", f"def rnn_cell_backward(da_next, cache):\n    {body}\n"))["rnn_cell_backward"].verdict
        == "blank"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])", "gradients = None"),
        ("da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = None"),
        ("dba = np.zeros((n_a, 1), dtype)", "dba = ..."),
    ],
)
def test_a_value_that_is_read_before_it_is_filled_in_is_blank(bench: Bench, old: str, new: str) -> None:
    """Though the same name gets a value further below."""
    judged = bench.edited(("rnn_backward", old, new))["rnn_backward"]
    assert (judged.verdict, judged.location and judged.location.text) == ("blank", new)


def test_none_that_is_filled_later_is_no_blank(bench: Bench) -> None:
    """``x = None`` in front of a loop that assigns x is no template: the function is wrong, not blank."""
    judged = bench.edited(
        ("rnn_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = None"),
        ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]"),
    )
    assert judged["rnn_backward"].verdict == "wrong"


def test_missing_and_renamed_functions_are_missing(bench: Bench) -> None:
    """A function that is not there is missing, and a misspelled one is pointed at."""
    renamed = PARTS["rnn_cell_backward"].replace("rnn_cell_backward", "rnn_Cell_backwards")
    judged = bench.edited(("softmax", "", PARTS["softmax"] + "\n\n" + renamed), without=("rnn_cell_backward", "lstm_backward"))
    assert (judged["rnn_cell_backward"].verdict, judged["rnn_cell_backward"].says) == (
        "missing",
        "is not there, but there is rnn_Cell_backwards",
    )
    assert (judged["lstm_backward"].verdict, judged["lstm_backward"].says) == ("missing", "is not there")
    assert judged["rnn_backward"].verdict == "right"


def test_two_that_harm_each_other_in_place(bench: Bench) -> None:
    """Where each is right alone and both together are not, the one that changes what it is given is wrong, and says with which other."""
    judged = bench.edited(
        ("rnn_cell_backward", "gradients = {", "da_next *= 0\n    gradients = {"),
        ("rnn_backward", "da[:, :, t] + da_prevt, caches[t])", "above, caches[t])\n        dx[0, 0, 0] += above.sum()"),
        (
            "rnn_backward",
            "        gradients = rnn",
            "        above = da[:, :, t] + da_prevt\n        check = above.copy()\n        gradients = rnn",
        ),
        ("rnn_backward", "dba = dba +", "dx[:, :, t] += 1e3 * (above - check).sum()\n        dba = dba +"),
        ("rnn_backward", "dx[0, 0, 0] += above.sum()", "pass"),
    )
    assert [one.function for one in judged.values() if one.verdict != "right"] == ["rnn_cell_backward"]
    assert judged["rnn_cell_backward"].says.startswith(
        "it changes da_next in place, and so rnn_backward, which is right, goes wrong with it: "
    )


def test_live_functions_that_read_the_same_weights_from_the_notebook_are_right() -> None:
    """A live function that reads Wax from the notebook is right as long as the notebook's is the one in the cache: a note says so."""
    text = PARTS["rnn_cell_backward"].replace("    Wax = parameters['Wax']\n", "")
    space: dict[str, object] = {}
    exec("import numpy as np\nWax = np.ones((5, 3))\n" + text, space)  # noqa: S102 - our own text
    harness = Harness.live({"rnn_cell_backward": space["rnn_cell_backward"]}, PARTS)
    judged = {one.function: one for one in verdicts(harness, [Piece("cell 1", 1, text, ("rnn_cell_backward",))])}
    assert judged["rnn_cell_backward"].verdict == "right"
    assert judged["rnn_cell_backward"].notes == (
        "rnn_cell_backward reads Wax from the notebook, not from its arguments: right only as long as both are the same",
    )


def test_nothing_is_judged_together_with_what_is_right_in_its_notebook_only(bench: Bench) -> None:
    """A cell with the notebook's sizes written into it is right there; the loop around it is right, and not blamed for its failure."""
    judged = bench.edited(("rnn_cell_backward", "dxt = np.dot(Wax.T, dtanh)", "dxt = np.zeros((3, 10)) + np.dot(Wax.T, dtanh)"))
    assert {one.verdict for one in judged.values()} == {"right"}


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply("timeout"), "does not come to an end in the time allowed"),
        (Reply("died"), "ends the process that runs it"),
        (Reply("refused", problem="x"), "is not defined once the code has run"),
        (Reply("too-large", problem="x"), "returns more than can be looked at"),
        (Reply("raised", raised=Raised("ValueError", "")), "raises ValueError without a message"),
        (Reply("returned", value={"dxt": [[1], [1, 2]]}), 'returns a dictionary without the keys "da_prev", "dWax", "dWaa" and "dba"'),
        (Reply("returned", value="text"), "returns a str, expected a dictionary with dxt, da_prev, dWax, dWaa and dba"),
    ],
)
def test_what_a_run_may_come_to(reply: Reply, says: str) -> None:
    """Whatever comes back from a run, the verdict is one sentence."""

    class Runner:
        def run(self, request: Request) -> Reply:
            del request
            return reply

    piece = Piece("cell 1", 1, PARTS["rnn_cell_backward"], ("rnn_cell_backward",))
    judged = {one.function: one for one in verdicts(Runner(), [piece])}
    assert judged["rnn_cell_backward"].says == says
    assert judged["rnn_cell_backward"].verdict in {"raises", "wrong"}


@pytest.mark.parametrize("status", ["timeout", "died"])
def test_what_never_ends_is_run_once(status: Literal["timeout", "died"]) -> None:
    """A function that does not come to an end is not run again, neither alone nor in a chain; those beside it are judged as ever."""
    pieces = [Piece("cell 1", 1, "import numpy as np", ("np",)), *(Piece("cell 2", 1, PARTS[name], (name,)) for name in FUNCTIONS)]
    harness, stuck = Harness(pieces, PARTS), [0]

    class Runner:
        def run(self, request: Request) -> Reply:
            if "lstm_forward" not in request.own:
                return harness.run(request)
            stuck[0] += 1
            return Reply(status)

    judged = {one.function: one.verdict for one in verdicts(Runner(), pieces)}
    assert judged == {name: "raises" if name == "lstm_forward" else "right" for name in FUNCTIONS}
    assert stuck == [1]


def test_the_input_in_the_caches_is_held_against_the_backward_function_that_reads_it(bench: Bench) -> None:
    """The assignment's own reads the sizes from the cells' caches; a backward function that reads them from x is right all the same."""
    swapped = ("rnn_forward", "caches = (caches, x)", "caches = (caches, a)")
    alone = bench.edited(swapped)
    assert {verdict.verdict for verdict in alone.values()} == {"right"}
    assert "rnn_forward: x in the cache holds a; what is computed from it is right all the same" in alone["rnn_forward"].notes
    read = bench.edited(swapped, ("rnn_backward", "n_x, m = x1.shape", "n_x, m, _ = x.shape"))
    assert [name for name, verdict in read.items() if verdict.verdict != "right"] == ["rnn_forward"]
    assert read["rnn_forward"].says == "returns the right a and y_pred, but x in the cache holds a"


@pytest.mark.parametrize(("state", "start"), [("a_next", "a0"), ("c_next", "np.zeros_like(c_next)")])
def test_a_state_that_neither_pass_carries_excuses_neither(bench: Bench, state: str, start: str) -> None:
    """What the forward pass forgets hides nothing: the backward pass that forgets it too is held against the assignment's."""
    carried = {"a_next": "da_prevt = gradients['da_prev']", "c_next": "dc_prevt = gradients['dc_prev']"}[state]
    call = "lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"
    judged = bench.edited(("lstm_forward", call, call.replace(state, start)), ("lstm_backward", carried, "pass"))
    assert {judged["lstm_forward"].verdict, judged["lstm_backward"].verdict} == {"wrong"}


def test_a_bias_that_the_forward_pass_has_lost_excuses_no_gradient_that_is_lost(bench: Bench) -> None:
    """Zeros are the derivative of such a forward pass; but the gradient is not added up, and that is a mistake of its own."""
    edits = (
        ("lstm_cell_forward", "np.dot(Wo, concat) + bo", "np.dot(Wo, concat)"),
        ("lstm_backward", "dbo = dbo + gradients['dbo']", "pass"),
    )
    judged = bench.edited(*edits)
    assert [one.function for one in judged.values() if one.verdict != "right"] == ["lstm_cell_forward", "lstm_backward"]


def test_an_entry_that_stands_twice_in_a_cache_is_no_layout_of_its_own(bench: Bench) -> None:
    """What it stands for is nowhere in the cache; a backward function that fails as well does not excuse it."""
    edits = (
        ("rnn_cell_forward", "cache = (a_next, a_prev, xt, parameters)", "cache = (a_next, xt, xt, parameters)"),
        ("rnn_cell_backward", "return gradients", "return None"),
    )
    judged = bench.edited(*edits)
    assert [one.function for one in judged.values() if one.verdict != "right"] == ["rnn_cell_forward", "rnn_cell_backward"]
