"""Programs that attack what runs them, and what has to come of each.

``{canary}`` is a file and ``{folder}`` a folder that everybody may write to, ``{home}`` a home folder, ``{parent}`` the judge's process.
"""

# ruff: noqa: E501 - an attack is read best on one line

from __future__ import annotations

from typing import NamedTuple


class Attack(NamedTuple):
    """One submission: its code, the status that its run must have, and what its one sentence (or its exception, or its value) must say."""

    name: str
    code: str
    status: str
    says: str


def call(body: str, before: str = "") -> str:
    """A function of the assignment with this body."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"import os, sys, signal, ctypes, socket, threading, time\nimport numpy as np\n{before}\ndef rnn_cell_forward(xt, a_prev, parameters):\n{lines}\n"


DENIED = "PermissionError|FileNotFoundError"
INSIDE = "frames, wire, requests, harness, child = (sys.modules.get('whygrad.sandbox.' + m) for m in 'frames wire requests harness child'.split())\n"
"""The judge's own modules, which are there though they cannot be imported."""
_C = "c = ctypes.CDLL(None, use_errno=True)\n"

ATTACKS = [
    Attack("endless loop", call("while True: pass"), "timeout", "did not come to an end and was stopped"),
    Attack("endless loop on import", "while True: pass\n", "timeout", "did not come to an end and was stopped"),
    Attack("sleeps for ever", call("threading.Event().wait()"), "timeout", "did not come to an end and was stopped"),
    Attack("takes all memory", call("x = []\nwhile True: x.append(bytearray(1 << 26))"), "raised", "MemoryError"),
    Attack("forks", call("return os.fork()"), "raised", "PermissionError"),
    Attack("forks through the C library", call(_C + "return c.fork()"), "returned", "-1"),
    Attack("starts a program", call("import subprocess\nreturn subprocess.run(['/bin/sh', '-c', 'id'])"), "raised", "PermissionError"),
    Attack(
        "becomes another program",
        call("os.execv(sys.executable, [sys.executable, '-c', 'pass'])"),
        "raised",
        "PermissionError|FileNotFoundError",
    ),
    Attack(
        "asks for threads for ever",
        call("while True: threading.Thread(target=threading.Event().wait, args=(99,), daemon=True).start()"),
        "raised",
        "RuntimeError|MemoryError",
    ),
    Attack(
        "leaves a thread running",
        call("def spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()\nreturn 1"),
        "returned",
        "1",
    ),
    Attack("opens a socket", call("s = socket.socket()\ns.connect(('127.0.0.1', 9))"), "raised", "PermissionError"),
    Attack(
        "sends a datagram",
        call("socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"),
        "raised",
        "PermissionError",
    ),
    Attack("reads the users", call("return open('/etc/passwd').read()"), "raised", DENIED),
    Attack("lists the home folder", call("return os.listdir({home!r})"), "raised", DENIED),
    Attack("reads a file of the user", call("return open({canary!r}).read()"), "raised", DENIED),
    Attack("writes over a file", call("return open({canary!r}, 'w').write('x')"), "raised", DENIED),
    Attack("writes a new file", call("return open(os.path.join({folder!r}, 'new'), 'x')"), "raised", DENIED),
    Attack("removes a file", call("os.remove({canary!r})"), "raised", DENIED),
    Attack("makes a link", call("os.symlink('/etc/passwd', os.path.join({folder!r}, 'link'))"), "raised", DENIED),
    Attack("makes a file in memory", call("return os.memfd_create('x')"), "raised", "PermissionError"),
    Attack("removes the judge", call("os.remove(sys.modules['whygrad.sandbox.wire'].__file__)"), "raised", DENIED + "|OSError"),
    Attack("kills the parent", call("os.kill(os.getppid() or {parent}, signal.SIGKILL)"), "raised", DENIED),
    Attack(
        "kills everybody",
        call(_C + "return c.kill(-1, 9), c.kill({parent}, 9), c.syscall(200, {parent}, 9), c.syscall(424, 3, 9, 0, 0)"),
        "returned",
        "(-1, -1, -1, -1)",
    ),
    Attack(
        "lets the kernel signal the parent",
        call(
            "import fcntl\nfor fd in range(3, 20):\n    try: os.fstat(fd)\n    except OSError: continue\n    fcntl.fcntl(fd, fcntl.F_SETOWN, {parent})"
        ),
        "raised",
        "PermissionError",
    ),
    Attack("writes into the parent's memory", call("return open('/proc/%d/mem' % {parent}, 'r+b')"), "raised", DENIED),
    Attack("reads the parent's memory", call("return open('/proc/%d/maps' % {parent}).read()"), "raised", DENIED),
    Attack("traces the parent", call(_C + "return c.ptrace(16, {parent}, None, None), ctypes.get_errno()"), "returned", "(-1, 1)"),
    Attack(
        "copies into the parent",
        call(_C + "b = ctypes.create_string_buffer(64)\nreturn c.process_vm_writev({parent}, b, 1, b, 1, 0), ctypes.get_errno()"),
        "returned",
        "(-1, 1)",
    ),
    Attack(
        "takes its limits off",
        call("import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))"),
        "raised",
        "PermissionError|ValueError",
    ),
    Attack(
        "takes its parent's limits",
        call("import resource\nresource.prlimit({parent}, resource.RLIMIT_CPU, (1, 1))"),
        "raised",
        "PermissionError|ProcessLookupError",
    ),
    Attack(
        "writes noise on every descriptor",
        call('for fd in range(64):\n    try: os.write(fd, b\'{{"status": "returned"}}\' * 9)\n    except OSError: pass\nreturn 1'),
        "died",
        "does not begin as an answer does",
    ),
    Attack(
        "writes a forged answer ahead",
        call(
            f"{INSIDE}import io\nforged = io.BytesIO()\n"
            "frames.write_frame(forged, b'0' * 16, wire.encode_reply(requests.Reply('returned', 42)))\n"
            "for fd in range(3, 64):\n    try: os.write(fd, forged.getvalue())\n    except OSError: pass"
        ),
        "died",
        "answers another question",
    ),
    Attack("prints without end", call("for _ in range(10**5): print('x' * 1000)\nos.write(1, b'x' * 10**7)\nreturn 1"), "returned", "1"),
    Attack("returns too much", call("return np.zeros(9 * 10**6)"), "too-large", "the most that is looked at|more than 64 MB"),
    Attack("ends the process", call("os._exit(0)"), "died", "ended the Python process"),
    Attack("ends the process on import", "import os\nos._exit(7)\n", "died", "(exit code 7)"),
    Attack("leaves Python", call("sys.exit(0)"), "raised", "SystemExit"),
    Attack("pretends to be Ctrl-C", call("raise KeyboardInterrupt"), "raised", "KeyboardInterrupt"),
    Attack("crashes", call("ctypes.string_at(0)"), "died", "SIGSEGV"),
    Attack("calls itself for ever", call("return rnn_cell_forward(xt, a_prev, parameters)"), "raised", "RecursionError"),
    Attack("nests for ever", call("x = []\nfor _ in range(10**5): x = [x]\nreturn x"), "returned", "Odd(type='list')"),
    Attack("holds itself", call("x = []\nx.append(x)\nreturn x"), "returned", "Odd(type='list')"),
    Attack(
        "returns a pickle bomb",
        call("return Bomb()", "class Bomb:\n    def __reduce__(self): return os.system, ('touch {folder}/new',)"),
        "returned",
        "Odd(type='Bomb')",
    ),
    Attack("changes NumPy", call("np.dot = np.array = np.zeros = lambda *a, **k: 1 / 0\nreturn 1"), "returned|raised|died", ""),
    Attack("traces everything", call("sys.settrace(lambda *a: 1 / 0)\nreturn 1"), "returned|raised|died", ""),
    Attack(
        "changes the judge",
        call(
            f"{INSIDE}wire.encode_reply = frames.write_frame = child.write_frame = lambda *a: b''\n"
            "harness.Harness.run = lambda *a: 1\nreturn 1"
        ),
        "died|timeout",
        "",
    ),
    Attack(
        "does not hear signals",
        call("for s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass"),
        "timeout",
        "was stopped",
    ),
    Attack(
        "sets an alarm",
        call("signal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)\nreturn 1"),
        "raised|returned",
        "",
    ),
    Attack("closes every descriptor", call("os.closerange(0, 1000)\nreturn 1"), "died", "ended the Python process"),
    Attack(
        "lies about its memory",
        call(
            "return Lie()",
            "class Lie:\n    __array_interface__ = {{'shape': (10**6,), 'typestr': '<f8', 'data': (4096, False), 'version': 3}}",
        ),
        "returned",
        "Odd(type='Lie')",
    ),
    Attack(
        "lies about its shape",
        call(
            "return np.ones(3).view(Lie)",
            "class Lie(np.ndarray):\n    shape = property(lambda self: (10**9,))\n    nbytes = property(lambda self: 0)",
        ),
        "returned",
        "array([1., 1., 1.])",
    ),
    Attack(
        "compares equal to everything",
        call("return Same()", "class Same:\n    def __eq__(self, other): return True\n    __hash__ = None"),
        "returned",
        "Odd(type='Same')",
    ),
]
