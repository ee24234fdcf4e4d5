"""From what was found to the result: what may be told, of which functions, in which words.

``result`` puts it together, ``telling`` makes sentences of edits, ``cleared`` decides which functions are called right; the other files say
one thing more each that numbers can tell.
"""
