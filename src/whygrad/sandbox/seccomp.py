"""A seccomp filter: from here on this process can make only the system calls that computing takes; the kernel refuses the others (EPERM).

What is not named is refused, so a call that a new kernel brings is too. Refused are with that: new processes, other programs, sockets,
signals to anybody, looking into other processes, limits, mounts, and opening a file to write. Threads are let through. Written by hand
because the one package that is used much needs a C library that is not on every machine; it is a table and a few lines.
See ``seccomp(2)`` in the Linux manual pages.
"""

from __future__ import annotations

import ctypes
import platform
import struct
from dataclasses import dataclass

# Call -> its number on x86_64 and on aarch64 (None: not there).
ALWAYS: dict[str, tuple[int, int | None]] = {
    # what is open already
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # looking for files
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "fadvise64": (221, 223),
    # memory
    "brk": (12, 214),
    "mmap": (9, 222),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "madvise": (28, 233),
    # threads of this process, and its own signal handlers
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "arch_prctl": (158, None),
    "exit": (60, 93),
    "exit_group": (231, 94),
    # clocks, chance, and who one is
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrusage": (98, 165),
    "getrlimit": (97, None),
}


@dataclass(frozen=True, slots=True)
class _When:
    """The lower half of an argument, under a mask, is one of ``values``."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFF_FFFF


_TO_WRITE = 0b11 | 0x40 | 0x200  # O_WRONLY and O_RDWR, O_CREAT, O_TRUNC
_CLONE_THREAD, _CLONE_NEW_ANYTHING = 0x10000, 0x7E020000
SOMETIMES: dict[str, tuple[tuple[int, int | None], tuple[_When, ...]]] = {
    "open": ((2, None), (_When(1, (0,), _TO_WRITE),)),
    "openat": ((257, 56), (_When(2, (0,), _TO_WRITE),)),
    "clone": ((56, 220), (_When(0, (_CLONE_THREAD,), _CLONE_THREAD | _CLONE_NEW_ANYTHING),)),
    # Copies, and the flags of a descriptor. Not F_SETOWN and O_ASYNC: they make the kernel send signals.
    "fcntl": ((72, 25), (_When(1, (0, 1, 2, 3, 1030)),)),
    # Is it a terminal; close at exec.
    "ioctl": ((16, 29), (_When(1, (0x5401, 0x5451)),)),
    # A thread's name.
    "prctl": ((157, 167), (_When(0, (15,)),)),
    # One's own limits, and no new ones: both halves of the pointer are zero (the address is below 4 GB for nobody, but who knows).
    "prlimit64": ((302, 261), (_When(0, (0,)), _When(2, (0,)))),
}
_CLONE3 = 435
"""The C library asks for threads by ``clone`` where this one "does not exist"; its flags cannot be looked at."""

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_INSTALL: tuple[int, int] = (317, 277)
_SET_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_LOAD, _AND, _JUMP_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

Instruction = tuple[int, int, int, int]
"""Code, how many to skip when equal, how many when not, and the operand."""


def program(machine: str) -> list[Instruction]:
    """The filter for a machine (``platform.machine()``); empty for one whose call numbers are not known here."""
    if machine not in ARCHITECTURES:
        return []
    architecture, column = ARCHITECTURES[machine]
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ENOSYS),
    ]
    for numbers in ALWAYS.values():
        number = numbers[column]
        if number is not None:
            lines += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for numbers, conditions in SOMETIMES.values():
        number = numbers[column]
        if number is not None:
            block = _block(conditions)
            lines += [(_JUMP_EQUAL, 0, len(block), number), *block]
    return [*lines, (_RETURN, 0, 0, _EPERM)]


def _block(conditions: tuple[_When, ...]) -> list[Instruction]:
    """Allow where all conditions hold, else refuse."""
    lines: list[Instruction] = []
    for when in conditions:
        lines += [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * when.argument), (_AND, 0, 0, when.mask)]
        for left, value in zip(reversed(range(len(when.values))), when.values, strict=True):
            lines.append((_JUMP_EQUAL, left + 1, 0, value))
        lines.append((_RETURN, 0, 0, _EPERM))
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def refuse_calls() -> bool:
    """Put the filter on all threads of this process. ``PR_SET_NO_NEW_PRIVS`` must have been set. Cannot be taken back.

    Returns:
        Whether it holds: the kernel may have no seccomp, or the machine's numbers are not known here.
    """
    lines = program(platform.machine())
    if not lines:
        return False
    packed = b"".join(struct.pack("=HBBI", *line) for line in lines)
    install = _INSTALL[ARCHITECTURES[platform.machine()][1]]
    syscall = ctypes.CDLL(None).syscall
    return syscall(install, _SET_FILTER, _ALL_THREADS, ctypes.byref(_Program(len(lines), packed))) == 0
