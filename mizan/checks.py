"""
Findings about the declared functions as Django system checks.
"""
