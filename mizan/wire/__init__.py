"""
From a Python annotation to what any server needs of it: validation, output and JSON Schema. Made of pydantic alone; what a
framework adds comes in by `mizan.wire.hooks`.
"""
