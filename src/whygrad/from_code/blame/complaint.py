"""What an error says, in the learner's own names: which values did not fit, and what they were.

Each sentence tells what was there. What belongs there it does not tell, nor how the line should read.
"""

from __future__ import annotations

import ast
import re
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from whygrad.from_code.blame.complaint_of_calls import TOGETHER, called_wrongly
from whygrad.from_code.blame.complaint_of_names import no_index, no_such_key, no_such_name, no_such_part, nothing_there
from whygrad.from_code.blame.complaint_of_numbers import no_number
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.stopped import NOT_KNOWN, Complaint, operands
from whygrad.from_code.reference.inputs import ENTRIES, OUTPUTS
from whygrad.from_code.stops.no_function import of_no_function
from whygrad.mistakes.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Value

_SHAPE = re.compile(r"\([\d, ]*\)")
_TO_WHOLE = re.compile(r"from dtype\('(float|complex)\d+'\) to dtype\('u?int\d+'\)")
_INTO = re.compile(r"could not broadcast input array from shape (\([\d, ]*\)) into shape (\([\d, ]*\))")


def complaint(stopped: Stopped) -> Complaint | None:
    """What did not fit; None where the error's own text says as much as can be said."""
    for look in _LOOKS.get(stopped.raised.type, ()):
        says = look(stopped)
        if says is not None:
            return says if isinstance(says, Complaint) else Complaint(says)
    return None


def _unpacked(stopped: Stopped) -> str | None:
    """Names on the left of an assignment that are more, or fewer, than the values on its right."""
    node, line = stopped.node, stopped.line
    if "to unpack" not in stopped.raised.text or not isinstance(node, (ast.Tuple, ast.List)) or not isinstance(line, ast.Assign):
        return None
    names, text = [stopped.text(name) for name in node.elts], stopped.text(line.value)
    here = f"{counted(len(names), 'name')} {'stands' if len(names) == 1 else 'stand'} left of the equals sign"
    called = line.value.func if isinstance(line.value, ast.Call) else None
    returned = OUTPUTS.get(called.id) if isinstance(called, ast.Name) else None
    if returned is not None:
        return f"{here}, and {ast.unparse(cast('ast.Name', called))} returns {counted(len(returned), 'value')}: {listed(returned)}"
    value = stopped.worth(line.value)
    if value is NOT_KNOWN:
        got = re.search(r"got (\d+)", stopped.raised.text)
        return f"{here}, and {text} gives {f'only {got[1]}' if got else 'more values'}" if "values" in stopped.raised.text else None
    if not isinstance(value, (tuple, list)):
        array = array_of(value)
        return None if array is None else f"{here}, and {text} is an array of shape {array.shape}"
    items = cast("Sequence[Any]", value)
    if text.endswith(".shape"):
        return f"{here}, and {text} holds {counted(len(items), 'size')}: {_shape(items)}"
    return f"{here}, and {text} holds {counted(len(items), 'value')}{_of_which(stopped, names, items)}"


def _of_which(stopped: Stopped, names: list[str], items: Sequence[Value]) -> str:
    """More about several values that do not go into so many names."""
    first: Any = items[0] if items else None
    if (
        isinstance(first, (tuple, list))
        and len(cast("Any", first)) == len(names)
        and all(isinstance(item, (tuple, list)) for item in items)
    ):
        return f", each of which holds {len(names)}"
    entries = ENTRIES[stopped.subject.function.partition("_")[0]]
    if len(items) != len(entries):
        return ""
    left, more = [one for one in entries if one not in names], [name for name in names if name not in entries]
    if len(names) < len(entries) and not more:
        return f": there is no name for {listed(left)}"
    return f": there is none for {listed(more)}" if more and not left else ""


def _multiplied(stopped: Stopped) -> str | None:
    """Two matrices of which the columns of one do not meet the rows of the other."""
    if "not aligned" not in stopped.raised.text and "core dimension" not in stopped.raised.text:
        return None
    two = operands(stopped.node)
    if two is None:
        return None
    first, second = map(stopped.text, two)
    worth = [stopped.array(node) for node in two]
    told = _SHAPE.findall(stopped.raised.text) if "not aligned" in stopped.raised.text else []
    shapes = [array.shape if array is not None else None for array in worth]
    shapes = [ast.literal_eval(text) for text in told] if len(told) == 2 else shapes  # noqa: PLR2004 - one of each
    one, other = shapes
    if not one or not other:
        return None
    meet = f"{counted(one[-1], 'column')} of the one cannot meet {counted(other[0], 'row')} of the other"
    meet = meet if len(one) == len(other) == 2 else "they do not meet"  # noqa: PLR2004 - matrices
    return f"{first} has shape {one} and {second} {other}, and in this product {meet}"


_DOES: dict[type | None, str] = {ast.Add: "added", ast.Sub: "subtracted", ast.Mult: "multiplied entry by entry", ast.Div: "divided"}


def _not_broadcast(stopped: Stopped) -> str | None:
    """Two arrays that are added or multiplied entry by entry, and have not the same entries."""
    text, two = stopped.raised.text, operands(stopped.node)
    shapes = _SHAPE.findall(text)
    if two is None or "broadcast" not in text or _INTO.search(text) or len(shapes) < 2:  # noqa: PLR2004 - one of each
        return None
    if isinstance(stopped.node, ast.AugAssign) and "output operand" in text:
        array = stopped.array(two[1])
        return None if array is None else f"{stopped.text(two[0])} has shape {shapes[0]} and {stopped.text(two[1])} {array.shape}"
    operation = stopped.node.op if isinstance(stopped.node, (ast.BinOp, ast.AugAssign)) else None
    together = _DOES.get(type(operation), "put together")
    one, other = (_shape(ast.literal_eval(shape)) for shape in shapes[:2])
    return f"{stopped.text(two[0])} has shape {one} and {stopped.text(two[1])} {other}, which cannot be {together}"


def _stored(stopped: Stopped) -> str | None:
    """An array that is written into a part of another shape."""
    found, line = _INTO.search(stopped.raised.text), stopped.line
    if found is None or not isinstance(stopped.node, ast.Subscript) or not isinstance(line, (ast.Assign, ast.AugAssign)):
        return None
    shape, into = (_shape(ast.literal_eval(text)) for text in found.groups())
    value = "what is stored" if isinstance(line.value, (ast.Call, ast.Tuple)) else stopped.text(line.value)
    return f"{value} has shape {shape}, and {stopped.text(stopped.node)} has room for {into}"


def _put_together(stopped: Stopped) -> str | None:
    """Arrays that are stacked and do not fit each other along the other axis."""
    if not isinstance(stopped.node, ast.Call) or "input array" not in stopped.raised.text or not stopped.node.args:
        return None
    name, first = _last(stopped.node.func), stopped.node.args[0]
    parts = first.elts if isinstance(first, (ast.Tuple, ast.List)) else stopped.node.args[:2] if name == "append" else []
    shapes = [(stopped.text(part), array_of(value)) for part in parts if (value := stopped.worth(part)) is not NOT_KNOWN]
    if name not in TOGETHER | {"append"} or not parts or len(shapes) != len(parts) or any(array is None for _, array in shapes):
        return None
    told = listed(f"{text} {cast('Any', array).shape}" for text, array in shapes)
    if len({cast("Any", array).ndim for _, array in shapes}) > 1:
        return f"{name} is given arrays with different numbers of axes: {told}"
    axis = _axis(stopped.node, 2 if name == "append" else 1)
    return f"{name} puts these side by side along axis {axis}, and they differ along another: {told}"


_AXES = {"vstack": 0, "hstack": 1, "column_stack": 1, "dstack": 2, "vsplit": 0, "hsplit": 1, "dsplit": 2}
"""The axis that is no argument of these."""


def _axis(call: ast.Call, place: int) -> object:
    """The axis along which a call puts together or splits, which may stand at this place among its arguments."""
    if (name := _last(call.func)) in _AXES:
        return _AXES[name]
    named = [keyword.value for keyword in call.keywords if keyword.arg == "axis"] or call.args[place : place + 1]
    return ast.unparse(named[0]) if named else 0


def _out_of_bounds(stopped: Stopped) -> str | None:
    """An index that is not there."""
    found = re.search(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", stopped.raised.text)
    node = stopped.node
    if not isinstance(node, ast.Subscript):
        return None
    base, text = stopped.worth(node.value), stopped.text(node)
    if found is not None:
        index, axis, size = map(int, found.groups())
        shape = getattr(base, "shape", None)
        has = f"has {size} along axis {axis}" if shape is None else f"has shape {shape}, {size} along axis {axis}"
        return f"{stopped.text(node.value)} {has} (counted from 0), and {text} asks there for index {index}"
    if "out of range" in stopped.raised.text and isinstance(base, (list, tuple)):
        held = len(cast("Sequence[Any]", base))
        return f"{stopped.text(node.value)} holds {counted(held, 'entry')} (counted from 0), and {text} asks for one that is not there"
    if "too many indices" in stopped.raised.text and (array := array_of(base) if base is not NOT_KNOWN else None) is not None:
        return f"{stopped.text(node.value)} has shape {array.shape}, and {text} names more axes"
    return None


def _no_such_axis(stopped: Stopped) -> str | None:
    """An axis that an array has not."""
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", stopped.raised.text)
    if found is None or not isinstance(stopped.node, ast.Call):
        return None
    axis, axes = found.groups()
    return f"axis {axis} is asked for, of an array that has {counted(int(axes), 'axis')} (counted from 0)"


def _divided(stopped: Stopped) -> str | None:
    """An array that cannot be split so, or does not have the entries of the shape asked for."""
    node, text = stopped.node, stopped.raised.text
    if not isinstance(node, ast.Call):
        return None
    found = re.search(r"cannot reshape array of size (\d+) into shape", text)
    if found is not None:
        shape = _asked(stopped, node)
        if shape is None:
            return None
        takes = "" if min(shape, default=0) < 0 else f", which takes {prod(shape)}"
        return f"an array of {counted(int(found[1]), 'entry')} cannot get the shape {_shape(shape)}{takes}"
    if "equal division" not in text or len(node.args) < 2:  # noqa: PLR2004 - what, into how many
        return None
    array, parts = stopped.array(node.args[0]), stopped.worth(node.args[1])
    shape = "" if array is None else f", which has shape {array.shape},"
    into = f" into {parts}" if isinstance(parts, int) else ""
    return f"{stopped.text(node.args[0])}{shape} cannot be split{into} equal parts along axis {_axis(node, 2)}"


def _asked(stopped: Stopped, call: ast.Call) -> tuple[int, ...] | None:
    """The shape that ``reshape`` is asked for, the -1 in it too, which NumPy's own message leaves out or writes as a word."""
    method = isinstance(call.func, ast.Attribute) and stopped.array(call.func.value) is not None
    named = [keyword.value for keyword in call.keywords if keyword.arg in {"shape", "newshape"}]
    sizes = list[Any]()
    for part in named or call.args[not method :]:
        value: Any = stopped.worth(part.value if isinstance(part, ast.Starred) else part)
        sizes += value if isinstance(value, (tuple, list)) else () if isinstance(value, str) else (value,)
    whole = all(isinstance(size, (int, np.integer)) for size in sizes)
    return tuple(map(int, sizes)) if _last(call.func) == "reshape" and whole else None


def _subscripts(stopped: Stopped) -> str | None:
    """Letters of an einsum that stand for two sizes at once."""
    node = stopped.node
    if (
        not isinstance(node, ast.Call)
        or not node.args
        or not isinstance(node.args[0], ast.Constant)
        or not isinstance(node.args[0].value, str)
    ):
        return None
    sizes: dict[str, tuple[int, str]] = {}
    letters = node.args[0].value.replace(" ", "").partition("->")[0].split(",")
    for word, given in zip(letters, node.args[1:], strict=False):
        array = stopped.array(given)
        if array is None or "." in word:
            return None
        text = f"{stopped.text(given)} of shape {array.shape}"
        if len(word) != array.ndim:
            return f"{text} has {counted(array.ndim, 'axis')}, and {word!r} names {len(word)}"
        for letter, size in zip(word, array.shape, strict=True):
            before = sizes.setdefault(letter, (size, text))
            if before[0] != size:
                return f"{letter} stands for {before[0]} in {before[1]} and for {size} in {text}"
    return None


def _on_bits(stopped: Stopped) -> str | None:
    """An operator on the bits of whole numbers, mostly ``^``, which is a power elsewhere."""
    node, signs = stopped.node, {ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|"}
    operation = type(node.op) if isinstance(node, (ast.BinOp, ast.AugAssign)) else None
    two = operands(node)
    if operation not in signs or two is None:
        return None
    power = ", in Python it is no power" if operation is ast.BitXor else ""
    arrays = ((part, stopped.array(part)) for part in two)
    fractions = (stopped.text(part) for part, array in arrays if array is not None and array.dtype.kind == "f")
    holds = next(fractions, "what stands beside it")
    return f"{signs[operation]} works on the bits of whole numbers{power}, and {holds} holds numbers with a fraction"


def _kept_whole(stopped: Stopped) -> Complaint | None:
    """An array made for whole numbers, by which line, to which something with a fraction is added, or the like."""
    line = stopped.line
    if not isinstance(line, ast.AugAssign) or not _TO_WHOLE.search(stopped.raised.text):
        return None
    name = stopped.text(line.target).partition("[")[0]
    made = next((one.place for one in reversed(stopped.gave(name)) if one.place.kind == "assign"), None)
    if made is None:
        return None
    says = f"{name} holds whole numbers, as line {made.line} makes it, and what is to be put there has a fraction"
    return Complaint(says, ((made.source, made.line),))


def _last(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def _shape(sizes: Sequence[int]) -> str:
    return str(tuple(sizes))


_Look: TypeAlias = "Callable[[Stopped], Complaint | str | None]"
_OF_VALUES: tuple[_Look, ...] = (
    _unpacked, _multiplied, _stored, _put_together, _divided, _subscripts, _not_broadcast, called_wrongly,
)  # fmt: skip
_LOOKS: dict[str, tuple[_Look, ...]] = {
    "ValueError": _OF_VALUES,
    "IndexError": (_out_of_bounds, no_index, called_wrongly),
    "TypeError": (_on_bits, nothing_there, of_no_function, no_number, no_index, _unpacked, called_wrongly),
    "UFuncTypeError": (_kept_whole, _on_bits, nothing_there, called_wrongly),
    "NameError": (no_such_name,),
    "UnboundLocalError": (no_such_name,),
    "AttributeError": (no_such_part, called_wrongly),
    "KeyError": (no_such_key, called_wrongly),
    "AxisError": (_no_such_axis,),
}
