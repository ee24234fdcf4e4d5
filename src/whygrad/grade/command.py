"""``whygrad grade``: the command's options, and the few lines that it prints."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from whygrad.grade.summary import Summary

_SYSTEMS = ("gradescope", "prairielearn", "coursera", "junit", "check50")
_SHOWN = 5
_LONGEST = 3600
"""Seconds that one call may be given."""

_HELP = """Judge every notebook, Python file and text with printed numbers in the FOLDERs, each in a
process that can do no harm, and write into OUT: results.jsonl with a line for each, a page
for each in pages, index.html and class.csv.

A run that was stopped goes on where it was when it is started again. What has not
changed is not judged twice, and files of the same content are judged once.

\b
Examples:
  whygrad grade submissions -o results
  whygrad grade week-1 week-2 -o results --write gradescope,junit
  whygrad grade submissions -o results --shard 3/16
  whygrad grade submissions -o results --scheduler tcp://10.0.0.1:8786

Of a run in shards, each writes its own results file into OUT. Start it once more without
--shard when all are done: nothing is judged again, and the overview is written.

The exit code is 0 if every submission has its line, whatever is wrong in them.
"""


class _Named(click.Path):
    """A path that has a name: an empty one, such as an unset variable of a script, would be the current folder."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        if not os.fspath(value):
            self.fail("the name is empty; the current folder is called '.'.", param, ctx)
        return super().convert(value, param, ctx)


def _shard(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    number, _, count = value.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise click.BadParameter(f"{value!r} is not a part of a whole, such as 3/16.")
    return int(number), int(count)


def _systems(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    value = ",".join(values)
    named = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    for name in named:
        if name not in _SYSTEMS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(_SYSTEMS)}.")
    if values and not named:
        raise click.BadParameter(f"{value!r} names none of {', '.join(_SYSTEMS)}.")
    return named


def _seconds(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds.")
    return value


@click.command(help=_HELP)
@click.argument("roots", metavar="FOLDER...", nargs=-1, required=True, type=_Named(path_type=Path, readable=False))
@click.option("-o", "--output", "out", metavar="OUT", required=True, type=_Named(path_type=Path, file_okay=False), help="Where to write.")
@click.option("--jobs", type=click.IntRange(1), help="Processes side by side; one for each processor if not given.")
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, _LONGEST),
    default=10.0,
    callback=_seconds,
    show_default=True,
    help="The longest that one call of a submission's code can take; less after one that did not end, and three times as long for all.",
)
@click.option(
    "--hint",
    type=click.Choice(["1", "2", "3"]),
    default="2",
    show_default=True,
    help="How much pages and course files say, as for one file. The lines hold all three.",
)
@click.option("--write", metavar="SYSTEM,...", multiple=True, callback=_systems, help=f"Also for course systems: {', '.join(_SYSTEMS)}.")
@click.option("--shard", metavar="I/N", callback=_shard, help="Only the I-th of N parts, which are the same on every machine.")
@click.option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask cluster do it (needs whygrad[cluster]).")
@click.option("--unsafe", is_flag=True, help="Run the code even where nothing keeps it from doing harm.")
def grade(
    *,
    roots: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    seconds: float,
    hint: str,
    write: tuple[str, ...],
    shard: tuple[int, int] | None,
    scheduler: str | None,
    unsafe: bool,
) -> str:
    """Judge a class; returns the few lines that are printed."""
    from whygrad.grade import run  # noqa: PLC0415 - starting must be fast
    from whygrad.grade.records import Options  # noqa: PLC0415 - as above

    if str(out) == "-":
        raise click.UsageError("-o: a class gives several files; name the folder for them.")
    if jobs is not None and scheduler is not None:
        raise click.UsageError("--jobs is for this machine alone; --scheduler uses what the cluster has.")
    settings = run.Settings(roots, out, Options(seconds, unsafe), int(hint), jobs, shard, scheduler, write)
    found, to_open = run.grade(settings)
    return _said(found, to_open)


def _said(found: Summary, to_open: Path) -> str:
    from whygrad.grade.records import STATUSES  # noqa: PLC0415 - as above
    from whygrad.mistakes.words import counted  # noqa: PLC0415 - as above
    from whygrad.report.printable import printable  # noqa: PLC0415 - as above

    statuses = ", ".join(f"{found.statuses[status]:,} {status}" for status in STATUSES)
    lines = [f"{counted(len(found.briefs), 'submission')}: {statuses}."]
    if found.in_part:
        lines += [f"Right as far as it goes, with only some of the numbers: {counted(len(found.in_part), 'text')}."]
    if found.by_mistake:
        lines += ["", "The most frequent mistakes:"]
        for (id_, function), group in list(found.by_mistake.items())[:_SHOWN]:
            lines.append(f"{len(group):6,}  {id_}" + (f" in {function}" if function else ""))
    if found.beside:
        lines += ["", f"Not counted, with none of the functions and beside a submission: {counted(len(found.beside), 'Python file')}."]
    if named := [printable(one.path) for one in found.libraries]:
        lines += ["", f"With the name of a library, which programs in its folder get this file for: {', '.join(named)}."]
    return "\n".join([*lines, "", f"Read on in {printable(str(to_open))}.", ""])
