"""Tracing changes no answer, sees every place, and can put another value there."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from styles import TEXTS

from whygrad.assignments.sequence_models import SEQUENCE_MODELS
from whygrad.from_code.reference.parts import PARTS
from whygrad.sandbox import tracer
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Request, Substitute
from whygrad.sandbox.tracer import places, traced

if TYPE_CHECKING:
    from whygrad.sandbox.places import Place

Around = "Callable[[str], Harness]"

PROGRAMS = {
    "augmented": """
        total = x.copy()
        view = total
        total += 1
        total[0] *= 2
        counts = {'a': 1}
        counts['a'] += 3
        return total, view, counts
    """,
    "chained": """
        a = b = x * 2
        a[0] = 7
        return a, b
    """,
    "tuples": """
        a, (b, c) = 1, (2, 3)
        first, *rest = [4, 5, 6]
        [d, e] = x.shape[0], 9
        g, h = (x * k for k in range(2))
        i, j = np.ones((2, 3))
        try:
            k, l = (k for k in range(9))
        except ValueError:
            k = l = 0
        i += 1
        (m, n), (o, p) = (1, x), np.ones((2, 2))
        (q, *r), s = (z for z in ((1, 2, 3), 4))
        *u, [v, w] = x.reshape(2, 2)
        try:
            (q, v), w = (1, 2, 3), 4
        except ValueError:
            pass
        return a, b, c, first, rest, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, u, v, w
    """,
    "computed keys": """
        grads = {}
        for g in 'fico':
            grads['dW' + g] = x * ord(g)
            grads[f'db{g}'] = grads['dW' + g].sum()
            grads[f'db{g}'] += 1
            grads['dW' + g][len(g) - 1] += 1
        return grads
    """,
    "comprehensions": """
        squares = [v ** 2 for v in x if v > 0]
        by = {i: v for i, v in enumerate(x)}
        return squares, by, sum(v for v in x), {1 for _ in x}
    """,
    "lambdas": """
        f = lambda z, k=2: z * k
        return list(map(f, x)), sorted(x, key=lambda v: -v)
    """,
    "walrus": """
        if (n := len(x)) > 1:
            return n
        return (m := 3) + m
    """,
    "helpers": """
        def double(z):
            'twice'
            return 2 * z
        def deep(z):
            nonlocal_value = 0
            def inner():
                nonlocal nonlocal_value
                nonlocal_value += 1
            inner()
            return nonlocal_value
        return double(x), deep(x), double.__doc__
    """,
    "classes": """
        class Cell:
            size = 3
            def __init__(self, z):
                self.z = z
                self.__hidden = z + 1
                self.z += 1
            @property
            def both(self):
                return self.z + self.__hidden
        class Sub(Cell):
            def __init__(self, z):
                super().__init__(z)
                self.total = self.both.sum()
        return Sub(x).total
    """,
    "generators": """
        def steps(n):
            for i in range(n):
                got = yield i
            return 5
        result = []
        for s in steps(3):
            result.append(s)
        return result, list(reversed(range(4)))
    """,
    "loops": """
        out = []
        for t in reversed(range(len(x))):
            out.append(t)
        else:
            out.append('end')
        for i, v in enumerate(x):
            if i == 1:
                continue
            out.append(float(v))
        while len(out) < 9:
            out.append(0)
        return out
    """,
    "numpy": """
        y = np.add(x, 1, out=x.copy())
        z = (x[:, None] * x[None, :]).T.dot(x).sum(axis=0)
        w = np.einsum('i,j->ij', x, x)
        x[x > 0] = 0
        return y, z, w, -x, x.T[::-1]
    """,
    "control": """
        try:
            y = 1 / 0
        except ZeroDivisionError as e:
            y = str(e)
        finally:
            z = 2
        with np.errstate(all='ignore'):
            q = x / 0
        assert z == 2, f'{z}'
        return y, z, (1 if z else 2), z and y, not z, z < 3, f'{z + 1:03d}'
    """,
    "starred": """
        def f(*a, **k):
            return len(a), sorted(k)
        def g(u, v, w=0):
            return u, v, w
        pair = x, 3
        try:
            n = g(*5)
        except TypeError as e:
            n = str(e)
        return f(*[1, 2], **{'k': x}), [*x], {**{'a': 1}}, g(*pair), g(x, *iter((1, 2))), g(*(1,), **{'v': 2}), g(w=1, **dict(u=x, v=2)), n
    """,
    "matching": """
        match x.shape:
            case (n,):
                r = n
            case _:
                r = None
        global whygrad_seen
        return r
    """,
    "names": """
        whygrad_see = 3
        réseau = x * 2
        return whygrad_see, réseau
    """,
    "in place": """
        def bump(z):
            z += 1
        for _ in range(3):
            bump(x)
        y = x
        y -= 2
        return x, y is x
    """,
}


def function(body: str) -> str:
    """A program whose rnn_forward has this body."""
    return "import numpy as np\n\ndef rnn_forward(x, a0, parameters):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")


def run(harness: Harness, *arguments: Any, call: str = "rnn_forward", **rest: Any) -> Any:  # noqa: ANN401
    """The reply of a run, which must not raise."""
    reply = harness.run(Request(call, arguments, frozenset({call}), **rest))
    assert reply.raised is None, reply.raised
    return reply


def alike(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Whether two plain values are equal in every entry, type and dtype."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, (tuple, list)):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def find(program: str, kind: str, /, **has: Any) -> Place:  # noqa: ANN401
    """The first place of a kind with these fields."""
    found = [place for place in places([Piece("nb", 1, program)]) if place.kind == kind]
    return next(place for place in found if all(getattr(place, name) == value for name, value in has.items()))


@pytest.mark.parametrize("name", PROGRAMS)
def test_tracing_changes_no_answer(name: str, around: Around) -> None:
    """Value, argument afterwards, which is returned beside it, and output are those of the program as it stands."""
    works = function(PROGRAMS[name]).replace("def rnn_forward(", "def works(")
    harness = around(f"{works}\n{function('return works(x, a0, parameters), x')}")
    x = np.random.default_rng(1).standard_normal(4)
    as_it_stands, watched = (run(harness, x, None, None, trace=trace) for trace in (False, True))
    assert as_it_stands.status == watched.status == "returned"
    assert alike(watched.value, as_it_stands.value)
    assert watched.output == as_it_stands.output


@pytest.mark.parametrize("name", PROGRAMS)
def test_places_are_quoted_where_they_stand(name: str) -> None:
    """Line and columns of each place, counted from 1 in the cell, enclose exactly its text."""
    text = function(PROGRAMS[name])
    lines = ["", *["elsewhere"] * 10, *text.splitlines()]
    found = places([Piece("nb", 11, text)])
    assert [place.id for place in found] == list(range(len(found)))
    assert found == places([Piece("nb", 11, text)])
    for place in found:
        assert place.source == "nb"
        if place.line == place.end_line:
            quoted = lines[place.line][place.column - 1 : place.end - 1]
            assert quoted == place.text or (place.kind == "argument" and place.text.startswith(f"{quoted}["))


def test_a_traced_cell_answers_the_same_and_says_much(around: Around, backward: tuple[Any, ...]) -> None:
    """The reference's backward pass gives the same numbers with every value recorded, at each visit."""
    harness = around(SEQUENCE_MODELS.program)
    plain, watched = (run(harness, *backward, call="lstm_backward", trace=trace) for trace in (False, True))
    assert alike(watched.value, plain.value)
    place = find(SEQUENCE_MODELS.program, "assign", text='da_prevt = gradients["da_prev"]', function="lstm_backward")
    assert [seen.visit for seen in watched.seen if seen.place == place.id] == [0, 1, 2, 3]


def test_augmented_assignments_are_seen_before_and_after(around: Around) -> None:
    """``total += x`` shows what stood there, what was added and the sum."""
    text = function("total = 0 * x\nfor t in range(2):\n    total += x\nreturn total")
    seen = run(around(text), np.ones(1), None, None, trace=True).seen
    for kind, expected in (("before", [0, 1]), ("right", [1, 1]), ("after", [1, 2])):
        place = find(text, kind)
        assert [float(item.value[0]) for item in seen if item.place == place.id] == expected


def test_records_are_copies(around: Around) -> None:
    """A value that is changed later is recorded as it was."""
    text = function("y = x\ny[0] = 9\nreturn y")
    seen = run(around(text), np.ones(2), None, None, trace=True).seen
    assert next(item.value.tolist() for item in seen if item.place == find(text, "assign", target="y").id) == [1, 1]


@pytest.mark.parametrize(
    ("body", "kind", "has", "value", "expected"),
    [
        ("y = x + 1\nreturn y * 2", "assign", {"target": "y"}, np.full(2, 5.0), [10, 10]),
        ("y = np.zeros((2, 3))\ny[:, 1] = x\nreturn y[:, 1]", "assign", {"target": "y[:, 1]"}, np.full(2, 5.0), [5, 5]),
        ("y = np.zeros((2, 3))\nfor t in range(3):\n    y[:, t] = x\nreturn y[:, 0]", "index", {}, 1, [0, 0]),
        ("y = np.zeros((2, 3))\nfor t in range(3):\n    y[:, t] += x\nreturn y[:, 1]", "index", {}, 1, [3, 3]),
        ("y, z = (x * k for k in range(2))\nreturn z", "target", {"target": "z"}, np.full(2, 5.0), [5, 5]),
        ("y, z = np.ones((2, 2))\nreturn z", "target", {"target": "z"}, np.full(2, 5.0), [5, 5]),
        ("y, z = x + 1, x\nreturn y", "target", {"target": "y"}, np.full(2, 5.0), [5, 5]),
        ("y, z = list(x)\nreturn [y, z]", "target", {"target": "z"}, 5.0, [1, 5]),
        ("(y, z), w = (x, x + 1), x\nreturn z", "target", {"target": "z"}, np.full(2, 5.0), [5, 5]),
        ("(y, z), w = np.dot(x.reshape(2, 1), x.reshape(1, 2)), x\nreturn z", "target", {"target": "z"}, np.full(2, 5.0), [5, 5]),
        ("(y, (z, w)), v = ((1, (2, 3)), 4)\nreturn [y, z, w, v]", "target", {"target": "w"}, 5, [1, 2, 5, 4]),
        ("pair = (1, (2, 3))\ny, (z, w) = pair\nreturn [y, z, w]", "target", {"target": "w"}, 5, [1, 2, 5]),
        ("four = (1, 2, 3, 4)\ny, *z, w = four\nreturn [y, *z, w]", "target", {"target": "z"}, [7, 8], [1, 7, 8, 4]),
        ("four = (1, 2, 3, 4)\n*_, y, z = four\nreturn [y, z]", "target", {"target": "y"}, 5, [5, 4]),
        ("y = x.copy()\nview = y\ny += 1\nreturn view", "after", {}, np.full(2, 5.0), [5, 5]),
        ("return {'a': x, 'b': x}['b']", "value", {"target": "'b'"}, np.full(2, 5.0), [1, 1]),
        ("g = {'a': x, 'b': x}\nreturn g['b']", "value", {"target": "'b'"}, np.full(2, 5.0), [5, 5]),
        ("return np.add(x, x)", "argument", {"target": "np.add(1)"}, np.full(2, 5.0), [6, 6]),
        ("return x", "return", {}, np.full(2, 5.0), [5, 5]),
        ("out = []\nfor t in reversed(range(4)):\n    out.append(t)\nreturn out", "loop", {}, [2, 1], [2, 1]),
        ("out = []\nfor g in 'fi':\n    out.append(g)\nreturn out", "loop", {}, ("i", "f"), ["i", "f"]),
        ("return [g for g in sorted(('i', 'f'))]", "loop", {}, ("i", "f"), ["i", "f"]),
        ("return [g for g, _ in zip('fi', (0, 1))]", "argument", {"target": "zip(0)"}, ("i", "f"), ["i", "f"]),
        ("return [v + 1 for v in x]", "element", {}, 5.0, [5, 5]),
        ("f = lambda v: v + 1\nreturn f(x)", "return", {"text": "v + 1"}, np.full(2, 5.0), [5, 5]),
        ("if (n := 3) > 4:\n    return x\nreturn [n]", "assign", {}, 5, [1, 1]),
        ("return (x + 1) * x", "part", {"text": "x + 1"}, np.full(2, 5.0), [5, 5]),
    ],
)
def test_another_value_can_be_put_at_a_place(  # noqa: PLR0917 - one column each
    body: str,
    kind: str,
    has: dict[str, Any],
    value: Any,  # noqa: ANN401 - any value
    expected: list[float],
    around: Around,
) -> None:
    """What is substituted goes on from there; the rest of the program runs as written."""
    text = function(body)
    substitute = Substitute(find(text, kind, **has).id, None, value)
    reply = run(around(text), np.ones(2), None, None, trace=True, substitutes=(substitute,))
    if kind != "value" or not body.startswith("return"):
        assert np.asarray(reply.value).tolist() == expected


def test_a_values_own_copy_takes_an_alias_apart(around: Around) -> None:
    """With its own copy at the place, a view no longer follows the array it came from."""
    text = function("y = x[:1]\nx[0] = 9\nreturn y")
    place = find(text, "assign", target="y").id
    assert run(around(text), np.ones(2), None, None, trace=True).value.tolist() == [9]
    assert run(around(text), np.ones(2), None, None, trace=True, substitutes=(Substitute(place, 0, copy=True),)).value.tolist() == [1]


def test_the_copy_of_a_dictionary_takes_its_entries_apart(around: Around) -> None:
    """Each array within is a copy of its own, though they were one object."""
    text = function("y = dict.fromkeys('ab', x)\ny['a'] += 1\nreturn [y['b'], x]")
    place = find(text, "assign", target="y").id
    alone = run(around(text), np.ones(1), None, None, trace=True, substitutes=(Substitute(place, 0, copy=True),)).value
    assert [array.tolist() for array in run(around(text), np.ones(1), None, None, trace=True).value] == [[2], [2]]
    assert [array.tolist() for array in alone] == [[1], [1]]


def test_only_the_visit_that_is_named_is_replaced(around: Around) -> None:
    """A substitute at visit 1 leaves visits 0 and 2 alone."""
    text = function("out = []\nfor t in range(3):\n    y = t\n    out.append(y)\nreturn out")
    substitute = Substitute(find(text, "assign", target="y").id, 1, 7)
    assert run(around(text), 0, None, None, trace=True, substitutes=(substitute,)).value == [0, 7, 2]


def test_what_cannot_be_had_is_put_there_as_a_whole(around: Around) -> None:
    """Names left of an equals sign: too many for what is there, and of a call that is not made where it would raise."""
    for body in ("y, z = (1, 2, 3)\nreturn y + z", "y, z = np.dot(x)\nreturn y + z", "(y,), z = np.dot(x)\nreturn y + z"):
        text = function(body)
        named = {name: find(text, "target", target=name).id for name in ("y", "z")}
        puts = tuple(Substitute(place, 0, value) for place, value in zip(named.values(), (3, 4), strict=True))
        own = frozenset({"rnn_forward"})
        request = Request("rnn_forward", (0, None, None), own, trace=True, substitutes=puts, lazy=frozenset(named.values()))
        assert around(text).run(request).value == 7
        assert around(text).run(replace(request, substitutes=puts[:1])).status == "raised"


def test_a_pattern_is_left_as_it_is(around: Around) -> None:
    """It computes nothing; what stands behind it and in its guard is seen."""
    text = function("match {'a': x}:\n    case {'a': float() | int() as y} if y > 1:\n        return y + 1\n    case _:\n        return 0")
    assert [run(around(text), x, None, None, trace=True).value for x in (1, 2.0)] == [0, 3.0]
    assert find(text, "return", text="y + 1").line > 1


def test_a_name_is_bound_where_its_value_is_put(around: Around) -> None:
    """A value that binds a name is computed whether it is needed or not, since another line may read that name."""
    text = function("z = (y := x) + 1\nreturn z, y")
    place = find(text, "assign", target="z").id
    request = Request("rnn_forward", (3, None, None), frozenset({"rnn_forward"}), trace=True, substitutes=(Substitute(place, 0, 7),))
    assert around(text).run(replace(request, lazy=frozenset({place}))).value == (7, 3)


def test_the_part_that_raised_is_known(around: Around) -> None:
    """From its first column to its last, traced or not, also within a line of several parts."""
    text = function("y = x + np.dot(x, 'a')\nreturn y")
    for trace in (False, True):
        own = frozenset({"rnn_forward"})
        raised = around(text).run(Request("rnn_forward", (np.ones(2), None, None), own, trace=trace)).raised
        assert raised is not None
        assert raised.span is not None
        line, column, end_line, end = raised.span
        assert line == end_line == raised.line
        assert text.splitlines()[3][column:end] == "np.dot(x, 'a')"


def test_only_what_is_wanted_is_recorded(around: Around) -> None:
    """With ``wanted`` places the others leave no record; long loops leave a bounded number, and fewer of nests, which cost more.

    What stands behind a long loop is seen.
    """
    text = function("y = x + 1\nfor t in range(30000):\n    y = y + 1\nreturn y")
    place = find(text, "assign", target="y").id
    reply = run(around(text), 0, None, None, trace=True, wanted=frozenset({place}))
    assert {item.place for item in reply.seen} == {place}
    seen = run(around(text), 0, None, None, trace=True).seen
    assert len(seen) < 20_100
    assert find(text, "return").id in {item.place for item in seen[20_000:]}
    nests = function("y = []\nfor t in range(30000):\n    y = [y]\nreturn 1")
    assert len(run(around(nests), 0, None, None, trace=True).seen) <= 4_000


def test_the_hooks_name_is_free() -> None:
    """The recorder's name does not occur in the program and is not mangled in classes."""
    assert traced([Piece("nb", 1, "whygrad_see = whygrad_see_ = 1")]).hook == "whygrad_see__"
    assert not traced([Piece("nb", 1, "x = 1")]).hook.startswith("__")


def test_what_others_stand_in_for_is_not_looked_into() -> None:
    """A piece that only defines such functions has no place; one that does anything else keeps its own."""
    pieces = [
        Piece("nb", 1, "def first(x):\n    return x + 1"),
        Piece("nb", 4, "def second(x):\n    return x + 2"),
        Piece("nb", 7, "@first\ndef third(x):\n    return x + 3"),
        Piece("nb", 10, "def first(x):\n    return x + 4\ndef fourth(x):\n    return x + 5"),
    ]
    seen = places(pieces, frozenset({"first", "third"}))
    assert {place.function for place in seen} == {"second", "third", "first", "fourth"}
    assert {place.line for place in seen} == {5, 9, 11, 13}
    assert [place.id for place in seen] == list(range(len(seen)))


def test_what_a_piece_can_change_is_told_by_its_text() -> None:
    """A default that is worked out, a decorator and any other statement can change everything."""
    assert tracer.binds_only("def f(x, y=1, *, z=None):\n    return g(x)\ndef h(): pass") == {"f", "h"}
    assert tracer.binds_only("def f(x=(g := 1)):\n    return x") is None
    assert tracer.binds_only("def f(*, x=g()):\n    return x") is None
    assert tracer.binds_only("@g\ndef f(x):\n    return x") is None
    assert tracer.binds_only("def f(x):\n    return x\nh = f") is None
    assert tracer.binds_only("def f(") is None
    assert tracer.binds_only("def f(\n    x,\n):  # one\n\n# two\n    return x") == tracer.defines_only("def f(x): pass") == {"f"}
    assert tracer.binds_only('def f(x):\n    return """\nx"""') == {"f"}
    for margin in ("\n\fh = f", "\rh = f", "\n@f\ndef h(): pass"):
        assert tracer.binds_only(f"def f(x): pass{margin}") is None


def test_new_nodes_stand_where_python_would_put_them() -> None:
    """In every style, and at starred arguments, all positions are those of ``ast.fix_missing_locations`` and ``ast.increment_lineno``."""
    starred = "def f(u, v):\n    a = b = u\n    (c, *d), e = v\n    a += v\n    np.add(a, b, out=a)\n    return f(*[u, v]), f(*u), f(**v)\n"
    for text in (*TEXTS.values(), starred):
        one, _ = tracer._rewritten(Piece("x", 7, text), "see", 0, 0, (("f", ("u", "v")),))  # noqa: SLF001 - the step in question
        other, _ = tracer._rewritten(Piece("x", 1, text), "see", 0, 0, (("f", ("u", "v")),))  # noqa: SLF001 - the same six lines up
        assert isinstance(one, ast.Module)
        assert isinstance(other, ast.Module)
        expected = ast.increment_lineno(ast.fix_missing_locations(other), 6)
        assert ast.dump(one, include_attributes=True) == ast.dump(expected, include_attributes=True)


def test_starred_arguments_are_places() -> None:
    """What ``*items`` and ``**named`` hand to a call is seen, and replaced, argument by argument."""
    text = "def f(u, v, w):\n    return u, v, w\n" + function("pair = [x, x + 1]\nreturn f(*pair, 7), f(w=1, **dict(u=x, v=2))")
    pieces = [Piece("x", 1, text)]
    handed = {place.target: place for place in places(pieces) if place.kind == "argument" and place.target.startswith("f(")}
    assert [(target, place.text) for target, place in handed.items()] == [
        ("f(0)", "pair[0]"),
        ("f(1)", "pair[1]"),
        ("f(u)", "dict(u=x, v=2)"),
        ("f(v)", "dict(u=x, v=2)"),
    ]
    mended = (Substitute(handed["f(1)"].id, 0, 5), Substitute(handed["f(v)"].id, None, 6))
    request = Request("rnn_forward", (np.ones(2), None, {}), frozenset({"rnn_forward"}), trace=True, substitutes=mended)
    reply = Harness(pieces, PARTS).run(request)
    assert [part[1] for part in reply.value] == [5, 6]
    assert {seen.place for seen in reply.seen} >= {place.id for place in handed.values()}
