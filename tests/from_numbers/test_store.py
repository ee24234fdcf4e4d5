"""Kept tables: the same answer with them, without them, beside another first run, and with a folder or a file that cannot be used."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS, Assignment
from whygrad.from_numbers import explain
from whygrad.from_numbers.tables import tables
from whygrad.from_numbers.tables.store import Store, forget_pages
from whygrad.from_numbers.tables.tables import Tables
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from conftest import Change, Notebook

    from whygrad.from_numbers.tables.singles import Singles

NO_CARRY: Change = ("rnn_backward", "da_prevt = gradients['da_prev']", "pass")
SQUARE: Change = ("rnn_cell_backward", "(1 - a_next ** 2)", "(1 - a_next)")
TWICE: Change = ("rnn_cell_backward", "(1 - a_next ** 2) * da_next", "(1 + a_next) * da_next")
CHECK = "rnn_cell_backward"


def start(post: Path, cache: Path) -> subprocess.Popen[str]:
    """A run of the command line of its own, with this cache folder."""
    command = [sys.executable, "-m", "whygrad", str(post), "--format", "json", "--exit-zero"]
    return subprocess.Popen(  # noqa: S603 - our own command line
        command, env={**os.environ, "XDG_CACHE_HOME": str(cache)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(run: subprocess.Popen[str]) -> str:
    """What it printed; nothing on standard error."""
    out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    return out


@pytest.fixture
def post(notebook: Notebook, tmp_path: Path) -> Path:
    """One mistake of a cell."""
    file = tmp_path / "post.txt"
    file.write_text(notebook.printed(CHECK, SQUARE), encoding="utf-8")
    return file


@pytest.mark.parametrize(("mistakes", "kept"), [((NO_CARRY, SQUARE), "loops"), ((TWICE,), "twice-*")], ids=["two", "two in one equation"])
def test_the_first_run_says_what_the_second_says(notebook: Notebook, tmp_path: Path, mistakes: tuple[Change, ...], kept: str) -> None:
    """Mistakes of a sequence, so that all kinds of tables are needed: cold and warm, the same document to the last character."""
    post, cache = tmp_path / "post.txt", tmp_path / "cache"
    post.write_text(notebook.printed("rnn_backward", *mistakes), encoding="utf-8")
    cold = said(start(post, cache))
    assert '"explained"' in cold
    assert len(list(cache.rglob(f"*-{kept}.npz"))) == 1
    assert said(start(post, cache)) == cold


def test_first_runs_side_by_side_do_not_disturb_each_other(post: Path, tmp_path: Path) -> None:
    """Three first runs at once give one answer and leave whole files, no halves."""
    cache = tmp_path / "cache"
    answers = {said(run) for run in [start(post, cache) for _ in range(3)]}
    assert len(answers) == 1
    assert len(list(cache.rglob("*.npz"))) == 1
    assert not list(cache.rglob("*.part"))
    assert said(start(post, cache)) == answers.pop()


def test_a_folder_that_cannot_be_made_is_no_error(post: Path, tmp_path: Path) -> None:
    """Where a file stands in the way of the folder nothing is kept, and the answer is the same."""
    barrier = tmp_path / "barrier"
    barrier.write_text("here is no room", encoding="utf-8")
    assert said(start(post, barrier)) == said(start(post, tmp_path / "cache"))


def equal(one: Singles, other: Singles) -> bool:
    """Whether two tables hold the same."""
    same_numbers = np.array_equal(one.numbers, other.numbers, equal_nan=True) and np.array_equal(one.costs, other.costs)
    same_numbers = same_numbers and one.narrow == other.narrow
    return same_numbers and [one.rows[row] for row in range(len(one.rows))] == [other.rows[row] for row in range(len(other.rows))]


def test_a_kept_table_is_the_table(tmp_path: Path) -> None:
    """Numbers, costs and edits come back as they were, costs of edits that the table never asked for too."""
    made, kept = Tables(SEQUENCE_MODELS, tmp_path), Tables(SEQUENCE_MODELS, tmp_path)
    table = made.of(CHECK).singles
    assert equal(kept.of(CHECK).singles, table)
    for row in range(0, len(table.rows), 7):
        assert kept.variants.set_cost(table.rows[row]) == made.variants.set_cost(table.rows[row])


def test_a_sequences_kept_table_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edits of two gradients at once are counted in it too, under both names."""
    table = Tables(SEQUENCE_MODELS, tmp_path).of("rnn_backward").singles
    assert {"dWax", "dWax and dWaa"} <= table.narrow.keys()
    monkeypatch.setattr(tables, "singles_of", lambda *_: pytest.fail("made again"))
    assert equal(Tables(SEQUENCE_MODELS, tmp_path).of("rnn_backward").singles, table)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # NumPy leaves a damaged archive's file to the garbage collector
def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    """Cut off, overwritten in places, empty, of another kind or without its arrays: the table is made anew, never wrong."""
    right = Tables(SEQUENCE_MODELS, tmp_path).of(CHECK).singles
    (file,) = tmp_path.rglob("*.npz")
    whole = file.read_bytes()
    dice = random.Random(9)
    damaged = [b"", b"no archive at all", whole[: len(whole) // 2], whole[:-1], whole[100:]]
    for _ in range(12):
        place = dice.randrange(len(whole))
        damaged.append(whole[:place] + dice.randbytes(20) + whole[place + 20 :])
    for content in damaged:
        file.write_bytes(content)
        assert equal(Tables(SEQUENCE_MODELS, tmp_path).of(CHECK).singles, right)
    np.savez(file, rows=np.zeros(3))
    assert equal(Tables(SEQUENCE_MODELS, tmp_path).of(CHECK).singles, right)


def test_nothing_that_is_kept_is_ever_run(tmp_path: Path) -> None:
    """Objects in a file, which could carry code, are not loaded."""
    store = Store(tmp_path)
    store.save("table", lambda: {"rows": np.zeros(2)})
    assert store.folder
    np.savez(store.folder / "table.npz", rows=np.array([print], object))
    assert store.load("table") is None


def test_a_store_without_a_folder_keeps_nothing() -> None:
    """Saving is no error, loading finds nothing."""
    store = Store(None)
    store.save("table", lambda: pytest.fail("made for nothing"))
    assert store.load("table") is None


def test_tables_are_kept_by_the_sources_that_make_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every module of the three rooms that make tables is read for the key, those of rooms within them too."""
    read: list[Path] = []
    read_bytes = Path.read_bytes

    def seen(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", seen)
    assert Store(tmp_path).folder
    for made_by in (Store, Tables, Assignment, Edit, explain):
        assert Path(sys.modules[made_by.__module__].__file__ or "") in read


def test_tables_of_other_sources_are_removed_after_a_week(tmp_path: Path) -> None:
    """When new ones are made; what is newer, or nothing of ours, stays."""
    for name in ("0123456789abcdef0123", "f" * 20, "something else"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "table.npz").write_bytes(b"x")
    for name in ("0123456789abcdef0123", "something else"):
        os.utime(tmp_path / name, (0, 0))
    store = Store(tmp_path)
    store.save("table", lambda: {"rows": np.zeros(2)})
    assert store.folder
    assert {folder.name for folder in tmp_path.iterdir()} == {store.folder.name, "f" * 20, "something else"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how much of a file is in memory is read from /proc")
def test_pages_that_were_read_are_let_go_of(tmp_path: Path) -> None:
    """What is looked up in a large array stays no longer in memory; it is there again when it is read."""
    numbers = Store(tmp_path).mapped("some", (1 << 20,), lambda: np.arange(1 << 20, dtype=np.uint32))
    assert numbers is not None

    def resident() -> int:
        _, _, found = Path("/proc/self/smaps").read_text(encoding="utf-8").partition("some.npy")
        return int(next(line for line in found.splitlines() if line.startswith("Rss:")).split()[1])

    assert numbers.sum() == sum(range(1 << 20))
    assert resident() > 4000
    forget_pages(numbers)
    assert resident() < 100
    assert numbers[-1] == (1 << 20) - 1
    forget_pages(np.zeros(3))
