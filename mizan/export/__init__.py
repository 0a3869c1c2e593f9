"""
The registry as documents: OpenAPI 3.1, and the KDL IR translated from it.
"""
