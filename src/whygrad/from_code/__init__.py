"""Code to mistakes: run each function alone, find the line whose inputs are right and whose value is not, and prove it."""
