"""Numbers, computed and printed: does the one print as the other stands there?"""
