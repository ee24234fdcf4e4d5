"""Which entries of a gradient the numbers behind a label are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.intervals import ARRAY_DECIMALS, scalar_interval, vector_intervals
from whygrad.read.post.labels import entries
from whygrad.read.post.tree import flat
from whygrad.records import Number

if TYPE_CHECKING:
    from whygrad.read.post.intervals import Interval
    from whygrad.read.post.labels import Index, Label, Labels
    from whygrad.read.post.tokens import Token
    from whygrad.read.post.tree import Tree


def place_of(token: Token, labels: Labels, *, array: bool | None = None) -> tuple[Label | None, int]:
    """The label that a token means and how many numbers belong to it; no label where its index is none of a check's.

    A name without an index may be that of several labels: which, is told by whether an ``array`` stands behind it.
    """
    indexes = labels.indexes.get(token.quantity, [])
    if token.bare or token.entry == ():
        if len(indexes) > 1 and array is not None:
            indexes = [index for index in indexes if labels.forms[token.quantity, index].vector == array]
        if len(indexes) == 1:
            return (token.quantity, indexes[0]), labels.forms[token.quantity, indexes[0]].size
        return None, 1
    for index in indexes:
        form = labels.forms[token.quantity, index]
        if token.entry == index:
            return (token.quantity, index), form.size
        if token.entry and token.entry[:-1] == index and token.entry[-1] < form.size:
            return (token.quantity, token.entry), 1
        if token.entry and token.entry == index[: len(token.entry)]:
            return (token.quantity, index), form.size
    return None, 1


def numbers_of(labels: Labels, label: Label | None, count: int, tree: Tree, said: int) -> tuple[Number, ...]:
    """The numbers of one value, or none where they are fewer than the label prints or can't be placed.

    A single number with more decimals than an array's was printed by itself: the array has lost an axis, and it is all that is there.

    Only the first ``said`` of the label's indexes were written: a whole array may stand behind it, of which one entry is taken.
    """
    if label is None:
        return ()
    quantity, index = label
    whole = said < len(index)
    texts = flat(tree)
    if isinstance(tree, str) and not (whole and said):
        alone = count == 1 or (not whole and len(tree.lower().partition("e")[0].partition(".")[2]) > ARRAY_DECIMALS)
        return (Number(quantity, index, tree, *scalar_interval(tree)),) if alone else ()
    intervals = vector_intervals(texts)
    if whole and (said or len(texts) != count):
        tree, intervals = _entry_of(tree, intervals, index[said:])
        texts = flat(tree)
        if isinstance(tree, str) and count == 1:
            return (Number(quantity, index, tree, *intervals[0]),)
    if len(texts) < count or (whole and len(texts) != count):
        return ()
    form = labels.forms.get(label)
    if len(texts) == 1:
        places: list[Label] = [(quantity, (*index, 0)) if form and form.vector else label]
    else:
        places = list(entries(label, len(texts)))
    return tuple(Number(*place, text, *interval) for place, text, interval in zip(places, texts, intervals, strict=True))


def _entry_of(tree: Tree, intervals: list[Interval], index: Index) -> tuple[Tree, list[Interval]]:
    """The entry at ``index`` of a whole printed array, and its intervals; nothing where the array is too small for it."""
    start = 0
    for place in index:
        if isinstance(tree, str) or place >= len(tree):
            return [], []
        start += sum(len(flat(part)) for part in tree[:place])
        tree = tree[place]
    return tree, intervals[start : start + len(flat(tree))]
