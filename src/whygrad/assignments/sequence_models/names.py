"""What the course's names mean, which belong together, and what the mathematics asks of each equation."""

from __future__ import annotations

from whygrad.assignments.vocabulary import Vocabulary

_ROLES = {
    "rnn_cell_forward": "cell forward",
    "rnn_forward": "forward",
    "lstm_cell_forward": "cell forward",
    "lstm_forward": "forward",
    "rnn_cell_backward": "cell backward",
    "rnn_backward": "backward",
    "lstm_cell_backward": "cell backward",
    "lstm_backward": "backward",
}


def _gate(gate: str, letter: str, partner: str | None = None) -> dict[str, str]:
    parts = {
        "gate": gate,
        "gate gradient": f"d{gate}",
        "weight": f"W{letter}",
        "weight gradient": f"dW{letter}",
        "bias": f"b{letter}",
        "bias gradient": f"db{letter}",
        "derivative": f"(1 - {gate} ** 2)" if gate == "cct" else f"{gate} * (1 - {gate})",
    }
    return parts | ({"partner": partner} if partner else {})


_SIBLINGS = {
    "gates": {
        "forget": _gate("ft", "f", "c_prev"),
        "update": _gate("it", "i", "cct"),
        "candidate": _gate("cct", "c", "it"),
        "output": _gate("ot", "o"),
    },
    "rnn": {
        "input": {"weight": "Wax", "weight gradient": "dWax", "source": "xt", "source gradient": "dxt", "columns": "[:, n_a:]"},
        "hidden": {"weight": "Waa", "weight gradient": "dWaa", "source": "a_prev", "source gradient": "da_prev", "columns": "[:, :n_a]"},
    },
    "carries": {
        "hidden": {"carry": "da_prevt"},
        "cell": {"carry": "dc_prevt"},
    },
    "states": {
        "hidden": {"state": "a_next", "states": "a"},
        "cell": {"state": "c_next", "states": "c"},
    },
}

_GATE_WORDS = {"f": ("ft", "forget gate"), "i": ("it", "update gate"), "c": ("cct", "candidate"), "o": ("ot", "output gate")}

_WORDS = {
    "a_next": "the hidden state of this step",
    "a_prev": "the hidden state of the step before",
    "c_next": "the cell state of this step",
    "c_prev": "the cell state of the step before",
    "xt": "the input of this step",
    "da_next": "the gradient that comes in at the hidden state",
    "dc_next": "the gradient that comes in at the cell state",
    "dc": "the whole gradient at the cell state",
    "dxt": "the gradient at the input of this step",
    "da_prev": "the gradient at the previous hidden state",
    "dc_prev": "the gradient at the previous cell state",
    "dtanh": "the gradient at the pre-activation of the tanh",
    "Wax": "the input's weight",
    "Waa": "the hidden state's weight",
    "ba": "the bias",
    "dWax": "the gradient of the input's weight",
    "dWaa": "the gradient of the hidden state's weight",
    "dba": "the bias gradient",
    "da": "the upstream gradient",
    "dx": "the gradient at the inputs",
    "da0": "the gradient at the initial hidden state",
    "a0": "the initial hidden state",
    "da_prevt": "the gradient carried to the hidden state of the earlier step",
    "dc_prevt": "the gradient carried to the cell state of the earlier step",
    "a": "the array of all hidden states",
    "c": "the array of all cell states",
    "x": "the array of all inputs",
    "concat": "the stack of previous hidden state and input",
}
for _letter, (_name, _word) in _GATE_WORDS.items():
    _WORDS.update(
        {
            _name: f"the {_word}",
            f"d{_name}": f"the gradient at the {_word}'s pre-activation",
            f"W{_letter}": f"the {_word}'s weight",
            f"b{_letter}": f"the {_word}'s bias",
            f"dW{_letter}": f"the gradient of the {_word}'s weight",
            f"db{_letter}": f"the gradient of the {_word}'s bias",
        }
    )

_SUM_OVER_BATCH = "the pre-activation's gradient summed over the examples, one number for each hidden unit"
_FROM_A0 = "the first step starts from a0, each later one from the hidden state of the step before"
_AT_HIDDEN_STATE = (
    "at step t the gradient at the hidden state is da⟨t⟩ plus the da_prev that step t+1 returned; at the last step nothing is added"
)
_AS_IT_IS = "da_next is the gradient at a_next as it is handed in: every formula takes it as it is"
_CELL = "lstm_cell_backward"
_LOOP_SUM = "the sum over all steps of what the cell returns for this parameter"
_MATHEMATICS = {
    (_CELL, "da_next"): _AS_IT_IS,
    ("rnn_cell_backward", "da_next"): _AS_IT_IS,
    (_CELL, "dc"): (
        "dc = dc_next + da_next ∘ Γo ∘ (1 − tanh²(c_next)): the cell state acts on the loss through the next cell state and through the "
        "hidden state of its own step"
    ),
    (_CELL, "dot"): "dot = da_next ∘ tanh(c_next) ∘ Γo ∘ (1 − Γo)",
    (_CELL, "dcct"): (
        "dcct = (dc_next + da_next ∘ Γo ∘ (1 − tanh²(c_next))) ∘ Γu ∘ (1 − c̃²), the bracket being the whole gradient at c_next"
    ),
    (_CELL, "dit"): (
        "dit = (dc_next + da_next ∘ Γo ∘ (1 − tanh²(c_next))) ∘ c̃ ∘ Γu ∘ (1 − Γu), the bracket being the whole gradient at c_next"
    ),
    (_CELL, "dft"): (
        "dft = (dc_next + da_next ∘ Γo ∘ (1 − tanh²(c_next))) ∘ c_prev ∘ Γf ∘ (1 − Γf), the bracket being the whole gradient at c_next"
    ),
    (_CELL, "da_prev"): (
        "da_prev is the sum over the four gates of (the columns of W that meet a_prev, transposed) times that gate's pre-activation "
        "gradient"
    ),
    (_CELL, "dxt"): (
        "dxt is the sum over the four gates of (the columns of W that meet x, transposed) times that gate's pre-activation gradient"
    ),
    (_CELL, "dc_prev"): "dc_prev = (dc_next + da_next ∘ Γo ∘ (1 − tanh²(c_next))) ∘ Γf",
    ("rnn_cell_backward", "dtanh"): "dtanh = da_next ∘ (1 − a_next²), because a_next is already the tanh",
    ("rnn_cell_backward", "dxt"): "dxt = Waxᵀ dz, dz being the gradient at the pre-activation of the tanh",
    ("rnn_cell_backward", "da_prev"): "da_prev = Waaᵀ dz, dz being the gradient at the pre-activation of the tanh",
    ("rnn_cell_backward", "dWax"): "dWax = dz xᵀ, dz being the gradient at the pre-activation of the tanh",
    ("rnn_cell_backward", "dWaa"): "dWaa = dz a_prevᵀ, dz being the gradient at the pre-activation of the tanh",
    ("rnn_cell_backward", "dba"): _SUM_OVER_BATCH,
    ("rnn_cell_forward", "a_next"): "a⟨t⟩ = tanh(Wax x⟨t⟩ + Waa a⟨t−1⟩ + ba)",
    ("lstm_cell_forward", "ft"): "Γf = σ(Wf [a_prev; x] + bf)",
    ("lstm_cell_forward", "it"): "Γu = σ(Wi [a_prev; x] + bi)",
    ("lstm_cell_forward", "cct"): "c̃ = tanh(Wc [a_prev; x] + bc)",
    ("lstm_cell_forward", "ot"): "Γo = σ(Wo [a_prev; x] + bo)",
    ("lstm_cell_forward", "c_next"): "c⟨t⟩ = Γf ∘ c⟨t−1⟩ + Γu ∘ c̃",
    ("lstm_cell_forward", "a_next"): "a⟨t⟩ = Γo ∘ tanh(c⟨t⟩)",
    ("lstm_cell_forward", "concat"): "the stack is [a_prev; x], the hidden state of the step before above the input",
    ("lstm_forward", "a_next"): _FROM_A0,
    ("lstm_forward", "c_next"): (
        "the first step starts from a cell state of zero, which stays zero in its cache; each later one starts from the cell state of the "
        "step before"
    ),
    ("rnn_forward", "a_next"): _FROM_A0,
    ("lstm_backward", "da_prevt"): _AT_HIDDEN_STATE,
    ("lstm_backward", "dc_prevt"): "step t receives the dc_prev that step t+1 returned; the last step receives zero",
    ("rnn_backward", "da_prevt"): _AT_HIDDEN_STATE,
    ("lstm_backward", "da0"): "da0 is the da_prev that the first step, t = 0, returned",
    ("rnn_backward", "da0"): "da0 is the da_prev that the first step, t = 0, returned",
    ("lstm_backward", "dx"): "dx⟨t⟩ is the dxt that step t returned",
    ("rnn_backward", "dx"): "dx⟨t⟩ is the dxt that step t returned",
}
for _letter, (_name, _word) in _GATE_WORDS.items():
    _MATHEMATICS.update(
        {
            (_CELL, f"dW{_letter}"): f"the gradient at the {_word}'s pre-activation times the transposed stack [a_prev; x]",
            (_CELL, f"db{_letter}"): _SUM_OVER_BATCH,
            ("lstm_backward", f"dW{_letter}"): _LOOP_SUM,
            ("lstm_backward", f"db{_letter}"): _LOOP_SUM,
        }
    )
for _name in ("dWax", "dWaa", "dba"):
    _MATHEMATICS["rnn_backward", _name] = _LOOP_SUM

VOCABULARY = Vocabulary(
    roles=_ROLES,
    siblings=_SIBLINGS,
    words=_WORDS,
    mathematics=_MATHEMATICS,
    carries={"da_prevt": "da_prev", "dc_prevt": "dc_prev"},
)
