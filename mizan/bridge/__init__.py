"""
From a Python annotation to what a server needs of it: validation, output, JSON Schema, and real DRF serializers.
"""
