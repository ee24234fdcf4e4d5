"""Building a recurrent neural network step by step (Sequence Models, week 1): eight functions, four checks."""

from __future__ import annotations

from pathlib import Path

from whygrad.assignments.assignment import Assignment
from whygrad.assignments.sequence_models.flows import FLOWS
from whygrad.assignments.sequence_models.forward import forward_of
from whygrad.assignments.sequence_models.habits import HABITS, PROGRAMS
from whygrad.assignments.sequence_models.keys import KEYS, PRINTED, WRONG_KEYS
from whygrad.assignments.sequence_models.names import VOCABULARY
from whygrad.assignments.sequence_models.spellings import MISPRINTS, SPELLINGS, STALE

_HERE = Path(__file__).parent

SEQUENCE_MODELS = Assignment(
    id="sequence-models",
    title="Building your Recurrent Neural Network, step by step",
    program=(_HERE / "program.py").read_text(encoding="utf-8"),
    checks=(_HERE / "checks.py").read_text(encoding="utf-8"),
    printed=PRINTED,
    keys=KEYS,
    wrong_keys=WRONG_KEYS,
    spellings=SPELLINGS,
    misprints=MISPRINTS,
    stale=STALE,
    vocabulary=VOCABULARY,
    habits=HABITS,
    programs=PROGRAMS,
    flows=FLOWS,
)

SEQUENCE_MODELS_FORWARD = forward_of(SEQUENCE_MODELS, (_HERE / "forward_checks.py").read_text(encoding="utf-8"))
"""The same eight functions, with the four checks that print what the forward ones compute."""
