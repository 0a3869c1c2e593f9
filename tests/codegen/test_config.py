from __future__ import annotations

import os

import pytest

from mizan.codegen.config import EXAMPLE, Config, DjangoSource, FileSource, read_config
from mizan.codegen.failures import ConfigProblem
from mizan.codegen.output import MANIFEST

README = """\
output = "src/api"
targets = ["react"]

[source.django]
manage_path = "../backend/manage.py"
command = ["uv", "run", "python"]     # optional - defaults to ["python"]

[source.django.env]
PYTHONPATH = "../backend"
DJANGO_SETTINGS_MODULE = "myproject.settings"
"""
DJANGO = '[source.django]\nmanage_path = "manage.py"\n'


@pytest.fixture
def frontend(tmp_path):
    """
    A folder for a ``mizan.toml``, beside which there may be a backend.
    """
    folder = tmp_path / "frontend"
    folder.mkdir()
    return folder


def write(folder, text):
    path = folder / "mizan.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problem(folder, text):
    with pytest.raises(ConfigProblem) as caught:
        read_config(write(folder, text))
    return str(caught.value)


def test_the_readmes_config_is_read_with_all_paths_from_its_folder(frontend):
    """A run from anywhere does the same."""
    backend = frontend.parent / "backend"

    assert read_config(write(frontend, README)) == Config(
        path=frontend / "mizan.toml",
        output=frontend / "src" / "api",
        shown_output="src/api",
        targets=("react",),
        source=DjangoSource(
            manage_path=backend / "manage.py",
            command=("uv", "run", "python"),
            env={"PYTHONPATH": str(backend), "DJANGO_SETTINGS_MODULE": "myproject.settings"},
        ),
    )


def test_what_may_be_left_out_has_defaults(frontend):
    """The smallest config names a folder and a backend."""
    config = read_config(write(frontend, 'output = "api"\n' + DJANGO))

    assert config.targets == ("react",)
    assert config.import_extension == ""
    assert config.source == DjangoSource(frontend / "manage.py", ("python",), {}, 120)


def test_the_example_in_messages_is_a_config(frontend):
    """What a message says to write does work."""
    assert read_config(write(frontend, EXAMPLE)).shown_output == "src/api"


def test_every_entry_of_the_python_path_counts_from_the_folder(frontend):
    """Absolute ones stay what they are; empty ones, which would be the current folder, are dropped."""
    entries = os.pathsep.join(["../a", "", "/b/c", "d"])
    config = read_config(write(frontend, f'output = "api"\n{DJANGO}env = {{ PYTHONPATH = "{entries}" }}\n'))

    assert isinstance(config.source, DjangoSource)
    assert config.source.env["PYTHONPATH"].split(os.pathsep) == [
        str(frontend.parent / "a"),
        "/b/c",
        str(frontend / "d"),
    ]


def test_a_command_with_a_slash_is_a_path(frontend):
    """A virtual environment beside the backend needs no activating."""
    config = read_config(write(frontend, f'output = "api"\n{DJANGO}command = ["../.venv/bin/python", "-W", "./x"]\n'))

    assert isinstance(config.source, DjangoSource)
    assert config.source.command == (str(frontend.parent / ".venv/bin/python"), "-W", "./x")


def test_a_schema_file_is_a_source_too(frontend):
    """A frontend can be generated where there is no backend."""
    (frontend / "schema.kdl").write_text("")
    text = 'output = "api"\nimport_extension = ".js"\n[source.file]\npath = "schema.kdl"\n'
    config = read_config(write(frontend, text))

    assert config.source == FileSource(frontend / "schema.kdl")
    assert config.import_extension == ".js"


def test_a_byte_order_mark_is_no_syntax_error(frontend):
    """Some editors write one."""
    assert read_config(write(frontend, b"\xef\xbb\xbf" + README.encode())).shown_output == "src/api"


def test_a_missing_file_says_what_to_write(tmp_path):
    """The first run of a new project."""
    with pytest.raises(ConfigProblem) as caught:
        read_config(tmp_path / "mizan.toml")

    assert str(caught.value).startswith(f"{tmp_path / 'mizan.toml'} does not exist.\n  Write it, for example:\n")
    assert '  manage_path = "../backend/manage.py"' in str(caught.value)


def test_a_folder_is_no_config(tmp_path):
    """Some pass the folder that the file is in."""
    with pytest.raises(ConfigProblem, match="cannot be read: Is a directory"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'output = "a"\ntargets ["react"]\n',
            "mizan.toml, line 2, column 9: Expected '=' after a key in a key/value pair.",
        ),
        ("output = ", "mizan.toml, at its end: Invalid value."),
        (b'output = "a"\n# \xff\n', "mizan.toml, line 2: this is not UTF-8."),
        ("a = 1\na = 2\n", "mizan.toml, line 2, column 6: Cannot overwrite a value."),
    ],
)
def test_bad_syntax_is_shown_with_its_place(frontend, text, expected):
    """The line is quoted, too."""
    assert expected in problem(frontend, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 'mizan.toml: output is missing.\n  Write:\n  output = "src/api"'),
        ("", 'mizan.toml: there is no source.\n  Write:\n  [source.django]\n  manage_path = "../backend/manage.py"'),
        ("output = 1", "mizan.toml: output is a number, not a string."),
        ("output = true", "mizan.toml: output is a boolean, not a string."),
        ("output = 2026-01-01", "mizan.toml: output is a date or time, not a string."),
        ('output = ""', "mizan.toml: output is empty."),
        ("targets = []", "mizan.toml: targets is empty."),
        ('targets = "react"', "mizan.toml: targets is a string, not an array of strings."),
        ("targets = [1]", "mizan.toml: targets holds something that is no string or an empty one."),
        ('targets = ["vue"]', 'mizan.toml: targets has "vue"; there is "react".\n  Write:\n  targets = ["react"]'),
        ('import_extension = "js"', 'mizan.toml: import_extension has "js"; there is "", ".js", ".ts".'),
        ('outptu = "a"', "mizan.toml: unknown key outptu.\n  Did you mean output?"),
        ("zzz = 1", "mizan.toml: unknown key zzz.\n  There is: import_extension, output, source, targets."),
        ('source = "x"', "mizan.toml: source is a string, not a table."),
        ("[source.django]", "mizan.toml: source.django.manage_path is missing."),
        ("[source.django]\nmanage_path = []", "mizan.toml: source.django.manage_path is an array, not a string."),
        ("[source]\ndjango = 1", "mizan.toml: source.django is a number, not a table."),
        (DJANGO + "timeout = 0", "mizan.toml: source.django.timeout is no time to wait.\n  Write:\n  timeout = 300"),
        (DJANGO + "timeout = inf", "mizan.toml: source.django.timeout is no time to wait."),
        (DJANGO + "timeout = true", "mizan.toml: source.django.timeout is a boolean, not a number of seconds."),
        (DJANGO + 'command = ["", "x"]', "mizan.toml: source.django.command holds something that is no string or an empty one."),
        (DJANGO + "env = 1", "mizan.toml: source.django.env is a number, not a table."),
        (
            DJANGO + "[source.django.env]\nDEBUG = true",
            'mizan.toml: source.django.env.DEBUG is a boolean, not a string.\n  Write:\n  DEBUG = "true"',
        ),
        (DJANGO + "[source.django.env]\nN = 1", '  N = "1"'),
        (DJANGO + "setings = 1", "mizan.toml: unknown key source.django.setings."),
        (
            DJANGO + '[source.file]\npath = "a"',
            "mizan.toml: there are two sources, [source.django] and [source.file]; a client has one.",
        ),
        ('output = "a"\n[source.file]\npath = "missing.kdl"', "mizan.toml: source.file.path names no file:"),
        ("[source.file]", "mizan.toml: source.file.path is missing."),
    ],
)  # fmt: skip
def test_every_mistake_says_what_is_wrong_where_and_what_to_write(frontend, text, expected):
    """The line to write instead can be copied."""
    assert expected in problem(frontend, text)


def test_all_mistakes_come_at_once(frontend):
    """One run, one list."""
    text = problem(frontend, 'outptu = "a"\ntargets = 1\n[source.django]\ncommand = 1\n')

    assert text.count("mizan.toml") == 5


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (".", "output holds more than the client"),
        ("..", "output holds more than the client"),
        ("../backend", "output holds more than the client"),
        ("a-file", "output is a file"),
        ("src/api/kernel", "output is inside another client"),
        ("src/api/a/b", "output is inside another client"),
    ],
)
def test_an_output_that_would_do_harm_is_refused(frontend, output, expected):
    """The client has a folder of its own, and nobody else's."""
    (frontend / "a-file").write_text("")
    (frontend / "src/api").mkdir(parents=True)
    (frontend / "src/api" / MANIFEST).write_text("")
    text = f'output = "{output}"\n[source.django]\nmanage_path = "../backend/manage.py"\n'

    assert expected in problem(frontend, text)


@pytest.mark.parametrize("output", ["src/api", "src/other", "../shared/api", "/a/b/api"])
def test_an_output_may_be_anywhere_else(frontend, output):
    """In another package of the same repository, for example."""
    (frontend / "src/api").mkdir(parents=True)
    (frontend / "src/api" / MANIFEST).write_text("")

    assert read_config(write(frontend, f'output = "{output}"\n{DJANGO}')).shown_output == output
