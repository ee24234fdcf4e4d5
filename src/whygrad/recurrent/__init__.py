"""RNN, LSTM and GRU in NumPy: forward and hand-derived backward, with the options of torch, Keras and ONNX.

    configuration = Configuration(cell="lstm", inputs=3, hidden=5)
    parameters = initial_parameters(configuration, np.random.default_rng(0))
    outputs, state, tape = forward(configuration, parameters, x)
    gradients = backward(d_outputs, None, tape)

This room uses NumPy and ``whygrad.errors`` alone. Begin to read in ``network.py``; ``directed.py`` runs one layer in one direction; the
equations are in ``rnn.py``, ``lstm.py`` and ``gru.py``, and the fast paths in ``plain_lstm.py`` and ``narrow_lstm.py``.
"""

from whygrad.recurrent.activations import Activation
from whygrad.recurrent.configuration import Configuration
from whygrad.recurrent.network import Tape, backward, forward
from whygrad.recurrent.parameters import Network, Parameters, initial_parameters, zero_parameters
from whygrad.recurrent.results import Gradients, State
from whygrad.recurrent.workspace import Workspace

__all__ = [
    "Activation",
    "Configuration",
    "Gradients",
    "Network",
    "Parameters",
    "State",
    "Tape",
    "Workspace",
    "backward",
    "forward",
    "initial_parameters",
    "zero_parameters",
]
