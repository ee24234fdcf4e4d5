"""From printed numbers to mistakes: find the planted mistake that prints exactly these."""

from whygrad.from_numbers.explain import explain

__all__ = ["explain"]
