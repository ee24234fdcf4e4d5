"""Runs every hostile program in a sandbox of its own, an innocent one after every few, and prints what came of it as JSON.

``python attacked.py with`` or ``without`` bubblewrap; or with one layer alone, ``seccomp`` or ``bubblewrap``, as where the kernel has no
more. After that ``fresh`` or ``forked``: each process started from nothing, or all made by one fork server. A script, so that it can be run
as another user.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from hostile import ATTACKS

from whygrad.sandbox import launch
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.requests import Piece, Request
from whygrad.sandbox.server import ForkServer

EVERY = 5
HOME = "/root" if Path("/root").is_dir() else "/home"
PATIENCE, IMPATIENCE = 30.0, 0.5
"""Seconds for programs that should come to an end, however busy the machine is, and for those that should not."""
NO_LANDLOCK = "import whygrad.sandbox.landlock as landlock; landlock.allow_reading_only = lambda readable: 0; "
NO_SECCOMP = "import whygrad.sandbox.seccomp as seccomp; seccomp.refuse_calls = lambda: False; "
LAYERS = {"seccomp": NO_LANDLOCK, "bubblewrap": NO_LANDLOCK + NO_SECCOMP}
"""What the child does at its start to have one layer alone."""
OUTSIDE = ("{canary}", "{folder}", "{parent}", "fork", "subprocess")
"""What the attacks have that reach for something outside: they are those that one layer alone has to stand."""
MARK = f"ATTACKED_BY_{os.getpid()}"
NAME = "rnn_cell_forward"
PARTS = {NAME: f"def {NAME}(xt, a_prev, parameters):\n    return xt\n"}
REQUEST = Request(NAME, (np.arange(6.0).reshape(2, 3), np.ones(2), {}), frozenset({NAME}))
if sys.argv[1] in {"without", "seccomp"}:
    launch.bubblewrap = lambda: None
SERVER = ForkServer() if sys.argv[2] == "forked" else None
INNOCENT = f"import numpy as np\ndef {NAME}(xt, a_prev, parameters):\n    print('hello')\n    return np.dot(xt.T, a_prev)\n"


def submission(code: str, seconds: float = PATIENCE) -> Sandbox:
    """A sandbox for a program."""
    return Sandbox([Piece("submission.py", 1, code)], PARTS, seconds, server=SERVER)


def running() -> int:
    """How many processes of our sandboxes run."""
    return sum(_is_ours(process) for process in Path("/proc").glob("[0-9]*"))


def left() -> int:
    """How many of them still do, a while after the last sandbox was left."""
    for _ in range(100):
        if not running():
            break
        time.sleep(0.1)
    return running()


def _is_ours(process: Path) -> bool:
    try:
        return MARK.encode() in (process / "environ").read_bytes()
    except OSError:
        return False


def main() -> None:
    """Attack, and print one JSON object."""
    for name in ("START", "SERVE"):
        setattr(launch, name, getattr(launch, name).replace("from", f"{LAYERS.get(sys.argv[1], '')}from", 1))
    before = launch.environment
    launch.environment = lambda: {**before(), MARK: "1"}
    signals: Counter[int] = Counter()
    for number in (signal.SIGIO, signal.SIGTERM, signal.SIGUSR1, signal.SIGALRM):
        signal.signal(number, lambda got, _: signals.update([got]))
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    canary = folder / "canary"
    canary.write_text("sings")
    canary.chmod(0o666)
    with submission(INNOCENT) as sandbox:
        at_first, tier, inside = sandbox.run(REQUEST), sandbox.tier, running()
    outcomes = {}
    innocents: list[str] = []
    attacks = [attack for attack in ATTACKS if sys.argv[1] not in LAYERS or any(word in attack.code for word in OUTSIDE)]
    for number, attack in enumerate(attacks, 1):
        code = attack.code.format(canary=str(canary), folder=str(folder), home=HOME, parent=os.getpid())
        seconds = IMPATIENCE if "timeout" in attack.status else PATIENCE
        with submission(code, seconds) as sandbox:
            reply = sandbox.run(REQUEST)
        outcomes[attack.name] = {
            "status": reply.status,
            "says": reply.problem or (f"{reply.raised.type}: {reply.raised.text}" if reply.raised else repr(reply.value)[:200]),
            "printed": len(reply.output),
        }
        if number % EVERY == 0 or number == len(attacks):  # what has changed the judge stays in it
            with submission(INNOCENT) as sandbox:
                innocents.append(repr(sandbox.run(REQUEST)))
    if SERVER is not None:
        SERVER.close()
    print(  # noqa: T201 - the script's answer
        json.dumps(
            {
                "tier": tier,
                "innocents": [repr(at_first), *innocents],
                "user": os.getuid(),
                "outcomes": outcomes,
                "files": {path.name: path.read_text() for path in folder.iterdir()},
                "signals": dict(signals),
                "inside": inside,
                "left": left(),
            }
        )
    )
    canary.unlink()
    folder.rmdir()


if __name__ == "__main__":
    main()
