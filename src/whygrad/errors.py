"""Every exception a user can see.

The tree::

    WhygradError
    ├── UsageError              wrong usage, missing file, own failure      exit code 2
    ├── SandboxError            nothing here can keep code from doing harm   exit code 2
    ├── UnreadableError         could be opened but not read or run          exit code 3
    ├── ImaginaryPartLostError  a function dropped the imaginary part that complex step needs
    └── ArgumentError           an argument of a public function is wrong (also a ValueError)
        ├── ShapeError          an array has another shape than the other arguments ask for
        ├── ContentError        not a NumPy array, not numbers, or NaN or infinite
        └── StructureError      a cache or the parameters lack an entry, have one too many or are nested otherwise

The exit codes are the command line's.
"""

from __future__ import annotations


class WhygradError(Exception):
    """Any error whose text is meant for the user: one sentence that says what is wrong and what to do."""


class UsageError(WhygradError):
    """The call itself is wrong: an unknown option value, a file that is not there."""


class UnreadableError(WhygradError):
    """The input was opened but holds nothing that can be read: not text, empty, or of another course."""


class SandboxError(WhygradError):
    """Somebody's code cannot be run: nothing on this machine keeps it from doing harm, or its process does not start."""


class ImaginaryPartLostError(WhygradError):
    """The function put a complex value into a real place, so a complex step through it would give a wrong derivative."""


class ArgumentError(WhygradError, ValueError):
    """An argument of a public function has the wrong shape, type, length or content; the text says which and what was expected."""


class ShapeError(ArgumentError):
    """An array has the wrong shape; the text gives the shape that came and the one that the other arguments ask for."""


class ContentError(ArgumentError):
    """An argument is no NumPy array, or holds something else than finite numbers."""


class StructureError(ArgumentError):
    """A cache or the parameters lack an entry, have one too many, or are nested in another way than the forward function does it."""
