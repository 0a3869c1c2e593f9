"""
Folders and backends for tests of the generator.
"""

from __future__ import annotations

import sys

import pytest

from mizan.codegen.config import Config, DjangoSource
from mizan.ir.writer import write
from tests.codegen.schemas import SHOP

MANAGE = """\
import pathlib, sys
assert sys.argv[1:] == ["export_mizan_ir"], sys.argv
sys.stdout.buffer.write(pathlib.Path(__file__).with_name("schema.kdl").read_bytes())
"""


class Project:
    """
    A frontend with a ``mizan.toml``, beside a backend whose ``manage.py`` prints ``schema.kdl``.
    """

    def __init__(self, root):
        self.frontend = root / "frontend"
        self.backend = root / "backend"
        self.output = self.frontend / "src" / "api"
        self.config = self.frontend / "mizan.toml"
        self.frontend.mkdir()
        self.backend.mkdir()
        self.manage = self.backend / "manage.py"
        self.manage.write_text(MANAGE)
        self.export(SHOP)
        self.configure()

    def export(self, schema):
        """Let the backend have *schema*, or print text that is none."""
        text = schema if isinstance(schema, str) else write(schema)
        (self.backend / "schema.kdl").write_text(text, encoding="utf-8")

    def configure(self, extra=""):
        self.config.write_text(
            'output = "src/api"\n\n[source.django]\nmanage_path = "../backend/manage.py"\n'
            f'command = ["{sys.executable}"]\n{extra}'
        )

    def read_config(self):
        return Config(self.config, self.output, "src/api", DjangoSource(self.manage, (sys.executable,)))

    def files(self):
        return {path.relative_to(self.output).as_posix(): path for path in self.output.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path):
    """
    A frontend and a backend that exports ``schemas.SHOP``.
    """
    return Project(tmp_path)
