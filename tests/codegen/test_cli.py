from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading

import pytest

from mizan.codegen import cli
from mizan.codegen.cli import main
from mizan.codegen.output import MANIFEST, generator_version
from mizan.ir.model import Field, Ref
from tests.codegen.schemas import STRING, function, schema, struct
from tests.waiting import wait_until

COMMAND = [sys.executable, "-c", "import sys; from mizan.codegen.cli import main; sys.exit(main())"]


def test_a_client_is_generated(project, capsys):
    """The one command of the README."""
    assert main(["--config", str(project.config)]) == 0

    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"mizan-generate: src/api: \d+ files written of \d+ \(\d+\.\d\d s\)\n", captured.err)
    assert "export function callBuy" in (project.output / "functions.ts").read_text()
    assert MANIFEST in project.files()


def test_the_config_of_the_current_folder_is_the_default(project, monkeypatch):
    """``mizan-generate`` alone is enough."""
    monkeypatch.chdir(project.frontend)

    assert main(["--quiet"]) == 0


def test_quiet_says_nothing_but_errors(project, capsys):
    """For scripts that have their own words."""
    assert main(["--config", str(project.config), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")

    assert main(["--config", str(project.frontend / "other.toml"), "--quiet"]) == 2
    assert "other.toml does not exist." in capsys.readouterr().err


def test_check_prints_the_difference_and_fails(project, capsys):
    """Continuous integration holds the committed client to the server."""
    arguments = ["--config", str(project.config), "--check"]
    assert main(arguments) == 1
    assert "--- /dev/null\n+++ src/api/types.ts (generated)\n" in capsys.readouterr().out
    assert not project.output.exists()

    main(["--config", str(project.config)])
    capsys.readouterr()
    assert main(arguments) == 0
    assert capsys.readouterr().out == ""

    (project.output / "errors.ts").unlink()
    project.export(schema(title="shop"))
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "--- src/api/functions.ts\n+++ /dev/null\n" in out
    assert "errors.ts" not in out


@pytest.mark.parametrize(
    ("break_it", "code", "message"),
    [
        (lambda project: project.config.write_text("outptu = 1"), 2, "mizan-generate: mizan.toml: unknown key outptu."),
        (
            lambda project: project.manage.write_text("raise SystemExit('no')"),
            3,
            "mizan-generate: The backend did not export",
        ),
        (lambda project: project.export("function {"), 4, "mizan-generate: The schema does not read: "),
        (
            lambda project: project.export(schema(functions=(function("a.b"), function("a_b")))),
            4,
            'mizan-generate: function "a_b" in shop.clients: it would be `callAB` in the client',
        ),
    ],
)
def test_each_kind_of_failure_has_its_status_and_its_message(project, capsys, break_it, code, message):
    """Never a traceback."""
    break_it(project)

    assert main(["--config", str(project.config)]) == code
    assert capsys.readouterr().err.startswith(message)
    assert not project.output.exists()


def test_help_has_examples_and_exit_codes(capsys):
    """It is the first documentation that anyone reads."""
    assert main(["--help"]) == 0

    out = capsys.readouterr().out
    assert "mizan-generate --check" in out
    assert "  4  the schema cannot become a client" in out


def test_version_is_that_of_the_package(capsys):
    """As in the manifest."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mizan-generate {generator_version()}\n"


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--check", "--watch"]])
def test_a_wrong_command_line_is_a_config_problem(capsys, arguments):
    """The same status as for a wrong file."""
    assert main(arguments) == 2
    assert "usage: mizan-generate" in capsys.readouterr().err


def test_a_strange_exit_of_the_parser_is_a_config_problem(monkeypatch):
    """SystemExit may carry a text instead of a number."""

    def leave():
        raise SystemExit("text")

    monkeypatch.setattr(cli, "_parser", leave)

    assert main([]) == 2


def test_an_interrupt_is_no_traceback(project, capsys, monkeypatch):
    """130 is what a shell expects."""

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "generate", interrupt)
    monkeypatch.setattr(cli, "watch", interrupt)

    assert main(["--config", str(project.config)]) == 130
    assert capsys.readouterr().err == "\nmizan-generate: interrupted\n"
    assert main(["--config", str(project.config), "--watch"]) == 0
    assert capsys.readouterr().err == "\n"


def test_watching_ends_with_the_watcher(project, monkeypatch):
    """The mode is handed the config and what prints a failure."""
    seen = []
    monkeypatch.setattr(cli, "watch", lambda path, progress, complain: seen.append((path, complain)))

    assert main(["--config", str(project.config), "--watch"]) == 0
    assert seen == [(project.config, cli._complain)]


def test_a_diff_is_printed_where_the_console_has_no_such_characters(project):
    """A build server often has no UTF-8."""
    project.export(schema(types=(struct("A", Field("größe", STRING)),)))
    done = subprocess.run(
        [*COMMAND, "--config", str(project.config), "--check"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert b'+  "gr\\xf6\\xdfe": string\n' in done.stdout


def test_ctrl_c_during_an_export_ends_cleanly(project):
    """Neither a traceback nor a backend that goes on."""
    marker = project.backend / "started"
    project.manage.write_text(f"import time; open({str(marker)!r}, 'w'); time.sleep(60)")
    process = subprocess.Popen([*COMMAND, "--config", str(project.config)], stderr=subprocess.PIPE)
    wait_until(marker.exists, 30, "the backend has started")
    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=30)[1] == b"\nmizan-generate: interrupted\n"
    assert process.returncode == 130


def test_watch_follows_the_backend(project):
    """A model changes, the client follows; a mistake is told and mended; Ctrl-C ends it."""
    process = subprocess.Popen(
        [*COMMAND, "--config", str(project.config), "--watch"], stderr=subprocess.PIPE, encoding="utf-8"
    )
    lines = Lines(process.stderr)
    try:
        lines.wait_for("written of")
        lines.wait_for("watching")

        project.export(schema(functions=(function("echo", Ref("Echo")),), types=(struct("Echo"),)))
        (project.backend / "clients.py").write_text("# changed")
        lines.wait_for("written")
        assert "callEcho" in (project.output / "functions.ts").read_text()

        project.export("nonsense {")
        (project.backend / "clients.py").write_text("# broken")
        lines.wait_for("The schema does not read")

        project.export(schema())
        project.configure("timeout = 60\n")
        lines.wait_for("removed")
        assert not (project.output / "functions.ts").exists()
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    lines.close()
    assert "Traceback" not in lines.text


class Lines:
    """What a process says, line by line, without waiting for ever."""

    def __init__(self, stream):
        self.text = ""
        self._seen = 0
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                self.text += line

    def close(self):
        self._thread.join(30)

    def wait_for(self, part):
        wait_until(lambda: part in self.text[self._seen :], 30, f"the process says {part!r}")
        self._seen = self.text.index(part, self._seen) + len(part)
