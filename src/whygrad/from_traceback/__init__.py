"""From the traceback in a text to what is wrong in the line at which it stopped: the quoted lines are run within the course's program."""

from whygrad.from_traceback.explain import explain_error

__all__ = ["explain_error"]
