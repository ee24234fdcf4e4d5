"""A verdict for each of the eight functions: run alone, with the reference's functions around it, then with the learner's own.

A function that is right alone is right. One that is not may still be: a forward and a backward function that fit each other and give the
right gradients may lay out their caches as they like, and a backward pass may be the derivative of another forward pass (``excuses``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.broken import Breach
from whygrad.from_code.reference.inputs import OUTPUTS, SIZES, names_in_notebook
from whygrad.from_code.reference.parts import FUNCTIONS, cell_of, chain_of, partner
from whygrad.from_code.verdict import audit, own_form
from whygrad.from_code.verdict.by_order import right_in_order, taken_by_order
from whygrad.from_code.verdict.by_the_cells_name import judged_by_the_cells_name
from whygrad.from_code.verdict.called_otherwise import called_otherwise
from whygrad.from_code.verdict.excuses import excuse, excuse_here, right
from whygrad.from_code.verdict.given_beside import given_beside
from whygrad.from_code.verdict.handed_out_again import handed_out_again
from whygrad.from_code.verdict.holds_instead import HINT
from whygrad.from_code.verdict.kept_wrongly import NO_MORE
from whygrad.from_code.verdict.next_step import spoils_the_next_step
from whygrad.from_code.verdict.problems import Problem, but, cache_says
from whygrad.from_code.verdict.told_before import ToldOnce
from whygrad.from_code.verdict.trials import Trial, Trials
from whygrad.from_code.verdict.without_the_tanh import together_without_the_tanh
from whygrad.mistakes.words import listed
from whygrad.records import FunctionVerdict, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.from_code.naming.broken import Broken
    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.from_code.text.written import Written
    from whygrad.from_code.verdict.audit import Fact
    from whygrad.from_code.verdict.own_calls import Stale
    from whygrad.sandbox.requests import Host, Piece, Raised, Runner

_BROKEN: dict[str, Broken] = {
    "contract": "returned-otherwise",
    "cache": "returned-otherwise",
    "random": "draws-random",
    "whole": "whole-numbers",
    "half": "half-precision",
}
"""What a kind of problem breaks."""


def verdicts(runner: Runner, pieces: Sequence[Piece], sizes: tuple[Sizes, Sizes] = SIZES, seed: int = 0) -> tuple[FunctionVerdict, ...]:
    """The verdicts, in the notebook's order: 28 runs where all eight are right, about 60 where little is.

    Args:
        runner: Holds the learner's ``pieces`` and the stand-ins of ``parts.PARTS``.
        pieces: The learner's code.
        sizes: Of the inputs; in the first T is less than T_x, in the second they are equal.
        seed: Of the inputs.
    """
    return Examination(runner, pieces, sizes, seed).verdicts()


class Examination:
    """Judges the functions of one notebook, when asked; a verdict may ask for another function's. ``trials`` keeps the runs."""

    def __init__(self, runner: Runner, pieces: Sequence[Piece], sizes: tuple[Sizes, Sizes] = SIZES, seed: int = 0) -> None:
        """Nothing is run yet; the arguments are those of ``verdicts``."""
        self.trials = Trials(runner, pieces, sizes, seed)
        self._verdicts: dict[str, FunctionVerdict] = {}
        self._here: set[str] = set()
        self.helpers = ToldOnce()
        """What is told of functions that the learner wrote beside the eight."""
        self.faults: list[str] = []
        """Sentences about what could not be looked for."""
        self.hidden: list[str] = []
        """Functions of which more may be wrong than is told: what is told of them ends what could be judged."""
        self.unlocated: set[str] = set()
        """Functions that are wrong in a form that the search for the line cannot hand anything to."""
        self.broken: dict[str, Breach] = {}
        """By function, what is known to be broken without looking for the line: filled as verdicts are asked for."""
        self.where: Callable[[Piece], str] = lambda piece: f"line {piece.line}"
        """What a piece's place is called in a sentence."""
        self.line: Callable[[str, int], str] = lambda _, line: f"line {line}"
        """The same of a line of a source."""
        self.live = False
        """Whether the functions are objects of this very process, of which other text is run only if it is traced."""
        self.raised: dict[str, Raised] = {}
        """By function, what those raise that raise: filled in the same way."""
        self.host: Host | None = None
        """Runs other programs, if any can be run."""

    def of(self, host: Host, pieces: Sequence[Piece]) -> Examination:
        """That of another program, such as this one with a line mended, which ``host`` runs."""
        other = Examination(host, pieces, self.trials.sizes[:2], self.trials.seed)
        other.host, other.where, other.line = host, self.where, self.line
        return other

    def verdicts(self) -> tuple[FunctionVerdict, ...]:
        """Those of all functions: what a sequence tells of its cells is known when all have been asked for."""
        for function in FUNCTIONS:
            self.verdict(function)
        return tuple(self._verdicts[function] for function in FUNCTIONS)

    def verdict(self, function: str) -> FunctionVerdict:
        """The verdict of one function."""
        if function not in self._verdicts:
            self._verdicts[function] = self._judge(function) if function in self.trials.own else self._missing(function)
        return self._verdicts[function]

    def _missing(self, function: str) -> FunctionVerdict:
        definitions = self.trials.definitions
        other = definitions.similar(function, FUNCTIONS)
        inside = definitions.inside(function)
        if inside is not None:
            says = f"is defined inside of {inside[0]}, where nothing else can call it: move it out of there to have it judged"
            return FunctionVerdict(function, "missing", says, inside[1])
        if other is None:
            return FunctionVerdict(function, "missing", "is not there")
        return FunctionVerdict(function, "missing", f"is not there, but there is {other}", definitions.functions[other].location)

    def _judge(self, function: str) -> FunctionVerdict:
        written = self.trials.definitions.functions.get(function)
        verdict = FunctionVerdict(function, "right", right(function), written.location if written else None)
        alone = self.trials.alone(function)
        again = self.trials.trial(f"{function}_twice", frozenset({function}), 0)
        failed = self.trials.failed(function)
        known = audit.facts(alone.case, alone.reply, again.reply, right=failed is None and again.problem is None)
        verdict = replace(verdict, notes=tuple(f"{function} {fact.says}" for fact in known if not fact.harmful))
        harm = [fact for fact in known if fact.harmful]
        spoiled = spoils_the_next_step(self.trials, function, [name for fact in known if fact.kind == "changes" for name in fact.names])
        if spoiled is not None or failed is None or failed.problem is None:
            own = self._at_a_second_call(verdict, spoiled, again.problem, harm)
            return own or self._given_beside(verdict) or self._together(verdict, alone)
        blanks = written.blanks() if written and failed.problem.empty else []
        if blanks:
            one = len({place.line for place in blanks}) == 1
            self.broken[function] = Breach("not-filled-in", elsewhere=_NOT_FILLED_IN if one else None)
            return FunctionVerdict(function, "blank", _blank(blanks), blanks[0])
        read, of_a_step = self.trials.reads(function), self.trials.reads_of_a_step(function)
        stale = self.trials.cells.stale(function, read or of_a_step) if read or of_a_step else None
        if stale and written:
            return self._stale(verdict, stale, written)
        if of_a_step and written:
            return self._of_one_step(verdict, of_a_step, written)
        found = excuse(self.trials, function, failed)
        if not found and (found := excuse_here(self.trials, function)):
            self._here.add(function)
        if found:
            reads = () if "from the notebook" in found[1] else _reads(function, harm)
            return replace(verdict, says=found[0], notes=(*verdict.notes, *reads, found[1]))
        return self._not_excused(verdict, failed.problem, harm)

    def _at_a_second_call(
        self, verdict: FunctionVerdict, spoiled: str | None, again: Problem | None, harm: list[Fact]
    ) -> FunctionVerdict | None:
        """The verdict for a function of which the first answer alone is right; None for any other."""
        if spoiled is not None:
            self.broken[verdict.function] = Breach("changed-in-place")
            return replace(verdict, verdict="wrong", says=spoiled, notes=())
        if again is None:
            return None
        read = (name for fact in harm if fact.kind == "reads" for name in fact.names)
        self.broken[verdict.function] = Breach("state-kept", names=tuple(read))
        return self.wrong(verdict, again, harm)

    def _given_beside(self, verdict: FunctionVerdict) -> FunctionVerdict | None:
        """The verdict for a sequence's function that is right with a cell which takes more than the learner's own does."""
        found = given_beside(self.trials, verdict.function)
        if found is None:
            return None
        (where, why), raises = found, "raises TypeError"
        self.broken[verdict.function] = Breach("raises", error="TypeError", elsewhere=f"{raises} because {why}")
        return replace(verdict, verdict="raises", says=f"{raises} at line {where.line} because {why}", location=where)

    def _stale(self, verdict: FunctionVerdict, stale: Stale, written: Written) -> FunctionVerdict:
        """The verdict for a function that is right with the right values in the notebook, where the notebook holds others."""
        name, call = stale.names[0], stale.call
        holds = f"{name} is what {self.where(stale.set_at)} assigned" if stale.set_at else f"{name} is not there yet"
        many = f"{listed(stale.names)} from the notebook, where they are"
        one = f"{name} from the notebook, where it is"
        reads_it = one if len(stale.names) == 1 else many
        says = f"reads {reads_it} not what its arguments hold: at the notebook's own call ({self.where(call)}) {holds}"
        return self._reads_the_notebook(verdict, stale.names, written, says)

    def _of_one_step(self, verdict: FunctionVerdict, names: tuple[str, ...], written: Written) -> FunctionVerdict:
        """The same where the notebook holds what one step is given, and does not call the function for another one."""
        says = f"reads {listed(names)} from the notebook, not from its arguments: each step is given another value"
        return self._reads_the_notebook(verdict, names, written, says)

    def _reads_the_notebook(self, verdict: FunctionVerdict, names: tuple[str, ...], written: Written, says: str) -> FunctionVerdict:
        self.broken[verdict.function] = Breach("weights-from-globals", names=names)
        reads = written.reading(names[0]) or self.trials.definitions.reading(names[0]) or verdict.location
        return replace(verdict, verdict="wrong", says=says, location=reads, notes=())

    def _not_excused(self, verdict: FunctionVerdict, problem: Problem, harm: list[Fact]) -> FunctionVerdict:
        """The verdict for a function that is wrong alone."""
        function = verdict.function
        planted = self.trials.with_notebook(function)
        if planted and planted.problem and self.trials.held(function):
            return self._wrong_with_the_notebook(verdict, planted)
        asked = called_otherwise(self.trials, function, problem)
        if asked:
            self.broken[function] = Breach("called-otherwise")
            return replace(verdict, verdict="wrong", says=asked)
        if function not in OUTPUTS and self.trials.own_layout(function):
            return judged_by_the_cells_name(self, verdict) or own_form.wrong_with_own_caches(self, verdict)
        if function in OUTPUTS and problem.kind == "cache" and (misnamed := self.trials.misnamed(function)):
            return self._keeps_another(verdict, misnamed)
        form = own_form.needs_its_own_cell(self, verdict, problem) if function in OUTPUTS else None
        if function not in OUTPUTS and problem.kind in {"raises", "contract"}:
            form = own_form.in_a_form_of_its_own(self, verdict, problem) or own_form.form_not_known(self, verdict, problem)
        if form is not None:
            return form
        if planted and planted.problem and planted.problem.kind == problem.kind == "raises":
            problem = planted.problem  # the notebook has the first name, but not the next one
        return self.wrong(verdict, problem, harm)

    def _keeps_another(self, verdict: FunctionVerdict, misnamed: dict[str, str]) -> FunctionVerdict:
        """The verdict for a forward function in whose cache something else stands than the names of the entries, or its cell, say."""
        function, alone = verdict.function, self.trials.alone(verdict.function)
        (key, holds), *_ = misnamed.items()
        changed = [name for name in audit.changed(alone.case, alone.reply) if name in {*misnamed, *misnamed.values()}]
        if changed:
            self.broken[function] = Breach("changed-in-place")
            verb, it = ("is", "it") if len(changed) == 1 else ("are", "them")
            return replace(verdict, verdict="wrong", says=f"{listed(changed)} {verb} changed in place, and the cache keeps {it}")
        self.broken[function] = Breach("returned-otherwise", names=(key,), kept=holds.removeprefix(NO_MORE))
        where = {name: f"at index {name}" if name.isdigit() else f'under "{name}"' for name in misnamed}
        kept = listed([f"{_called(text)} {where[name]}" for name, text in misnamed.items()])
        cell = cell_of(function)
        says = f"its cache holds {kept}" if cell == function else f"its caches hold {kept}, and {cell} keeps another value there"
        return replace(verdict, verdict="wrong", says=but(function, says))

    def _wrong_with_the_notebook(self, verdict: FunctionVerdict, planted: Trial) -> FunctionVerdict:
        """The verdict for a function that needs names of the notebook's, and is wrong with what its arguments hold under these too."""
        function, written = verdict.function, self.trials.definitions.functions.get(verdict.function)
        names = [name for name, _ in self.trials.held(function) if name in planted.reply.globals]
        stale = self.trials.cells.stale(function, names)
        if stale and written:
            return self._stale(verdict, stale, written)
        note = f"{function} reads {listed(names)} from the notebook, not from its arguments: it was judged with the same in both"
        says = planted.problem.says if planted.problem else verdict.says
        return replace(verdict, verdict="wrong", says=says, notes=(*verdict.notes, note))

    def wrong(self, verdict: FunctionVerdict, problem: Problem, harm: list[Fact]) -> FunctionVerdict:
        """The verdict for a function that has this problem and no excuse."""
        function = verdict.function
        if problem.kind in {"raises", "undefined"}:
            error = "" if problem.raised is None else problem.raised.type
            hint = HINT.format(function=function) if problem.kind == "undefined" and problem.raised is None else ""
            self.broken[function] = Breach("raises", elsewhere=problem.elsewhere, error=error, hint=hint)
            if problem.raised is not None:
                self.raised[function] = problem.raised
            where, notes = problem.location or verdict.location, (*verdict.notes, *_reads(function, harm))
            return replace(verdict, verdict="raises", says=problem.says, location=where, notes=notes)
        if problem.kind in _BROKEN:
            self.broken.setdefault(function, Breach(_BROKEN[problem.kind], caches=problem.caches))
        more = [fact.says for fact in harm if not (problem.kind == "random" and fact.kind == "draws")]
        says = "; it ".join([problem.says, *more])
        return replace(verdict, verdict="wrong", says=says, notes=(*verdict.notes, *_reads(function, harm)))

    def _together(self, verdict: FunctionVerdict, alone: Trial) -> FunctionVerdict:
        """A function that is right alone must be right together with the learner's other functions that are."""
        function = verdict.function
        if function in OUTPUTS:
            return self._cache_is_read(verdict, alone)
        if cell_of(function) not in self.trials.own and self.trials.own_layout(partner(function)):
            return verdict  # the reference's cell cannot read what the learner's forward cell keeps
        others = self.trials.members(function) - {function}
        if not others or any(self._verdicts[name].verdict != "right" for name in others & self._verdicts.keys()):
            return verdict
        chain = self.trials.chain(function, 1 if "cell" in function else 0)
        if chain.reply.raised is not None and chain.reply.raised.type == "MemoryError":
            return replace(verdict, notes=(*verdict.notes, _MEMORY))
        right = (self.verdict(name).verdict == "right" and name not in self._here for name in others)  # asked only where there is a problem
        if chain.problem is None or not all(right) or together_without_the_tanh(self.trials, function):
            return verdict
        return self.handed_out_again(verdict) or self._taken_by_order(verdict) or self.wrong_together(verdict, chain.problem, others)

    def _taken_by_order(self, verdict: FunctionVerdict) -> FunctionVerdict | None:
        """The verdict for a sequence's function that goes by an order of gradients which the learner's own cell has not."""
        function, taken = verdict.function, taken_by_order(self.trials, verdict.function)
        if taken is None or self.host is None or not right_in_order(self.host, self.trials, function):
            return None
        line, keys = taken
        says = f"takes what {cell_of(function)} returns by the order of its keys, and yours returns it in another one: {keys}"
        self.broken[function] = Breach("names-exchanged", elsewhere=says, line=(line.source, line.line, line.column))
        return replace(verdict, verdict="wrong", says=f"is right alone, but it {says}", location=line)

    def handed_out_again(self, verdict: FunctionVerdict) -> FunctionVerdict | None:
        """The verdict for a sequence's function that is right where what another one hands out lasts: that one is wrong."""
        found = handed_out_again(self.trials, verdict.function)
        if found is None:
            return None
        self.broken[found.function] = Breach("handed-out-again", elsewhere=found.says, line=found.line, hint=found.hint)
        says = f"{right(found.function)}, but {found.says}"
        self._verdicts[found.function] = replace(self.verdict(found.function), verdict="wrong", says=says)
        return replace(verdict, verdict="right", says=right(verdict.function))

    def wrong_together(self, verdict: FunctionVerdict, problem: Problem, others: frozenset[str]) -> FunctionVerdict:
        """The verdict for a function that is right alone, as the others are, and wrong together with them."""
        function = verdict.function
        number = 1 if "cell" in function else 0
        pairs = (frozenset({function, name}) for name in (cell_of(function), partner(function)) if name in others)
        trials = ((pair, self.trials.trial(chain_of(function), pair, number).problem) for pair in pairs)
        own = next((pair for pair, found in trials if found is not None and found.kind == problem.kind), others | {function})
        changes = {name: names for name in own if (names := audit.changed((alone := self.trials.alone(name)).case, alone.reply))}
        matrix = next((name for name in sorted(own) if self.trials.alone(name).reply.matrix), None)
        known = "changed-in-place" if changes else "state-kept" if matrix is None else "np-matrix"
        blamed = next(iter(changes)) if len(changes) == 1 else function
        self.broken[blamed] = Breach(known, hint=_TOGETHER if known == "state-kept" else "")
        left = "one leaves something behind that changes another, or is wrong for what only the others hand it"
        why = left if matrix is None else f"{matrix} returns np.matrix, {audit.MATRIX}"
        why = "one changes in place what another still needs" if changes else why
        why = f"it changes {listed(changes[blamed])} in place" if len(changes) == 1 else why
        if blamed == function:
            says = f"{problem.says} when it runs together with {listed(sorted(own - {function}))}, though each of them is right alone"
            return replace(verdict, verdict="wrong", says=f"{says}: {why}")
        says = f"{why}, and so {function}, which is right, goes wrong with it: there {problem.says}"
        self._verdicts[blamed] = replace(self.verdict(blamed), verdict="wrong", says=says, notes=())
        return verdict

    def _cache_is_read(self, verdict: FunctionVerdict, alone: Trial) -> FunctionVerdict:
        """An entry of a forward function's cache that the reference's backward function does not read may be read by the learner's."""
        function, other = verdict.function, partner(verdict.function)
        entries = alone.wrong_entries
        if not entries:
            return verdict
        pair = frozenset({function, other})
        reads = pair <= self.trials.own and self.trials.alone(other).problem is None
        if reads and self.trials.trial(chain_of(function), pair, 0).problem:
            self.broken[function] = Breach("returned-otherwise")
            return replace(verdict, verdict="wrong", says=but(function, cache_says(function, alone.case, alone.reply)))
        return replace(verdict, notes=(*verdict.notes, f"{function}: {entries[0].says}; what is computed from it is right all the same"))


_NOT_FILLED_IN = "is not filled in yet"
_MEMORY = "all functions together need more memory than a run is given here, so it is not known whether they fit each other"
_TOGETHER = (
    "Call each of them twice with copies of the same arguments: are both answers equal? Then call it with what the others hand it at the "
    "first step and at the last, zeros among it, and work out one entry by hand."
)


def _reads(function: str, harm: Sequence[Fact]) -> tuple[str, ...]:
    """That a function reads from the notebook what its arguments hold, or tell."""
    return tuple(f"{function} {fact.says}" for fact in harm if fact.kind == "reads" and names_in_notebook() & set(fact.names))


def _blank(blanks: Sequence[Location]) -> str:
    lines = sorted({place.line for place in blanks})
    if blanks[0].text.startswith("def "):
        return _NOT_FILLED_IN
    ends = zip((line for line in lines if line - 1 not in lines), (line for line in lines if line + 1 not in lines), strict=True)
    runs = [[f"{first} to {last}"] if last > first + 1 else list(dict.fromkeys((str(first), str(last)))) for first, last in ends]
    texts = [text for run in runs for text in run]
    return f"{_NOT_FILLED_IN}: see line{'' if len(lines) == 1 else 's'} {listed(texts)}"


def _called(name: str) -> str:
    """A name and what it stands for in a cell, where a letter is the learner's own: ``it`` alone would be read as another word."""
    plain = name.removeprefix(NO_MORE)
    word = SEQUENCE_MODELS.vocabulary.word(plain)
    return name if word == plain or len(plain) == 1 else f"{name} ({word})"
