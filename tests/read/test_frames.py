"""Where a traceback in a text says that a program stopped, in the forms in which notebooks, Python and forums show it."""

from __future__ import annotations

import pytest

from whygrad.read.post.frames import Frame, Stopped, stopped_in

_LINES = {42: "    # the weights", 43: "    dWf = np.dot(dft, concat.T)", 44: "    dWi = np.dot(dit, concat)", 45: "    dWc = 0"}
_SAID = "shapes (5,10) and (8,10) not aligned: 10 (dim 1) != 8 (dim 0)"
_INNER = Frame("lstm_cell_backward", 44, _LINES)

_OLD = f"""---------------------------------------------------------------------------
ValueError                                Traceback (most recent call last)
<ipython-input-33-7d7ee2d0a4f2> in <module>()
     13 parameters = 1
---> 14 gradients = lstm_cell_backward(da_next, dc_next, cache)

<ipython-input-32-0aa0> in lstm_cell_backward(da_next, dc_next, cache)
     42     # the weights
     43     dWf = np.dot(dft, concat.T)
---> 44     dWi = np.dot(dit, concat)
     45     dWc = 0

ValueError: {_SAID}
"""
_NEW = f"""ValueError                                Traceback (most recent call last)
Cell In[14], line 14
     13 parameters = 1
---> 14 gradients = lstm_cell_backward(da_next, dc_next, cache)

Cell In[9], line 44, in lstm_cell_backward(da_next, dc_next, cache)
     42     # the weights
     43     dWf = np.dot(dft, concat.T)
---> 44     dWi = np.dot(dit, concat)
     45     dWc = 0

ValueError: {_SAID}
"""
_OUTER = Frame(None, 14, {13: "parameters = 1", 14: "gradients = lstm_cell_backward(da_next, dc_next, cache)"})


@pytest.mark.parametrize(
    "text",
    [
        _OLD,
        _NEW,
        _NEW.replace("--->", "---&gt;"),
        _NEW.replace("---> ", "\u2014> "),
        "\n".join(f"> {line}" for line in _NEW.split("\n")),
        _NEW.replace("---> 44", "\x1b[1;32m---> 44\x1b[0m"),
        _NEW.replace("Cell In[9], line 44, in", "Input In [9], in"),
        _NEW.replace("Cell In[9], line 44, in", "~/w1/rnn_utils.py in"),
        _NEW.replace("Cell In[9], line 44, in", "/home/a/ipykernel_20/1867.py in"),
        "Hi, what is wrong here?\n\n" + _NEW + "\nThanks!",
        _OLD.replace(_SAID, "another") + _NEW,
        f"ValueError: {_SAID}\n\n" + _OLD.rpartition("\nValueError")[0],
        f"ValueError: {_SAID}\n\n" + _OLD.partition("last)\n")[2].partition("\nValueError")[0],
    ],
)
def test_what_a_notebook_shows_is_read_in_every_form(text: str) -> None:
    """Old and new IPython, escaped, quoted, coloured, with words around it; of two the last."""
    assert stopped_in(text) == Stopped("ValueError", _SAID, (_OUTER, _INNER))


def test_what_python_prints_is_read() -> None:
    """One line of each function, without its blanks."""
    text = """Traceback (most recent call last):
  File "a.py", line 80, in <module>
    gradients = lstm_backward(da, caches)
                ^^^^^^^^^^^^^^^^^^^^^^^^^
  File "a.py", line 44, in lstm_backward
    dWf += gradients["dwf"]
           ~~~~~~~~~^^^^^^^
KeyError: 'dwf'
"""
    outer = Frame(None, 80, {80: "gradients = lstm_backward(da, caches)"})
    assert stopped_in(text) == Stopped("KeyError", "'dwf'", (outer, Frame("lstm_backward", 44, {44: 'dWf += gradients["dwf"]'})))


@pytest.mark.parametrize(
    "text",
    ["", "ValueError: no frame", 'gradients["dx"][1][2] = [1 2 3 4]', _OLD.rpartition("ValueError")[0], "Cell In[9], line 44\n" * 80],
)
def test_what_is_no_whole_traceback_is_left_alone(text: str) -> None:
    """No error, no frame, or too many."""
    assert stopped_in(text) is None
