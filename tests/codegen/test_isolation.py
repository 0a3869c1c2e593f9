from __future__ import annotations

import json
import subprocess
import sys

FORBIDDEN = (
    "channels",
    "django",
    "django_redis",
    "drf_spectacular",
    "pydantic",
    "pydantic_core",
    "redis",
    "rest_framework",
)

SCRIPT = """
import json, sys

FORBIDDEN = {forbidden}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refuse())
from mizan.codegen.cli import main
status = main(["--config", {config!r}, "--quiet"])
print(json.dumps([status, sorted(sys.modules)]))
"""


def test_the_generator_runs_where_django_and_pydantic_are_not_installed(project):
    """A frontend's container holds node, Python and this package, no server."""
    path = project.frontend / "file.toml"
    path.write_text('output = "src/api"\n[source.file]\npath = "../backend/schema.kdl"\n')
    script = SCRIPT.format(forbidden=FORBIDDEN, config=str(path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    status, modules = json.loads(done.stdout)
    assert status == 0
    assert not {name for name in modules if name.partition(".")[0] in FORBIDDEN}
    assert not {name for name in modules if name.startswith("mizan.translate")}
    # Watching is a mode of its own; starting does not pay for it.
    assert "watchfiles" not in modules
    assert "index.ts" in project.files()
