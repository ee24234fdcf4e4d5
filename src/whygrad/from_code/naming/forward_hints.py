"""The second hints of mistakes whose own speak of gradients and of a loss, for a forward pass, which has neither."""

OF_ANOTHER_CALL = (
    "A call gives each value to the name that stands at its place in the def line, whatever it is called here. Print what this call is "
    "given, each value beside the name that it goes to: which of them is not what that name means?"
)
"""The hint for a wrong argument, where what is called is not the backward cell of a loop."""
OF_A_FORWARD_PASS = {
    "factor-dropped": (
        "A gate multiplies what it lets through, and here something stands without what it should be multiplied with. This spoils "
        "{quantity} and whatever is computed from there. Print each value that the line multiplies: does each factor of the formula stand "
        "there, at its own term?"
    ),
    "factor-added": (
        "Each factor of a product must be one of the formula's, once. This spoils {quantity} and whatever is computed from there. Say for "
        "each factor of the line what it is in the formula; the one without an answer is too many."
    ),
    "mean-for-sum": (
        "A mean is a sum, divided by how many there are, and no formula of the forward pass divides by that. This spoils {quantity} and "
        "whatever is computed from there. Divide an expected number by yours: where this is the only mistake, the ratio is what was "
        "divided by."
    ),
    "carry-added-up": (
        "What the cell hands back is the whole new state, in which the old one has had its part: kept beside it, it counts twice. Every "
        "later step gets that, so the outputs are wrong already. Print {quantity} right behind this line at the first two steps, beside "
        "what the cell has just returned: are they the same?"
    ),
    "call-argument-wrong": OF_ANOTHER_CALL,
}
"""By mistake; {quantity} is what the line makes."""
