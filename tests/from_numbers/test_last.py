"""What a long-lived process keeps is bounded."""

from whygrad.from_numbers.last import Last


def test_a_value_is_made_once_and_the_one_not_asked_for_longest_is_dropped() -> None:
    """Asking again counts as use."""
    last, made = Last[str](2), list[str]()

    def get(key: str) -> str:
        return last.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "abacab"] == list("ABACAB")
    assert made == ["a", "b", "c", "b"]
