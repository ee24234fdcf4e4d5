"""Whether a reply can be one to its request: what follows indexes by what the reply tells, and the code may have written it itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.sandbox.frames import WireError
from whygrad.sandbox.standins import unused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.sandbox.requests import Path, Piece, Reply, Request, Value


def check(reply: Reply, request: Request, pieces: Sequence[Piece], parts: Mapping[str, str]) -> None:
    """Look at all in a reply that depends on its request, and not on what the code computes.

    Raises:
        WireError: No run of these pieces gives it.
    """
    if any(call.name not in request.watched for call in reply.calls):
        raise WireError("tells of calls that were not asked for")
    if reply.seen:
        from whygrad.sandbox.tracer import places  # noqa: PLC0415 - where something is traced alone

        there = range(len(places(pieces, unused(parts, request.own)))) if request.trace else range(0)
        if any(seen.place not in there or (request.wanted is not None and seen.place not in request.wanted) for seen in reply.seen):
            raise WireError("tells of places that were not asked for")
    if not all(_is_within(reply.value, path) for pair in reply.shared for path in pair):
        raise WireError("tells of arrays that it does not have")


def _is_within(value: Value, path: Path) -> bool:
    """Whether a nest has the first step of a path; of one that was too long or too deep to be told nothing is known."""
    if isinstance(value, tuple | list):
        return bool(path) and path[0] in range(len(value))  # pyright: ignore[reportUnknownArgumentType] - any values
    return not isinstance(value, dict) or (bool(path) and path[0] in value)
