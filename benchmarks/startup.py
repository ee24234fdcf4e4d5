"""How long ``whygrad POST`` takes as a whole process, against ``python -c "import numpy"`` on the same machine in the same run.

    python benchmarks/startup.py [--rounds N] [POST_OR_FOLDER ...]

The posts are those of ``examples/`` and those named. The processes take turns, so a slow moment of the machine falls on all alike;
a post's figure is its median. whygrad's tables go into a cache folder of this run, empty at first: the first round fills it, is
shown, and does not count. So it is with the byte code of all modules, NumPy's too: an installer writes it once.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
BASELINE = ("-c", "import numpy")
MEGABYTE = 1_000_000
RUSAGE_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One process from start to end: seconds on the wall, and the most memory it held at once, in megabytes."""

    seconds: float
    megabytes: float


def run(arguments: tuple[str, ...], environment: dict[str, str]) -> Run:
    """Run this Python with ``arguments`` to its end, its output thrown away. Exit code 1 is whygrad's for an explained mistake."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # wait4 has collected the process: nothing is left for Popen to wait for
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss * RUSAGE_UNIT / MEGABYTE)


def posts(places: list[Path]) -> list[Path]:
    """The files named, and the text files of the folders named, in order."""
    return [post for place in places for post in (sorted(place.glob("*.txt")) if place.is_dir() else [place])]


def machine() -> str:
    """The machine in words: processor, number of cores, system, Python."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip() for line in cpuinfo.read_text(encoding="utf-8").splitlines() if line.startswith("model name")
        ]
        processor = names[0] if names else processor
    return f"{processor}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", type=Path, metavar="POST_OR_FOLDER")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds (default 7)")
    options = parser.parse_args()
    cases = {post.name: ("-m", "whygrad", str(post)) for post in posts([EXAMPLES, *options.places])}
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPYCACHEPREFIX": f"{cache}/byte-code"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        run(BASELINE, environment)
        first = {name: run(arguments, environment) for name, arguments in cases.items()}
        baseline: list[Run] = []
        runs: dict[str, list[Run]] = {name: [] for name in cases}
        for _ in range(options.rounds):
            baseline.append(run(BASELINE, environment))
            for name, arguments in cases.items():
                runs[name].append(run(arguments, environment))
    unit = statistics.median(one.seconds for one in baseline)
    medians = {name: statistics.median(one.seconds for one in many) for name, many in runs.items()}
    print(f"{machine()}; medians of {options.rounds} rounds\n")
    print("| process | first run, s | median, s | times `import numpy` | peak memory, MB |")
    print("|---|---:|---:|---:|---:|")
    print(f'| `python -c "import numpy"` | | {unit:.3f} | 1.0 | {max(one.megabytes for one in baseline):.0f} |')
    for name, many in runs.items():
        peak = max(one.megabytes for one in [first[name], *many])
        print(f"| `whygrad {name}` | {first[name].seconds:.2f} | {medians[name]:.3f} | {medians[name] / unit:.1f} | {peak:.0f} |")
    ordered = sorted(medians.values())
    nine_in_ten = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    print(
        f"\n{len(cases)} posts: median {statistics.median(ordered) / unit:.1f} times, nine in ten within {nine_in_ten / unit:.1f} times, "
        f"slowest {ordered[-1]:.2f} s; first round {sum(one.seconds for one in first.values()):.1f} s in all",
    )


if __name__ == "__main__":
    main()
