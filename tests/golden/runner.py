"""
Runs one golden case: a folder's ``clients.py`` through every stage, to the files that should stand beside it.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from pathlib import Path

from mizan import ir
from mizan.codegen.failures import SchemaProblem
from mizan.codegen.generator import build_client, read_schema
from mizan.export.document import build_document
from mizan.protocol.errors import ConfigError
from mizan.protocol.registry import default_registry
from mizan.protocol.specs import spec_of
from mizan.translate import translate

CASES = Path(__file__).parent / "cases"
KERNEL = "kernel/"


def case_names() -> list[str]:
    """The folder of every case."""
    return sorted(path.parent.name for path in CASES.glob("*/clients.py"))


def expected_files(case: str) -> dict[str, str]:
    """What stands in the folder, by relative path, without the input."""
    folder = CASES / case
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "clients.py" and "__pycache__" not in path.parts
    }


def actual_files(case: str, *, seed: int | None = None) -> dict[str, str]:
    """
    What the stages make of the case.

    Args:
        seed: Shuffles the order in which the functions are registered.
    """
    with default_registry.isolated():
        _declare(case, seed)
        try:
            document = build_document()
        except ConfigError as error:
            return {"stderr.txt": f"{error}\n"}
    text = ir.write(translate(json.loads(json.dumps(document))))
    files = {"openapi.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n", "schema.kdl": text}
    try:
        client = build_client(read_schema(text, case))
    except SchemaProblem as error:
        return {"schema.kdl": text, "stderr.txt": f"{error}\n"}
    files.update({f"react/{file.path}": file.text for file in client if not file.path.startswith(KERNEL)})
    return files


def _declare(case: str, seed: int | None) -> None:
    name = f"{case}.clients"
    location = importlib.util.spec_from_file_location(name, CASES / case / "clients.py")
    assert location is not None
    assert location.loader is not None
    module = importlib.util.module_from_spec(location)
    # Type hints are looked up in the module by its name.
    sys.modules[name] = module
    try:
        location.loader.exec_module(module)
        specs = [spec for spec in map(spec_of, vars(module).values()) if spec is not None]
        if seed is not None:
            random.Random(seed).shuffle(specs)  # noqa: S311 - an order, not a secret
        for spec in specs:
            default_registry.add(spec, by_hand=False)
    finally:
        del sys.modules[name]


def update(case: str) -> None:
    """Make the files of the case what they are now."""
    folder = CASES / case
    actual = actual_files(case)
    for stale in expected_files(case).keys() - actual.keys():
        (folder / stale).unlink()
    for path, text in actual.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
