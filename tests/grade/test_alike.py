"""Like after like: which submissions are judged after one another, and by which worker."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from styles import TEXTS

from whygrad.grade.alike import Stretches, key

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benchmarks"))
from notebooks import FORMS, cells_of


def test_one_program_in_every_form_has_one_place_in_the_order(tmp_path: Path) -> None:
    """The notebook's format, comments before the functions and a changed line behind the first one count nothing."""
    path, keys = tmp_path / "handed_in", dict[str, set[bytes]]()
    for name, text in TEXTS.items():
        for number, (_, write) in enumerate(FORMS.values()):
            path.write_text(write(cells_of(f"# number {number}\n{text}\n\ndef other():\n    return {number}\n")), encoding="utf-8")
            keys.setdefault(name, set()).add(key(path)[:80])
    assert all(len(found) == 1 for found in keys.values())
    assert len(set.union(*keys.values())) > len(keys) / 2


def test_what_cannot_be_read_or_has_no_function_comes_first(tmp_path: Path) -> None:
    """No error comes of it: that is told when it is judged."""
    (tmp_path / "empty.py").write_bytes(b"\0def other(): pass")
    assert key(tmp_path / "empty.py") == key(tmp_path / "missing.py") == b""


def test_each_worker_begins_with_its_own_and_then_helps() -> None:
    """Everything is taken once, in order within a stretch, and from the end of another's."""
    contents = [(".py", str(number)) for number in range(7)]
    stretches = Stretches(contents, 3)
    assert [stretches.take(number) for number in (0, 1, 2, 0)] == [contents[number] for number in (0, 2, 4, 1)]
    assert stretches.take(0) == contents[6]
    assert stretches.take(3) == contents[3]  # the spare one
    assert [stretches.take(1), stretches.take(1)] == [contents[5], None]
    assert Stretches([], 2).take(0) is None


def test_threads_take_everything_once() -> None:
    """However many take at the same time."""
    contents = [(".py", str(number)) for number in range(2000)]
    stretches, taken = Stretches(contents, 3), list[tuple[str, str]]()

    def take(worker: int) -> None:
        while (content := stretches.take(worker)) is not None:
            taken.append(content)

    threads = [Thread(target=take, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(contents)
