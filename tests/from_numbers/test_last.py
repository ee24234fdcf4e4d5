"""What a long-lived process keeps is bounded."""

from whygrad.from_numbers.programs.last import Last


def test_a_value_is_made_once_and_the_one_not_asked_for_longest_is_dropped() -> None:
    """Asking again counts as use."""
    last, made = Last[str](2), list[str]()

    def get(key: str) -> str:
        return last.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "abacab"] == list("ABACAB")
    assert made == ["a", "b", "c", "b"]


def test_large_values_are_dropped_by_their_size_and_the_last_one_stays() -> None:
    """However large it is."""
    last, made = Last[str](3, len), list[str]()
    for key in ("aa", "b", "aa", "cc", "aa", "b", "dddd", "b"):
        assert last.get(key, lambda key=key: made.append(key) or key) == key
    assert made == ["aa", "b", "cc", "aa", "b", "dddd", "b"]


def test_what_another_thread_made_meanwhile_counts_once() -> None:
    """The one that ends last is kept."""
    last = Last[str](3, len)

    def slower() -> str:
        assert last.get("a", lambda: "a") == "a"
        return "A"

    assert last.get("a", slower) == "A"
    assert [last.get(key, lambda key=key: key) for key in ("b", "c", "a")] == ["b", "c", "A"]
