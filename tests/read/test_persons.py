"""Numbers of no key under somebody's name, beside the learner's under "Mine:"."""

from __future__ import annotations

import pytest

from whygrad.errors import UnreadableError
from whygrad.read import read_text

RIGHT = "dxt[1][2] = 3.2305591151091875\nda_prev[2][3] = -0.06396214197109241\ndWf[3][1] = -0.1479548381644968\ndbf[4] = [0.18864637]\n\n"
WRONG = RIGHT.replace("3.23", "3.13").replace("-0.06", "-0.16")
POSTS = ("{mine}:\n{own}{other}:\n{others}", "Where is it wrong?\n\n{other}:\n{others}{mine}:\n{own}")


def read(post: str, mine: str, other: str, own: str = RIGHT, others: str = WRONG) -> list[tuple[str, int]]:
    """The first number of each block, and how many are expected."""
    blocks = read_text(post.format(mine=mine, other=other, own=own, others=others), "post.txt").blocks
    return [(block.numbers[0].text, len(block.expected)) for block in blocks]


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("person", ["@ina_3", "Ina K."])
def test_another_persons_numbers_are_not_the_learners(post: str, person: str) -> None:
    """They are left out where the learner's are wrong, too; a person's right ones are what is expected."""
    assert read(post, "Mine", person) == [("3.2305591151091875", 0)]
    assert read(post, "Mine", person, own=WRONG, others=WRONG.replace("3.13", "3.14")) == [("3.1305591151091875", 0)]
    assert read(post, "Mine", person, own=WRONG, others=RIGHT) == [("3.1305591151091875", 4)]


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("other", ["In this thread @ina_3 posted her wrong output", "@ina_3 gets", "That is @ina_3's output"])
def test_what_somebody_on_the_forum_has_is_not_the_learners(post: str, other: str) -> None:
    """A whole sentence may say so, and another one that these are the learner's; who is spoken to has nothing."""
    assert read(post, "But my lstm_cell_backward prints", other) == [("3.2305591151091875", 0)]
    assert "3.1305591151091875" in dict(read(post, "Earlier my output was", "@ina_3 here is the output now"))


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize(("mine", "other"), [("Mine", "Ina"), ("Mine", "Colab"), ("My output", "Output of Ina"), ("My output", "Ina's")])
def test_what_may_be_a_persons_name_leaves_it_open(post: str, mine: str, other: str) -> None:
    """Neither is the learner called right, nor wrong."""
    with pytest.raises(UnreadableError, match=f'right numbers below "{mine}" and others below "{other}"'):
        read(post, mine, other)


@pytest.mark.parametrize("other", ["Vectorised version", "Edit", "After that", "Now it prints", "Output", "Actual"])
def test_a_head_that_is_no_name_leaves_the_numbers_the_learners(other: str) -> None:
    """Beside right ones these are asked about."""
    assert "3.1305591151091875" in dict(read(POSTS[0], "Mine", other))
