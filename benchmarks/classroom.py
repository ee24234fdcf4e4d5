"""A generated class: is everybody accounted for, are the verdicts those of single runs, how fast is it, and does memory stay flat?

    python benchmarks/classroom.py [--most N] [--jobs J] [--singles K] [--notebooks M] [--shards S] [--interrupt]

N submissions: a fifth of them right, one to three slips in the others, drawn as often as people make them, in every style and notebook
form; one in twenty is hostile or broken. K of them are run singly and compared. M notebooks are executed one after another by ``nbclient``
(if it is installed, else that figure is missing), which is what the throughput is held against. With ``--shards`` the class is judged in S
parts, one after another, and put together. With ``--interrupt`` it is killed in the middle and started again.

Programs are drawn until there are 1,000; a larger class repeats them, each time with another comment, so that no two files are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notebooks import FORMS, cells_of, version_4
from planted_code import Case, together
from startup import machine
from styles import TEXTS

from whygrad.diagnose import diagnose_file
from whygrad.errors import UnreadableError
from whygrad.grade.pool import processors
from whygrad.grade.records import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "sandbox"))
from hostile import ATTACKS

SEED = 20180131
DISTINCT = 1000
RIGHT, HOSTILE_SHARE, BROKEN_SHARE = 0.2, 0.025, 0.025
SLIPS = {1: 54, 2: 22, 3: 4}
"""How many mistakes the wrong outputs carry that were explained."""
BROKEN = ("", "{", '{"cells": [], "nbformat": 4}', "def lstm_forward(x, a0, parameters:\n", "\0\1\2", "print('hello')\n", "(" * 5000)


def program(seed: int) -> str:
    """One program that somebody might hand in: in a random style, right or with slips."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark, repeatable
    if dice.random() < RIGHT:
        return TEXTS[dice.choice(list(TEXTS))]
    number = dice.choices(list(SLIPS), list(SLIPS.values()))[0]
    return next(case.text for case in together(list(TEXTS), dice, number) if isinstance(case, Case))


def submissions(most: int, jobs: int) -> Iterator[tuple[str, str]]:
    """So many file names and texts, no two texts alike."""
    dice = random.Random(SEED)  # noqa: S311 - as above
    with ProcessPoolExecutor(jobs) as pool:
        programs = list(pool.map(program, range(SEED, SEED + min(most, DISTINCT)), chunksize=4))
    for number in range(most):
        mark = f"# handed in as number {number}\n"
        suffix, write = FORMS[dice.choice(list(FORMS))]
        if dice.random() < BROKEN_SHARE:
            yield f"{number:05}.{dice.choice(('py', 'ipynb', 'txt'))}", mark + dice.choice(BROKEN)
        elif dice.random() < HOSTILE_SHARE:
            attack = dice.choice(ATTACKS).code.format(canary=__file__, folder=Path(__file__).parent, home="/root", parent=os.getpid())
            yield f"{number:05}{suffix}", write(cells_of(mark + attack))
        else:
            yield f"{number:05}{suffix}", write(cells_of(mark + programs[number % len(programs)]))


def write_class(folder: Path, most: int, jobs: int) -> None:
    """Put the class into a folder, each submission in one of its own."""
    for name, text in submissions(most, jobs):
        path = folder / name[:5] / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


class Memory:
    """Watches how much memory a process and everything below it take (each shared page counted once), until it ends."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.sampled: list[int] = []
        self._process = process
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._process.poll() is None:
            self.sampled.append(sum(_memory(number) for number in _below(self._process.pid)))
            time.sleep(0.5)

    def row(self) -> str:
        """The medians of the first, the second and the last third, without the very beginning."""
        self._thread.join()
        samples = self.sampled[len(self.sampled) // 20 :]
        third = max(1, len(samples) // 3)
        parts = (samples[:third], samples[third:-third] or samples, samples[-third:])
        return ", ".join(f"{sorted(part)[len(part) // 2] >> 20} MB" for part in parts) + f" (most: {max(samples) >> 20} MB)"


def _below(top: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {top}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _memory(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def grade(folder: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a class run."""
    command = [sys.executable, "-m", "whygrad", "grade", str(folder), "-o", str(out), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a run, which must go well."""
    if process.wait():
        sys.exit(f"the run ended with exit code {process.returncode}")


def lines(file: Path) -> dict[str, dict[str, Any]]:
    """The lines by path."""
    found = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    by_path = {line["path"]: line for line in found}
    if len(by_path) < len(found):
        sys.exit("a submission has two lines")
    return by_path


def told(verdict: str, diagnosis: dict[str, Any]) -> object:
    """What two runs of a submission must agree in."""
    facts = ("id", "function", "quantity", "step")
    mistakes = [([one[fact] for fact in facts], (one["location"] or {}).get("line")) for one in diagnosis["mistakes"]]
    return verdict, mistakes, [(one["function"], one["verdict"]) for one in diagnosis["functions"]]


def compare(by_path: dict[str, dict[str, Any]], number: int) -> str:
    """Run some submissions singly and compare; what differs is listed on standard error."""
    chosen = random.Random(SEED).sample(sorted(by_path), min(number, len(by_path)))  # noqa: S311 - as above
    alike = 0
    for path in chosen:
        line = by_path[path]
        try:
            single = json.loads(diagnose_file(Path(path)).to_json())
        except UnreadableError:
            same = line["diagnosis"]["verdict"] == "unreadable"
        else:
            same = told(single["verdict"], single) == told(line["diagnosis"]["verdict"], line["diagnosis"])
        alike += same
        if not same:
            print(f"another answer: {path}", file=sys.stderr)
    return f"{alike} of {len(chosen)}"


def repeats(by_path: dict[str, dict[str, Any]]) -> str:
    """How many programs had come before, but for comments and layout, and what they and the others took."""
    seen: set[str] = set()
    first: list[float] = []
    again: list[float] = []
    for line in by_path.values():  # in the order in which they were judged
        if line["code"] is not None and line["status"] != "could not be run":
            (again if line["code"] in seen else first).append(line["seconds"])
            seen.add(line["code"])
    means = [f"{len(taken)} ({1000 * sum(taken) / max(1, len(taken)):.0f} ms each)" for taken in (again, first)]
    return f"{means[0]} had come before, {means[1]} were new"


def executed(folder: Path, number: int) -> float | None:
    """Seconds that ``nbclient`` takes for a harmless notebook of the class, one after another; None where it is not installed."""
    try:
        import nbformat  # noqa: PLC0415 - for this figure only
        from nbclient import NotebookClient  # noqa: PLC0415 - the same
        from nbclient.exceptions import CellExecutionError  # noqa: PLC0415 - the same
    except ImportError:
        return None
    texts = [version_4(cells_of(program(seed))) for seed in range(SEED, SEED + number)]
    began = time.perf_counter()
    for text in texts:
        try:
            NotebookClient(nbformat.reads(text, as_version=4), timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
        except CellExecutionError:  # a helper module of the course is not there
            continue
    return (time.perf_counter() - began) / len(texts)


def by_shards(folder: Path, out: Path, count: int) -> Sequence[float]:
    """Judge the class in so many parts; milliseconds a submission in each."""
    taken: list[float] = []
    for number in range(1, count + 1):
        began = time.perf_counter()
        finish(grade(folder, out, "--shard", f"{number}/{count}"))
        judged = len(lines(out / f"results-{number:02}-of-{count:02}.jsonl"))
        taken.append(1000 * (time.perf_counter() - began) / max(1, judged))
    return taken


def interrupted(folder: Path, out: Path, most: int) -> dict[str, dict[str, Any]]:
    """Kill a run when a third is done, and start it again; what was there must stay. The lines at the end."""
    process, file = grade(folder, out), out / "results.jsonl"
    while not file.exists() or file.read_bytes().count(b"\n") < most / 3:
        time.sleep(0.05)
    process.kill()
    process.wait()
    before = file.read_bytes().splitlines(keepends=True)
    finish(grade(folder, out))
    after = file.read_bytes().splitlines(keepends=True)
    whole = [line for line in before if line.endswith(b"\n")]
    if after[: len(whole)] != whole:
        sys.exit("a line that was there has changed")
    print(f"killed after {len(whole)} lines; {len(after) - len(whole)} were judged when it was started again")
    return lines(file)


def main() -> None:
    """Generate, judge, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1000, help="submissions (default 1000)")
    parser.add_argument("--jobs", type=int, help="processes side by side (default: as many as a class run takes by itself)")
    parser.add_argument("--singles", type=int, default=100, help="so many are run singly too (default 100)")
    parser.add_argument("--notebooks", type=int, default=20, help="so many are executed by nbclient (default 20)")
    parser.add_argument("--shards", type=int, default=0, help="judge the class in so many parts too")
    parser.add_argument("--interrupt", action="store_true", help="kill a run in the middle too, and start it again")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="classroom-"))
    folder = work / "class"
    write_class(folder, options.most, options.jobs or processors())
    print(f"{machine()}; {options.most} submissions, {options.jobs or processors()} at a time\n")
    began = time.perf_counter()
    process = grade(folder, work / "out", *(("--jobs", str(options.jobs)) if options.jobs else ()))
    memory = Memory(process)
    finish(process)
    seconds = time.perf_counter() - began
    by_path = lines(work / "out" / "results.jsonl")
    counts = Counter(line["status"] for line in by_path.values())
    print(f"accounted for: {len(by_path)} of {options.most} ({', '.join(f'{counts[status]} {status}' for status in STATUSES)})")
    print(f"throughput: {options.most / seconds:.2f} a second ({seconds:.0f} s)")
    slow = sorted((line["seconds"] for line in by_path.values()), reverse=True)
    print(f"seconds of one: median {slow[len(slow) // 2]:.2f}, slowest {', '.join(f'{one:.1f}' for one in slow[:5])}, sum {sum(slow):.0f}")
    print(f"of the programs that could be run {repeats(by_path)}")
    print(f"memory of all processes, first, second and last third: {memory.row()}")
    one = executed(folder, options.notebooks) if options.notebooks else None
    if one is not None:
        print(f"nbclient, one after another: {1 / one:.2f} a second; the class run is {one * options.most / seconds:.1f} times as fast")
    if options.singles:
        print(f"the same answer as a single run: {compare(by_path, options.singles)}")
    if options.interrupt:
        _same(by_path, interrupted(folder, work / "again", options.most))
    if options.shards:
        taken = by_shards(folder, work / "parts", options.shards)
        print(f"ms a submission, shard after shard: {', '.join(f'{one:.0f}' for one in taken)}")
        began = time.perf_counter()
        finish(grade(folder, work / "parts"))
        print(f"put together in {time.perf_counter() - began:.1f} s")
        _same(by_path, lines(work / "parts" / "results.jsonl"))
    shutil.rmtree(work)


def _same(one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]) -> None:
    """Say how many lines tell the same."""
    first, second = ({path: told(line["status"], line["diagnosis"]) for path, line in found.items()} for found in (one, other))
    print(f"the same lines: {sum(first[path] == second.get(path) for path in first)} of {len(first.keys() | second.keys())}")


if __name__ == "__main__":
    main()
