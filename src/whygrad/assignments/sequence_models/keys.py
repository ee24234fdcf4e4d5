"""What each check prints, and the numbers the course expects there, per version of the notebook.

``PRINTED`` lists the entries a check prints, in order; ``KEYS`` gives the expected texts, as the course prints them.
The old key of ``lstm_backward`` is wrong: it carries nothing back, and three of its bias sums add the forget gate's gradients.
The old key of ``rnn_cell_backward`` holds only where an earlier cell has left its own ``ba`` behind.
"""

from __future__ import annotations

PRINTED: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "rnn_cell_backward": (("dxt", (1, 2)), ("da_prev", (2, 3)), ("dWax", (3, 1)), ("dWaa", (1, 2)), ("dba", (4,))),
    "rnn_backward": (("dx", (1, 2)), ("da0", (2, 3)), ("dWax", (3, 1)), ("dWaa", (1, 2)), ("dba", (4,))),
    "lstm_cell_backward": (
        ("dxt", (1, 2)), ("da_prev", (2, 3)), ("dc_prev", (2, 3)),
        ("dWf", (3, 1)), ("dWi", (1, 2)), ("dWc", (3, 1)), ("dWo", (1, 2)),
        ("dbf", (4,)), ("dbi", (4,)), ("dbc", (4,)), ("dbo", (4,)),
    ),
    "lstm_backward": (
        ("dx", (1, 2)), ("da0", (2, 3)),
        ("dWf", (3, 1)), ("dWi", (1, 2)), ("dWc", (3, 1)), ("dWo", (1, 2)),
        ("dbf", (4,)), ("dbi", (4,)), ("dbc", (4,)), ("dbo", (4,)),
    ),
}  # fmt: skip

KEYS: dict[str, dict[str, dict[str, str]]] = {
    "rnn_cell_backward": {
        "new": {
            "dxt": "-1.3872130506", "da_prev": "-0.152399493774", "dWax": "0.410772824935",
            "dWaa": "1.15034506685", "dba": "[ 0.20023491]",
        },
        "old": {
            "dxt": "-0.460564103059", "da_prev": "0.0842968653807", "dWax": "0.393081873922",
            "dWaa": "-0.28483955787", "dba": "[ 0.80517166]",
        },
    },
    "rnn_backward": {
        "new": {
            "dx": "[-2.07101689 -0.59255627  0.02466855  0.01483317]", "da0": "-0.314942375127",
            "dWax": "11.2641044965", "dWaa": "2.30333312658", "dba": "[-0.74747722]",
        },
    },
    "lstm_cell_backward": {
        "new": {
            "dxt": "3.23055911511", "da_prev": "-0.0639621419711", "dc_prev": "0.797522038797",
            "dWf": "-0.147954838164", "dWi": "1.05749805523", "dWc": "2.30456216369", "dWo": "0.331311595289",
            "dbf": "[ 0.18864637]", "dbi": "[-0.40142491]", "dbc": "[ 0.25587763]", "dbo": "[ 0.13893342]",
        },
    },
    "lstm_backward": {
        "new": {
            "dx": "[ 0.00218254  0.28205375 -0.48292508 -0.43281115]", "da0": "0.312770310257",
            "dWf": "-0.0809802310938", "dWi": "0.40512433093", "dWc": "-0.0793746735512", "dWo": "0.038948775763",
            "dbf": "[-0.15745657]", "dbi": "[-0.50848333]", "dbc": "[-0.42510818]", "dbo": "[-0.17958196]",
        },
        "old": {
            "dx": "[-0.00173313  0.08287442 -0.30545663 -0.43281115]", "da0": "-0.095911501954",
            "dWf": "-0.0698198561274", "dWi": "0.102371820249", "dWc": "-0.0624983794927", "dWo": "0.0484389131444",
            "dbf": "[-0.0565788]", "dbi": "[-0.06997391]", "dbc": "[-0.27441821]", "dbo": "[ 0.16532821]",
        },
    },
}  # fmt: skip

WRONG_KEYS: dict[tuple[str, str], str] = {
    ("lstm_backward", "old"): (
        "the old notebook's expected numbers for lstm_backward are themselves wrong: its loop hands neither da_prev nor dc_prev "
        "back to the earlier step, and its dbi, dbc and dbo add the forget gate's bias gradients"
    ),
    ("rnn_cell_backward", "old"): (
        "the old notebook's expected numbers for rnn_cell_backward hold only if the cell of rnn_forward ran before and left its own "
        "ba behind"
    ),
}
"""Keys that a right program does not print, and why."""
