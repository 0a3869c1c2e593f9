"""
JavaScript run by node, many sources in one process.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

_EVALUATE = """
const sources = JSON.parse(require("fs").readFileSync(0, "utf8"))
const escaped = (text) => text.replace(/[^ -~]/g, (unit) => "\\\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"))
process.stdout.write(escaped(JSON.stringify(sources.map((source) => (0, eval)(source)))))
"""


def evaluate(sources: Sequence[str]) -> list[object]:
    """
    The value of each source, as JSON gives it back; lone surrogates survive the way there and back.
    """
    done = subprocess.run(
        ["node", "-e", _EVALUATE], input=json.dumps(list(sources)), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    values: list[object] = json.loads(done.stdout)
    return values
