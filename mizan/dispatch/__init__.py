"""
The one call path: what every surface does with a function or a context once it knows who asks.

A surface turns its own frames into four calls and their outcome into frames, and has no rule of its own:
`gates.admit`, `calls.serve`, `contexts.read` and `failures.failure_of`.
"""
