"""The pipe's language: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from whygrad.sandbox import wire
from whygrad.sandbox.frames import LARGEST, WireError, read_frame, write_frame
from whygrad.sandbox.requests import Called, Odd, Piece, Raised, Reply, Request, Seen, Substitute

DTYPES = ("?", "i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8", ">f8", "c8", "c16")
arrays = st.sampled_from(DTYPES).flatmap(lambda code: npst.arrays(np.dtype(code), npst.array_shapes(min_dims=0, max_dims=4, min_side=0)))
plain_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
leaves = st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.complex_numbers(), plain_texts, arrays)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists, tuples and dictionaries of what ``inner`` gives."""
    lists = st.lists(inner, max_size=4)
    return st.one_of(lists, lists.map(tuple), st.dictionaries(plain_texts, inner, max_size=4))


values = st.recursive(leaves, nested, max_leaves=12)


def same(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Equal in type and to the bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return repr(one) == repr(other)


def assert_all_set(data: Request | Reply) -> None:
    """Every field has another value than its default, so that a test of the whole is a test of each; a new field fails here."""
    assert not [field.name for field in fields(data) if getattr(data, field.name) == field.default]


def through(value: object) -> Any:  # noqa: ANN401
    """The value after a way through the pipe."""
    return wire.decode_reply(wire.encode_reply(Reply("returned", value))).value


@given(values)
def test_every_value_comes_out_as_it_went_in(value: object) -> None:
    """Type, dtype, shape and every bit stay, NaN and the sign of zero too."""
    assert same(through(value), value)


@pytest.mark.parametrize("scalar", [np.float32(1.5), np.float64("nan"), np.bool_(True), np.int64(-3), np.complex64(1 + 2j)])  # noqa: FBT003
def test_numpy_scalars_stay_scalars(scalar: np.generic) -> None:
    """A NumPy scalar is no 0-d array and no Python number."""
    assert same(through(scalar), scalar)


def test_layout_is_no_content() -> None:
    """Views, transposes and Fortran order arrive as the same numbers."""
    array = np.arange(24.0).reshape(2, 3, 4)
    for view in (array.T, array[:, ::-1, 1], np.asfortranarray(array)):
        assert np.array_equal(through(view), view)


def test_one_object_stays_one_object() -> None:
    """What stands twice in the arguments is one object in the child too: changing it in place shows in both."""
    array, parameters = np.zeros(3), {"Wf": np.ones((2, 2))}
    caches = [(array, parameters), (array, parameters)]
    request, _ = wire.decode_request(wire.encode_request(Request("rnn_forward", (array, caches), frozenset()))[0])
    first, ((second, one), (_, other)) = request.arguments
    assert first is second
    assert one is other


def test_what_both_sides_have_is_only_referred_to() -> None:
    """An array of the arguments that comes back is the parent's own, and its bytes do not travel; a reference to none is refused."""
    array, other = np.arange(1000.0), np.ones(3)
    content, given = wire.encode_request(Request("rnn_forward", ([array, 1.5], {"W": other}), frozenset()))
    request, its = wire.decode_request(content)
    answer = wire.encode_reply(Reply("returned", [request.arguments[1]["W"], request.arguments[0][0]]), its)
    assert len(answer) < 1000
    first, second = wire.decode_reply(answer, given).value
    assert (first is other, second is array) == (True, True)
    with pytest.raises(WireError):
        wire.decode_reply(answer)


def test_a_nest_that_is_as_it_was_is_one_reference() -> None:
    """Arguments that a run has not changed come back as the parent's own objects, whatever is in them, and count as what they hold."""
    parameters = {f"W{number}": np.full(50, number) for number in range(20)}
    content, given = wire.encode_request(Request("rnn_forward", (np.ones(3), [(parameters, 1.5), parameters]), frozenset()))
    request, its = wire.decode_request(content)
    answer = wire.encode_reply(Reply("returned", 1, after=request.arguments), its)
    assert len(answer) < 300
    after = wire.decode_reply(answer, given).after
    assert after[1][0][0] is after[1][1] is parameters
    lists = [request.arguments[1]] * 20_000
    with pytest.raises(WireError):
        wire.decode_reply(wire.encode_reply(Reply("returned", [lists[:4000]] * 5 + lists[:20_000]), its), given)


def test_what_is_no_value_becomes_odd() -> None:
    """Sets, functions, object arrays, dictionaries with other keys, and a list that holds itself come as their type's name."""
    endless: list[Any] = []
    endless.append(endless)
    assert through({1, 2}) == Odd("set")
    assert through(len) == Odd("builtin_function_or_method")
    assert through({1: 2}) == Odd("dict")
    assert through(np.array([None])) == Odd("array of object")
    assert through(10**400) == Odd("int of more than 300 digits")
    inner = through(endless)
    while isinstance(inner, list):
        inner = inner[0]
    assert inner == Odd("list")


def test_a_pickle_bomb_stays_where_it_is() -> None:
    """``__reduce__`` is never asked."""

    class Bomb:
        def __reduce__(self) -> str:
            raise AssertionError

    assert through([Bomb()]) == [Odd("Bomb")]


def test_requests_and_programs_come_out_as_they_went_in() -> None:
    """Every field of a request and of a piece is kept."""
    request = Request(
        "f",
        (1, (2.0, None)),
        frozenset("ab"),
        frozenset("c"),
        trace=True,
        substitutes=(Substitute(3, None, [1], copy=True),),
        seed=7,
        notebook=(("Wf", [1.5]),),
        wanted=frozenset({3, 1}),
        lazy=frozenset({1}),
        part=4,
        bare=True,
    )
    assert_all_set(request)
    assert wire.decode_request(wire.encode_request(request)[0])[0] == request
    pieces = [Piece("a.ipynb, cell 1", 3, "def f(): 'ü'", ("f",))]
    assert wire.decode_program(wire.encode_program(pieces, {"g": "def g(): ..."})) == (pieces, {"g": "def g(): ..."})


def test_replies_come_out_as_they_went_in() -> None:
    """Every field of a reply is kept, but for that the time is up: the parent alone knows that."""
    reply = Reply(
        "raised",
        None,
        Raised("ValueError", "no", "a.py", 3, span=(3, 4, 3, 9)),
        (1, [2]),
        (((0,), (1, "x")),),
        (Called("f", (1,), 2),),
        (Seen(4, 0, "x"),),
        frozenset({"Wf"}),
        random=True,
        matrix=True,
        output="hello\n",
        problem="p",
    )
    assert_all_set(replace(reply, value=1, last=True))
    assert wire.decode_reply(wire.encode_reply(replace(reply, last=True))) == reply
    assert wire.decode_reply(wire.encode_reply(reply)) == reply


def test_texts_cannot_steer_a_terminal() -> None:
    """Escape sequences and half characters are replaced, and long texts are cut."""
    reply = wire.decode_reply(wire.encode_reply(Reply("returned", "\ud800", output="\x1b[2Jhello\n\ttabs" + "x" * 10**6)))
    assert reply.value == "?"
    assert reply.output.startswith("\N{REPLACEMENT CHARACTER}[2Jhello\n\ttabs")
    assert len(reply.output) < 60_000


def message(root: object, raw: bytes = b"") -> bytes:
    """A message with this JSON and these bytes of arrays."""
    head = json.dumps(root).encode()
    return struct.pack("<Q", len(head)) + head + raw


GOOD = json.loads(wire.encode_reply(Reply("returned"))[8:])
DEEP: Any = 1
for _ in range(100):
    DEEP = ["l", DEEP]
LAUGHS: list[Any] = ["l", ["l", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]
LAUGHS += [["l", *[["r", level]] * 10] for level in range(10)]
LADDER: list[Any] = ["l", ["l", 1]]
LADDER += [["l", ["r", level]] for level in range(60)]


@pytest.mark.parametrize(
    "value",
    [
        ["a", "O", 1],
        ["a", "|O8", 1],
        ["a", "<M8[s]", 1],
        ["a", "<f8", -1],
        ["a", "<f8", 1 << 60],
        ["a", "<f8", 1 << 20, 1 << 20, 1 << 20, 1 << 20],
        ["a", "<f8", 0, *[1 << 25] * 6],
        ["a", "<f8", True],
        ["a", "<f8", 1.0],
        ["a", "<f8", 9],
        ["a", "<f3", 1],
        ["a", "<f8", *[1] * 40],
        ["s", "<f8", 1],
        ["c", 1, "x"],
        ["d", 1, 2],
        ["d", "x"],
        ["r", 0],
        ["r", -1],
        ["x"],
        [],
        [[]],
        {},
        10**400,
        "x" * 200_000,
        DEEP,
        LAUGHS,
        LADDER,
        ["l", *[None] * 600_000],
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_node_is_refused(value: object) -> None:
    """Wrong dtypes, shapes that do not fit their bytes, nests that are too deep or too large: always the one exception."""
    with pytest.raises(WireError):
        wire.decode_reply(message({**GOOD, "value": value}))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "right"},
        {"status": "died"},
        {"status": []},
        {"status": "raised"},
        {"raised": ["a", "b", None, None]},
        {"raised": [1]},
        {"after": 3},
        {"shared": [[1]]},
        {"shared": [[["value"], [1.5]]]},
        {"calls": [["f", 1, 2]]},
        {"calls": None},
        {"seen": [["0"], [1], [2]]},
        {"seen": [[-1], [1], [2]]},
        {"seen": [[0, 1], [1], [2]]},
        {"seen": [[0], [1]]},
        {"globals": [[1]]},
        {"output": 3},
        {"problem": None},
    ],
    ids=repr,
)
def test_what_is_no_reply_is_refused(change: dict[str, object]) -> None:
    """Each field is checked; a child cannot say of itself that it died or ran out of time."""
    with pytest.raises(WireError):
        wire.decode_reply(message({**GOOD, **change}))


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    """Bytes of no meaning raise the one exception, as a message and behind a right beginning; 48 of them would be the array."""
    for content in (noise, struct.pack("<Q", len(noise)) + noise, message({**GOOD, "value": ["a", "<f8", 2, 3]}, noise[:47])):
        with pytest.raises(WireError):
            wire.decode_reply(content)
    with pytest.raises(WireError):
        wire.decode_reply(message(GOOD, b"x" + noise))


def test_bytes_that_are_no_truth_values_become_some() -> None:
    """A forged boolean array holds only 0 and 1 afterwards."""
    array = wire.decode_reply(message({**GOOD, "value": ["a", "|b1", 3]}, bytes([0, 1, 255]))).value
    assert array.tobytes() == b"\0\1\1"


def test_too_much_is_refused_where_it_is_written() -> None:
    """An array beyond the limit, and too many parts, raise before anything is on the pipe."""
    with pytest.raises(WireError, match="64 MB"):
        wire.encode_reply(Reply("returned", np.zeros(LARGEST + 1, np.uint8)))
    with pytest.raises(WireError, match="500000 parts"):
        wire.encode_reply(Reply("returned", [0] * 500_001))


def test_frames() -> None:
    """A frame comes back with its token; a stream that ends early is an end, and one that begins otherwise is refused."""
    stream = io.BytesIO()
    write_frame(stream, b"t" * 16, b"content")
    whole = stream.getvalue()
    assert read_frame(io.BytesIO(whole)) == (b"t" * 16, b"content")
    assert read_frame(io.BytesIO(whole[:-1])) is None
    assert read_frame(io.BytesIO(b"")) is None
    with pytest.raises(WireError, match="does not begin"):
        read_frame(io.BytesIO(b"x" * 40))
    with pytest.raises(WireError, match="the most that is looked at"):
        read_frame(io.BytesIO(whole[:8] + struct.pack("<Q", 1 << 62) + whole[16:]))
