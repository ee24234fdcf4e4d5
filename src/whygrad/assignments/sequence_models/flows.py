"""One step of the LSTM and one of the RNN, drawn: time goes from left to right, inputs come from below."""

from __future__ import annotations

from whygrad.assignments.flow import Flow, Link, Point

_GATES = {"ft": ("Wf", 92), "it": ("Wi", 142), "cct": ("Wc", 192), "ot": ("Wo", 242)}
_NODES: dict[str, tuple[str, Point]] = {
    "c_prev": ("c_prev", (26, 36)),
    "keep": ("×", (92, 36)),
    "sum": ("+", (167, 36)),
    "c_next": ("c_next", (300, 36)),
    "write": ("×", (167, 82)),
    "tanh": ("tanh", (300, 82)),
    "show": ("×", (300, 128)),
    "a_next": ("a_next", (300, 208)),
    "later_c": ("t+1", (362, 36)),
    "later_a": ("t+1", (362, 208)),
    "above": ("above", (300, 258)),
    "stack": ("[a_prev; xt]", (92, 254)),
    "a_prev": ("a_prev", (26, 204)),
    "xt": ("xt", (26, 288)),
}
_LINKS: dict[Link, tuple[Point, ...]] = {
    ("c_prev", "keep"): (),
    ("ft", "keep"): (),
    ("keep", "sum"): (),
    ("it", "write"): (),
    ("cct", "write"): (),
    ("write", "sum"): (),
    ("sum", "c_next"): (),
    ("c_next", "later_c"): (),
    ("c_next", "tanh"): (),
    ("tanh", "show"): (),
    ("ot", "show"): (),
    ("show", "a_next"): (),
    ("a_next", "later_a"): (),
    ("a_next", "above"): (),
    ("a_prev", "stack"): (),
    ("xt", "stack"): (),
}
for _gate, (_weight, _x) in _GATES.items():
    _NODES[_gate] = (_gate, (_x, 128))
    _NODES[_weight] = (f"{_weight} b{_weight[1]}", (_x + 26, 176))
    _LINKS[_weight, _gate] = ()
    _LINKS["stack", _gate] = () if _gate == "ft" else ((_x, 254),)

_A_IN: tuple[Link, ...] = (("a_prev", "stack"),)
_C_IN: tuple[Link, ...] = (("c_prev", "keep"),)
_X_IN: tuple[Link, ...] = (("xt", "stack"),)
_INTO_C: tuple[Link, ...] = (("sum", "c_next"),)
_INTO_GATE: dict[str, tuple[Link, ...]] = {
    "ft": (("ft", "keep"),),
    "it": (("it", "write"),),
    "cct": (("cct", "write"),),
    "ot": (("ot", "show"),),
}
_FORWARD: dict[str, tuple[Link, ...]] = {
    "a_prev": _A_IN,
    "a0": _A_IN,
    "c_prev": _C_IN,
    "c0": _C_IN,
    "xt": _X_IN,
    "x": _X_IN,
    "concat": (("stack", "ft"), ("stack", "it"), ("stack", "cct"), ("stack", "ot")),
    "c_next": (("sum", "c_next"),),
    "c": (("c_next", "later_c"),),
    "a_next": (("show", "a_next"),),
    "a": (("a_next", "later_a"), ("a_next", "above")),
    **_INTO_GATE,
}
_BACKWARD: dict[str, tuple[Link, ...]] = {
    "dc": _INTO_C,
    "dc_next": (("c_next", "later_c"),),
    "dc_prevt": (("c_next", "later_c"),),
    "da_next": (("show", "a_next"),),
    "da_prevt": (("a_next", "later_a"),),
    "da": (("a_next", "above"),),
    "dc_prev": _C_IN,
    "da_prev": _A_IN,
    "da0": _A_IN,
    "dxt": _X_IN,
    "dx": _X_IN,
    **{f"d{gate}": links for gate, links in _INTO_GATE.items()},
}
for _gate, (_weight, _) in _GATES.items():
    for _name in (_weight, f"b{_weight[1]}"):
        _FORWARD[_name] = _BACKWARD[f"d{_name}"] = ((_weight, _gate),)

_WHERE = {
    "cell forward": _FORWARD,
    "forward": {**_FORWARD, "a_next": _A_IN, "c_next": _C_IN},
    "cell backward": _BACKWARD,
    "backward": {**_BACKWARD, "da_next": _BACKWARD["da_prevt"], "da_prev": _BACKWARD["da_prevt"], "dc_prev": _BACKWARD["dc_prevt"]},
}
_LSTM = Flow("one step of the LSTM", (380, 310), _NODES, _LINKS, _WHERE)

_RNN_WEIGHTS: dict[str, tuple[Link, ...]] = {name: ((name, "sum"),) for name in ("Wax", "Waa", "ba")}
_H_IN: tuple[Link, ...] = (("a_prev", "sum"),)
_INPUT: tuple[Link, ...] = (("xt", "sum"),)
_RNN_FORWARD: dict[str, tuple[Link, ...]] = {
    "a_prev": _H_IN,
    "a0": _H_IN,
    "xt": _INPUT,
    "x": _INPUT,
    "a_next": (("tanh", "a_next"),),
    "a": (("a_next", "later"), ("a_next", "above")),
    **_RNN_WEIGHTS,
}
_RNN_BACKWARD: dict[str, tuple[Link, ...]] = {
    "dtanh": (("sum", "tanh"),),
    "da_next": (("tanh", "a_next"),),
    "da_prevt": (("a_next", "later"),),
    "da": (("a_next", "above"),),
    "da_prev": _H_IN,
    "da0": _H_IN,
    "dxt": _INPUT,
    "dx": _INPUT,
    **{f"d{name}": links for name, links in _RNN_WEIGHTS.items()},
}
_RNN = Flow(
    "one step of the RNN",
    (380, 150),
    {
        "a_prev": ("a_prev", (28, 30)),
        "sum": ("+", (145, 30)),
        "tanh": ("tanh", (214, 30)),
        "a_next": ("a_next", (300, 30)),
        "later": ("t+1", (362, 30)),
        "above": ("above", (300, 86)),
        "Waa": ("Waa", (82, 82)),
        "Wax": ("Wax", (192, 82)),
        "ba": ("ba", (236, 82)),
        "xt": ("xt", (145, 128)),
    },
    {
        ("a_prev", "sum"): (),
        ("Waa", "sum"): (),
        ("xt", "sum"): (),
        ("Wax", "sum"): (),
        ("ba", "sum"): (),
        ("sum", "tanh"): (),
        ("tanh", "a_next"): (),
        ("a_next", "later"): (),
        ("a_next", "above"): (),
    },
    {
        "cell forward": _RNN_FORWARD,
        "forward": {**_RNN_FORWARD, "a_next": _H_IN},
        "cell backward": _RNN_BACKWARD,
        "backward": {**_RNN_BACKWARD, "da_next": _RNN_BACKWARD["da_prevt"], "da_prev": _RNN_BACKWARD["da_prevt"]},
    },
)

FLOWS: dict[str, Flow] = {
    name: flow
    for family, flow in (("rnn", _RNN), ("lstm", _LSTM))
    for name in (f"{family}_cell_forward", f"{family}_forward", f"{family}_cell_backward", f"{family}_backward")
}
"""By function, the step that it computes or repeats."""
