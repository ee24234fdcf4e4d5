"""How bytes stand on the pipe between parent and child: a length, the token of the exchange, and the content.

Each exchange is one frame to the child and one back, which must repeat the token. The parent draws a new token for each, so that an answer
that was written ahead by somebody's code is not taken for the answer to a later question. Standard library only: the child is started
before NumPy is loaded.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

TOKEN = 16
"""Bytes of a token."""
LARGEST = 64 << 20
"""Bytes that a frame's content can have at most."""
_HEAD = struct.Struct(f"<8sQ{TOKEN}s")
_MAGIC = b"whygrad1"


class WireError(Exception):
    """What stands on the pipe, or should be put there, is not what was agreed; the text ends the sentence "what came back ..."."""


def frame_of(token: bytes, content: bytes) -> bytes:
    """One frame.

    Raises:
        WireError: ``content`` is too large.
    """
    if len(content) > LARGEST:
        raise WireError(f"has {len(content) >> 20} MB, and {LARGEST >> 20} MB is the most that is looked at")
    return _HEAD.pack(_MAGIC, len(content), token) + content


def write_frame(stream: BinaryIO, token: bytes, content: bytes) -> None:
    """Put one frame on ``stream``.

    Raises:
        WireError: ``content`` is too large.
        OSError: The other side is gone.
    """
    stream.write(frame_of(token, content))
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame's token and content; None where the stream ends before or within it.

    Raises:
        WireError: What stands there is no frame.
    """
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    token, size = _told_by(head)
    content = stream.read(size)
    return (token, content) if len(content) == size else None


def take_frame(came: bytearray) -> tuple[bytes, bytes] | None:
    """The token and the content of a frame, which are taken out of the bytes that came; None where some of it has not come.

    Raises:
        WireError: What came is no frame.
    """
    if len(came) < _HEAD.size:
        return None
    token, size = _told_by(came)
    end = _HEAD.size + size
    if len(came) < end:
        return None
    content = bytes(came[_HEAD.size : end])
    del came[:end]
    return token, content


def _told_by(head: bytes | bytearray) -> tuple[bytes, int]:
    """The token of a frame, and how many bytes its content has."""
    magic, size, token = _HEAD.unpack_from(head)
    if magic != _MAGIC:
        raise WireError("does not begin as an answer does")
    if size > LARGEST:
        raise WireError(f"says it has {size >> 20} MB, and {LARGEST >> 20} MB is the most that is looked at")
    return token, size
