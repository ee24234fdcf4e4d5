"""How many published programs carry a mistake, by (mistake id, quantity); ("...", "") is the count for all other quantities.

Where one very slip was counted, it stands by itself: (slip, quantity). Where a mistake is of one kind of function, it is
("mistake id, role", "").

Counted over 345 published notebooks and 97 distinct wrong outputs. A program with two mistakes counts for both. What was never seen but is
possible counts as one program, or as less where a likelier mistake prints the same.
"""

from __future__ import annotations

PROGRAMS = 442
"""How many programs were read."""

HABITS: dict[tuple[str, str], float] = {
    # 49 notebooks and 32 outputs carry nothing back; 12 programs carry dc and not da.
    ("carry-missing", "da_prevt"): 93,
    ("carry-missing", "dc_prevt"): 6,  # estimated: it was never counted alone; both together cost what the likelier one does
    ("carry-added-up", ""): 2,
    ("carry-wrong", ""): 2,
    ("carry-wrong: summed up for da0", "da_prevt"): 0.5,  # estimated: other mistakes of the carry and of da0 print the same together
    # The old notebook's own check of the RNN cell uses a stale bias, so every one of its readers prints so.
    ("check-draws-otherwise", "ba"): 60,
    ("check-draws-otherwise", ""): 12,
    ("check-draws-otherwise", "x"): 1,
    ("check-draws-otherwise: seed anew", "da"): 1,
    ("check-draws-otherwise: seed anew", "da_next"): 1,
    ("weights-from-globals", ""): 29,
    ("weights-from-globals, cell forward", ""): 1,  # all that were counted stood in a backward cell
    # Forward: 25 first states that are views, 11 buffers with two names, 9 times a0 at every step, 4 times a0 ignored.
    ("view-of-output: <state> = <states>[:, :, 0]", "c_prev"): 25,  # all the counted ones were this very slip
    ("view-of-output", "a_prev"): 2.5,  # estimated: all that were counted are of the cell state; a0 at every step, or none, prints the same
    ("view-of-output", ""): 6,
    ("one-buffer-two-names", ""): 11,
    # Estimated: the course's template stores the cell state last.
    ("one-buffer-two-names: the loop, which stores the hidden state last, takes the cell state out of it", "c"): 0.1,
    ("state-not-carried", "a_prev"): 9,
    ("state-not-carried", ""): 3,
    ("initial-state-wrong", ""): 4,
    ("output-slot-as-state", ""): 3,
    ("updated-in-place: copied into the previous", "a_prev"): 0.005,  # as below
    ("updated-in-place: copied into the previous", "c_prev"): 0.005,
    ("updated-in-place, cell forward", ""): 0.05,  # none was seen; a wrong name in the backward cell prints the same and is far likelier
    ("handed-over-wrongly", ""): 0.07,  # none was seen: it is told behind the loop's mistake that prints the same
    ("input-of-wrong-step", ""): 2,
    ("input-of-wrong-step: the step after", "xt"): 0.05,  # estimated: as it is mostly written it raises an IndexError at the last step
    ("draws-random", ""): 1,
    ("draws-random, cell forward", ""): 0.3,  # estimated: a loop has arrays to make, a cell has none
    ("left-in-the-notebook", ""): 0.7,  # estimated: weights that are read so were counted, and none of a call's arguments
    # The loop of the backward pass.
    ("overwritten-not-summed", ""): 7,
    ("upstream-missing", ""): 6,
    ("upstream-wrong-step", ""): 2,
    ("accumulates-itself", ""): 4,
    ("accumulator-copied", ""): 4,
    # Seen alone in 4 programs; but where nothing is carried, da0 is often a slice of da or zero as well.
    ("initial-gradient-wrong: da0 = np.zeros((n_a, m), dtype)", "da0"): 6,  # where nothing is carried, da0 often stays as it was made
    ("initial-gradient-wrong", ""): 10,
    ("input-gradient-stored-wrong", ""): 2,
    # Estimated: a wrong cut of the weights prints the same, and was seen.
    ("input-gradient-stored-wrong: dx[:, :, t] = gradients['da_prev'][:n_x]", "dx"): 0.01,
    ("cache-of-wrong-step", ""): 2,
    ("cache-of-wrong-step, forward", ""): 0.2,  # no list of caches was seen that is filled wrongly; a wrong index prints the same
    ("cache-of-wrong-step, cell forward", ""): 0.05,  # as before
    ("call-argument-wrong", ""): 2,
    ("loop-wrong", ""): 2,
    ("loop-wrong, forward", ""): 1,  # estimated: in a forward loop a wrong index prints the same and is likelier
    ("extra-upstream", ""): 1,
    # The equations of a cell.
    ("wrong-activation-derivative", ""): 12,  # 5 tanh derivatives, 3 activations for their derivatives, 4 of other kinds
    ("kind-replaced: weight -> weight gradient", "da_prev"): 5,  # in both lines, which is one mistake
    ("kind-replaced: weight -> weight gradient", "dxt"): 5,
    ("kind-replaced", ""): 4,  # twice a gate for its gradient, twice dW summed for a bias
    ("bracket-moved", ""): 4,
    ("printed-formula", ""): 6,  # the old text's own; every reader of it may have copied it
    ("gate-swapped", ""): 3,
    ("activation-derivative-missing", ""): 3,
    ("activation-wrong", ""): 3,
    ("mean-for-sum", ""): 2,
    ("sum-wrong", ""): 2,
    ("slice-wrong", ""): 2,
    # Not counted by name: slips of typing and leaving out, the rest of what was wrong in single equations.
    ("name-replaced", ""): 16,
    ("name-replaced: c_next -> a_next", "dot"): 3,  # three outputs have the hidden state under the tanh of the output gate
    ("name-replaced: tanh of c_next -> a_next", "dot"): 1,  # estimated: a square too many prints the same, and nobody writes one here
    ("name-replaced: tanh of c_next -> a_next", "dc"): 1,  # estimated: so the RNN's cell has it, where the hidden state is the tanh
    ("recomputed-wrongly", ""): 2,
    ("recomputed-wrongly: and a wrong derivative", "dtanh"): 0.00002,  # estimated: rarer than the two slips by themselves
    # Estimated: lost in the forward cell it prints the same in the backward cell's check, but the forward cell's check would have told.
    ("recomputed-wrongly: term-dropped, the bias", "dtanh"): 1.5,
    ("term-dropped", ""): 8,
    ("term-dropped: dc_prev = dc_next * ft", "dc_prev"): 2,  # estimated
    ("term-dropped: dc = dc_next", "dc"): 1,  # estimated; a dc that stays at zero prints the same in the loop
    ("factor-dropped", ""): 8,
    ("left-at-zero", ""): 0.3,  # a carry that is missing prints the same and is far likelier
    ("ones-for-upstream", ""): 0.3,  # none was seen; in the loop a missing factor prints the same and is likelier
    ("", ""): 1,
}
