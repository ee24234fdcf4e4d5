"""Runs other people's code: in a child process that can do no harm, or, for functions that the user's own process holds, in place."""
