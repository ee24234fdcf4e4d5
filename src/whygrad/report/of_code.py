"""The kinds of mistake that only code can have: no check of the course prints numbers that tell them, so no operator makes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Its title, and what a learner is told of it: what it is, what follows, and how to check."""

    title: str
    about: str


OF_CODE = {
    "raises": Kind(
        "A function ends with an error",
        "A function ends with an error before it returns anything. The error says what Python met, and seldom why: two shapes that do not "
        "fit, a name to which no line has given a value, a key that the dictionary lacks. The line that is named is the one to mend, which "
        "may stand above the one where the error comes out; what stands behind it is judged with what belongs there. To check, print the "
        "type and the shape of each name in the line just before it.",
    ),
    "not-filled-in": Kind(
        "A function is not filled in yet",
        "The template's None or pass still stands there, or there is nothing between its comments. What is not written cannot be wrong, so "
        "it is not counted among the mistakes. The other functions are judged with a right one in its place.",
    ),
    "called-otherwise": Kind(
        "A function takes other arguments",
        "The notebook calls each function with the arguments that the assignment names, in their order. A function that asks for another "
        "one, or for fewer, cannot be called so; one more that has a default does no harm. To check, hold the def line beside the "
        "assignment's, name by name.",
    ),
    "returned-otherwise": Kind(
        "What is returned, or kept in a cache, is something else",
        "A result is missing, has another key or another shape, or is no array; or what is kept in a cache is not what its backward "
        "function takes it for. The equations may all be right. To check, print the keys, types and shapes of what is returned, and "
        "compare them with what the assignment's description says under Returns.",
    ),
    "whole-numbers": Kind(
        "Whole numbers where fractions belong",
        "An array is made of integers. What is stored in it loses its fraction, so that most gradients become zero there, without a word "
        "from NumPy. To check, print the dtype of each array that is made before the loop.",
    ),
    "half-precision": Kind(
        "Numbers of three digits",
        "Somewhere an array is float16, which keeps three digits, and whatever is computed from it has no more. To check, print the dtype "
        "of each array that is made or changed, and look for the first that is float16.",
    ),
    "state-kept": Kind(
        "A second call gives another answer",
        "The function changes something that lives outside of it, and the next call finds it changed. In a notebook this shows only when a "
        "cell is run twice. To check, call it twice with copies of the same arguments, and compare.",
    ),
    "handed-out-again": Kind(
        "What one step hands out is changed by the next",
        "One dictionary, list or array serves all steps and is filled anew at each, or a function is kept that looks up its names later. "
        "So what was kept of the steps before is not what it was: the outputs are right, and each function is right by itself, but the "
        "gradients are not. To check, print what was kept of the first step right then, and again after the loop.",
    ),
    "changed-in-place": Kind(
        "An argument is changed, and another function suffers",
        "Alone the function is right, but it changes an array that belongs to its caller, and another function of the notebook reads that "
        "array afterwards. To check, print the arguments before and after each call.",
    ),
    "np-matrix": Kind(
        "A np.matrix where an array belongs",
        "For a np.matrix a star is the matrix product, and a row keeps two dimensions. A function that is written for arrays then computes "
        "something else with it, or ends with an error. To check, print the type of what each function returns.",
    ),
    "unnamed": Kind(
        "A wrong value for which no kind fits",
        "It is known where the value goes wrong, but not by which slip of those that whygrad knows. To check, work out one entry by hand, "
        "with one hidden unit, one example and two steps, and compare it with what is printed.",
    ),
}
