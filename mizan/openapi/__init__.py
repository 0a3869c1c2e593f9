"""
Functions and contexts as operations of OpenAPI, by drf-spectacular. What names no framework is in `envelopes` and `extension`.
"""
