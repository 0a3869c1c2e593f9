"""
Functions and contexts over HTTP: a real DRF view for each, and the pages that describe them.
"""
