"""
An app with models for tests.
"""
