"""What was to be written: one folder for each assignment."""

from whygrad.assignments.assignment import Assignment
from whygrad.assignments.sequence_models import SEQUENCE_MODELS, SEQUENCE_MODELS_FORWARD

ASSIGNMENTS: dict[str, Assignment] = {own.id: own for own in (SEQUENCE_MODELS, SEQUENCE_MODELS_FORWARD)}

__all__ = ["ASSIGNMENTS", "SEQUENCE_MODELS", "SEQUENCE_MODELS_FORWARD", "Assignment"]
