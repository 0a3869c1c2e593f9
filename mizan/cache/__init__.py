"""
Cached answers that cannot be stale: entries, the tags that make them so, and the store that keeps both.

Nothing here knows functions or requests; `mizan.dispatch` says what is read and what has changed.
"""
