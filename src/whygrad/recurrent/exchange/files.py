"""Arrays to and from a file, ``.npz`` or ``.safetensors``: nothing but arrays is ever read, so a file can't run code.

safetensors is read and written here, in some twenty lines each: eight bytes with the length of a JSON header, the header with dtype, shape
and place of each array, and their bytes. There is never half a file.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from whygrad.errors import ContentError, UnreadableError, UsageError
from whygrad.files import in_one_step
from whygrad.recurrent.kinds import kind, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = NDArray[Any]

_DTYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "I32": "<i4"}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}
_LENGTH = 8
_METADATA = "__metadata__"


def save_arrays(path: str | Path, arrays: Mapping[str, Array]) -> None:
    """Writes arrays by name; the ending of the path says the format.

    Args:
        path: Ends in ``.npz`` or ``.safetensors``. A file that is there is replaced in one step.
        arrays: float32, float64, int32 or int64.

    Raises:
        UsageError: The ending is another one, an array has another dtype, or the place can't be written to.
        ContentError: An argument is of another type.
    """
    path = _known(path)
    mapping("arrays", arrays)
    for name, array in arrays.items():
        kind(f"arrays[{name!r}]", array, np.ndarray, optional=False)
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance] - it is what is checked
            raise UsageError(f"arrays: the name {name!r} is of type {type(name).__name__}, expected str")
        if array.dtype not in _NAMES:
            raise UsageError(f"{name} has dtype {array.dtype}, expected float32, float64, int32 or int64")
    if path.suffix == ".safetensors" and _METADATA in arrays:
        raise UsageError(f"{_METADATA} is no name for an array of a safetensors file")
    content = _npz(arrays) if path.suffix == ".npz" else _safetensors(arrays)
    try:
        with in_one_step(path) as beside:
            beside.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def load_arrays(path: str | Path) -> dict[str, Array]:
    """The arrays of a file, by name.

    Raises:
        UsageError: The file is not there, or its name ends in neither ``.npz`` nor ``.safetensors``.
        UnreadableError: It is damaged, or holds anything but arrays of numbers.
    """
    path = _known(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return _from_npz(content) if path.suffix == ".npz" else _from_safetensors(content)
    except Exception as error:  # a damaged file makes zipfile, zlib, json and numpy raise many kinds
        raise UnreadableError(f"{path} holds no arrays that can be read: {error}") from error


def _known(given: str | Path) -> Path:
    if not isinstance(given, str | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance] - it is what is checked
        raise ContentError(f"path is of type {type(given).__name__}, expected str or Path")
    path = Path(given)
    if path.suffix not in {".npz", ".safetensors"}:
        raise UsageError(f"path: {path.name} ends in {path.suffix!r}, expected .npz or .safetensors")
    if "\0" in str(path):
        raise UsageError(f"path: {str(path)!r} is not a name that a file can have")
    return path


def _from_npz(content: bytes) -> dict[str, Array]:
    if not content.startswith(b"PK"):  # anything else NumPy takes for a pickle, and says how to read that in spite of it
        raise zipfile.BadZipFile("it is no npz file")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: np.asarray(file[name]) for name in file}
    for name, array in arrays.items():
        if array.dtype.kind not in "biufc":
            raise ValueError(f"{name} has dtype {array.dtype}, and is no array of numbers")
    return arrays


def _npz(arrays: Mapping[str, Array]) -> bytes:
    """As ``np.savez``, which has no place for an array whose name is that of one of its arguments."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
    return buffer.getvalue()


def _safetensors(arrays: Mapping[str, Array]) -> bytes:
    header: dict[str, Any] = {}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % _LENGTH)
    return b"".join([len(text).to_bytes(_LENGTH, "little"), text, *(array.tobytes() for array in arrays.values())])


def _from_safetensors(content: bytes) -> dict[str, Array]:
    length = int.from_bytes(content[:_LENGTH], "little")
    data = memoryview(content)[_LENGTH + length :]
    if length > len(content) - _LENGTH:
        raise ValueError("the header is longer than the file")
    header = json.loads(content[_LENGTH : _LENGTH + length])
    if not isinstance(header, dict):
        raise TypeError("the header is no mapping")
    arrays: dict[str, Array] = {}
    places: list[tuple[int, int]] = []
    for name, entry in cast("dict[str, dict[str, Any]]", header).items():
        if name == _METADATA:
            continue
        if entry["dtype"] not in _DTYPES:
            raise ValueError(f"{name} has dtype {entry['dtype']}, expected one of {', '.join(_DTYPES)}")
        dtype, (start, end) = np.dtype(_DTYPES[entry["dtype"]]), entry["data_offsets"]
        if not 0 <= start <= end <= len(data):
            raise ValueError(f"{name} lies outside the file")
        if any(length < 0 for length in entry["shape"]):
            raise ValueError(f"{name} has shape {entry['shape']}")
        places.append((start, end))
        arrays[name] = np.frombuffer(data[start:end], dtype).reshape(entry["shape"]).copy()
    if any(end > start for (_, end), (start, _) in pairwise(sorted(places))):
        raise ValueError("two arrays lie in the same place")
    return arrays
