"""
Cached answers that cannot be stale: entries, the tags that invalidate them, and the store that keeps both.

Nothing here knows functions or requests; `mizan.freshness` says what is read and what has changed.
"""
