"""
Functions and contexts over HTTP: a real DRF view for each, and what only HTTP has: CSRF, ETags, negotiation, the fast path.
"""
