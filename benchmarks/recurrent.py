"""The recurrent engine against torch's ``nn.LSTM`` and ``nn.GRU`` and a ``scan`` in JAX: forward and backward, in one run, by turns.

    python benchmarks/recurrent.py [--rounds N] [--sizes 0 1 2] [--cells lstm gru]

Needs ``pip install '.[judges]'``. Each table is measured in a process of its own, because the number of threads is set when the
libraries are loaded. One thread: the processor time of the whole process. Two threads: time on the wall. A turn is one pass, or as many as
take 10 ms; of all turns the best counts.
GFLOP/s are those of the matrix products, 24 H (H + n) B T for an LSTM, beside a large square product of NumPy's in the same round.
OpenBLAS may be told by ``OPENBLAS_CORETYPE`` to take an older processor's kernels, which torch and JAX do not heed: the variable is handed
on and printed, so that one sees which kernels figures are from (docs/recurrent.md).
Memory is the peak of the process in its first two passes beyond what it held before them (inputs and parameters); Linux only.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from startup import machine

SIZES: list[tuple[int, int, int, int, str]] = [
    (3, 5, 10, 7, "float64"),
    (64, 64, 16, 50, "float32"),
    (128, 256, 32, 100, "float32"),
    (512, 512, 64, 100, "float32"),
    (1024, 1024, 64, 32, "float32"),
    (64, 128, 1, 2000, "float32"),
]
GATES = {"lstm": 4, "gru": 3}
CEILING = 1024
TURN = 0.01
LONGEST = [10, 100, 1000, 10_000]
Pass = Callable[[], object]


def ours(cell: Any, n: int, hidden: int, batch: int, steps: int, dtype: Any) -> Pass:
    """A forward and backward pass of the engine, with one workspace."""
    import numpy as np

    from whygrad.recurrent import Configuration, Workspace, backward, forward, initial_parameters

    generator, workspace = np.random.default_rng(0), Workspace()
    configuration = Configuration(cell=cell, inputs=n, hidden=hidden, dtype=dtype, biases=2, linear_before_reset=cell == "gru")
    parameters = initial_parameters(configuration, generator)
    x, upstream = (generator.normal(size=(steps, batch, size)).astype(dtype) for size in (n, hidden))

    def run() -> object:
        _, _, tape = forward(configuration, parameters, x, workspace=workspace)
        return backward(upstream, None, tape)

    return run


def torchs(cell: str, n: int, hidden: int, batch: int, steps: int, dtype: str) -> Pass:
    """The same with torch's module."""
    import torch

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    kind = getattr(torch, dtype)
    module = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](n, hidden, dtype=kind)
    x, upstream = torch.randn(steps, batch, n, dtype=kind, requires_grad=True), torch.randn(steps, batch, hidden, dtype=kind)

    def run() -> object:
        module.zero_grad()
        x.grad = None
        outputs, _ = module(x)
        outputs.backward(upstream)
        return x.grad

    return run


def jaxs(cell: str, n: int, hidden: int, batch: int, steps: int, dtype: str) -> Pass:
    """The same with a compiled scan, the input product of all steps before it."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", val=True)
    generator, rows = np.random.default_rng(0), GATES[cell] * hidden
    bound = hidden**-0.5
    shapes = [(rows, n), (rows, hidden), (rows,), (rows,)]
    weights = [jnp.asarray(generator.uniform(-bound, bound, shape), dtype) for shape in shapes]
    x, upstream = (jnp.asarray(generator.normal(size=(steps, batch, size)), dtype) for size in (n, hidden))

    def lstm(state: Any, z: Any, u: Any, bias: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(z + h @ u.T + bias, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    def gru(state: Any, z: Any, u: Any, bias: Any) -> Any:
        h, c = state
        (a, b, d), (e, f, g) = jnp.split(z, 3, axis=1), jnp.split(h @ u.T + bias, 3, axis=1)
        r, update = jax.nn.sigmoid(a + e), jax.nn.sigmoid(b + f)
        h = (1 - update) * jnp.tanh(d + r * g) + update * h
        return (h, c), h

    def loss(x: Any, w: Any, u: Any, b: Any, bias: Any) -> Any:
        zero = jnp.zeros((batch, hidden), dtype)
        step = lstm if cell == "lstm" else gru
        _, outputs = jax.lax.scan(lambda state, z: step(state, z, u, bias), (zero, zero), x @ w.T + b)
        return jnp.sum(outputs * upstream)

    compiled = jax.jit(jax.grad(loss, argnums=(0, 1, 2, 3, 4)))
    return lambda: jax.block_until_ready(compiled(x, *weights))


CONTESTANTS = {"whygrad": ours, "torch": torchs, "jax": jaxs}


def timed(clock: Callable[[], float], run: Pass, count: int = 1) -> float:
    """How long one pass takes, the mean of ``count`` in a row."""
    start = clock()
    for _ in range(count):
        run()
    return (clock() - start) / count


def compare(cell: str, threads: int, rounds: int, sizes: list[int]) -> None:
    """Prints, for each size, the best time of each contestant and the ceiling in GFLOP/s, as JSON."""
    import numpy as np

    clock = time.process_time if threads == 1 else time.perf_counter
    results = []
    for number in sizes:
        *size, dtype = SIZES[number]
        passes = {name: make(cell, *size, dtype) for name, make in CONTESTANTS.items()}
        square = np.random.default_rng(0).normal(size=(2, CEILING, CEILING)).astype(dtype)
        target = np.empty_like(square[0])
        passes["product"] = lambda square=square, target=target: np.matmul(*square, out=target)
        best = dict.fromkeys(passes, float("inf"))
        counts: dict[str, int] = {}
        for name, run in passes.items():
            run()
            counts[name] = max(5 if name == "product" else 1, int(TURN / timed(time.perf_counter, run)))
        begin = time.monotonic()
        done = 0
        while done < rounds or time.monotonic() - begin < 1:
            for name, run in passes.items():
                best[name] = min(best[name], timed(clock, run, counts[name]))
            done += 1
        results.append({"size": number, "best": best})
    sys.stdout.write(json.dumps(results))


def memory(cell: str, contestant: str, number: int) -> None:
    """Prints how many bytes more than before the first two passes hold at most, as JSON."""
    *size, dtype = SIZES[number]
    CONTESTANTS[contestant](cell, 3, 5, 2, 3, dtype)()  # what a first call loads, threads and kernels, is no matter of size
    run = CONTESTANTS[contestant](cell, *size, dtype)
    ctypes.CDLL(None).malloc_trim(0)  # to draw the inputs took more than they hold: what is free again is given back
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # and the peak forgotten
    before = peak()
    for _ in range(2):
        run()
    sys.stdout.write(json.dumps(peak() - before))


def peak() -> int:
    """The most bytes that the process has held at once, since that was last forgotten."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def linear(rounds: int) -> None:
    """Prints the time per step for more and more steps, and per example for more and more examples, as JSON."""

    def best(batch: int, steps: int) -> float:
        run = ours("lstm", 64, 64, batch, steps, "float32")
        run()
        return min(timed(time.process_time, run) for _ in range(rounds))

    table = {"T": [[steps, best(16, steps) / steps] for steps in LONGEST]}
    table["B"] = [[batch, best(batch, 100) / batch] for batch in (16, 64, 256, 1024)]
    sys.stdout.write(json.dumps(table))


def child(threads: int, *arguments: str) -> Any:
    """What a process of this script with so many threads prints."""
    count = str(threads)
    flags = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={count}"
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, count), "XLA_FLAGS": flags}
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603 - ourselves
    return json.loads(done.stdout)


def table_of_speed(cell: str, rounds: int, sizes: list[int]) -> None:
    """Both numbers of threads."""
    for threads, clock in ((1, "processor time"), (2, "time on the wall")):
        numbers = list(map(str, sizes))
        results = child(threads, "compare", "--cell", cell, "--threads", str(threads), "--rounds", str(rounds), "--sizes", *numbers)
        print(f"\n{cell.upper()}, {threads} thread{'s' * (threads > 1)}, {clock}\n")
        print("| n_x, H, B, T | whygrad, ms | torch / whygrad | JAX / whygrad | GFLOP/s | of the ceiling |")
        print("|---|---:|---:|---:|---:|---:|")
        for result in results:
            n, hidden, batch, steps, dtype = SIZES[result["size"]]
            best = result["best"]
            rate = 6 * GATES[cell] * hidden * (hidden + n) * batch * steps / best["whygrad"] / 1e9
            ceiling = 2 * CEILING**3 / best["product"] / 1e9
            ratios = " | ".join(f"{best[name] / best['whygrad']:.2f}" for name in ("torch", "jax"))
            name = f"{n}, {hidden}, {batch}, {steps}{', ' + dtype if dtype == 'float64' else ''}"
            print(f"| {name} | {best['whygrad'] * 1e3:.2f} | {ratios} | {rate:.0f} | {rate / ceiling:.0%} |")


def table_of_memory(cell: str, sizes: list[int]) -> None:
    """All sizes but the first, whose memory cannot be told from noise."""
    print(f"\n{cell.upper()}, peak memory\n\n| n_x, H, B, T | whygrad, MB | torch, MB | of torch's |\n|---|---:|---:|---:|")
    for number in sizes:
        if number == 0:
            continue
        mine, theirs = (child(1, "memory", "--cell", cell, "--name", name, "--sizes", str(number)) / 1e6 for name in ("whygrad", "torch"))
        print(f"| {', '.join(map(str, SIZES[number][:4]))} | {mine:.1f} | {theirs:.1f} | {mine / theirs:.0%} |")


def main() -> None:
    """Measure and print the tables, or, in a child, one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["compare", "memory", "linear"], help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5, help="rounds at least (default 5; small sizes take turns for a second)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(range(len(SIZES))), help="numbers of the sizes, 0 to 5")
    parser.add_argument("--cells", nargs="+", choices=list(GATES), default=list(GATES))
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.what == "compare":
        compare(options.cell, options.threads, options.rounds, options.sizes)
    elif options.what == "memory":
        memory(options.cell, options.name, *options.sizes)
    elif options.what == "linear":
        linear(options.rounds)
    else:
        print(f"{machine()}, OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'not set')}")
        for cell in options.cells:
            table_of_speed(cell, options.rounds, options.sizes)
            table_of_memory(cell, options.sizes)
        table = child(1, "linear", "--rounds", str(options.rounds))
        for axis, name in (("T", "steps"), ("B", "examples")):
            cells = ", ".join(f"{count:,}: {seconds * 1e6:.1f}" for count, seconds in table[axis])
            print(f"\nLSTM, processor time in microseconds for each of so many {name}: {cells}")


if __name__ == "__main__":
    main()
