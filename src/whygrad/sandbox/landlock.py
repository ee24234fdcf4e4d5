"""Landlock: from here on this thread, and those it starts, can open only what is under given paths, and that only to read.

Written by hand because the packages for it are development releases or a few months old; it is three system calls. See
``landlock(7)`` in the Linux manual pages for the numbers.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    _Call = Callable[..., int]

# The same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# What each version of Landlock can forbid: rights on files, on the network (TCP bind and connect), and reaching out of the domain
# (abstract sockets, signals).
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_NETWORK_FROM, _NETWORK = 4, 0b11
_SCOPE_FROM, _SCOPE = 6, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def allow_reading_only(paths: Iterable[str]) -> int:
    """Forbid this thread every file but those at or under ``paths``, which can be read; paths that are not there are left out.

    ``PR_SET_NO_NEW_PRIVS`` must have been set. Cannot be taken back.

    Returns:
        Landlock's version; 0 where the kernel has none, and then nothing was done.
    """
    syscall: _Call = ctypes.CDLL(None).syscall
    version = syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return 0
    ruleset = _Ruleset(
        files=(1 << max(count for since, count in _FILE_RIGHTS.items() if since <= version)) - 1,
        network=_NETWORK if version >= _NETWORK_FROM else 0,
        scope=_SCOPE if version >= _SCOPE_FROM else 0,
    )
    # An older kernel takes the longer structure as long as what it does not know is zero.
    rules = syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0)
    if rules < 0:
        return 0
    try:
        for path in paths:
            _allow(syscall, rules, path)
        return version if syscall(_RESTRICT_SELF, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _allow(syscall: _Call, rules: int, path: str) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _PathBeneath(rights=_READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE, folder=opened)
        syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
