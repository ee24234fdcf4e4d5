"""A sum that is begun in one line and goes on in others is judged as a whole: a right value at the first makes up for the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.from_code.slipping import edited, line_of, pieces_of, slip_told
from whygrad.from_code.observe.edited import Mending
from whygrad.from_code.reference.inputs import SIZES, case
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.search.find import find
from whygrad.from_code.search.in_one_line import in_one_line
from whygrad.mistakes.words import listed
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.from_code.conftest import Told
    from whygrad.records import Result

OF_TWO_LINES = edited(
    (
        "lstm_cell_backward",
        "",
        """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = len(a_prev)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dft, dit = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)
    dcct, dot = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)
    Uf, Ui, Uc, Uo = [parameters["W" + gate][:, :n_a] for gate in "fico"]
    Vf, Vi, Vc, Vo = [parameters["W" + gate][:, n_a:] for gate in "fico"]
    da_prev = Uf.T @ dft + Uc.T @ dcct
    da_prev += Uo.T @ dot + Ui.T @ dit
    stack = np.vstack([a_prev, xt]).T
    gradients = {"d" + kind + gate: d @ stack if kind == "W" else d.sum(axis=1, keepdims=True)
                 for gate, d in zip("fico", (dft, dit, dcct, dot)) for kind in "Wb"}
    return {"dxt": Vf.T @ dft + Vi.T @ dit + Vc.T @ dcct + Vo.T @ dot, "da_prev": da_prev, "dc_prev": dc * ft, **gradients}""",
    )
)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "Uf.T @ dft + Uc.T @ dcct\n    da_prev += Uo.T @ dot + Ui.T @ dit",
            "Uf @ dft + Uc @ dcct\n    da_prev += Uo @ dot + Ui @ dit",
            "da_prev = Uf",
            "a transpose is wrong in da_prev: all are missing; the sum is made in lines {} and {}",
        ),
        (
            "Uc.T @ dcct\n    da_prev += Uo.T @ dot",
            "Uc.T @ dot\n    da_prev += Uo.T @ dft",
            "da_prev = Uf",
            "da_prev has dot and dft where other values belong; the sum is made in lines {} and {}",
        ),
        (
            "Uo.T @ dot + Ui.T @ dit",
            "Uo @ dot + Ui @ dit",
            "da_prev += Uo",
            "da_prev has Uo and Ui not transposed; the sum is made in lines {} and {}",
        ),
        (
            "da_prev = Uf.T @ dft + Uc.T @ dcct\n    da_prev += Uo.T @ dot + Ui.T @ dit",
            (
                "da_prev = Uf.T @ dft\n    da_prev += parameters['Wi'][:, :n_a].T @ dcct\n    "
                "da_prev += parameters['Wc'][:, :n_a].T @ dit\n    da_prev += Uo.T @ dot"
            ),
            "da_prev += parameters['Wi']",
            (
                "names have changed places in da_prev: Wi (the update gate's weight) and Wc (the candidate's weight); "
                "the sum is made in lines {}, {}, {} and {}"
            ),
        ),
    ],
    ids=["transposes", "names", "the second line alone", "exchanged"],
)
def test_a_sum_of_two_lines(told: Callable[[str], list[Told]], old: str, new: str, line: str, says: str) -> None:
    """What is wrong in both lines is told as it is where the sum stands in one, at the first that is wrong, with all of the sum's lines."""
    text, said = slip_told(told, OF_TWO_LINES, old, new)
    first = line_of(text, "da_prev = Uf")
    assert (said.line, said.says) == (line_of(text, line), says.format(*range(first, first + 4)))


_SUM = "da_prev = Uf.T @ dft + Uc.T @ dcct\n    da_prev += Uo.T @ dot + Ui.T @ dit"


def _named(one: str, two: str, three: str, four: str) -> str:
    return f"one = {one}\n    two = {two}\n    three = {three}\n    four = {four}\n    da_prev = one + two + three + four"


@pytest.mark.parametrize(
    ("terms", "line", "says"),
    [
        (("Uf @ dft", "Ui @ dit", "Uc @ dcct", "Uo @ dot"), "one = ", "a transpose is wrong in da_prev: all are missing"),
        (("Uf.T @ dft", "Ui @ dit", "Uc.T @ dcct", "Uo @ dot"), "two = ", "da_prev has Ui and Uo not transposed"),
        (
            ("Uf.T @ dft", "Ui.T @ dft", "Uc.T @ dcct", "Uo @ dot"),
            "two = ",
            "da_prev has two slips: dft where another value belongs, and Uo not transposed",
        ),
        (
            ("2 * Uf.T @ dft", "2 * Ui.T @ dit", "2 * Uc.T @ dcct", "2 * Uo.T @ dot"),
            "one = ",
            "a factor does not belong in da_prev: the number two",
        ),
    ],
    ids=["all", "two of them", "two slips", "a factor"],
)
def test_terms_under_names_of_their_own(told: Callable[[str], list[Told]], terms: tuple[str, ...], line: str, says: str) -> None:
    """What stands in several of them is told of all: the right value at the first would make up for the others."""
    text, said = slip_told(told, OF_TWO_LINES, _SUM, _named(*terms))
    numbers = range(line_of(text, "one = "), line_of(text, "da_prev = one") + 1)
    assert (said.line, said.says) == (line_of(text, line), f"{says}; the sum is made in lines {listed([str(n) for n in numbers])}")


def test_one_term_of_several(told: Callable[[str], list[Told]]) -> None:
    """A term that is wrong alone, of which the right value is known, is told by itself."""
    text, said = slip_told(told, OF_TWO_LINES, _SUM, _named("Uf.T @ dft", "Uf.T @ dit", "Uc.T @ dcct", "Uo.T @ dot"))
    assert (said.line, said.says) == (line_of(text, "two = "), "two has Uf.T where another value belongs")


@pytest.mark.slow
def test_slips_of_several_lines(examined: Callable[[str], Result]) -> None:
    """What stands where other values belong in two lines of a sum may be two mistakes; in one line of it, it is told as one."""
    for terms, all_of_it in (
        (("Uf.T @ dft", "Ui.T @ dft", "Uc.T @ dot", "Uo.T @ dot"), False),
        (("Uf.T @ dft", "Ui.T @ dft", "Uc.T @ dcct", "Uo.T @ dot"), True),
    ):
        result = examined(OF_TWO_LINES.replace(_SUM, _named(*terms)))
        assert (len(result.mistakes), result.search.complete) == (1, all_of_it)
    sums = "da_prev = Uf.T @ dft\n    da_prev += Ui.T @ dft\n    da_prev += Uc.T @ dot\n    da_prev += Uo.T @ dot"
    assert not examined(OF_TWO_LINES.replace(_SUM, sums)).search.complete


def test_a_key_in_the_first_line(told: Callable[[str], list[Told]]) -> None:
    """A weight taken by another's key is told as such, and not its part."""
    first, *more = (f"parameters['W{key}'][:, :n_a].T @ {d}" for key, d in zip("iico", ("dft", "dit", "dcct", "dot"), strict=True))
    terms = "\n    da_prev += ".join((f"da_prev = {first}", *more))
    (said,) = told(re.sub(r"\n    Uf, .*", "", OF_TWO_LINES.replace(_SUM, terms)))
    assert said.says.startswith("a wrong name stands in da_prev: Wi (the update gate's weight) in place of the forget gate's weight; ")


def test_the_two_ways_into_a_gate(told: Callable[[str], list[Told]]) -> None:
    """Of two terms under names, one for each gradient that is given, the one that is wrong is told."""
    ways = """one = dc_next * c_prev * ft * (1 - ft)
    two = da_next * ot * (1 - np.tanh(c_next) ** 2) * c_prev * ft * (1 - ft)
    dft, dit = one + two, dc * cct * it * (1 - it)"""
    right = OF_TWO_LINES.replace("dft, dit = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it)", ways)
    text, said = slip_told(told, right, "c_prev * ft * (1 - ft)\n    dft,", "c_prev * ft * (1 - it)\n    dft,")
    assert (said.line, said.says) == (line_of(text, "two = "), "two has the name it where another value belongs")


def test_what_is_told_at_the_last_line_of_a_sum(told: Callable[[str], list[Told]]) -> None:
    """What all lines of a sum have is told at the first of them, though the value at the last says it."""
    lines = "da_prev = Uf @ dft\n    da_prev += Ui @ dit\n    da_prev += Uc @ dcct\n    da_prev += Uo @ dot"
    text, said = slip_told(told, OF_TWO_LINES, _SUM, lines)
    first = line_of(text, "da_prev = Uf")
    says = f"a transpose is wrong in da_prev: all are missing; the sum is made in lines {listed([str(first + n) for n in range(4)])}"
    assert (said.line, said.says) == (first, says)


def test_terms_added_where_they_are_handed_out(told: Callable[[str], list[Told]]) -> None:
    """A value of a term that only makes a sum right proves nothing of the other terms."""
    terms = _named("Uf @ dft", "Ui @ dit", "Uc @ dcct", "Uo @ dot").rpartition("\n")[0]
    right = OF_TWO_LINES.replace('"da_prev": da_prev', '"da_prev": one + two + three + four')
    (said,) = told(right.replace(_SUM, terms))
    assert said.proof == "located"


def test_what_is_no_sum_of_known_terms_is_not_proved(told: Callable[[str], list[Told]]) -> None:
    """Where a line goes on with a product, the right value at the line before is what makes up for both, and is no proof."""
    before = "dcct, dot = dc * it * (1 - cct ** 2), da_next * np.tanh(c_next) * ot * (1 - ot)"
    after = "dcct, dot = dc * it * (1 - cct ** 2), da_next * c_next\n    dot *= ot * (1 + ot)"
    _, said = slip_told(told, OF_TWO_LINES, before, after)
    assert said.proof == "located"


def test_one_index_that_is_wrong_at_each_place(told: Callable[[str], list[Told]]) -> None:
    """A ``while`` loop that counts rightly, and takes and stores the step before by one and the same index."""
    loop = edited(
        (
            "lstm_backward",
            "",
            """def lstm_backward(da, caches):
    steps, x = caches
    n_a, m, t = da.shape
    dx = np.zeros((len(x), m, t))
    sums = {"d" + kind + gate: np.zeros((n_a, n_a + len(x) if kind == "W" else 1)) for kind in "Wb" for gate in "fico"}
    da_prevt = dc_prevt = np.zeros((n_a, m))
    while t > 0:
        t -= 1
        g = lstm_cell_backward(da[:, :, t - 1] + da_prevt, dc_prevt, steps[t - 1])
        da_prevt, dc_prevt = g["da_prev"], g["dc_prev"]
        dx[:, :, t - 1] = g["dxt"]
        for key in sums:
            sums[key] += g[key]
    return {"dx": dx, "da0": da_prevt, **sums}""",
        )
    )
    (said,) = told(loop)
    assert said.line == line_of(loop, "        g = lstm")
    assert said.says.endswith(f"; the same index, t - 1, is wrong once more in this line and in line {said.line + 2}")


@pytest.mark.parametrize("names", [r"\1", r"own_\1"])
def test_a_mistake_before_a_sum(told: Callable[[str], list[Told]], names: str) -> None:
    """The line of a sum is sought with what is wrong before it put right, under whatever name: what only reads that is right."""
    text = OF_TWO_LINES.replace("dc * cct * it", "dc * ot * it").replace("Uo.T @ dot + Ui.T @ dit", "Uo @ dot + Ui @ dit")
    text = re.sub(r"(?<!\.)\b(dc|dft|dit|dcct|dot)\b", names, text)
    first, second = told(text)
    assert [first.line, second.line] == [line_of(text, "ot * it"), line_of(text, "da_prev += ")]
    assert second.says.startswith("da_prev has Uo and Ui not transposed")


def test_a_sum_of_a_cell_with_a_cache_of_its_own(told: Callable[[str], list[Told]]) -> None:
    """Its line is sought among the entries as the learner's own forward cell lays them out."""
    text = OF_TWO_LINES.replace("c_prev, ft, it, cct, ot,", "c_prev, it, ft, cct, ot,").replace("Uo.T @ dot + Ui", "Uo @ dot - Ui")
    (said,) = told(text)
    assert said.line == line_of(text, "da_prev += ")


def test_only_what_was_found_before_is_told_beside_a_sum() -> None:
    """Of a line of which nothing was known the sum in one line says nothing."""
    pieces = pieces_of(OF_TWO_LINES.replace("dc = dc_next + ", "dc = ").replace("Uo.T @ dot + Ui.T @ dit", "Uo @ dot + Ui @ dit"))
    name, harness = "lstm_cell_backward", Harness(pieces, PARTS)
    what = case(name, SIZES[0], 0)
    found = find(harness, pieces, name, what)
    mending = Mending(harness, pieces, name, what, traced=False)
    told = in_one_line(mending, found)
    assert [one.line for one in told] == [one.line for one in found]
    assert told != found
    assert in_one_line(mending, found[1:]) == found[1:]


def test_a_sum_beside_one_that_raises(told: Callable[[str], list[Told]]) -> None:
    """Where one idea in two sums makes one of them raise, no number of mistakes is told."""
    both = OF_TWO_LINES.replace('"dxt": Vf.T @ dft + Vi.T @ dit + Vc.T @ dcct + Vo.T @ dot', '"dxt": dxt').replace(
        "    stack =", "    dxt = Vf.T @ dft + Vi.T @ dit\n    dxt += Vc.T @ dcct + Vo.T @ dot\n    stack ="
    )
    (said,) = told(re.sub(r"([UV].)\.T @", r"\1 @", both))
    assert (said.id, said.proof) == ("raises", "contract")
