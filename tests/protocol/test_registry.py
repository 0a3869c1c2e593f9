"""
The table of functions by wire name.
"""

from __future__ import annotations

from types import ModuleType

from mizan.protocol.registry import FunctionRegistry
from tests.checks.messages import found, ids, serve


def test_a_function_that_another_of_its_module_replaces_is_missed(registry: FunctionRegistry) -> None:
    """Whoever wrote the first one wonders where it is."""
    module = ModuleType("doubled")
    source = "from mizan.client import client\n\n"
    source += "@client(auth=False)\ndef echo(request) -> int: ...\n\n" * 2
    exec(compile(source, "doubled.py", "exec"), vars(module))
    serve(vars(module)["echo"])

    assert ids() == ["mizan.E003"]
    assert "doubled.echo (doubled.py:6) is written twice: the one in line 3 is lost" in found()[0].msg
