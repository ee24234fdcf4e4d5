"""Each layer alone: what Landlock forbids without seccomp, what seccomp forbids without Landlock, and the filter line by line."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from whygrad.sandbox import seccomp

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

BEFORE = """
import ctypes, os, sys, threading
from whygrad.sandbox.landlock import allow_reading_only
from whygrad.sandbox.seccomp import refuse_calls
folder = sys.argv[1]
def attempt(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
write = lambda: open(folder + "/new", "w").close()
read = lambda: open(folder + "/old").read()
signal_parent = lambda: os.kill(os.getppid(), 0)
fork = lambda: os.fork() or os._exit(0)
def thread():
    said = []
    worker = threading.Thread(target=said.append, args=(1,))
    worker.start()
    worker.join()
    assert said
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
"""


def attempts(code: str, folder: Path) -> list[str]:
    """What a fresh process with this code prints."""
    (folder / "old").write_text("old")
    run = subprocess.run([sys.executable, "-c", BEFORE + code, str(folder)], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return run.stdout.split()


def test_nothing_is_forbidden_without_a_layer(tmp_path: Path) -> None:
    """The attempts work where nothing forbids them, so the tests below can fail."""
    assert attempts("print(*map(attempt, (write, read, signal_parent, fork, thread)))", tmp_path) == ["done"] * 5


def test_landlock_alone(tmp_path: Path) -> None:
    """Only what is under the given paths can be read and nothing written; from version 6 on no signal goes out."""
    said = attempts(
        "version = allow_reading_only([folder + '/old', '/nowhere'])\n"
        "print(version, *map(attempt, (write, read, lambda: os.listdir(folder), signal_parent)))",
        tmp_path,
    )
    version = int(said[0])
    if version == 0:
        pytest.skip("this kernel has no Landlock")
    assert said[1:4] == ["PermissionError", "done", "PermissionError"]
    assert version < 6 or said[4] == "PermissionError"


def test_seccomp_alone(tmp_path: Path) -> None:
    """Nothing can be written, nobody signalled, no process made; reading and threads go on, in threads that ran before too."""
    if not seccomp.program(platform.machine()):
        pytest.skip("the call numbers of this machine are not known")
    said = attempts(
        "go, said = threading.Event(), []\n"
        "early = threading.Thread(target=lambda: (go.wait(), said.append(attempt(write))))\n"
        "early.start()\n"
        "print(refuse_calls(), *map(attempt, (write, read, signal_parent, fork, thread)))\n"
        "go.set(); early.join(); print(*said)",
        tmp_path,
    )
    assert said == ["True", "PermissionError", "done", "PermissionError", "PermissionError", "done", "PermissionError"]


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> str:
    """What the filter says to one call, by running its lines here."""
    known, _ = seccomp.ARCHITECTURES[machine]
    data = {0: number, 4: known if architecture is None else architecture}
    for at, argument in enumerate(arguments):
        data[16 + 8 * at] = argument & 0xFFFFFFFF
    lines, at, accumulator = seccomp.program(machine), 0, 0
    while True:
        code, equal, other, operand = lines[at]
        at += 1
        if code == 0x20:
            accumulator = data.get(operand, 0)
        elif code == 0x54:
            accumulator &= operand
        elif code == 0x15:
            at += equal if accumulator == operand else other
        else:
            assert code == 0x06
            return {0x7FFF0000: "allow", 0x00050001: "EPERM", 0x00050026: "ENOSYS", 0x80000000: "kill"}[operand]


CALLS = [
    # name, x86_64, aarch64, arguments, verdict
    ("read", 0, 63, (0,), "allow"),
    ("mmap", 9, 222, (), "allow"),
    ("openat to read", 257, 56, (0, 0, 0o2000000), "allow"),
    ("openat to write", 257, 56, (0, 0, 0o2000001), "EPERM"),
    ("openat to read and write", 257, 56, (0, 0, 2), "EPERM"),
    ("openat to create", 257, 56, (0, 0, 0o100), "EPERM"),
    ("openat to empty", 257, 56, (0, 0, 0o1000), "EPERM"),
    ("a thread", 56, 220, (0x3D0F00,), "allow"),
    ("a process", 56, 220, (0x1200011,), "EPERM"),
    ("a thread in a namespace of its own", 56, 220, (0x3D0F00 | 0x40000000,), "EPERM"),
    ("clone3", 435, 435, (), "ENOSYS"),
    ("execve", 59, 221, (), "EPERM"),
    ("execveat", 322, 281, (), "EPERM"),
    ("socket", 41, 198, (), "EPERM"),
    ("socketpair", 53, 199, (), "EPERM"),
    ("kill", 62, 129, (), "EPERM"),
    ("tkill", 200, 130, (), "EPERM"),
    ("tgkill", 234, 131, (), "EPERM"),
    ("rt_sigqueueinfo", 129, 138, (), "EPERM"),
    ("pidfd_send_signal", 424, 424, (), "EPERM"),
    ("pidfd_open", 434, 434, (), "EPERM"),
    ("ptrace", 101, 117, (), "EPERM"),
    ("process_vm_readv", 310, 270, (), "EPERM"),
    ("process_vm_writev", 311, 271, (), "EPERM"),
    ("io_uring_setup", 425, 425, (), "EPERM"),
    ("bpf", 321, 280, (), "EPERM"),
    ("userfaultfd", 323, 282, (), "EPERM"),
    ("keyctl", 250, 219, (), "EPERM"),
    ("mount", 165, 40, (), "EPERM"),
    ("unshare", 272, 97, (), "EPERM"),
    ("setns", 308, 268, (), "EPERM"),
    ("perf_event_open", 298, 241, (), "EPERM"),
    ("memfd_create", 319, 279, (), "EPERM"),
    ("openat2", 437, 437, (), "EPERM"),
    ("seccomp", 317, 277, (), "EPERM"),
    ("a thread's name", 157, 167, (15,), "allow"),
    ("no signal at the parent's death", 157, 167, (1,), "EPERM"),
    ("one's limits", 302, 261, (0, 9, 0), "allow"),
    ("new limits", 302, 261, (0, 9, 0x7FFF0000), "EPERM"),
    ("another's limits", 302, 261, (1, 9, 0), "EPERM"),
    ("dup by fcntl", 72, 25, (3, 1030), "allow"),
    ("who gets the pipe's signals", 72, 25, (3, 8), "EPERM"),
    ("signals from the pipe", 72, 25, (3, 4), "EPERM"),
    ("is it a terminal", 16, 29, (1, 0x5401), "allow"),
    ("typing for the user", 16, 29, (1, 0x5412), "EPERM"),
    ("a call of the future", 600, 600, (), "EPERM"),
    ("a call by x86's other numbers", 0x40000000, 0x40000000, (), "EPERM"),
]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_the_filter_call_by_call(machine: str, call: tuple[str, int, int, tuple[int, ...], str]) -> None:
    """Both machines' filters say the same to the same call, though its number differs."""
    _, intel, arm, arguments, expected = call
    assert verdict(machine, intel if machine == "x86_64" else arm, *arguments) == expected


def test_calls_of_another_architecture_end_the_process() -> None:
    """The numbers of 32-bit calls mean something else, so they are not looked at."""
    assert verdict("x86_64", 0, architecture=0x40000003) == "kill"
    assert verdict("aarch64", 63, architecture=0x40000028) == "kill"
    assert seccomp.program("riscv64") == []


HEADERS = {0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), 1: Path("/usr/include/asm-generic/unistd.h")}


@pytest.mark.parametrize("column", HEADERS, ids=["x86_64", "aarch64"])
def test_the_numbers_are_the_kernel_s(column: int) -> None:
    """Each number stands in the kernel's own header, where that is installed."""
    if not HEADERS[column].exists():
        pytest.skip(f"{HEADERS[column]} is not installed")
    defined = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[column].read_text())
    known = {("newfstatat" if name == "fstatat" else name): int(number) for name, number in defined}
    ours = {**seccomp.ALWAYS, **{name: numbers for name, (numbers, _) in seccomp.SOMETIMES.items()}, "clone3": (435, 435)}
    for name, numbers in ours.items():
        if numbers[column] is not None:
            assert known[name] == numbers[column], name
