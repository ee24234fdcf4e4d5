"""Readers: from what people paste to a `Reading`."""

from whygrad.read.load import read_path, read_stream
from whygrad.read.text import read_text

__all__ = ["read_path", "read_stream", "read_text"]
