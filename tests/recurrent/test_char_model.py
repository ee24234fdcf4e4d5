"""The example that trains a character model: it learns, and goes on after an interruption as if there had been none."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from types import ModuleType

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "char_model.py"


@pytest.fixture(scope="module")
def char_model() -> ModuleType:
    """The example as a module."""
    specification = importlib.util.spec_from_file_location("char_model", EXAMPLE)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules["char_model"] = module
    specification.loader.exec_module(module)
    return module


def steps(char_model: Any, model: Any, adam: Any, numbers: range, state: Any = None) -> tuple[list[float], Any]:
    """Trains for these steps on a short text; the losses and the state after them."""
    text = char_model.Text("to be or not to be, that is the question. " * 200)
    losses = []
    for number in numbers:
        letters, following, anew = text.piece(number)
        loss, gradients, state = model.gradients(letters, following, None if anew else state)
        adam.step(number + 1, model.arrays(), gradients)
        losses.append(loss)
    return losses, state


def test_it_learns(char_model: Any) -> None:
    """On a text that repeats itself the loss falls to less than a third within 200 steps."""
    model = char_model.Model(17, 24)
    losses, _ = steps(char_model, model, char_model.Adam(model.arrays()), range(200))
    assert losses[-1] < losses[0] / 3


def test_it_goes_on_where_it_stopped(char_model: Any, tmp_path: Path) -> None:
    """Saved, loaded into a new model and trained on, it has the losses of a run without a stop, to the last bit."""
    whole, first, second = (char_model.Model(17, 8) for _ in range(3))
    expected, _ = steps(char_model, whole, char_model.Adam(whole.arrays()), range(6))
    adam = char_model.Adam(first.arrays())
    before, state = steps(char_model, first, adam, range(3))
    char_model.save(tmp_path / "model.npz", first, adam, before, state)
    other = char_model.Adam(second.arrays())
    losses, state = char_model.load(tmp_path / "model.npz", second, other)
    after, _ = steps(char_model, second, other, range(3, 6), state)
    assert losses + after == expected


def test_the_command_trains_saves_and_goes_on(
    char_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Called twice with ``--save`` it counts the steps of both calls, and prints a curve and a sample."""
    text, saved = tmp_path / "text.txt", tmp_path / "model.npz"
    text.write_text("abc " * 1000, encoding="utf-8")
    counts = []
    for _ in range(2):
        arguments = ["char_model.py", str(text), "--seconds", "0.2", "--hidden", "4", "--letters", "20", "--save", str(saved)]
        monkeypatch.setattr(sys, "argv", arguments)
        char_model.main()
        printed = capsys.readouterr().out
        counts.append(int(printed.split()[0]))
        assert len(printed.split("\n\n")[1].rstrip("\n")) <= 21
    assert counts[1] > counts[0] > 0
    saved.write_bytes(b"nothing")
    with pytest.raises(SystemExit, match=r"model\.npz holds no arrays"):
        char_model.main()


def test_the_gradient_is_the_losss(char_model: Any) -> None:
    """Central differences along the gradient agree with its length: the softmax and the readout are differentiated right."""
    model = char_model.Model(17, 6)
    text = char_model.Text("to be or not to be, that is the question. " * 200)
    letters, following, _ = text.piece(0)
    _, gradients, _ = model.gradients(letters, following, None)
    gradients = {name: gradient.copy() for name, gradient in gradients.items()}
    length = np.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values()))
    values = []
    for sign in (1, -2):
        for name, array in model.arrays().items():
            np.add(array, np.float32(sign * 0.05 / length) * gradients[name], out=array)
        values.append(model.gradients(letters, following, None)[0])
    assert abs((values[0] - values[1]) / 0.1 - length) < 0.02 * length
