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
TEXT = "to be or not to be, that is the question. " * 200


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
    text = char_model.Text(TEXT)
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
    alphabet = char_model.Text(TEXT).alphabet
    char_model.save(tmp_path / "model.npz", char_model.everything(first, adam, alphabet), before, state)
    other = char_model.Adam(second.arrays())
    losses, state = char_model.load(tmp_path / "model.npz", second, other, alphabet)
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
    text = char_model.Text(TEXT)
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


@pytest.mark.usefixtures("char_model")
@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (None, [], "is no text that can be read"),
        (b"\xff\x00\xfe" * 2000, [], "is no text that can be read"),
        (b"", [], "the text has 0 letters"),
        (b"abc " * 10, [], "the text has 40 letters"),
        (b"abc " * 1000, ["--hidden", "0"], "hidden is 0, expected"),
        (b"abc " * 1000, ["--save", "{}/nowhere/model.npz"], "cannot be written: No such file"),
        (b"abc " * 1000, ["--save", "{}/model.txt"], "expected .npz or .safetensors"),
        (b"abc " * 1000, ["--save", "{}/other.npz"], "is not of such a model"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_line(
    content: bytes | None, options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is no text or too short, a wrong size, a place that can't be written to, another file: before an hour's training."""
    text = tmp_path / "text.txt"
    if content is not None:
        text.write_bytes(content)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    arguments = ["--seconds", "3600", *(option.format(tmp_path) for option in options)]
    monkeypatch.setattr(sys, "argv", ["char_model.py", str(text), *arguments])
    with pytest.raises(SystemExit, match=says):
        sys.modules["char_model"].main()


def test_a_text_of_other_letters_is_not_gone_on_with(char_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many letters, but not the same, would be read as the wrong ones."""
    text = tmp_path / "text.txt"
    arguments = ["char_model.py", str(text), "--seconds", "0.05", "--hidden", "4", "--save", str(tmp_path / "model.npz")]
    monkeypatch.setattr(sys, "argv", arguments)
    text.write_text("abc " * 1000, encoding="utf-8")
    char_model.main()
    text.write_text("abd " * 1000, encoding="utf-8")
    with pytest.raises(SystemExit, match="has learnt a text with other letters"):
        char_model.main()
