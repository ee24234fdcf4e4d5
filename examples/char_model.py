"""A small language model, letter by letter, on the engine: an LSTM that learns to continue a text.

    python examples/char_model.py [TEXT_FILE] [--seconds 60] [--save model.npz]

Without a file it reads the help topics that Python itself ships. Progress goes to stderr, samples and the loss curve to stdout. With
``--save`` the state is written now and then, and at Ctrl-C; called again with the same file, it goes on from there.

The text is cut into B parts that are read side by side, T letters at a time. The state of the network is carried on from one piece to
the next, the gradient is not: truncated backpropagation through time.
"""

from __future__ import annotations

import argparse
import pydoc_data.topics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from whygrad.errors import WhygradError
from whygrad.recurrent import Configuration, Network, State, Workspace, backward, forward, initial_parameters
from whygrad.recurrent.exchange import from_arrays, load_arrays, save_arrays, to_arrays

STEPS, BATCH = 48, 32
RATE, LARGEST_NORM = 0.005, 1.0
BARS = "▁▂▃▄▅▆▇█"


@dataclass
class Text:
    """A text as numbers, one for each letter of its alphabet, cut into rows that are read side by side."""

    content: str
    alphabet: str = field(init=False)
    rows: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Rows of equal length; what is left over at the end is not read."""
        self.alphabet = "".join(sorted(set(self.content)))
        place = {letter: at for at, letter in enumerate(self.alphabet)}
        numbers = np.array([place[letter] for letter in self.content])
        length = len(numbers) // BATCH
        if length <= STEPS:
            sys.exit(f"the text has {len(numbers)} letters, and at least {BATCH * (STEPS + 1)} are needed")
        self.rows = numbers[: length * BATCH].reshape(BATCH, length)

    def piece(self, number: int) -> tuple[np.ndarray, np.ndarray, bool]:
        """The letters of a piece, (T, B), those that follow them, and whether the piece is at the beginning of the rows."""
        pieces = (self.rows.shape[1] - 1) // STEPS
        start = number % pieces * STEPS
        return self.rows[:, start : start + STEPS].T, self.rows[:, start + 1 : start + STEPS + 1].T, start == 0


class Model:
    """Letters one-hot, an LSTM, and a softmax over the alphabet: y = softmax(V h + b)."""

    def __init__(self, letters: int, hidden: int, seed: int = 0) -> None:
        self.configuration = Configuration(cell="lstm", inputs=letters, hidden=hidden, dtype="float32")
        generator = np.random.default_rng(seed)
        self.network: Network = initial_parameters(self.configuration, generator)
        bound = hidden**-0.5
        self.readout = generator.uniform(-bound, bound, (letters, hidden)).astype(np.float32)
        self.offset = np.zeros(letters, np.float32)
        self.one_hot = np.eye(letters, dtype=np.float32)
        self.workspace = Workspace()

    def arrays(self) -> dict[str, np.ndarray]:
        """All parameters by name; changing them in place changes the model."""
        return {**to_arrays(self.network), "readout": self.readout, "offset": self.offset}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Takes over the parameters of a file."""
        self.network = from_arrays(self.configuration, arrays)
        self.readout, self.offset = arrays["readout"], arrays["offset"]

    def gradients(self, letters: np.ndarray, following: np.ndarray, state: State | None) -> tuple[float, dict[str, np.ndarray], State]:
        """The mean cross-entropy of the next letter, its gradient at all parameters, and the state to go on from."""
        hidden, cell = (None, None) if state is None else (state.hidden, state.cell)
        outputs, final, tape = forward(self.configuration, self.network, self.one_hot[letters], hidden, cell, workspace=self.workspace)
        h = outputs.reshape(-1, self.configuration.hidden)
        logits = h @ self.readout.T + self.offset
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        rows, right = np.arange(len(h)), following.reshape(-1)
        loss = -float(np.log(chances[rows, right] + 1e-12).mean())
        chances[rows, right] -= 1
        chances /= len(h)  # now the gradient at the logits
        back = backward((chances @ self.readout).reshape(outputs.shape), None, tape)
        gradients = {**to_arrays(back.parameters), "readout": chances.T @ h, "offset": chances.sum(axis=0)}
        return loss, gradients, State(final.hidden.copy(), None if final.cell is None else final.cell.copy())

    def sample(self, alphabet: str, start: str, length: int, generator: np.random.Generator) -> str:
        """Goes on from ``start``, each letter drawn as likely as the model finds it."""
        text, state = start, State(None)
        letters = [alphabet.index(letter) for letter in start]
        for _ in range(length):
            outputs, state, _ = forward(self.configuration, self.network, self.one_hot[letters][:, None], state.hidden, state.cell)
            logits = self.readout @ outputs[-1, 0] + self.offset
            chances = np.exp((logits - logits.max()).astype(np.float64))
            letters = [int(generator.choice(len(alphabet), p=chances / chances.sum()))]
            text += alphabet[letters[0]]
        return text


class Adam:
    """Steps along the running mean of the gradient, divided by the root of that of its square (Kingma & Ba, Adam, 2015)."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.mean = {name: np.zeros_like(array) for name, array in arrays.items()}
        self.square = {name: np.zeros_like(array) for name, array in arrays.items()}

    def step(self, number: int, arrays: dict[str, np.ndarray], gradients: dict[str, np.ndarray]) -> None:
        """Changes the parameters in place; ``number`` counts from 1."""
        norm = np.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values()))
        shorter = min(1.0, LARGEST_NORM / (norm + 1e-12))
        rate = RATE * np.sqrt(1 - 0.999**number) / (1 - 0.9**number)
        for name, array in arrays.items():
            gradient = gradients[name] * np.float32(shorter)
            self.mean[name] += 0.1 * (gradient - self.mean[name])
            self.square[name] += 0.001 * (gradient * gradient - self.square[name])
            np.subtract(array, rate * self.mean[name] / (np.sqrt(self.square[name]) + 1e-8), out=array)


def everything(model: Model, adam: Adam, alphabet: str) -> dict[str, np.ndarray]:
    """Parameters, Adam's means and the letters that the numbers stand for, by name."""
    arrays = {f"model.{name}": array for name, array in model.arrays().items()}
    arrays |= {f"mean.{name}": array for name, array in adam.mean.items()} | {
        f"square.{name}": array for name, array in adam.square.items()
    }
    return {**arrays, "alphabet": np.array([ord(letter) for letter in alphabet], np.int32)}


def save(path: Path, arrays: dict[str, np.ndarray], losses: list[float], state: State | None) -> None:
    """Everything that is needed to go on, in one file that is there as a whole or not at all."""
    if state is not None and state.hidden is not None and state.cell is not None:
        arrays = {**arrays, "state.hidden": state.hidden, "state.cell": state.cell}
    save_arrays(path, {**arrays, "losses": np.array(losses)})


def load(path: Path, model: Model, adam: Adam, alphabet: str) -> tuple[list[float], State | None]:
    """Takes up what ``save`` wrote: the losses so far and the state."""
    arrays = load_arrays(path)
    own = everything(model, adam, alphabet)
    if any(name not in arrays or arrays[name].shape != array.shape for name, array in own.items()) or "losses" not in arrays:
        sys.exit(f"{path} is not of such a model: it has another size or another text's letters, or is no model at all")
    if not np.array_equal(arrays["alphabet"], own["alphabet"]):
        sys.exit(f"{path} has learnt a text with other letters")

    def part(prefix: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

    model.restore(part("model."))
    adam.mean, adam.square = part("mean."), part("square.")
    state = part("state.")
    return arrays["losses"].tolist(), State(state["hidden"], state["cell"]) if state else None


def curve(losses: list[float], width: int = 60) -> str:
    """The losses as a line of bars, each the mean of some steps."""
    means = [float(part.mean()) for part in np.array_split(np.array(losses), min(width, len(losses)))]
    low, high = min(means), max(means)
    return (
        "".join(BARS[int((mean - low) / (high - low + 1e-12) * (len(BARS) - 1))] for mean in means) + f"  {means[0]:.2f} to {means[-1]:.2f}"
    )


def train(model: Model, text: Text, seconds: float, path: Path | None) -> list[float]:
    """Trains for so long and returns the loss of each step, those of earlier calls included."""
    adam = Adam(model.arrays())
    losses, state = load(path, model, adam, text.alphabet) if path is not None and path.exists() else ([], None)

    def keep() -> None:
        if path is not None:
            save(path, everything(model, adam, text.alphabet), losses, state)

    keep()  # a place that can't be written to shows at once, not after the training
    begin = shown = saved = time.monotonic()
    try:
        while (now := time.monotonic()) - begin < seconds:
            letters, following, anew = text.piece(len(losses))
            loss, gradients, state = model.gradients(letters, following, None if anew else state)
            losses.append(loss)
            adam.step(len(losses), model.arrays(), gradients)
            if now - shown > 1:
                sys.stderr.write(f"\rstep {len(losses)}, loss {np.mean(losses[-50:]):.3f}, {seconds - now + begin:.0f} s left ")
                shown = now
            if now - saved > 10:  # noqa: PLR2004 - seconds
                keep()
                saved = now
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped")
    sys.stderr.write("\n")
    keep()
    return losses


def main() -> None:
    """Train, then show the curve and a sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="any text (default: Python's help topics)")
    parser.add_argument("--seconds", type=float, default=60, help="how long to train (default 60)")
    parser.add_argument("--hidden", type=int, default=128, help="units of the LSTM (default 128)")
    parser.add_argument("--save", type=Path, metavar="FILE.npz", help="write the state there, and go on from it if it is there")
    parser.add_argument("--letters", type=int, default=300, help="length of the sample (default 300)")
    options = parser.parse_args()
    topics = pydoc_data.topics.topics
    try:
        text = Text(options.file.read_text(encoding="utf-8") if options.file else "\n".join(topics[name] for name in sorted(topics)))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{options.file} is no text that can be read: {error}")
    try:
        model = Model(len(text.alphabet), options.hidden)
        losses = train(model, text, options.seconds, options.save)
    except WhygradError as error:
        sys.exit(str(error))
    if losses:
        sys.stdout.write(f"{len(losses)} steps, loss {curve(losses)}\n\n")
    sys.stdout.write(model.sample(text.alphabet, text.content[0], options.letters, np.random.default_rng(0)) + "\n")


if __name__ == "__main__":
    main()
