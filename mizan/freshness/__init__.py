"""
What an answer depends on, what a change invalidates, when that is told, and to whom.
"""
