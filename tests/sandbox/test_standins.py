"""Libraries that are not needed, or not there: what only shows does nothing, what has NumPy's names is NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.sandbox.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.sandbox.harness import Harness

NAME = "rnn_cell_forward"


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("import matplotlib.pyplot as plt", "plt.figure(figsize=(3, 2)); plt.title('states'); plt.plot(xt, label='a')[0].set_color('r')"),
        ("import matplotlib.pyplot as plt", "fig, ax = plt.subplots(); ax.imshow(xt); fig.colorbar(ax)"),
        ("from matplotlib import pyplot as plt, cm", "with plt.ioff(): plt.show()"),
        ("import seaborn as sns", "sns.heatmap(xt)"),
        ("from IPython.display import display, HTML, clear_output", "display(HTML('<b>a</b>')); clear_output(wait=True)"),
        ("", "display(xt)"),
        (
            "from rnn_utils import *",
            "own = {'W1': xt, 'b1': xt}; update_parameters_with_adam(own, {'dW1': xt, 'db1': xt}, *initialize_adam(own), 1)",
        ),
        ("", "get_ipython().run_line_magic('matplotlib', 'inline')"),
        ("import pdb", "pdb.set_trace()"),
        ("from ipdb import set_trace", "set_trace()"),
        ("", "breakpoint()"),
        ("from google.colab import files, drive", "drive.mount('/content/drive')"),
        ("import time", "start = time.time(); time.sleep(10_000)"),
        ("from time import sleep", "sleep(10_000)"),
        ("import jax.numpy as jnp", "xt = jnp.tanh(jnp.arctanh(xt))"),
        ("from jax import numpy as jnp", "xt = jnp.add(xt, 0)"),
        ("import jax", "xt = jax.numpy.add(xt, 0)"),
        ("from jax.numpy import add", "xt = add(xt, 0)"),
        ("import autograd.numpy as np\nfrom autograd import grad", "xt = np.add(xt, 0)"),
        ("try:\n    import cupy as cp\nexcept ImportError:\n    import numpy as cp", "xt = cp.add(xt, 0)"),
        ("import jax\n@jax.jit\ndef same(x): return x", "xt = same(xt)"),
        ("import numpy as np", "xt = np.sum(part for part in (xt / 2, xt / 2))"),
        ("from numpy import *", "xt = sum(xt * k for k in (0.25, 0.75))"),
        ("", "xt = sum(xt / 2 for _ in xrange(2))"),
    ],
)
def test_what_shows_does_nothing_and_what_counts_counts(around: Callable[[str], Harness], before: str, body: str) -> None:
    """A right function stays right, whatever it draws, displays or counts with, and what Python or NumPy no longer have."""
    reply = around(f"{before}\ndef {NAME}(xt, a_prev, parameters):\n    {body}\n    return xt\n").run(
        Request(NAME, (0.5, 2, 3), frozenset({NAME}))
    )
    assert reply.raised is None
    assert float(reply.value) == pytest.approx(0.5)


@pytest.mark.parametrize("of", ["import utils.activations as act", "from lib.nn import act", "from helpers.deep import parts as act"])
def test_a_package_of_helpers_may_keep_them_in_any_module(around: Callable[[str], Harness], of: str) -> None:
    """The course's helpers under a module of a module that is not there."""
    text = f"{of}\ndef {NAME}(xt, a_prev, parameters):\n    return act.sigmoid(xt)\n"
    reply = around(text).run(Request(NAME, (0.0, 2, 3), frozenset({NAME})))
    assert float(reply.value) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("later", "value"), [("from grammar import *", 7.0), ("from utils import *", 7.0), ("from rnn_utils import *", 0.5)]
)
def test_nobody_knows_what_comes_out_of_another_module(around: Callable[[str], Harness], later: str, value: float) -> None:
    """It takes nothing from the learner's own helper; the course's module is known to have one."""
    text = f"def sigmoid(x):\n    return 7.0\n\n{later}\n\ndef {NAME}(xt, a_prev, parameters):\n    return sigmoid(xt)\n"
    reply = around(text).run(Request(NAME, (0.0, 2, 3), frozenset({NAME})))
    assert reply.raised is None
    assert float(reply.value) == pytest.approx(value)


@pytest.mark.parametrize(
    "wrapped",
    [
        "_t = np.tanh\nnp.tanh = lambda z: _t(z)",
        "original = np.tanh\ncalls = []\ndef counting(z):\n    calls.append(z.shape)\n    return original(z)\nnp.tanh = counting",
    ],
)
def test_a_wrapper_around_a_function_of_numpy_lasts_one_run(around: Callable[[str], Harness], wrapped: str) -> None:
    """The next run begins with NumPy as it is: what wraps it there is that run's own."""
    harness = around(f"import numpy as np\n{wrapped}\n\ndef {NAME}(xt, a_prev, parameters):\n    return np.tanh(xt)\n")
    for trace in (False, True, False):
        reply = harness.run(Request(NAME, (np.ones((1, 1)), 2, 3), frozenset({NAME}), trace=trace))
        assert reply.raised is None
        assert float(reply.value[0, 0]) == pytest.approx(np.tanh(1.0))


@pytest.mark.parametrize(
    "defined",
    [
        "class Net:\n    def __init__(self):\n        self.W = np.random.randn(2)\n\nnet = Net()",
        "def helper(noise=np.random.randn(3)):\n    return noise",
        "import random\nnumber = random.random()",
    ],
)
def test_what_is_drawn_while_the_program_is_defined_is_not_drawn_by_the_function(around: Callable[[str], Harness], defined: str) -> None:
    """It is told of a function that draws when it is called."""
    harness = around(f"import numpy as np\n{defined}\n\ndef {NAME}(xt, a_prev, parameters):\n    return xt\n")
    assert not harness.run(Request(NAME, (0.5, 2, 3), frozenset({NAME}))).random
