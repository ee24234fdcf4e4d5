"""``results.jsonl``: one line a submission, written as soon as it is judged, and taken over when a run is continued.

A line counts if it and its diagnosis are whole, and its content, version and options are those of this run. Each is flushed to the disk
before the next outcome is looked at, so whatever ends a run costs at most what was being judged. A line that was torn is dropped and judged
again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Self

import msgspec

from whygrad import __version__
from whygrad.errors import UsageError
from whygrad.grade.records import SCHEMA, Line
from whygrad.report.json import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from whygrad.grade.records import Options, Outcome

_HEAD = json.dumps({"schema": SCHEMA})[:-1].encode()
"""How every line begins."""
Content = tuple[str, str]
"""What a submission holds: its kind (``.py``) and the SHA-256 of its bytes."""


def lines_of(path: Path) -> Iterator[Line]:
    """The whole lines of a file of results, in their order; none where it is not there."""
    if not path.exists():
        return
    decoder = msgspec.json.Decoder(Line)
    with path.open("rb") as stream:
        for text in stream:
            if text.endswith(b"\n"):
                try:
                    yield decoder.decode(text)
                except msgspec.MsgspecError:  # torn, or of another version
                    continue


def is_results(path: Path) -> bool:
    """Whether a file of results can be written there: there is none, or it has whole lines, or the beginning of the first one."""
    if not path.exists() or next(lines_of(path), None) is not None:
        return True
    with path.open("rb") as stream:
        return _HEAD.startswith(stream.read(len(_HEAD)))


class Results:
    """The file of one run, or of one shard of it; used in a ``with`` statement, which takes over what was done before.

    Args:
        folder: Where the file is. A run that is no shard takes over the lines of all shards there.
        shard: Which part this is and of how many, or None.
        wanted: Every submission of this run by its name, with its content.
        options: What the answers depend on.
    """

    def __init__(self, folder: Path, shard: tuple[int, int] | None, wanted: Mapping[str, Content], options: Options) -> None:
        self.path = folder / ("results.jsonl" if shard is None else f"results-{shard[0]:02}-of-{shard[1]:02}.jsonl")
        self.todo: dict[Content, list[str]] = {}
        """What has no line yet: each content once, with the names of those who handed it in."""
        for name, content in wanted.items():
            self.todo.setdefault(content, []).append(name)
        self._made_by = __version__, asdict(options)
        self._others = sorted(set(folder.glob("results-*.jsonl")) - {self.path}) if shard is None else []

    def earlier(self) -> Iterator[Line]:
        """The lines of the runs before, from which this one takes over what counts."""
        return (line for path in (self.path, *self._others) for line in lines_of(path))

    def __enter__(self) -> Self:
        self._lock = self.path.with_suffix(".lock").open("ab")
        try:
            _lock(self._lock, self.path)
            new = self.path.with_suffix(".new")
            try:
                with new.open("wb") as stream:
                    for line in self.earlier():
                        if (line.whygrad, line.options) == self._made_by and _can_be_read(line):
                            names = self.todo.pop((PurePosixPath(line.path).suffix.lower(), line.sha256), ())
                            stream.writelines(_text(line, name) for name in names)
                    _flush(stream)
                new.replace(self.path)
            finally:
                new.unlink(missing_ok=True)
            self._stream = self.path.open("ab")
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()
        self._lock.close()

    def add(self, content: Content, outcome: Outcome) -> list[str]:
        """Write the lines of all who handed in this content; their names."""
        names = self.todo.pop(content)
        version, options = self._made_by
        diagnosis = msgspec.Raw(outcome.diagnosis.encode())
        line = Line("", content[1], version, options, outcome.status, outcome.seconds, outcome.code, diagnosis, outcome.numbers)
        self._stream.writelines(_text(line, name) for name in names)
        _flush(self._stream)
        return names


def _text(line: Line, name: str) -> bytes:
    """The line of the submission called ``name``; control characters and the like are written as escapes."""
    head = {"schema": SCHEMA, "path": name, "sha256": line.sha256, "whygrad": line.whygrad, "options": line.options}
    head |= {"status": line.status, "seconds": line.seconds, "code": line.code}
    head |= {"numbers": None if line.numbers is None else asdict(line.numbers)}
    return json.dumps(head)[:-1].encode() + b', "diagnosis": ' + bytes(line.diagnosis) + b"}\n"


def _can_be_read(line: Line) -> bool:
    """Whether its diagnosis is whole."""
    try:
        from_json(bytes(line.diagnosis))
    except msgspec.MsgspecError:
        return False
    return True


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _lock(stream: BinaryIO, path: Path) -> None:
    """Keep two runs from writing into the file at ``path``.

    Raises:
        UsageError: Another run does.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"Another run of whygrad writes into {path.parent}; wait for it, or choose another folder.") from None
    except OSError:  # a file system that has no locks
        return
