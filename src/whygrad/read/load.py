"""From a file or standard input to text, or to one sentence that says why not."""

from __future__ import annotations

import codecs
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from whygrad.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

MOST_BYTES = 4_000_000
"""A post with every number, twice, in HTML is below 100 kB."""

_KINDS = {
    b"PK": "an archive; unpack it, and give a file out of it",
    b"%PDF": "a PDF; give the text or the notebook that it was made of",
    b"\x89PNG": "a picture; copy the numbers as text",
    b"\xff\xd8\xff": "a picture; copy the numbers as text",
}
"""What files of other kinds are, by how they begin."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x81\x8d\x8f\x90\x9d]|[\x80-\xff]{3}")
_DEVICES = ("/dev/", "/proc/")
"""Where a shell's own pipes stand, which somebody writes to."""
_CODE = {".ipynb": "a notebook", ".py": "a Python file"}


def read_path(path: Path, notes: list[str] | None = None) -> str:
    """The text of the file at ``path``; ``notes`` gets what was a guess.

    Raises:
        UsageError: the file is not there, is a folder, or may not be opened.
        UnreadableError: it is a notebook or a Python file, empty, too large, or not text.
    """
    with opened(path) as stream:
        kind = _CODE.get(path.suffix.lower())
        if kind:
            raise UnreadableError(f"{path} is {kind}; put the numbers that it printed into a text file and give me that.")
        return read_stream(stream, str(path), notes)


@contextmanager
def opened(path: Path) -> Generator[BinaryIO]:
    """The file at ``path``, open for reading.

    Raises:
        UsageError: the file is not there, is a folder or a pipe that has a name, or may not be opened.
    """
    try:
        if path.is_fifo() and not str(path).startswith(_DEVICES):
            raise UsageError(f"{path} is a pipe, for which I would wait; save what comes out of it, and give me that file.")
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}; check the name.") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; name a file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not one that a file can have"
        raise UsageError(f"The file {str(path)!r} could not be opened ({reason}); check its name and rights.") from None


def decoded(data: bytes, source: str, encoding: str = "utf-8-sig") -> str:
    """The text that ``data`` is: in ``encoding`` (by default UTF-8 with or without a byte order mark), or UTF-16 with a mark.

    Raises:
        UnreadableError: it is not text.
    """
    try:
        text = data.decode("utf-16") if data.startswith(_UTF16) else data.decode(encoding)
        text.encode()  # some encodings of Python's make halves of characters, which nothing can be written with
    except (UnicodeError, LookupError):
        known = next((what for begins, what in _KINDS.items() if data.startswith(begins)), None)
        what = known or "not text in UTF-8; save it as plain text (UTF-8) and try again"
        raise UnreadableError(f"{source} is {what}.") from None
    return text


def read_stream(stream: BinaryIO, source: str = "standard input", notes: list[str] | None = None) -> str:
    """The text in ``stream``: UTF-8 with or without a byte order mark, UTF-16 with one, or what can only be Windows-1252.

    ``source`` names it in messages; ``notes`` gets what was a guess.

    Raises:
        UnreadableError: it is empty, too large, or not text.
    """
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"{source} is larger than {MOST_BYTES // 1_000_000} MB; cut out the part with the printed numbers.")
    if _may_be_windows_1252(data):
        text = decoded(data, source, "cp1252")
        if notes is not None:
            notes.append("The text is not UTF-8 and was read as Windows-1252; its numbers are the same in both.")
    else:
        text = decoded(data, source)
    if not text.strip():
        raise UnreadableError(f"{source} is empty; paste the numbers that your check printed into it.")
    if "\0" in text:
        raise UnreadableError(f"{source} is not a text file; copy the printed numbers into one.")
    if text.lstrip().startswith("{") and '"nbformat"' in text:
        raise UnreadableError(f"{source} is a notebook; give it to me as a file whose name ends in .ipynb, or the numbers that it printed.")
    return text


def _may_be_windows_1252(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are text as older programs of Western Europe write it.

    Two bytes beyond ASCII stand side by side at most there. Three are another alphabet or no text; and a text that is UTF-8 but for a
    byte is refused, because its minus signs would become something else.
    """
    if data.startswith(_UTF16) or _NO_TEXT.search(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="ignore").isascii()
    return False
