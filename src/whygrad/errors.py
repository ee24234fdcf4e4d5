"""Every exception a user can see.

The tree, with the command line's exit codes:

    WhygradError
    ├── UsageError          wrong usage, missing file, own failure      exit code 2
    ├── UnreadableError     could be opened but not read or run          exit code 3
    └── ArgumentError       an argument of a public function is wrong (also a ValueError)
"""

from __future__ import annotations


class WhygradError(Exception):
    """Any error whose text is meant for the user: one sentence that says what is wrong and what to do."""


class UsageError(WhygradError):
    """The call itself is wrong: an unknown option value, a file that is not there."""


class UnreadableError(WhygradError):
    """The input was opened but holds nothing that can be read: not text, empty, or of another course."""


class ArgumentError(WhygradError, ValueError):
    """An argument of a public function has the wrong shape, type, length or content; the text says which and what was expected."""
