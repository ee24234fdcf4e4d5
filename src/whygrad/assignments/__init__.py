"""What was to be written: one folder for each assignment."""

from whygrad.assignments.assignment import Assignment
from whygrad.assignments.sequence_models import SEQUENCE_MODELS

ASSIGNMENTS: dict[str, Assignment] = {SEQUENCE_MODELS.id: SEQUENCE_MODELS}

__all__ = ["ASSIGNMENTS", "SEQUENCE_MODELS", "Assignment"]
