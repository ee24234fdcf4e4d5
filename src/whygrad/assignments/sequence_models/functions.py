"""The eight public functions of the assignment: each checks its arguments and calls the reference program.

Notation: ``n_x`` inputs, ``n_a`` hidden units, ``n_y`` outputs, ``m`` examples, ``T_x`` steps; features first, examples second, time last.
``*`` is the elementwise product, ``@`` the matrix product, σ the logistic sigmoid. ``dX`` is the gradient of a scalar loss at X, with
X's shape.

What holds for all eight:

* **dtypes.** Arrays of floating or complex numbers (complex, so that a complex step goes through). float32 throughout gives float32;
  mixed dtypes are promoted as NumPy does; integers and booleans count as float64.
* **In place** nothing is changed. The results are fresh arrays; a cache *refers* to the arguments and to the step's results, as the
  course's does, so changing those in place afterwards changes what the cache holds.
* **Parameters.** A dictionary; entries beyond those named are ignored and left out of the cache.
* **Errors.** ``ShapeError`` for a wrong shape or an empty array, ``ContentError`` for anything but an array of finite numbers,
  ``StructureError`` for missing parameters and for caches of another length or nesting. All are ``ArgumentError`` and ``ValueError``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from whygrad.assignments.sequence_models import program
from whygrad.assignments.sequence_models.arguments import LSTM_CACHE, LSTM_PARAMETERS, RNN_CACHE, RNN_PARAMETERS, Arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

Array: TypeAlias = NDArray[np.inexact[Any]]
Parameters: TypeAlias = dict[str, Array]
RnnCache: TypeAlias = tuple[Array, Array, Array, Parameters]
LstmCache: TypeAlias = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Parameters]
Gradients: TypeAlias = dict[str, Array]

_REFERENCE: Mapping[str, Any] = vars(program)
_SATURATED = np.errstate(over="ignore")  # a gate that is far closed overflows in exp(-z) and comes out as 0, which is right


@_SATURATED
def rnn_cell_forward(xt: Array, a_prev: Array, parameters: Parameters) -> tuple[Array, Array, RnnCache]:
    """One step of a basic recurrent cell.

    a_next = tanh(Wax @ xt + Waa @ a_prev + ba), yt_pred = softmax(Wya @ a_next + by), the softmax over axis 0.

    Args:
        xt: Input of this step, (n_x, m).
        a_prev: Hidden state of the step before, (n_a, m).
        parameters: Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns:
        a_next (n_a, m), yt_pred (n_y, m) and the cache (a_next, a_prev, xt, parameters).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); J. Elman, Finding structure in time, 1990.
    """
    check = Arguments("rnn_cell_forward")
    xt, a_prev = check.array("xt", xt, ("n_x", "m")), check.array("a_prev", a_prev, ("n_a", "m"))
    return _REFERENCE["rnn_cell_forward"](xt, a_prev, check.parameters(parameters, RNN_PARAMETERS))


@_SATURATED
def rnn_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, Array, tuple[list[RnnCache], Array]]:
    """A basic recurrent network over a whole sequence.

    a⟨t⟩, y_pred⟨t⟩ = rnn_cell_forward(x⟨t⟩, a⟨t-1⟩), from a⟨-1⟩ = a0.

    Args:
        x: Inputs, (n_x, m, T_x).
        a0: Initial hidden state, (n_a, m).
        parameters: Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns:
        a (n_a, m, T_x), y_pred (n_y, m, T_x) and the caches (list of one cache a step, x).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); J. Elman, Finding structure in time, 1990.
    """
    check = Arguments("rnn_forward")
    x, a0 = check.array("x", x, ("n_x", "m", "T_x")), check.array("a0", a0, ("n_a", "m"))
    return _REFERENCE["rnn_forward"](x, a0, check.parameters(parameters, RNN_PARAMETERS))


def rnn_cell_backward(da_next: Array, cache: RnnCache) -> Gradients:
    """The gradients of one step of a basic recurrent cell; the prediction yt_pred takes no part.

    With dz = da_next * (1 - a_next²), the gradient at the pre-activation: dxt = Waxᵀ @ dz, da_prev = Waaᵀ @ dz, dWax = dz @ xtᵀ,
    dWaa = dz @ a_prevᵀ, dba = dz summed over the examples.

    Args:
        da_next: Gradient at the hidden state of this step, (n_a, m).
        cache: (a_next, a_prev, xt, parameters) from rnn_cell_forward.

    Returns:
        Gradients dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); P. Werbos, Backpropagation through time: what it does and how to do it, 1990.
    """
    check = Arguments("rnn_cell_backward")
    checked = check.cache(cache, RNN_CACHE, RNN_PARAMETERS)
    return _REFERENCE["rnn_cell_backward"](check.array("da_next", da_next, ("n_a", "m")), checked)


def rnn_backward(da: Array, caches: tuple[list[RnnCache], Array]) -> Gradients:
    """The gradients of a basic recurrent network over a whole sequence, by backpropagation through time.

    From the last step to the first, rnn_cell_backward gets da⟨t⟩ + da_prev⟨t+1⟩, where nothing is added at the last step. dx⟨t⟩ is its
    dxt, da0 the da_prev of step 0, and the parameters' gradients are summed over the steps.

    Args:
        da: Upstream gradient, directly at each hidden state, (n_a, m, T) with 1 <= T <= T_x. With T < T_x the loss sees the first T
            steps only, and the later ones take no part.
        caches: (list of one cache a step, x) from rnn_forward.

    Returns:
        Gradients dx (n_x, m, T), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); P. Werbos, Backpropagation through time: what it does and how to do it, 1990.
    """
    check = Arguments("rnn_backward")
    steps, x = check.caches(caches, RNN_CACHE, RNN_PARAMETERS)
    return _REFERENCE["rnn_backward"](check.upstream("da", da, len(steps)), (steps, x))


@_SATURATED
def lstm_cell_forward(xt: Array, a_prev: Array, c_prev: Array, parameters: Parameters) -> tuple[Array, Array, Array, LstmCache]:
    """One step of a long short-term memory cell.

    With s = [a_prev; xt], the hidden state stacked on the input:
    ft = σ(Wf @ s + bf), it = σ(Wi @ s + bi), cct = tanh(Wc @ s + bc), ot = σ(Wo @ s + bo),
    c_next = ft * c_prev + it * cct, a_next = ot * tanh(c_next), yt_pred = softmax(Wy @ a_next + by), the softmax over axis 0.

    Args:
        xt: Input of this step, (n_x, m).
        a_prev: Hidden state of the step before, (n_a, m).
        c_prev: Cell state of the step before, (n_a, m).
        parameters: Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns:
        a_next (n_a, m), c_next (n_a, m), yt_pred (n_y, m) and
        the cache (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, 2000.
    """
    check = Arguments("lstm_cell_forward")
    xt, a_prev = check.array("xt", xt, ("n_x", "m")), check.array("a_prev", a_prev, ("n_a", "m"))
    c_prev = check.array("c_prev", c_prev, ("n_a", "m"))
    return _REFERENCE["lstm_cell_forward"](xt, a_prev, c_prev, check.parameters(parameters, LSTM_PARAMETERS))


@_SATURATED
def lstm_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, Array, Array, tuple[list[LstmCache], Array]]:
    """A long short-term memory network over a whole sequence.

    a⟨t⟩, c⟨t⟩, y⟨t⟩ = lstm_cell_forward(x⟨t⟩, a⟨t-1⟩, c⟨t-1⟩), from a⟨-1⟩ = a0 and c⟨-1⟩ = 0.

    Args:
        x: Inputs, (n_x, m, T_x).
        a0: Initial hidden state, (n_a, m).
        parameters: Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns:
        a (n_a, m, T_x), y (n_y, m, T_x), c (n_a, m, T_x), in this order, and the caches (list of one cache a step, x).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, 2000.
    """
    check = Arguments("lstm_forward")
    x, a0 = check.array("x", x, ("n_x", "m", "T_x")), check.array("a0", a0, ("n_a", "m"))
    return _REFERENCE["lstm_forward"](x, a0, check.parameters(parameters, LSTM_PARAMETERS))


def lstm_cell_backward(da_next: Array, dc_next: Array, cache: LstmCache) -> Gradients:
    """The gradients of one step of a long short-term memory cell; the prediction yt_pred takes no part.

    With s = [a_prev; xt] and dc = dc_next + da_next * ot * (1 - tanh²(c_next)), the whole gradient at the cell state:
    dft = dc * c_prev * ft * (1 - ft), dit = dc * cct * it * (1 - it), dcct = dc * it * (1 - cct²),
    dot = da_next * tanh(c_next) * ot * (1 - ot) are the gradients at the *pre-activations* of the gates.
    For each gate g: dWg = dg @ sᵀ, dbg = dg summed over the examples; [da_prev; dxt] = the sum over the gates of Wgᵀ @ dg.
    And dc_prev = dc * ft.

    Args:
        da_next: Gradient at the hidden state of this step, (n_a, m).
        dc_next: Gradient at the cell state of this step, without what comes through a_next, (n_a, m).
        cache: (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) from lstm_cell_forward.

    Returns:
        Gradients dxt (n_x, m), da_prev and dc_prev (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, 2000.
    """
    check = Arguments("lstm_cell_backward")
    checked = check.cache(cache, LSTM_CACHE, LSTM_PARAMETERS)
    da_next, dc_next = check.array("da_next", da_next, ("n_a", "m")), check.array("dc_next", dc_next, ("n_a", "m"))
    return _REFERENCE["lstm_cell_backward"](da_next, dc_next, checked)


def lstm_backward(da: Array, caches: tuple[list[LstmCache], Array]) -> Gradients:
    """The gradients of a long short-term memory network over a whole sequence, by backpropagation through time.

    From the last step to the first, lstm_cell_backward gets da⟨t⟩ + da_prev⟨t+1⟩ and dc_prev⟨t+1⟩; at the last step da⟨t⟩ and zero.
    dx⟨t⟩ is its dxt, da0 the da_prev of step 0, and the parameters' gradients are summed over the steps.

    Args:
        da: Upstream gradient, directly at each hidden state, (n_a, m, T) with 1 <= T <= T_x. With T < T_x the loss sees the first T
            steps only, and the later ones take no part.
        caches: (list of one cache a step, x) from lstm_forward.

    Returns:
        Gradients dx (n_x, m, T), da0 (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1).

    Raises:
        ArgumentError: An argument is wrong; which kind says the module's docstring.

    Source: Sequence Models, week 1 (deeplearning.ai); F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, 2000.
    """
    check = Arguments("lstm_backward")
    steps, x = check.caches(caches, LSTM_CACHE, LSTM_PARAMETERS)
    return _REFERENCE["lstm_backward"](check.upstream("da", da, len(steps)), (steps, x))
