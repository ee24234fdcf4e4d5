"""The command line: ``whygrad FILE``, ``whygrad grade FOLDER``, ``whygrad mistakes [ID]``, ``whygrad expected [CHECK]``.

Results go to standard output, everything else to standard error. Exit codes: 0 right; 1 explained, partly or unknown; 2 wrong usage,
missing file or own failure; 3 the input could be opened but not read. Rooms are imported where a command needs them: starting must be fast.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from whygrad import __version__
from whygrad.errors import UnreadableError, UsageError, WhygradError
from whygrad.files import in_one_step
from whygrad.grade.command import grade
from whygrad.report.streams import OutputLostError, close_stdout, open_what_is_closed, say, speak_utf8, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.diagnosis import Diagnosis
    from whygrad.report.own_texts import OwnText

_FORMATS = ("text", "json", "markdown", "github", "html")
_TAKE_A_VALUE = ("--format", "--hint", "--output", "-o", "--texts")
_EXIT_CODES = {"right": 0, "explained": 1, "partly": 1, "unknown": 1, "unreadable": 3}
_INTERRUPTED, _PIPE_CLOSED = 130, 141
_STANDARD_INPUT = 0

_HELP = """Say why a hand-written gradient is wrong, from the numbers that it printed or from the code.

FILE is a text with the printed numbers, as pasted into a forum: "-" is standard input.
Expected numbers and words around them may stand in it. Or it is the code: a Python file
or a notebook, or whole functions in a text without numbers. Its functions are run in a
child process that can do no harm.

\b
Other commands:
  whygrad grade FOLDER    judge a whole class; see whygrad grade --help
  whygrad mistakes        list the mistakes that whygrad knows
  whygrad mistakes ID     explain one of them
  whygrad expected        what right backward functions print in the course's checks
  whygrad expected CHECK  the same for one check, also that of a forward function

\b
Examples:
  whygrad my-output.txt
  whygrad my-output.txt --hint 1
  whygrad my-notebook.ipynb
  whygrad - --format markdown < my-output.txt

\b
Exit codes:
  0  the numbers or functions are right (also where the expected ones or the check are not)
  1  explained, in part or in full, or unknown
  2  wrong usage, missing file, or a fault of whygrad
  3  the file was opened but could not be read or run

A file that is called like a command is written ./mistakes.
"""


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line (``sys.argv`` by default) and return its exit code. Never lets an exception through."""
    args = list(sys.argv[1:] if args is None else args)
    open_what_is_closed()
    speak_utf8()
    try:
        return _run(args)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OutputLostError as lost:
        close_stdout()
        if isinstance(lost.__cause__, BrokenPipeError):
            return _PIPE_CLOSED
        click.echo(f"whygrad: the answer could not be written ({lost}).", err=True)
        return 2


def _run(args: list[str]) -> int:
    if not args:
        click.echo(
            "Usage: whygrad FILE [--format text|json|markdown|github|html] [--hint 1|2|3] [-o OUTPUT]\nTry 'whygrad --help'.", err=True
        )
        return 2
    name, rest = _split(args)
    given: dict[str, Any] = {}
    try:
        return _invoke(name, rest, given)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        why, code = _in_our_words(error, args), 2
    except WhygradError as error:
        why, code = str(error), 3 if isinstance(error, UnreadableError) else 2
    except OutputLostError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a user never sees a traceback
        why, code = _own_failure(error, args), 2
    _refuse(why, given, json=_asked_for_json(args))
    return code


def _invoke(name: str, rest: list[str], given: dict[str, Any]) -> int:
    """Run one command. It gives back its exit code, or the text that is to be printed. ``given`` gets what the command line asks for."""
    shown = "whygrad" if name == "diagnose" else f"whygrad {name}"
    with writing():  # --help and --version are printed here
        context = _COMMANDS[name].make_context(shown, list(rest), help_option_names=["-h", "--help"])
    given.update(context.params)
    with context:
        answer: int | str = _COMMANDS[name].invoke(context)
    if isinstance(answer, int):
        return answer
    say(answer)
    return 0


def _split(args: list[str]) -> tuple[str, list[str]]:
    """The command, and the rest: the first word that is no option is a command only if it is exactly one, else it is a file."""
    for position, word in enumerate(args):
        if position and args[position - 1] in _TAKE_A_VALUE:
            continue
        if word == "-" or not word.startswith("-"):
            return (word, args[:position] + args[position + 1 :]) if word in _COMMANDS else ("diagnose", args)
        if word == "--":
            break
    return "diagnose", args


@click.command(help=_HELP)
@click.argument("file")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How the answer is written.")
@click.option(
    "--hint",
    type=click.Choice(["1", "2", "3"]),
    default="2",
    show_default=True,
    help="1: where. 2: also what is wrong. 3: also what the mathematics asks. JSON holds all three.",
)
@click.option("--output", "-o", metavar="OUTPUT", help="Write the answer into the file OUTPUT.")
@click.option("--texts", metavar="TEXTS", help="Your own words for a mistake, by its id, in the TOML file TEXTS.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 instead of 1.")
@click.option("--unsafe", is_flag=True, help="Run the code of FILE even where nothing keeps it from doing harm.")
@click.version_option(__version__, prog_name="whygrad", message="%(prog)s %(version)s")
def _diagnose(file: str, form: str, hint: str, output: str | None, texts: str | None, *, exit_zero: bool, unsafe: bool) -> int:
    from whygrad.diagnose import diagnose_file, diagnose_text  # noqa: PLC0415 - see above
    from whygrad.read import read_stream  # noqa: PLC0415 - see above

    own = _own_texts(texts)
    pasted = file == "-"
    if pasted:
        notes: list[str] = []
        diagnosis = diagnose_text(read_stream(sys.stdin.buffer, notes=notes), "standard input", notes, unsafe=unsafe)
    else:
        diagnosis = diagnose_file(_to_read(file), unsafe=unsafe)
    if own:
        diagnosis = diagnosis.in_words(own)
        _say_what_has_no_room(diagnosis, own, form, int(hint))
    title = "" if pasted else Path(file).name
    if output is None or output == "-":
        _show(diagnosis, form, int(hint), title)
    else:
        _write(output, _in_form(diagnosis, form, int(hint), title), file, texts)
    code = 0 if diagnosis.result.of_a_check else _EXIT_CODES[diagnosis.verdict]
    return 0 if exit_zero and code == 1 else code


@click.command(help="List the mistakes that whygrad knows, or explain the one called ID.")
@click.argument("id", required=False, metavar="[ID]")
def _mistakes(id: str | None) -> str:  # noqa: A002 - the name that JSON and the help use
    from whygrad.mistakes import OPERATORS  # noqa: PLC0415 - see above
    from whygrad.report.catalogue import page, page_of_code  # noqa: PLC0415 - see above
    from whygrad.report.of_code import OF_CODE  # noqa: PLC0415 - see above

    known = (*OPERATORS, *OF_CODE)
    if id is None:
        width = max(map(len, known))
        kinds = {id_: operator.title for id_, operator in OPERATORS.items()}, {id_: kind.title for id_, kind in OF_CODE.items()}
        listed, of_code = ("".join(f"{id_:{width}}  {title}\n" for id_, title in sorted(titles.items())) for titles in kinds)
        return f"{listed}\nIn code alone:\n{of_code}"
    if id in OF_CODE:
        return page_of_code(id, OF_CODE[id])
    if id in OPERATORS:
        return page(OPERATORS[id])
    raise UsageError(_unknown_mistake(id, known))


@click.command(
    help="What right functions print in the checks of the backward functions, or in the one called CHECK, also of a forward one."
)
@click.argument("check", required=False, metavar="[CHECK]")
def _expected(check: str | None) -> str:
    from whygrad.assignments import ASSIGNMENTS, SEQUENCE_MODELS  # noqa: PLC0415 - see above
    from whygrad.assignments.expected import expected_text  # noqa: PLC0415 - see above

    return expected_text(next((own for own in ASSIGNMENTS.values() if check in own.printed), SEQUENCE_MODELS), check)


def _to_read(file: str) -> Path:
    """Where FILE is.

    Raises:
        UsageError: It is nothing, a folder, or an address.
    """
    if not file:
        raise UsageError("FILE: the name is empty")
    if "://" in file:
        raise UsageError(f"{file} is an address, from which I fetch nothing; save what is there, and name that file")
    if os.path.isdir(file):  # noqa: PTH112 - unlike Path.is_dir it raises nothing
        raise UsageError(f"{file} is a folder; name a file in it, or judge all that are in it with 'whygrad grade'")
    return Path(file)


def _own_texts(path: str | None) -> dict[str, OwnText]:
    """Read before anything is run: a mistyped id is said at once."""
    if path is None:
        return {}
    if not path:
        raise UsageError("--texts: the name is empty")
    from whygrad.report.own_texts import read_texts  # noqa: PLC0415 - see above

    return read_texts(Path(path))


def _say_what_has_no_room(diagnosis: Diagnosis, own: dict[str, OwnText], form: str, hint: int) -> None:
    from whygrad.report.own_texts import without_room  # noqa: PLC0415 - see above

    for id_ in without_room(diagnosis.result, own, diagnosis.to_markdown(hint), hint) if form == "markdown" else ():
        click.echo(f"whygrad: hint {hint} of {id_} has no room in a reply of 160 words, and is left out.", err=True)


def _show(diagnosis: Diagnosis, form: str, hint: int, title: str) -> None:
    if form == "text" and sys.stdout.isatty():
        from whygrad.report.terminal import show  # noqa: PLC0415 - see above

        with writing():
            show(diagnosis.result, hint)
    else:
        say(_in_form(diagnosis, form, hint, title))


def _in_form(diagnosis: Diagnosis, form: str, hint: int, title: str) -> str:
    if form == "json":
        return diagnosis.to_json()
    if form == "markdown":
        return diagnosis.to_markdown(hint)
    if form == "github":
        return diagnosis.to_github(hint)
    if form == "html":
        return diagnosis.to_html(hint, title)
    return diagnosis.to_text(hint)


def _write(output: str, text: str, file: str, texts: str | None) -> None:
    """Put the answer into a file that is none of those that were read."""
    if not output:
        raise UsageError("-o: the name is empty")
    path, read = Path(output), [one for name in (_STANDARD_INPUT if file == "-" else file, texts) for one in _plain_file(name)]
    try:
        if any(os.path.samestat(one, own) for own in _plain_file(output) for one in read):
            raise UsageError(f"{path} is a file that was read: the answer would take its place")
        real, content = Path(os.path.realpath(path)), text.encode()
        if real.is_symlink():
            raise OSError(errno.ELOOP, "the links of this name lead in a circle")  # noqa: TRY301 - as all that cannot be written
        if path.is_fifo():
            with open(path, "wb", opener=_without_waiting) as pipe:  # Path.open takes no opener
                os.set_blocking(pipe.fileno(), True)
                pipe.write(content)
        elif real.exists() and not (real.is_file() and os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)):
            real.write_bytes(content)  # a terminal, say, or a file that may be written to in a folder where no other can be
        else:
            with in_one_step(real) as beside:
                beside.write_bytes(content)
    except (OSError, ValueError) as error:
        raise UsageError(f"the answer could not be written to {path} ({getattr(error, 'strerror', None) or error})") from error


def _plain_file(name: str | int | None) -> list[os.stat_result]:
    """What tells a file from every other, also one that is open; nothing where there is none, and of what is no plain file."""
    try:
        found = [] if name is None else [os.stat(name)]  # noqa: PTH116 - one that is open has no path
    except (OSError, ValueError):
        return []
    return [one for one in found if stat.S_ISREG(one.st_mode)]


def _without_waiting(path: str, flags: int) -> int:
    """Open a pipe that somebody reads. One that nobody reads is an error, as a writer would wait for a reader."""
    try:
        return os.open(path, flags | os.O_NONBLOCK)
    except OSError as error:
        raise OSError(error.errno, "nobody reads from this pipe" if error.errno == errno.ENXIO else error.strerror) from error


def _unknown_mistake(wanted: str, known: Iterable[str]) -> str:
    near = _nearest(wanted, known)
    nearest = f"the nearest: {', '.join(near)}" if near else "'whygrad mistakes' lists them all"
    return f"there is no mistake called {wanted}; {nearest}"


def _nearest(wanted: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - needed in this one case

    return get_close_matches(wanted, list(known), n=3)


def _refuse(why: str, given: dict[str, Any], *, json: bool) -> None:
    """Say why there is no answer, in one sentence; as a JSON document too where that was asked for, in the place of the answer."""
    from whygrad.report.phrases import sentence  # noqa: PLC0415 - see above

    problem = sentence(why)
    click.echo(f"whygrad: {problem}", err=True)
    if json:
        from whygrad.records import Result  # noqa: PLC0415 - see above
        from whygrad.report.json import to_json  # noqa: PLC0415 - see above

        document = to_json(Result("unreadable", problem=problem))
        if given.get("output") not in (None, "-"):
            with suppress(UsageError):  # which may be what is said
                _write(given["output"], document, given["file"], given["texts"])
                return
        say(document)


def _in_our_words(error: click.ClickException, args: list[str]) -> str:
    """Click's message, an option that has a wrong value first; two words may be a command that was mistyped, and a file."""
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter) and error.param:
        named = (error.param.metavar or "").strip("[].") if isinstance(error.param, click.Argument) else ""
        return f"{named or error.param.opts[0]}: {error.message}"
    if isinstance(error, click.NoSuchOption):
        near = " or ".join(f"'{one}'" for one in sorted(error.possibilities or ()))
        return f"there is no option '{error.option_name}'" + (f"; did you mean {near}?" if near else "")
    said = error.format_message()
    if "extra argument" not in error.message or args[0] in _COMMANDS:
        return said
    near = _nearest(args[0], _COMMANDS)
    return f"{said}; " + (f"did you mean 'whygrad {near[0]}'?" if near else "one FILE at a time; 'whygrad grade FOLDER' judges many")


def _asked_for_json(args: list[str]) -> bool:
    options = args[: args.index("--")] if "--" in args else args
    chosen = [after for before, after in pairwise(["", *options]) if before == "--format" or after.startswith("--format=")]
    return bool(chosen) and chosen[-1].removeprefix("--format=") == "json"


def _own_failure(error: Exception, args: list[str]) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}" if place else ""
    return (
        f"this is a fault of whygrad and not of what you gave it: 'whygrad {' '.join(args)}' ended with {type(error).__name__}{where}; "
        "please report it together with the file"
    )


_COMMANDS = {"diagnose": _diagnose, "grade": grade, "mistakes": _mistakes, "expected": _expected}
