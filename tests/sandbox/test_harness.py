"""The harness runs one function with right parts around it and tells the truth about the run."""

from __future__ import annotations

import gc
import sys
from typing import Any

import numpy as np
import pytest

from whygrad.assignments.sequence_models import SEQUENCE_MODELS
from whygrad.from_code.reference.parts import PARTS
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Odd, Piece, Request, Substitute

Around = "Callable[[str], Harness]"
RNN_CELL = "rnn_cell_forward"


def ask(call: str, *arguments: Any, own: str = "", **rest: Any) -> Request:  # noqa: ANN401
    """A request in which only the called function, or those named in ``own``, are the learner's."""
    return Request(call, arguments, frozenset(own.split() or [call]), **rest)


def test_a_reference_function_answers_the_same_as_a_learner(around: Around, backward: tuple[Any, ...]) -> None:
    """With the reference program as submission, own functions and stand-ins give the very same numbers."""
    harness = around(SEQUENCE_MODELS.program)
    answers = [
        harness.run(ask("lstm_backward", *backward, own=own)).value
        for own in ("lstm_backward", "lstm_cell_backward", "lstm_backward lstm_cell_backward", "rnn_forward")
    ]
    for answer in answers[1:]:
        assert all(np.array_equal(answer[name], answers[0][name]) for name in answers[0])


def test_an_interruption_in_a_process_of_its_own_is_the_code_s() -> None:
    """Nobody else asks for one there: it is told with its line, as any other error."""
    piece = Piece("cell 1", 1, f"def {RNN_CELL}(xt, a_prev, parameters):\n    raise KeyboardInterrupt\n")
    reply = Harness([piece], PARTS, alone=True).run(ask(RNN_CELL, 1, 2, 3))
    assert reply.raised is not None
    assert (reply.raised.type, reply.raised.line) == ("KeyboardInterrupt", 2)
    with pytest.raises(KeyboardInterrupt):
        Harness([piece], PARTS).run(ask(RNN_CELL, 1, 2, 3))


@pytest.mark.parametrize("trace", [False, True])
def test_all_that_a_run_has_made_is_gone_with_it(around: Around, backward: tuple[Any, ...], *, trace: bool) -> None:
    """Functions and the names around them hold each other, and yet nobody has to look for such rings: looking took a tenth of the time."""
    harness, request = around(SEQUENCE_MODELS.program), ask("lstm_backward", *backward, trace=trace)
    harness.run(request)
    gc.collect()
    gc.disable()
    try:
        harness.run(request)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_function_that_is_not_the_learners_in_this_run_is_stood_in_for(around: Around, backward: tuple[Any, ...]) -> None:
    """A broken cell is not touched where only the loop is asked for, and breaks the run where it is, also under another name."""
    harness = around(
        SEQUENCE_MODELS.program + "\ndef lstm_cell_backward(da_next, dc_next, cache):\n    return 1 / 0\ncell = lstm_cell_backward\n"
    )
    assert harness.run(ask("lstm_backward", *backward)).status == "returned"
    reply = harness.run(ask("lstm_backward", *backward, own="lstm_cell_backward"))
    assert reply.raised is not None
    assert (reply.raised.type, reply.raised.source) == ("ZeroDivisionError", "nb.ipynb, cell 3")


def test_a_stand_in_takes_the_learners_own_names_and_more_arguments_than_it_needs(around: Around, forward: tuple[Any, ...]) -> None:
    """Keywords of the learner's own definition, and one argument too many, reach the stand-in in order; all are noted."""
    harness = around(
        "def lstm_cell_forward(entree, avant, memoire, poids, extra=None):\n    raise ValueError\n"
        "def lstm_forward(x, a0, parameters):\n"
        "    return lstm_cell_forward(x[:, :, 0], a0, poids=parameters, memoire=a0 * 0, extra=7)\n"
    )
    reply = harness.run(ask("lstm_forward", *forward, watched=frozenset({"lstm_cell_forward"})))
    assert reply.raised is None
    (call,) = reply.calls
    assert [np.shape(item) for item in call.arguments[:3]] == [(3, 4), (5, 4), (5, 4)]
    assert call.arguments[4] == 7
    assert np.array_equal(call.value[0], reply.value[0])


def test_arguments_are_copied_and_changes_in_place_are_seen(around: Around) -> None:
    """The caller's array stays as it was; ``after`` shows what the function did to its copy."""
    given = np.ones((5, 4))
    reply = around("def rnn_backward(da, caches):\n    da *= 2\n    return {'dx': da}\n").run(ask("rnn_backward", given, []))
    assert given.max() == 1
    assert reply.after[0].max() == 2


def test_what_is_changed_in_place_is_noted_as_it_was_each_time(around: Around, forward: tuple[Any, ...]) -> None:
    """One array of a cache, one of the arguments, both changed between two calls: each call holds the values of its time."""
    harness = around(
        "def lstm_forward(x, a0, parameters):\n    c = a0 * 0\n    for t in range(3):\n"
        "        lstm_cell_forward(x[:, :, t], a0, c, parameters)\n        c += 1\n        parameters['bf'][0] = t\n"
        "    return c, c, c, ([(c, a0)], x)\n"
    )
    for trace in (False, True):
        reply = harness.run(ask("lstm_forward", *forward, watched=frozenset({"lstm_cell_forward"}), trace=trace))
        assert [call.arguments[2].max() for call in reply.calls] == [0, 1, 2]
        assert [call.arguments[3]["bf"][0, 0] for call in reply.calls] == [forward[2]["bf"][0, 0], 0, 1]
        assert reply.value[3][0][0][0].max() == 3
        assert trace or reply.after[2]["bf"][0, 0] == 2  # a traced run does not tell it


def test_memory_is_shared_only_where_an_element_is(around: Around) -> None:
    """Two interleaved slices of one array share no memory, a slice and the whole do."""
    text = (
        "import numpy as np\ndef rnn_forward(x, a0, p):\n    c = np.zeros((2, 3, 4))\n    return c, [c[:, :, 0], c[:, :, 1]], c[:, :, 1]\n"
    )
    shared = around(text).run(ask("rnn_forward", 1, 2, 3)).shared
    assert ((0,), (1, 0)) in shared
    assert ((1, 1), (2,)) in shared
    assert ((1, 0), (1, 1)) not in shared


@pytest.mark.parametrize("rest", [{}, {"trace": True, "wanted": frozenset[int]()}], ids=["plain", "traced"])
def test_of_what_nobody_looks_at_nothing_is_told(around: Around, rest: dict[str, Any]) -> None:
    """A bare request is told the value alone: not what became of the arguments, nor what shares memory or is a matrix."""
    harness = around("def rnn_forward(x, a0, p):\n    x += 1\n    return x, x[:1], np.matrix(a0)\n")
    told, bare = (harness.run(ask("rnn_forward", np.ones((2, 3)), np.ones(2), {}, bare=one, **rest)) for one in (False, True))
    assert told.after
    assert (bool(told.shared), told.matrix) == (not rest, not rest)
    assert (bare.after, bare.shared, bare.matrix) == ((), (), False)
    assert repr(bare.value) == repr(told.value)


def test_empty_arrays_hold_noise_from_the_seed(around: Around) -> None:
    """``np.empty`` and ``np.empty_like`` give the same noise for the same seed and other noise for another."""
    harness = around(
        "from numpy import empty_like\nimport numpy as np\ndef rnn_forward(x, a0, p):\n    return np.empty((2, 3)), empty_like(x)\n"
    )
    one, two, other = (harness.run(ask("rnn_forward", np.zeros(3), 0, 0, seed=seed)).value for seed in (1, 1, 2))
    assert np.array_equal(one[0], two[0])
    assert np.array_equal(one[1], two[1])
    assert not np.array_equal(one[0], other[0])
    assert np.any(one[1])


def test_names_read_from_the_notebook_are_told(around: Around) -> None:
    """Values read as global names count, also through a helper; functions, modules and local names do not."""
    text = (
        "import numpy as np\nW = 3\nunused = 4\nn_a = 5\n"
        "def helper(z):\n    return W * z\n"
        "def rnn_forward(x, a0, p):\n    n_a = 2\n    return helper(x) + np.pi\n"
    )
    assert around(text).run(ask("rnn_forward", 1, 2, 3)).globals == {"W"}


def test_words_read_from_the_notebook_are_no_data(around: Around) -> None:
    """The gates' letters, a table of functions and a switch are not what a function should be given."""
    text = (
        "import numpy as np\nGATES = ('f', 'i')\nSLOPES = {'f': lambda s: s}\nPAIRS = [('f', 'W')]\nsizes = (2, 3)\nempty = []\n"
        "DEBUG = False\n"
        "def rnn_forward(x, a0, p):\n    return GATES, len(SLOPES), PAIRS, DEBUG, sizes, empty\n"
    )
    assert around(text).run(ask("rnn_forward", 1, 2, 3)).globals == {"sizes", "empty"}


def test_random_draws_are_noticed_and_leave_no_trace(around: Around) -> None:
    """A function that draws is found out, one that does not is not, and the streams of this process stay where they were.

    Python's own stream is another one than that of the checks.
    """
    before = np.random.get_state(legacy=False)["state"]["key"].tobytes()  # noqa: NPY002
    harness = around(
        "import numpy as np\n"
        "def rnn_forward(x, a0, p):\n    return np.random.randn(2)\n"
        "def lstm_forward(x, a0, p):\n    return np.zeros(2)\n"
    )
    assert harness.run(ask("rnn_forward", 1, 2, 3)).random
    assert not harness.run(ask("lstm_forward", 1, 2, 3)).random
    python = "import random\ndef rnn_forward(x, a0, p):\n    return random.random()\n"
    assert not around(python).run(ask("rnn_forward", 1, 2, 3)).random
    assert np.random.get_state(legacy=False)["state"]["key"].tobytes() == before  # noqa: NPY002


def test_a_seed_that_is_written_over_costs_no_later_run(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is gone for everybody, not for us."""
    monkeypatch.setattr(np.random, "seed", np.random.seed)
    harness = around("import numpy as np\ndef rnn_forward(x, a0, p):\n    np.random.seed = 1\n    return x\n")
    assert [harness.run(ask("rnn_forward", 1, 2, 3)).status for _ in range(2)] == ["returned"] * 2


def test_an_exception_names_the_learners_line(around: Around) -> None:
    """The line is the learner's, counted in the cell, also where NumPy raised; endless recursion is an answer too."""
    harness = around(
        "import numpy as np\ndef rnn_forward(x, a0, p):\n    y = x\n    return np.dot(y, a0)\n"
        "def lstm_forward(x, a0, p):\n    return lstm_forward(x, a0, p)\n"
    )
    raised = harness.run(ask("rnn_forward", np.ones((2, 3)), np.ones((2, 3)), 0)).raised
    assert raised is not None
    assert (raised.type, raised.source, raised.line) == ("ValueError", "nb.ipynb, cell 3", 14)
    deep = harness.run(ask("lstm_forward", 1, 2, 3)).raised
    assert deep is not None
    assert deep.type == "RecursionError"


def test_a_recursion_without_an_end_names_the_call(around: Around) -> None:
    """Wherever the stack runs out."""
    program = "def lstm_backward(da, caches):\n    np.sum([da], axis=0, keepdims=True)\n    return lstm_backward(da, caches)\n"
    raised = around(program).run(Request("lstm_backward", (1.0, ()), frozenset({"lstm_backward"}))).raised
    assert raised is not None
    assert (raised.type, raised.line) == ("RecursionError", 13)


def test_what_an_exception_says_of_itself_may_raise_too(around: Around) -> None:
    """Its text and the name that it misses are the learner's own code."""
    odd = "class Odd(NameError):\n    name = property(lambda self: 1 / 0)\n"
    harness = around(f"{odd}def rnn_forward(x, a0, parameters):\n    raise Odd('no')\n")
    raised = harness.run(ask("rnn_forward", 1, 2, 3)).raised
    assert raised is not None
    assert (raised.type, raised.text, raised.name) == ("Odd", "", None)


def test_output_is_kept_and_bounded(around: Around, capsys: Any) -> None:  # noqa: ANN401
    """What is printed comes back, not more than a page of it, and nothing reaches the screen."""
    harness = around("def rnn_forward(x, a0, p):\n    print('step', x)\n    for _ in range(1000):\n        print('y' * 1000)\n")
    output = harness.run(ask("rnn_forward", 7, 2, 3)).output
    assert output.startswith("step 7\nyyy")
    assert len(output) <= 20_000
    assert capsys.readouterr().out == ""


def test_helper_modules_and_other_libraries_are_stood_in_for(around: Around) -> None:
    """The course's helpers work, a library that is not there breaks only what uses it, removed NumPy names still work."""
    text = (
        "import numpy as np\nfrom rnn_utils import *\nfrom public_tests import lstm_forward_test\nimport tensorflow as tf\n"
        "from keras.layers import Dense, LSTM\nfrom no_such_module_at_all import thing\nimport matplotlib.pyplot as plt\n"
        "def rnn_forward(x, a0, p):\n    return sigmoid(np.zeros(2, dtype=np.float)), softmax(x), np.product([2, np.Inf])\n"
        "def lstm_forward(x, a0, p):\n    return tf.matmul(x, x)\n"
    )
    harness = around(text)
    assert harness.run(ask("rnn_forward", np.zeros((2, 2)), 0, 0)).value[0].tolist() == [0.5, 0.5]
    raised = harness.run(ask("lstm_forward", 1, 2, 3)).raised
    assert raised is not None
    assert raised.text == "tensorflow.matmul is not available here"


def test_libraries_that_learners_use_within_the_functions(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    """SciPy's logistic function and softmax are there without SciPy, in each way of importing them, and a progress bar shows nothing."""
    monkeypatch.setitem(sys.modules, "scipy", None)
    text = (
        "import numpy as np\nimport scipy.special as sp\nimport scipy\nfrom scipy.special import expit, softmax as soft\n"
        "from tqdm.notebook import tqdm\nfrom tqdm import trange\n"
        "def rnn_forward(x, a0, p):\n"
        "    return [expit(x), sp.expit(x), scipy.special.expit(x)], soft(np.ones((2, 2)), axis=0), soft(np.ones((2, 2)))\n"
        "def lstm_forward(x, a0, p):\n    return list(tqdm(range(2), desc='t')), list(trange(2, leave=False))\n"
    )
    sigmoids, columns, whole = around(text).run(ask("rnn_forward", 0.0, 0, 0)).value
    assert (sigmoids, columns.tolist(), whole.tolist()) == ([0.5] * 3, [[0.5, 0.5]] * 2, [[0.25, 0.25]] * 2)
    assert around(text).run(ask("lstm_forward", 1, 2, 3)).value == ([0, 1], [0, 1])


def test_decorators_that_are_not_there_leave_the_function_as_it_is(around: Around) -> None:
    """With brackets and settings or without; Numba is never loaded, it would take longer than all the rest."""
    text = (
        "import no_such_module as m\nfrom numba import jit\n"
        "@jit\ndef rnn_forward(x, a0, p):\n    return 1\n@m.timed\n@jit(nopython=True)\ndef lstm_forward(x, a0, p):\n    return 2\n"
    )
    harness = around(text)
    assert [harness.run(ask(name, 1, 2, 3)).value for name in ("rnn_forward", "lstm_forward")] == [1, 2]


def test_functions_out_of_other_files_are_the_reference_s(parts: dict[str, str], around: Around, forward: tuple[Any, ...]) -> None:
    """However they are imported; and an import does not replace a function that the file defines."""
    reference = around("").run(Request("lstm_forward", forward, frozenset())).value[0]
    for way, name in (
        ("from lstm_cell import lstm_cell_forward as cell", "cell"),
        ("import cells", "cells.lstm_cell_forward"),
        ("from .cells import *", "lstm_cell_forward"),
    ):
        text = "\n".join(SEQUENCE_MODELS.functions["lstm_forward"]).replace("lstm_cell_forward", name)
        texts = ("import numpy as np", way, text, "from utils import *", "from utils import lstm_forward")
        harness = Harness([Piece("cell 1", 1, one) for one in texts], parts)
        reply = harness.run(ask("lstm_forward", *forward, watched=frozenset({"lstm_cell_forward"})))
        assert np.array_equal(reply.value[0], reference)
        assert len(reply.calls) == 4


def test_annotations_are_not_evaluated(around: Around) -> None:
    """A function whose annotations name what is not there runs, traced or not."""
    harness = around("def rnn_forward(x: Tensor, a0: 'what'[3], p: Dict[str, Tensor] = None) -> Tuple[Tensor]:\n    return 1\n")
    assert [harness.run(ask("rnn_forward", 1, 2, 3, trace=trace)).value for trace in (False, True)] == [1, 1]


@pytest.mark.parametrize("asked", ["nb.ipynb, cell 1", "nb.ipynb, cell 2", "other.py", None])
@pytest.mark.parametrize("trace", [False, True])
def test_what_a_program_asks_of_the_future_counts_in_all_its_pieces(asked: str | None, *, trace: bool) -> None:
    """Below such an import, and in every later cell, the annotations of a class are texts; in no other file."""
    pieces = [
        *([Piece(asked, 1, "from __future__ import annotations\n")] if asked else []),
        Piece("nb.ipynb, cell 2", 3, "class Box:\n    size: int = 1\n"),
        Piece("nb.ipynb, cell 3", 1, f"def {RNN_CELL}(xt, a_prev, parameters):\n    return Box.__annotations__['size'] == 'int'\n"),
    ]
    assert Harness(pieces, PARTS).run(ask(RNN_CELL, 1, 2, 3, trace=trace)).value is (asked is not None and "cell" in asked)


def test_odd_results_come_back_as_odd(around: Around) -> None:
    """A generator, a set and a nest that holds itself are no results; keys become texts."""
    text = (
        "def rnn_forward(x, a0, p):\n    loop = []\n    loop.append(loop)\n    return {1: (i for i in range(3)), 'b': {1, 2}, 'c': loop}\n"
    )
    value = around(text).run(ask("rnn_forward", 1, 2, 3)).value
    assert value["1"] == Odd("generator")
    assert value["b"] == Odd("set")


def test_a_list_that_was_added_to_itself_is_met_once(around: Around) -> None:
    """Each time again it stands for itself by its name, however often it was added, also where it is copied."""
    body = "    caches = []\n    for t in range(99):\n        caches.append(caches)\n    return caches\n"
    harness = around(f"def rnn_forward(x, a0, p):\n{body}")
    assert harness.run(ask("rnn_forward", 1, 2, 3)).value == [Odd("list")] * 99
    copied = harness.run(ask("rnn_forward", 1, 2, 3, trace=True, substitutes=(Substitute(0, None, copy=True),)))
    assert copied.status == "returned"


def test_a_run_sees_nothing_of_the_run_before(around: Around) -> None:
    """A counter among the notebook's names starts anew each time."""
    harness = around("seen = []\ndef rnn_forward(x, a0, p):\n    seen.append(1)\n    return len(seen)\n")
    assert [harness.run(ask("rnn_forward", 1, 2, 3)).value for _ in range(2)] == [1, 1]


def test_what_is_not_defined_is_said(around: Around) -> None:
    """A function whose piece fails is refused with the reason."""
    reply = around("rnn_forward = undefined_name\n").run(ask("rnn_forward", 1, 2, 3))
    assert (reply.status, reply.problem) == ("refused", "rnn_forward is not defined")
    assert reply.raised is not None
    assert reply.raised.type == "NameError"


def test_live_functions_run_in_place_and_leave_their_names_alone(parts: dict[str, str], backward: tuple[Any, ...]) -> None:
    """The function object itself runs with stand-ins and noise around it; afterwards all its global names are as before."""
    scope: dict[str, Any] = {}
    exec(SEQUENCE_MODELS.program, scope)  # noqa: S102 - the reference
    exec("def lstm_cell_backward(a, b, c):\n    return 1 / 0\n", scope)  # noqa: S102
    before = dict(scope)
    harness = Harness.live({"lstm_backward": scope["lstm_backward"], "lstm_cell_backward": scope["lstm_cell_backward"]}, parts)
    assert harness.run(ask("lstm_backward", *backward)).status == "returned"
    assert harness.run(ask("lstm_backward", *backward, own="lstm_backward lstm_cell_backward")).status == "raised"
    assert all(scope[name] is before[name] for name in before)


def test_live_functions_keep_their_own_helpers_and_get_what_is_not_there(parts: dict[str, str], backward: tuple[Any, ...]) -> None:
    """The learner's own softmax is what is judged; a cell that was never defined is the reference's."""
    scope: dict[str, Any] = {"np": np, "softmax": lambda _: "mine"}
    for text in (parts["lstm_backward"], "def rnn_forward(x, a0, p):\n    return softmax(x), sigmoid(a0)"):
        exec(text, scope)  # noqa: S102 - our own text
    harness = Harness.live({name: scope[name] for name in ("lstm_backward", "rnn_forward")}, parts)
    assert harness.run(ask("lstm_backward", *backward)).status == "returned"
    assert harness.run(ask("rnn_forward", 1, 0.0, 3)).value == ("mine", 0.5)
    assert scope.keys() == {"np", "softmax", "lstm_backward", "rnn_forward", "__builtins__"}


def test_what_a_stand_in_hides_is_not_read_by_a_live_function(parts: dict[str, str], backward: tuple[Any, ...]) -> None:
    """A cell that is not the learner's in this run reads nothing of the notebook's."""
    space: dict[str, Any] = {"np": np, "scale": 2.0}
    exec(parts["lstm_cell_backward"].replace("dft = ", "dft = scale * "), space)  # noqa: S102 - our own program
    exec(parts["lstm_backward"], space)  # noqa: S102 - as above
    live = Harness.live({name: space[name] for name in ("lstm_backward", "lstm_cell_backward")}, parts)
    assert live.run(Request("lstm_backward", backward, frozenset({"lstm_backward"}))).globals == frozenset()
    assert live.run(Request("lstm_backward", backward, frozenset({"lstm_backward", "lstm_cell_backward"}))).globals == {"scale"}


def test_live_functions_are_traced_from_their_text(parts: dict[str, str], backward: tuple[Any, ...]) -> None:
    """With the pieces given, live functions are traced with the notebook's own names around them."""
    scope: dict[str, Any] = {}
    exec(SEQUENCE_MODELS.program, scope)  # noqa: S102 - the reference
    harness = Harness.live({"lstm_backward": scope["lstm_backward"]}, parts, [Piece("cell 1", 1, parts["lstm_backward"])])
    reply = harness.run(ask("lstm_backward", *backward, trace=True))
    assert reply.status == "returned"
    assert len(reply.seen) > 50


def test_what_is_not_kept_of_the_output_costs_nothing(around: Around) -> None:
    """A function that prints large arrays at every step is not slow for it: past the bound nothing is made a text."""
    text = """
class Array:
    made = 0
    def __repr__(self):
        Array.made += 1
        return "x" * 5000
def rnn_cell_forward(xt, a_prev, parameters):
    for _ in range(100):
        print(Array(), end="")
    return Array.made
"""
    reply = around(text).run(Request("rnn_cell_forward", (1, 2, 3), frozenset({"rnn_cell_forward"})))
    assert (reply.value, len(reply.output)) == (4, 20_000)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("parameters['Wf'][0, 0] += 1", id="an entry"),
        pytest.param("parameters['Wf'] = parameters['Wf'] * 1", id="another array with the same numbers"),
        pytest.param("parameters['bf'].shape = (1, 5)", id="a shape"),
        pytest.param("parameters['more'] = 1", id="a key more"),
        pytest.param("parameters.pop('bf')", id="a key less"),
        pytest.param("parameters['Wf'], parameters['Wi'] = parameters['Wi'], parameters['Wf']", id="two exchanged"),
    ],
)
def test_whatever_is_changed_in_a_nest_is_seen(around: Around, forward: tuple[Any, ...], change: str) -> None:
    """Before each call of the cell and at the end the arguments are told as they are; what nobody changed is the very same object."""
    code = f"""
def lstm_forward(x, a0, parameters):
    first = lstm_cell_forward(x[:, :, 0], a0, a0 * 0, parameters)
    {change}
    return first, lstm_cell_forward(x[:, :, 0], a0, a0 * 0, dict(parameters))
"""
    reply = around(code).run(ask("lstm_forward", *forward, watched=frozenset({"lstm_cell_forward"})))
    assert reply.calls[0].arguments[3] is forward[2]
    assert reply.after[1] is forward[1]
    same = "same numbers" in change or "* 1" in change
    after, before = reply.after[2], forward[2]
    assert same or list(after) != list(before) or any(not np.array_equal(after[name], before[name]) for name in before)
    unchanged = around(code.replace(change, "pass")).run(ask("lstm_forward", *forward))
    assert all(one is other for one, other in zip(unchanged.after, forward, strict=True))


def test_views_of_one_array_share_memory(around: Around) -> None:
    """Views of one array, of a view, and memory that no array owns; two arrays of their own share none, and arguments are not asked for."""
    code = """
def rnn_forward(x, a0, parameters):
    whole, other = np.zeros((4, 3)), np.zeros((4, 3))
    lent = bytearray(48)
    return whole, whole[1:][:2], x.T, other, np.frombuffer(lent), np.frombuffer(lent)[2:]
"""
    reply = around(code).run(ask("rnn_forward", np.ones((2, 3)), np.ones(2), {}))
    assert reply.shared == (((0,), (1,)), ((4,), (5,)))


def test_code_that_has_run_often_raises_at_the_same_line(around: Around) -> None:
    """Python 3.11 joins instructions of such code, also those of two lines; told is the line that reads what has no value."""
    harness = around("def rnn_forward(x, a0, parameters):\n    kept = []\n    back = back[:, 0]\n    return kept, back\n")
    replies = [harness.run(ask("rnn_forward", 1.0, 2.0, {})) for _ in range(20)]
    assert {(reply.raised.line, reply.raised.span) for reply in replies if reply.raised} == {(13, (13, 11, 13, 15))}
