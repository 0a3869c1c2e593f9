from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mizan.codegen import source as source_module
from mizan.codegen.config import DjangoSource, FileSource
from mizan.codegen.failures import BackendProblem, ConfigProblem
from mizan.codegen.source import describe_source, read_source
from tests.waiting import wait_until


@pytest.fixture
def backend(tmp_path):
    """
    Makes a ``manage.py`` of a script and gives it as a source.
    """

    def make(script, **options):
        path = tmp_path / "manage.py"
        path.write_text("import os, sys, time\n" + textwrap.dedent(script))
        return DjangoSource(path, **{"command": (sys.executable,), **options})

    return make


def problem(source):
    with pytest.raises(BackendProblem) as caught:
        read_source(source)
    return str(caught.value)


def test_the_schema_is_what_the_command_prints(backend):
    """Whatever it says on stderr, such as warnings of a check."""
    source = backend("print('schema 1'); print('System check: 1 warning', file=sys.stderr)")

    assert read_source(source) == "schema 1\n"


def test_the_command_runs_in_its_folder_with_the_environment_of_the_config(backend, tmp_path):
    """As a developer would run it there; the rest of the environment is as it is."""
    source = backend(
        "print(sys.argv[1:], os.getcwd(), os.environ['A'], os.environ['DJANGO_COLORS'], 'PATH' in os.environ, 'ä')",
        env={"A": "b c"},
    )

    assert read_source(source) == f"['export_mizan_ir'] {tmp_path} b c nocolor True ä\n"


@pytest.mark.parametrize("own", [True, False])
def test_settings_that_are_not_there_are_named_with_the_lines_to_write(backend, monkeypatch, own):
    """Another project's DJANGO_SETTINGS_MODULE in the shell is the usual reason; manage.py says the right one."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "nope.settings")
    source = backend(
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "__import__(os.environ['DJANGO_SETTINGS_MODULE'])",
        env={"DJANGO_SETTINGS_MODULE": "gone"} if own else {},
    )

    message = problem(source)

    where = "'gone', from [source.django.env]" if own else "'nope.settings', from the environment"
    assert f"DJANGO_SETTINGS_MODULE is {where}. Write in mizan.toml:" in message
    assert '[source.django.env]\n  DJANGO_SETTINGS_MODULE = "shop.settings"' in message


def test_a_missing_package_is_no_matter_of_the_settings(backend, monkeypatch):
    """The settings are there, and import something that is not."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")

    assert "source.django.env" not in problem(backend("import nothing_of_this_name"))


def test_unset_settings_are_named_too(backend, monkeypatch):
    """Where manage.py does not set them itself."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    words = "settings are not configured. You must define the environment variable DJANGO_SETTINGS_MODULE"

    message = problem(backend(f"class ImproperlyConfigured(Exception): ...\nraise ImproperlyConfigured('{words}')"))

    assert "DJANGO_SETTINGS_MODULE is not set. Write in mizan.toml:" in message
    assert 'DJANGO_SETTINGS_MODULE = "mysite.settings"' in message


def test_findings_of_the_command_are_shown_whole(backend):
    """They are for people; only tracebacks are cut."""
    lines = "\\n".join(f"finding {number}" for number in range(50))

    message = problem(backend(f"sys.exit('noise\\nCommandError: {lines}')"))

    assert "CommandError: finding 0\n" in message
    assert "finding 49" in message
    assert "noise" not in message


def test_a_project_without_the_app_is_told_the_line_to_add(backend):
    """Django only says that it does not know the command."""
    source = backend("""
        from django.conf import settings
        from django.core.management import execute_from_command_line
        settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
        execute_from_command_line(sys.argv)
    """)

    said = problem(source)

    assert "does not know the command export_mizan_ir." in said
    assert 'Add "mizan" to INSTALLED_APPS' in said


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_the_schema(backend):
    """Some shells add them."""
    assert read_source(backend(r"sys.stdout.buffer.write(b'\xef\xbb\xbfa\r\nb\r\n')")) == "a\nb\n"


def test_a_file_is_read_as_it_is(tmp_path):
    """With or without a byte order mark."""
    path = tmp_path / "schema.kdl"
    path.write_bytes(b"\xef\xbb\xbfschema")

    assert read_source(FileSource(path)) == "schema"
    assert describe_source(FileSource(path)) == str(path)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_a_message(tmp_path, content):
    """It may have gone since the config was read."""
    path = tmp_path / "schema.kdl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigProblem, match="cannot be read"):
        read_source(FileSource(path))


def test_a_failure_shows_what_the_backend_said(backend, tmp_path):
    """Django's own words, such as those of a system check, and how to run it again."""
    source = backend(
        """
        print("SystemCheckError: System check identified some issues:", file=sys.stderr)
        print("", file=sys.stderr)
        print("ERRORS:", file=sys.stderr)
        print("?: (mizan.E004) affects names no context.", file=sys.stderr)
        sys.exit(1)
        """
    )

    assert problem(source) == (
        "The backend did not export its schema (exit status 1):\n"
        "  SystemCheckError: System check identified some issues:\n\n"
        "  ERRORS:\n  ?: (mizan.E004) affects names no context.\n"
        f"  The command was: {sys.executable} {tmp_path / 'manage.py'} export_mizan_ir"
    )


def test_of_a_traceback_what_was_raised_is_shown_and_where(backend):
    """And where: the innermost line of the project itself. Other frames are of no use in a frontend terminal."""
    source = backend(
        """
        def fail():
            try:
                {}["a"]
            except KeyError:
                raise RuntimeError("SECRET_KEY is not set\\n  as it should be")
        fail()
        """
    )
    text = problem(source)

    assert "  RuntimeError: SECRET_KEY is not set\n    as it should be\n  File " in text
    assert 'manage.py", line ' in text
    assert "    raise RuntimeError(" in text
    assert "Traceback" not in text
    assert "KeyError" not in text


def test_a_traceback_that_is_cut_off_is_shown_as_it_is(backend):
    """A killed process may print half of one."""
    source = backend("print('Traceback (most recent call last):\\n  File x', file=sys.stderr); sys.exit(3)")

    assert "(exit status 3):\n    File x\n" in problem(source)


def test_only_the_last_lines_are_shown(backend):
    """An error is at the end."""
    text = problem(backend("[print(number, file=sys.stderr) for number in range(1000)]; sys.exit(1)"))

    assert "\n  999\n" in text
    assert "\n  979\n" not in text


def test_a_failure_that_is_printed_on_stdout_is_shown_too(backend):
    """Some commands print their errors there."""
    assert "\n  no such app\n" in problem(backend("print('no such app'); sys.exit(1)"))


def test_no_output_is_a_failure(backend):
    """A command that swallowed its own error."""
    assert problem(backend("print(' '); print('odd', file=sys.stderr)")).startswith(
        "The backend printed nothing.\n  odd\n"
    )
    assert problem(backend("")).startswith("The backend printed nothing.\n  The command was")


def test_output_that_is_not_utf8_is_a_failure(backend):
    """Nothing is guessed."""
    assert problem(backend(r"sys.stdout.buffer.write(b'ab\xff')")).startswith(
        "The backend printed something that is not UTF-8, at byte 2."
    )


def test_a_missing_manage_py_is_named(tmp_path):
    """With the line that names it."""
    text = problem(DjangoSource(tmp_path / "nowhere" / "manage.py"))

    assert text.startswith(
        f"{tmp_path / 'nowhere' / 'manage.py'} does not exist.\n  manage_path counts from the folder of mizan.toml"
    )


def test_a_missing_command_is_named(backend):
    """Debian, for one, has no ``python``."""
    assert problem(backend("", command=("no-such-python",))).startswith(
        "The command no-such-python was not found.\n  Name one that is in PATH, or give its path: command ="
    )


def test_a_command_is_looked_up_in_the_path_of_the_config(backend, tmp_path):
    """``[source.django.env]`` holds for the command itself, too."""
    (tmp_path / "my-python").symlink_to(sys.executable)

    assert read_source(backend("print('x')", command=("my-python",), env={"PATH": str(tmp_path)})) == "x\n"


def test_a_command_that_cannot_be_run_is_a_message(backend, tmp_path):
    """A script for an interpreter that does not exist, for example."""
    script = tmp_path / "python"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)

    assert "could not be run: No such file or directory." in problem(backend("", command=(str(script),)))


def test_a_backend_that_takes_too_long_is_ended_with_all_it_started(backend, tmp_path):
    """``uv run`` and its like start the real one as a child."""
    marker = tmp_path / "pid"
    source = backend(
        f"""
        import subprocess
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open({str(marker)!r}, "w").write(str(child.pid))
        time.sleep(60)
        """,
        timeout_seconds=1.5,
    )

    text = problem(source)

    assert text.startswith("The backend gave no schema within 1.5 seconds.\n  If it needs longer: timeout = 4.5\n")
    pid = int(marker.read_text())
    wait_until(lambda: is_gone(pid), 10, f"process {pid} is gone")


def test_an_interrupt_ends_the_backend(backend, tmp_path):
    """Ctrl-C leaves nothing behind."""
    marker = tmp_path / "pid"
    source = backend(f"open({str(marker)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    code = (
        "import sys\nfrom pathlib import Path\nfrom mizan.codegen.config import DjangoSource\n"
        "from mizan.codegen.source import read_source\n"
        f"try:\n    read_source(DjangoSource(Path({str(source.manage_path)!r}), ({sys.executable!r},)))\n"
        "except KeyboardInterrupt:\n    sys.exit(77)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: marker.exists() and marker.read_text(), 30, "the backend has started")
    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 77
    pid = int(marker.read_text())
    wait_until(lambda: is_gone(pid), 10, f"process {pid} is gone")


def test_the_description_can_be_pasted_into_a_shell(tmp_path):
    """Quoted where a shell needs it."""
    source = DjangoSource(tmp_path / "my app" / "manage.py", ("uv", "run", "python"))

    assert describe_source(source) == f"uv run python '{tmp_path}/my app/manage.py' {source_module.EXPORT_COMMAND}"


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # An orphan that nobody waits for stays as a zombie where process 1 does not reap it.
    try:
        with Path(f"/proc/{pid}/stat").open() as stat:
            return stat.read().split()[2] == "Z"
    except FileNotFoundError:
        return True
