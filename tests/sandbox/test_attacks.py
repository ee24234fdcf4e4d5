"""Hostile programs: as root and as an ordinary user, with and without bubblewrap, in fresh processes and in forked ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import whygrad

if TYPE_CHECKING:
    from collections.abc import Generator

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from hostile import ATTACKS, Attack  # noqa: E402 - the script beside this file imports it in the same way

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can close a child in")

# As somebody who owns nothing, with Python, NumPy, whygrad and these tests where everybody can read them: they may be in root's own folder.
AS_NOBODY = """
set -e
mkdir "$1/python" "$1/packages" "$1/src" "$1/tests"
mount --bind "$2" "$1/python"; mount --bind "$3" "$1/packages"; mount --bind "$4" "$1/src"; mount --bind "$5" "$1/tests"
PYTHONPATH="$1/src:$1/packages" exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \\
    "$1/python/bin/$6" "$1/tests/attacked.py" "$7" "$8"
"""
WAYS = [
    (user, bubblewrap, process) for process in ("fresh", "forked") for user in ("root", "ordinary") for bubblewrap in ("with", "without")
]
Way = tuple[str, str, str]


def command(user: str, bubblewrap: str, process: str, folder: str) -> list[str] | str:
    """How to attack in one way, or why that cannot be tried here."""
    if bubblewrap == "with" and shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if (os.getuid() == 0) == (user == "root"):
        return [sys.executable, str(HERE / "attacked.py"), bubblewrap, process]
    if user == "root":
        return "the tests are not run by root"
    if shutil.which("setpriv") is None or shutil.which("unshare") is None:
        return "setpriv or unshare is not installed"
    packages, source = Path(np.__file__).parents[1], Path(whygrad.__file__).parents[1]
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [
        "unshare",
        "--mount",
        "sh",
        "-c",
        AS_NOBODY,
        "sh",
        folder,
        sys.base_prefix,
        str(packages),
        str(source),
        str(HERE),
        python,
        bubblewrap,
        process,
    ]


@pytest.fixture(scope="module")
def outcomes() -> Generator[dict[Way, dict[str, Any] | str]]:
    """What came of all programs in each way, or why it was not tried; the ways run side by side."""
    found: dict[Way, dict[str, Any] | str] = {}
    started: dict[Way, subprocess.Popen[str]] = {}
    folders: list[str] = []
    for way in WAYS:
        folders.append(tempfile.mkdtemp())
        Path(folders[-1]).chmod(0o755)
        line = command(*way, folders[-1])
        if isinstance(line, str):
            found[way] = line
        else:
            started[way] = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    for way, process in started.items():
        out, err = process.communicate()
        found[way] = json.loads(out) if out else f"it did not start: {err[-300:]}"
    yield found
    for folder in folders:
        shutil.rmtree(folder)


@pytest.fixture(params=WAYS, ids=" ".join)
def way(request: pytest.FixtureRequest, outcomes: dict[Way, dict[str, Any] | str]) -> dict[str, Any]:
    """What came of all programs in one way."""
    found = outcomes[request.param]
    if isinstance(found, str):
        if request.param[:2] == ("root" if os.getuid() == 0 else "ordinary", "without"):
            pytest.fail(found)  # this way needs nothing that could be missing
        pytest.skip(found)
    if request.param[1] == "with" and "bubblewrap" not in found["tier"]:
        pytest.skip("bubblewrap is installed, but is not allowed what it needs")
    return found


@pytest.mark.parametrize(("layer", "process"), [("seccomp", "fresh"), ("seccomp", "forked"), ("bubblewrap", "fresh")])
def test_one_layer_alone_keeps_everything_outside_as_it_is(layer: str, process: str) -> None:
    """Where the kernel has no more, what is denied differs, files may even be read; nothing outside is changed or left running."""
    if layer == "bubblewrap" and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    command = [sys.executable, str(HERE / "attacked.py"), layer, process]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if layer == "bubblewrap" and "The code was not run: nothing on this machine keeps it from doing harm" in ended.stderr:
        pytest.skip("bubblewrap is installed, but is not allowed what it needs")
    found = json.loads(ended.stdout)
    assert found["tier"] == f"{layer} + limits"
    assert (found["files"], found["signals"], found["left"]) == ({"canary": "sings"}, {}, 0)
    assert len(set(found["innocents"])) == 1
    assert all(
        outcome["says"] for name, outcome in found["outcomes"].items() if outcome["status"] in {"died", "timeout", "refused", "too-large"}
    )


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_each_attack_is_contained_and_named(way: dict[str, Any], attack: Attack) -> None:
    """Its status is the one that it must have, and what happened is said in one sentence."""
    outcome = way["outcomes"][attack.name]
    assert outcome["status"] in attack.status.split("|"), outcome
    assert any(text in outcome["says"] for text in attack.says.split("|")), outcome
    assert outcome["printed"] < 60_000


def test_the_next_submission_is_answered_as_ever(way: dict[str, Any]) -> None:
    """An innocent program gets the same reply before all attacks, between them and after them."""
    first, *others = way["innocents"]
    assert "returned" in first
    assert len(others) > 10
    assert set(others) == {first}


def test_nothing_outside_was_changed(way: dict[str, Any]) -> None:
    """No file was written, changed or removed; no signal came; no process is left (while one runs it is seen)."""
    assert way["files"] == {"canary": "sings"}
    assert way["signals"] == {}
    assert way["inside"] > 0
    assert way["left"] == 0


def test_the_tier_says_what_held(way: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """On Linux with seccomp the tier names it, and the limits; bubblewrap where it was to be there, and nowhere else."""
    assert ("bubblewrap" in way["tier"]) == (" with " in request.node.name)
    assert "seccomp" in way["tier"]
    assert way["tier"].endswith(" + limits")
