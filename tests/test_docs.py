"""The code in the README and the docs does what is written there.

Console blocks are run and their output compared, Python blocks are run as doctests. ``python tests/test_docs.py`` writes the real output
into the console blocks, for the case that an answer has changed for the better.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "reference").glob("*.md")),
]
BLOCK = re.compile(r"^```(?P<language>console|python)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ |```).*\n)*)", re.MULTILINE)


def printed(command: str) -> str:
    """What ``command`` prints in the root of the project, ``whygrad`` being the one of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "80"}
    shell = ["bash", "-c", command]
    done = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own docs
    return done.stdout + done.stderr


def agrees(written: str, real: str) -> bool:
    """Whether the real output is the written one, where a line ``...`` stands for any lines; other machines sum in another order."""
    lines = rounded(written).rstrip("\n").split("\n")
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"\s*?\n" for line in lines)
    return re.fullmatch(pattern, rounded(real).rstrip("\n") + "\n") is not None


def rounded(text: str) -> str:
    """The text with its numbers of many digits rounded to twelve."""
    return re.sub(r"-?\d+\.\d{12,}", lambda number: f"{float(number[0]):.12g}", text)


def blocks(language: str) -> list[object]:
    """All blocks of ``language`` as test parameters, named by page and line."""
    return [
        pytest.param(found["text"], id=f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}")
        for page in PAGES
        for text in [page.read_text(encoding="utf-8")]
        for found in BLOCK.finditer(text)
        if found["language"] == language
    ]


@pytest.mark.parametrize("block", blocks("console"))
def test_console_block_shows_the_real_output(block: str) -> None:
    """Each command of a console block prints what is written below it."""
    for found in COMMAND.finditer(block):
        real = printed(found["command"])
        assert agrees(found["output"], real), f"$ {found['command']}\n{real}"


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")], ids=lambda page: page.name)
def test_python_blocks_run_as_written(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python blocks of a page, one after another, are a doctest that passes in the root of the project."""
    monkeypatch.chdir(ROOT)
    found = [block["text"] for block in BLOCK.finditer(page.read_text(encoding="utf-8")) if block["language"] == "python"]
    assert all(">>>" in block for block in found), "a Python block without >>> is not checked"
    test = doctest.DocTestParser().get_doctest("\n".join(found), {}, page.name, None, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert not report, "".join(report)


@pytest.mark.parametrize(
    ("written", "real", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\n", "a\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n", "a\nb\n", False),
        ("a.c\n", "abc\n", False),
        ("a\n...\nd\n", "a\nb\nc\n", False),
    ],
)
def test_comparison_can_fail(written: str, real: str, *, same: bool) -> None:
    """The comparison tells equal output from different output, and ``...`` stands for whole lines only."""
    assert agrees(written, real) is same


def test_every_link_to_a_file_has_its_target() -> None:
    """A relative link in the README, the docs or the guide for contributors leads to a file that is there, or that the build makes."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mistakes/"):
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_readme_is_under_two_screens() -> None:
    """The README fits two screens of fifty lines."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 100


def write_real_output(page: Path) -> None:
    """Put the real output below those commands of the page's console blocks that print something else than is written.

    How code was run is another thing on each machine: there ``...`` stays.
    """

    def with_real_output(found: re.Match[str]) -> str:
        real = printed(found["command"])
        if agrees(found["output"], real) and found["output"] != "...\n":
            return found[0]
        kept, run, _ = real.partition("How it was run: ")
        return f"$ {found['command']}\n{kept.rstrip()}\n" + ("...\n" if run else "")

    def updated(block: re.Match[str]) -> str:
        return COMMAND.sub(with_real_output, block[0]) if block["language"] == "console" else block[0]

    page.write_text(BLOCK.sub(updated, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for page in PAGES:
        write_real_output(page)
