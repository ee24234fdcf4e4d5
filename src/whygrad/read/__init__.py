"""Readers: from what people paste to a `Reading` (``post``), from their code to a `Source` (all else).

The readers of code are imported from ``read.code_file`` and ``read.live`` where they are needed: a post needs none of them.
"""

from whygrad.read.load import read_path, read_stream
from whygrad.read.post.text import defined_in, read_text

__all__ = ["defined_in", "read_path", "read_stream", "read_text"]
