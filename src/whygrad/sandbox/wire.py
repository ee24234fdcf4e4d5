"""What parent and child say to each other, as bytes: a JSON text, its length before it, and the bytes of the arrays behind it.

Decoding checks everything and raises ``WireError`` for anything that is not as agreed.
"""

from __future__ import annotations

import json
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from whygrad.sandbox.frames import WireError
from whygrad.sandbox.nodes import Made, Node, Reader, Writer, text
from whygrad.sandbox.requests import Called, Piece, Raised, Reply, Request, Seen, Substitute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.sandbox.requests import Path, Value

LONGEST_OUTPUT = 50_000
"""Characters that are kept of what the code printed, and of any one message."""
_LONGEST_JSON = 8 << 20
_LARGEST_NUMBER = 1 << 62
_LENGTH = struct.Struct("<Q")
_in_json = json.JSONEncoder(separators=(",", ":")).encode
PROGRAM, _REQUEST = b"p", b"r"
"""How a message to the child begins."""
_LARGEST_KEPT, _MOST_KEPT = 1 << 18, 64
"""Bytes of arguments that are kept, and how many of them."""


def encode_program(pieces: Sequence[Piece], parts: Mapping[str, str]) -> bytes:
    """Somebody's pieces of code, and the texts of the parts that stand in."""
    return PROGRAM + _join([[[piece.source, piece.line, piece.text, list(piece.names)] for piece in pieces], dict(parts)], Writer())


def decode_program(content: bytes) -> tuple[list[Piece], dict[str, str]]:
    """The pieces and the parts.

    Raises:
        WireError: ``content`` is not what ``encode_program`` writes.
    """
    root, _ = _split(content[len(PROGRAM) :])
    try:
        pieces = [Piece(source, line, code, tuple(names)) for source, line, code, names in root[0]]
        return pieces, dict(root[1])
    except (TypeError, ValueError, LookupError) as error:
        raise WireError("is no program") from error


Given = tuple[Made, ...]
"""What is in the arguments of a request, in the order in which it is written: the reply refers to what is as it was."""


def encode_request(request: Request) -> tuple[bytes, Given]:
    """A request, and what the reply can refer to.

    Raises:
        WireError: Its values are too large.
    """
    arguments, given = _written(request.arguments)
    writer = Writer()
    substitutes = [[one.place, one.visit, writer.node(one.value), one.copy] for one in request.substitutes]
    names = [request.call, sorted(request.own), sorted(request.watched)]
    notebook = [[name, writer.node(value)] for name, value in request.notebook]
    wanted = None if request.wanted is None else sorted(request.wanted)
    rest = [names, substitutes, request.trace, request.seed, notebook, wanted, sorted(request.lazy), request.part, request.bare]
    return b"".join((_REQUEST, _LENGTH.pack(len(arguments)), arguments, _join(rest, writer))), given


def decode_request(content: bytes) -> tuple[Request, Given]:
    """The request, and what the reply can refer to. Nobody may write to the arguments: the next request can have the same.

    Raises:
        WireError: ``content`` is not what ``encode_request`` writes.
    """
    start = len(_REQUEST) + _LENGTH.size
    end = start + _LENGTH.unpack_from(content, len(_REQUEST))[0]
    arguments, (root, reader) = content[start:end], _split(content[end:])
    try:
        given, within = (_read if len(arguments) < _LARGEST_KEPT else _read.__wrapped__)(arguments)
        (call, own, watched), substitutes, trace, seed, notebook, wanted, lazy, part, bare = root
        puts = tuple(Substitute(place, visit, reader.value(value), copy) for place, visit, value, copy in substitutes)
        stands = tuple((name, reader.value(value)) for name, value in notebook)
        places = None if wanted is None else frozenset(wanted)
        names = frozenset(own), frozenset(watched)
        return Request(call, given, *names, trace, puts, seed, stands, places, frozenset(lazy), part, bare), within
    except (TypeError, ValueError) as error:
        raise WireError("is no request") from error


def _written(arguments: tuple[Value, ...]) -> tuple[bytes, Given]:
    """The arguments as bytes. A case's own are asked for again and again, and nobody changes them."""
    known = _sent.get(id(arguments))
    if known is not None:
        return known[1], known[2]
    writer = Writer()
    content = _join(writer.node(arguments), writer)
    given = tuple((mine, items, deep) for mine, (_, items, deep) in zip(writer.made, _read.__wrapped__(content)[1], strict=True))
    if len(content) < _LARGEST_KEPT:
        if len(_sent) >= _MOST_KEPT:
            _sent.clear()
        _sent[id(arguments)] = arguments, content, given
    return content, given


_sent: dict[int, tuple[tuple[Value, ...], bytes, Given]] = {}
"""By ``id``, arguments that were written, which are held so that no others have their id."""


@lru_cache(maxsize=16)
def _read(content: bytes) -> tuple[tuple[Value, ...], Given]:
    root, reader = _split(content)
    return reader.value(root), tuple(reader.made)


def encode_reply(reply: Reply, given: Given = ()) -> bytes:
    """A reply; long texts are cut. ``given`` is what its request came with.

    Raises:
        WireError: Its values are too many or too large.
    """
    writer = Writer(given)
    root = {
        "status": reply.status,
        "value": writer.node(reply.value),
        "raised": _raised_node(reply.raised),
        "after": writer.node(reply.after),
        "shared": [[list(one), list(other)] for one, other in reply.shared],
        "calls": [[call.name, writer.node(call.arguments), writer.node(call.value), _raised_node(call.raised)] for call in reply.calls],
        "seen": [
            [seen.place for seen in reply.seen],
            [seen.visit for seen in reply.seen],
            [writer.node(seen.value) for seen in reply.seen],
        ],
        "globals": sorted(reply.globals),
        "random": reply.random,
        "matrix": reply.matrix,
        "output": _cut(reply.output),
        "problem": _cut(reply.problem),
    }
    return _join(root, writer)


def decode_reply(content: bytes, given: Given = ()) -> Reply:
    """The reply. Nothing in it is believed but its form. ``given`` is what its request came with.

    Raises:
        WireError: ``content`` is not what ``encode_reply`` writes.
    """
    root, reader = _split(content, given)
    if not isinstance(root, dict):
        raise WireError("is no reply")
    get = cast("dict[str, Any]", root).get
    status = get("status")
    if status not in ("returned", "raised", "refused", "too-large"):
        raise WireError("has no known status")
    reply = Reply(
        status=status,
        value=reader.value(get("value")),
        raised=_raised(get("raised")),
        after=_tuple(reader.value(get("after"))),
        shared=tuple((_path(one), _path(other)) for one, other in _rows(get("shared"), 2)),
        calls=tuple(
            Called(text(name), _tuple(reader.value(given)), reader.value(value), _raised(raised))
            for name, given, value, raised in _rows(get("calls"), 4)
        ),
        seen=_seen(get("seen"), reader),
        globals=frozenset(text(name) for name in _list(get("globals"))),
        random=get("random") is True,
        matrix=get("matrix") is True,
        output=text(get("output")),
        problem=text(get("problem")),
    )
    reader.end()
    if {"raised": reply.raised is None, "returned": reply.raised is not None}.get(reply.status):
        raise WireError("raises and does not")
    return reply


def _join(root: Node, writer: Writer) -> bytes:
    head = _in_json(root).encode("ascii")
    if len(head) > _LONGEST_JSON:
        raise WireError(f"has more than {_LONGEST_JSON >> 20} MB of structure")
    return _LENGTH.pack(len(head)) + head + writer.bytes


def _split(content: bytes, known: Given = ()) -> tuple[Node, Reader]:
    length = _LENGTH.unpack_from(content)[0] if len(content) >= _LENGTH.size else -1
    if not 0 <= length <= min(_LONGEST_JSON, len(content) - _LENGTH.size):
        raise WireError("is cut off")
    end = _LENGTH.size + length
    try:
        return json.loads(content[_LENGTH.size : end]), Reader(content[end:], known)
    except (ValueError, RecursionError) as error:
        raise WireError("is no JSON") from error


def _cut(long: str) -> str:
    return long if len(long) <= LONGEST_OUTPUT else f"{long[:LONGEST_OUTPUT]}\n[cut off]"


def _list(node: Node) -> list[Any]:
    if not isinstance(node, list):
        raise WireError("lacks a list")
    return node  # pyright: ignore[reportUnknownVariableType] - its items are looked at one by one


def _rows(node: Node, width: int) -> list[list[Any]]:
    rows = _list(node)
    if any(len(_list(row)) != width for row in rows):
        raise WireError("has a list of the wrong length")
    return rows


def _seen(node: Node, reader: Reader) -> tuple[Seen, ...]:
    """The values that were seen: there are so many that their places, their visits and they themselves stand in a list each."""
    places, visits, values = map(_list, _rows([node], 3)[0])
    if not len(places) == len(visits) == len(values):
        raise WireError("has a list of the wrong length")
    return tuple(map(Seen, map(_count, places), map(_count, visits), map(reader.value, values)))


def _tuple(value: object) -> tuple[Any, ...]:
    if not isinstance(value, tuple):
        raise WireError("lacks the arguments")
    return value  # pyright: ignore[reportUnknownVariableType] - any values


def _count(node: Node) -> int:
    if type(node) is not int or not 0 <= node < _LARGEST_NUMBER:
        raise WireError("has something else where a number belongs")
    return node


def _path(node: Node) -> Path:
    return tuple(text(step) if isinstance(step, str) else _count(step) for step in _list(node))


def _raised_node(raised: Raised | None) -> Node:
    if raised is None:
        return None
    texts = (raised.type, raised.text, raised.source, raised.name, raised.of)
    return [*(entry if entry is None else _cut(entry) for entry in texts), raised.line, raised.span and list(raised.span)]


def _raised(node: Node) -> Raised | None:
    match node:
        case None:
            return None
        case [str(kind), str(message), source, name, of, line, span]:
            where, looked_for, within = (None if entry is None else text(entry) for entry in (source, name, of))
            return Raised(text(kind), text(message), where, None if line is None else _count(line), looked_for, within, _span(span))
        case _:
            raise WireError("raises in an unknown way")


def _span(node: Node) -> tuple[int, int, int, int] | None:
    match node:
        case None:
            return None
        case [line, column, end_line, end]:
            return _count(line), _count(column), _count(end_line), _count(end)
        case _:
            raise WireError("raises in an unknown part of the code")
