"""What whygrad has written into a folder of results is known by its hash: nothing else is replaced or removed, and no link is followed.

``written.json`` has the hashes of each file's last two contents. The new one is put down before the file is replaced, so a run that is
ended between the two still knows its own. ``results.jsonl``, which grows all the time, is known by its lines, and the pages and folders of
submissions by their names.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from whygrad.errors import UsageError
from whygrad.files import in_one_step
from whygrad.grade.results import is_results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

RECORD = "written.json"
_INSTEAD = "move it away, or choose another folder for the results (-o)"


class Written:
    """The files in ``out`` that are replaced as a whole.

    Raises:
        UsageError: The record is a link, or somebody else's file.
    """

    def __init__(self, out: Path) -> None:
        self.folder, self._record = out, out / RECORD
        self._known: dict[str, list[str]] = {}
        refuse_links([self._record])
        if self._record.exists():
            try:
                self._known = msgspec.json.decode(self._record.read_bytes(), type=dict[str, list[str]])
            except msgspec.MsgspecError:
                raise UsageError(f"{self._record} is not whygrad's, and would be replaced; {_INSTEAD}.") from None

    def refuse_others(self, names: Iterable[str], results: Path) -> None:
        """See to it that files of these names, and the file of results, can be replaced.

        Raises:
            UsageError: One of them is a link, or holds something else than whygrad has written.
        """
        refuse_links([results, results.with_suffix(".new"), results.with_suffix(".lock")])
        if not is_results(results):
            raise UsageError(f"{results} is not whygrad's, and would be replaced; {_INSTEAD}.")
        for name in names:
            self._digest(name)

    def put(self, name: str, write: Callable[[Path], object]) -> None:
        """Have a file written, and replaced in one step."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with in_one_step(path) as beside:
            write(beside)
            self._known[name] = [*self._digest(name), _digest(beside)]
            with in_one_step(self._record) as record:
                record.write_bytes(msgspec.json.format(msgspec.json.encode(self._known)) + b"\n")

    def remove(self, name: str) -> None:
        """Remove a file, where it is there."""
        if self._digest(name):
            (self.folder / name).unlink()

    def _digest(self, name: str) -> list[str]:
        """The hash of a file that is ours; empty where there is none."""
        path = self.folder / name
        refuse_links([path])
        if not path.exists():
            return []
        digest = _digest(path)
        if name not in self._known:
            raise UsageError(f"{path} is not whygrad's, and would be replaced; {_INSTEAD}.")
        if digest not in self._known[name]:
            raise UsageError(f"{path} was changed since whygrad wrote it, which would be lost; {_INSTEAD}.")
        return [digest]


def refuse_links(paths: Iterable[Path]) -> None:
    """See to it that nothing is written elsewhere.

    Raises:
        UsageError: One of the paths is a link.
    """
    for path in paths:
        if path.is_symlink():
            raise UsageError(f"{path} is a link, and whygrad writes through none; {_INSTEAD}.")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
