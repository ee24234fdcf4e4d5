"""What a pass promises besides right gradients: layouts, lengths, the workspace, the tape, carried state, checkpointing, float32."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from whygrad.errors import ContentError, StructureError
from whygrad.recurrent import (
    Activation,
    Configuration,
    State,
    Workspace,
    backward,
    forward,
    initial_parameters,
    narrow_lstm,
    plain_lstm,
    spare,
)
from whygrad.recurrent.directed import cell_class
from whygrad.recurrent.lstm import Lstm
from whygrad.recurrent.plain_lstm import PlainLstm

CELLS = ("rnn", "lstm", "gru")
Make = Callable[..., Any]


def gradient_arrays(gradients: Any) -> list[np.ndarray]:
    """All arrays of a gradient, as copies."""
    states = [gradients.initial.hidden, gradients.initial.cell]
    arrays = [gradients.inputs, *states, *(array for block in gradients.parameters for _, array in block.arrays())]
    return [array.copy() for array in arrays if array is not None]


def test_the_general_lstm_is_the_fast_one_without_options(make_problem: Make) -> None:
    """A bound that nothing reaches takes the general path, which gives the same outputs and gradients as the fast one."""
    fast = make_problem(1, cell="lstm", inputs=5, hidden=7, steps=9, batch=4, lengths=True, biases=2)
    general = make_problem(1, cell="lstm", inputs=5, hidden=7, steps=9, batch=4, lengths=True, biases=2, clip=1e9)
    assert cell_class(fast.configuration, 0) is PlainLstm
    assert cell_class(general.configuration, 0) is Lstm
    np.testing.assert_allclose(fast.run()[0], general.run()[0], rtol=1e-12, atol=1e-14)
    for one, other in zip(gradient_arrays(fast.gradients()), gradient_arrays(general.gradients()), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("cell", CELLS)
def test_layouts_are_views_of_one_computation(cell: Any) -> None:
    """The same sequence in another order of axes gives the same outputs and gradients in that order."""
    generator = np.random.default_rng(2)
    x, upstream = generator.normal(size=(6, 3, 2)), generator.normal(size=(6, 3, 8))
    orders = {"time-first": (0, 1, 2), "batch-first": (1, 0, 2), "features-first": (2, 1, 0)}
    results = []
    for layout, order in orders.items():
        configuration = Configuration(cell=cell, inputs=2, hidden=4, direction="bidirectional", layout=layout)  # type: ignore[arg-type]
        parameters = initial_parameters(configuration, np.random.default_rng(3))
        outputs, state, tape = forward(configuration, parameters, x.transpose(order))
        gradients = backward(upstream.transpose(order), None, tape)
        hidden = state.hidden.swapaxes(1, 2) if layout == "features-first" else state.hidden
        back = np.argsort(order)
        results.append((outputs.transpose(back), gradients.inputs.transpose(back), hidden, gradients.parameters[1].input_weights))
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_each_sequence_is_as_if_it_were_alone(cell: Any, make_problem: Make) -> None:
    """An example of a padded batch has the outputs, final state and input gradient that it has alone, and zeros after its end."""
    one = make_problem(4, cell=cell, inputs=2, hidden=3, layers=2, direction="bidirectional", steps=6, batch=4)
    lengths = np.array([6, 3, 1, 4])
    padded = one.x.copy()
    padded[3:, 1] = np.nan  # what stands after the end is not looked at
    outputs, state, tape = forward(one.configuration, one.parameters, padded, one.h0, one.c0, lengths)
    gradients = backward(one.d_outputs, one.d_final, tape)
    for b, length in enumerate(lengths):
        part = slice(b, b + 1)
        c0 = None if one.c0 is None else one.c0[:, part]
        alone, final, own = forward(one.configuration, one.parameters, one.x[:length, part], one.h0[:, part], c0)
        cell_part = None if one.d_final.cell is None else one.d_final.cell[:, part]
        back = backward(one.d_outputs[:length, part], State(one.d_final.hidden[:, part], cell_part), own)
        np.testing.assert_allclose(outputs[:length, part], alone, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(state.hidden[:, part], final.hidden, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(gradients.inputs[:length, part], back.inputs, rtol=1e-12, atol=1e-14)
        assert not outputs[length:, b].any()
        assert not gradients.inputs[length:, b].any()


@pytest.mark.parametrize("cell", CELLS)
def test_a_workspace_changes_nothing_and_saves_all_buffers(cell: Any) -> None:
    """A second pass with the same workspace gives the same numbers, and makes no array as large as one step's gates of the batch."""
    configuration = Configuration(cell=cell, inputs=16, hidden=64, linear_before_reset=cell == "gru")
    parameters = initial_parameters(configuration, np.random.default_rng(0))
    generator = np.random.default_rng(5)
    x, upstream, workspace = generator.normal(size=(60, 32, 16)), generator.normal(size=(60, 32, 64)), Workspace()

    def once() -> list[np.ndarray]:
        outputs, _, tape = forward(configuration, parameters, x, workspace=workspace)
        return [outputs, *gradient_arrays(backward(upstream, None, tape))]

    first = [array.copy() for array in once()]
    for one, two in zip(first, once(), strict=True):
        np.testing.assert_array_equal(one, two)
    _, _, tape = forward(configuration, parameters, x, workspace=workspace)
    backward(upstream, None, tape)
    tracemalloc.start()
    _, _, tape = forward(configuration, parameters, x, workspace=workspace)
    backward(upstream, None, tape)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 64 * 32 * 8 * 4


def test_an_old_tape_is_refused(make_problem: Make) -> None:
    """A tape whose workspace has been used again says so, and does not give wrong gradients."""
    one, workspace = make_problem(6, cell="lstm", inputs=2, hidden=3), Workspace()
    _, _, tape = forward(one.configuration, one.parameters, one.x, workspace=workspace)
    _, _, later = forward(one.configuration, one.parameters, one.x, workspace=workspace)
    with pytest.raises(StructureError, match="tape is of pass 1 with its workspace, which has been used for pass 2 since"):
        backward(one.d_outputs, None, tape)
    backward(one.d_outputs, None, later)


def test_a_refused_pass_leaves_the_tape_as_it_was(make_problem: Make) -> None:
    """A call with wrong arguments does not spoil the tape of the pass before."""
    one, workspace = make_problem(6, cell="lstm", inputs=2, hidden=3), Workspace()
    _, _, tape = forward(one.configuration, one.parameters, one.x, workspace=workspace)
    with pytest.raises(StructureError):
        forward(one.configuration, (), one.x, workspace=workspace)
    with pytest.raises(ContentError):
        forward(one.configuration, one.parameters, one.x * np.nan, workspace=workspace)
    backward(one.d_outputs, None, tape)


def test_outputs_of_the_same_workspace_are_no_inputs(make_problem: Make) -> None:
    """They would be overwritten before ``backward`` reads them: refused; a copy is right, and so is another workspace."""
    one, workspace = make_problem(6, cell="rnn", inputs=3, hidden=3), Workspace()
    outputs, _, _ = forward(one.configuration, one.parameters, one.x, workspace=workspace)
    with pytest.raises(StructureError, match="x lies in the results of an earlier pass"):
        forward(one.configuration, one.parameters, outputs, workspace=workspace)
    forward(one.configuration, one.parameters, outputs)
    _, _, tape = forward(one.configuration, one.parameters, outputs.copy(), workspace=workspace)
    at_inputs = backward(one.d_outputs, None, tape).inputs
    with pytest.raises(StructureError, match="d_outputs lies in the results of an earlier pass"):
        backward(at_inputs, None, tape)
    with pytest.raises(StructureError, match="x lies in the results"):
        forward(one.configuration, one.parameters, at_inputs, workspace=workspace)


@pytest.mark.parametrize("layout", ["time-first", "batch-first", "features-first"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_outputs_of_one_direction_cannot_be_written_to(layout: str, direction: str, make_problem: Make) -> None:
    """They are the hidden states that ``backward`` needs; where sequences end early they are memory of their own."""
    one = make_problem(6, cell="lstm", inputs=2, hidden=3, steps=4, batch=2, layout=layout, direction=direction)
    outputs, _, _ = forward(one.configuration, one.parameters, one.x)
    with pytest.raises(ValueError, match="read-only"):
        outputs *= 2
    shorter, _, _ = forward(one.configuration, one.parameters, one.x, lengths=np.array([4, 3]))
    whole, _, _ = forward(one.configuration, one.parameters, one.x, lengths=np.array([4, 4]))
    np.testing.assert_array_equal(whole, outputs)
    shorter *= 2


@pytest.mark.parametrize("layout", ["time-first", "batch-first", "features-first"])
@pytest.mark.parametrize("lengths", [False, True])
@pytest.mark.parametrize("checkpoint", [False, True])
def test_a_narrow_lstm_is_the_fast_one(
    make_problem: Make, monkeypatch: pytest.MonkeyPatch, *, checkpoint: bool, lengths: bool, layout: str
) -> None:
    """Batch first, in several blocks and chunks, outputs, inner values and gradients are those of the other order."""
    options = {"inputs": 4, "hidden": 5, "layers": 2, "direction": "bidirectional", "steps": 70, "batch": 9, "layout": layout}
    one = make_problem(9, cell="lstm", biases=2, checkpoint=checkpoint, lengths=lengths, **options)

    def results() -> list[np.ndarray]:
        outputs, states, tape = one.run()
        values = tape.values(1, 1)
        return [outputs.copy(), states.hidden.copy(), *(values[name].copy() for name in sorted(values)), *gradient_arrays(one.gradients())]

    monkeypatch.setattr(narrow_lstm, "_COLUMNS", 200)
    monkeypatch.setattr(narrow_lstm, "_CACHE", 10_000)
    found = results()
    monkeypatch.setattr(narrow_lstm, "_NARROW", 0)
    for array, known in zip(results(), found, strict=True):
        np.testing.assert_allclose(array, known, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("module", "batch"), [(plain_lstm, 4), (narrow_lstm, 9)])
def test_views_that_are_not_kept_change_nothing(module: Any, batch: int, make_problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sequence too long for views of all its steps gives the same, to the last bit."""
    one = make_problem(10, cell="lstm", inputs=3, hidden=5, steps=30, batch=batch, lengths=True)
    expected = gradient_arrays(one.gradients())
    monkeypatch.setattr(module, "LONG", 29)
    for array, known in zip(gradient_arrays(one.gradients()), expected, strict=True):
        np.testing.assert_array_equal(array, known)


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("scale", [1.0, 60.0])
def test_a_gru_does_not_need_its_candidate(make_problem: Make, scale: float, *, reset: bool) -> None:
    """Gradients without n are those with it, which any other function than tanh takes; also where the update gate is 1 to the last bit."""
    fields = {"cell": "gru", "inputs": 3, "hidden": 5, "steps": 9, "batch": 4, "lengths": True, "linear_before_reset": reset, "biases": 2}
    one = make_problem(11, **fields)
    other = make_problem(11, **fields, activations=(Activation("Sigmoid"), Activation("ScaledTanh", 1, 1)))
    for problem in (one, other):
        problem.parameters[0].bias[5:10] = scale * np.linspace(-1, 1, 5)
    for array, known in zip(gradient_arrays(one.gradients()), gradient_arrays(other.gradients()), strict=True):
        np.testing.assert_allclose(array, known, rtol=1e-11, atol=1e-13)


def test_gradients_of_many_rows_are_the_same_in_strips(make_problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added strip by strip is what is added at once."""
    one = make_problem(8, cell="lstm", inputs=3, hidden=5, steps=300, batch=4)
    expected = gradient_arrays(one.gradients())
    monkeypatch.setattr(spare, "_STRIP", 7)
    for array, known in zip(gradient_arrays(one.gradients()), expected, strict=True):
        np.testing.assert_allclose(array, known, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64", "int32"])
def test_lengths_of_any_integer_are_the_same(dtype: str, make_problem: Make) -> None:
    """The width and sign of the integers changes nothing, zero length included."""
    one = make_problem(6, cell="gru", inputs=2, hidden=3, direction="bidirectional", steps=5, batch=4)
    lengths = np.array([0, 5, 2, 3])
    expected, _, _ = forward(one.configuration, one.parameters, one.x, lengths=lengths)
    outputs, _, _ = forward(one.configuration, one.parameters, one.x, lengths=lengths.astype(dtype))
    np.testing.assert_array_equal(outputs, expected)


def test_backward_can_be_run_twice(make_problem: Make) -> None:
    """A tape is not used up: a second backward pass gives the same gradients."""
    one = make_problem(7, cell="gru", inputs=2, hidden=3, layers=2)
    _, _, tape = one.run()
    first = gradient_arrays(backward(one.d_outputs, one.d_final, tape))
    for before, after in zip(first, gradient_arrays(backward(one.d_outputs, one.d_final, tape)), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("cell", CELLS)
def test_a_sequence_in_two_pieces_is_the_whole_one(cell: Any, make_problem: Make) -> None:
    """The final state carried on into a second pass gives the outputs of one pass; its gradient carried back gives those gradients."""
    one = make_problem(8, cell=cell, inputs=2, hidden=3, layers=2, steps=7)
    whole = one.gradients()
    first, state, early = forward(one.configuration, one.parameters, one.x[:4], one.h0, one.c0)
    second, _, late = forward(one.configuration, one.parameters, one.x[4:], state.hidden, state.cell)
    np.testing.assert_allclose(np.concatenate([first, second]), one.run()[0], rtol=1e-12, atol=1e-14)
    back = backward(one.d_outputs[4:], one.d_final, late)
    front = backward(one.d_outputs[:4], back.initial, early)
    np.testing.assert_allclose(np.concatenate([front.inputs, back.inputs]), whole.inputs, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(front.initial.hidden, whole.initial.hidden, rtol=1e-11, atol=1e-13)


def test_state_carried_in_one_workspace_is_not_overwritten_too_early(make_problem: Make) -> None:
    """With one workspace for all pieces the final state may be handed on as it is."""
    one, workspace = make_problem(9, cell="lstm", inputs=2, hidden=3, steps=8), Workspace()
    hidden, cell, outputs = one.h0, one.c0, []
    for start in (0, 4):
        piece, state, _ = forward(one.configuration, one.parameters, one.x[start : start + 4], hidden, cell, workspace=workspace)
        hidden, cell = state.hidden, state.cell
        outputs.append(piece.copy())
    np.testing.assert_allclose(np.concatenate(outputs), one.run()[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_checkpointing_gives_the_same_and_keeps_little(cell: Any, make_problem: Make) -> None:
    """Gradients agree with those of a full tape, whose inner values take √T times the memory."""
    fields = {"cell": cell, "inputs": 2, "hidden": 3, "layers": 2, "direction": "bidirectional", "steps": 50, "lengths": True}
    whole, kept = make_problem(10, **fields), make_problem(10, **fields, checkpoint=True)
    for one, two in zip(gradient_arrays(whole.gradients()), gradient_arrays(kept.gradients()), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-11, atol=1e-13)
    full, short = whole.run()[2].buffers.layers[0][0].cell, kept.run()[2].buffers.layers[0][0].cell
    assert (full.slots, short.slots) == (50, 8)


def test_dropout_drops_and_scales(make_problem: Make) -> None:
    """With a generator a share of what lies between layers is zero and the rest is scaled; without one nothing changes."""
    one = make_problem(11, cell="rnn", inputs=2, hidden=20, layers=2, dropout=0.25, steps=30, batch=20)
    _, _, tape = one.run()
    below, dropped = tape.buffers.layers[0][0].hidden[1:], tape.buffers.joints[0].outputs
    zero = dropped == 0
    assert abs(zero.mean() - 0.25) < 0.02
    np.testing.assert_allclose(dropped[~zero], below[~zero] / 0.75)
    without, _, _ = forward(one.configuration, one.parameters, one.x, one.h0)
    plain, _, _ = forward(one.configuration.replace(dropout=0.0), one.parameters, one.x, one.h0)
    np.testing.assert_array_equal(without, plain)


@pytest.mark.parametrize("cell", CELLS)
def test_float32_is_float32_throughout(cell: Any) -> None:
    """Single precision in, single precision out, and near to double."""
    results = []
    for dtype in ("float32", "float64"):
        configuration = Configuration(cell=cell, inputs=3, hidden=8, layers=2, dtype=dtype)  # type: ignore[arg-type]
        parameters = initial_parameters(configuration, np.random.default_rng(0))
        generator = np.random.default_rng(1)
        x, upstream = (generator.normal(size=(12, 5, n)).astype(dtype) for n in (3, 8))
        outputs, state, tape = forward(configuration, parameters, x)
        gradients = backward(upstream, state, tape)
        assert {array.dtype for array in (outputs, state.hidden, *gradient_arrays(gradients))} == {np.dtype(dtype)}
        results.append([outputs, *gradient_arrays(gradients)])
    for single, double in zip(*results, strict=True):
        np.testing.assert_allclose(single, double, rtol=1e-3, atol=1e-4 * float(np.abs(double).max()))


def test_far_saturated_gates_do_not_overflow(make_problem: Make) -> None:
    """Inputs of size 10^4 give finite outputs and gradients without a warning."""
    one = make_problem(12, cell="lstm", inputs=2, hidden=3)
    outputs, _, tape = forward(one.configuration, one.parameters, one.x * 1e4)
    assert np.isfinite(outputs).all()
    assert all(np.isfinite(array).all() for array in gradient_arrays(backward(one.d_outputs, None, tape)))


def test_the_tape_shows_every_inner_value(make_problem: Make) -> None:
    """The names on the tape are the gates' and states', and they fit together as the equations say."""
    for fields in ({}, {"peepholes": True}):
        one = make_problem(13, cell="lstm", inputs=2, hidden=3, **fields)
        values = one.run()[2].values()
        np.testing.assert_allclose(values["c"], values["f"] * values["c_before"] + values["i"] * values["g"], rtol=1e-12)
        np.testing.assert_allclose(values["h"], values["o"] * np.tanh(values["c"]), rtol=1e-12)
        np.testing.assert_array_equal(values["h_before"][1:], values["h"][:-1])


@pytest.mark.parametrize("biases", [0, 1, 2])
@pytest.mark.parametrize("reset", [False, True])
def test_the_tape_of_a_gru_shows_what_it_does_not_keep(make_problem: Make, biases: int, *, reset: bool) -> None:
    """Both n and a are computed anew, in each layer and direction, whatever the lengths."""
    fields = {"layers": 2, "direction": "bidirectional", "linear_before_reset": reset, "biases": biases, "clip": 0.5}
    one = make_problem(13, cell="gru", inputs=2, hidden=3, lengths=True, batch=5, **fields)
    tape = one.run()[2]
    for k, parameters in enumerate(one.parameters):
        gru = tape.values(*divmod(k, 2))
        within = np.arange(4)[:, None, None] < one.lengths
        expected = (1 - gru["z"]) * gru["n"] + gru["z"] * gru["h_before"]
        np.testing.assert_allclose(gru["h"] * within, expected * within, rtol=1e-12, atol=1e-15)
        if reset:
            bias = 0 if parameters.recurrent_bias is None else parameters.recurrent_bias[:3, None]
            np.testing.assert_allclose(gru["a"], parameters.recurrent_weights[:3] @ gru["h_before"] + bias, rtol=1e-12)


def test_the_tape_of_a_checkpointed_gru_shows_the_last_steps(make_problem: Make) -> None:
    """Of seven steps in segments of three the last one, as long as backward has not run."""
    gru = make_problem(13, cell="gru", inputs=2, hidden=3, steps=7, checkpoint=True).run()[2].values()
    n, z, h = gru["n"], gru["z"][:1], gru["h"][-1:]
    np.testing.assert_allclose(h, (1 - z) * n + z * gru["h_before"][-1:], rtol=1e-12)


@pytest.mark.parametrize(("place", "says"), [((1, 0), "layer is 1, expected"), ((-1, 0), "layer is -1"), ((0, "a"), "direction is 'a'")])
def test_the_tape_has_no_other_layers(place: Any, says: str, make_problem: Make) -> None:
    """A layer or direction that the network has not is refused by name."""
    with pytest.raises(ContentError, match=says):
        make_problem(13, cell="rnn", inputs=2, hidden=3).run()[2].values(*place)
