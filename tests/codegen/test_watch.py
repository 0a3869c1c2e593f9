from __future__ import annotations

import builtins
import io

import pytest

from mizan.codegen import watch as watch_module
from mizan.codegen.config import Config, DjangoSource, FileSource
from mizan.codegen.failures import ConfigProblem
from mizan.codegen.progress import Progress
from mizan.codegen.watch import Watched, changes_of, watch, watched_by


def config(tmp_path, source):
    return Config(tmp_path / "mizan.toml", tmp_path / "api", "api", source)


def test_the_folders_of_the_backend_are_watched_once_each(tmp_path):
    """A folder inside another is watched with it, and one that does not exist cannot be."""
    for name in ("backend/shop", "lib"):
        (tmp_path / name).mkdir(parents=True)
    path = ":".join(str(tmp_path / name) for name in ("backend", "backend/shop", "lib", "missing"))
    source = DjangoSource(tmp_path / "backend/manage.py", env={"PYTHONPATH": path})

    watched = watched_by(tmp_path / "mizan.toml", config(tmp_path, source))

    assert watched == Watched((tmp_path / "backend", tmp_path / "lib"), (tmp_path / "mizan.toml",))


def test_of_a_schema_file_only_the_file_is_watched(tmp_path):
    """Its folder may be a whole frontend."""
    watched = watched_by(tmp_path / "mizan.toml", config(tmp_path, FileSource(tmp_path / "a.kdl")))

    assert watched == Watched((), (tmp_path / "a.kdl", tmp_path / "mizan.toml"))


def test_without_a_readable_config_the_config_is_watched(tmp_path):
    """Mending it is what starts the next run."""
    assert watched_by(tmp_path / "mizan.toml", None) == Watched((), (tmp_path / "mizan.toml",))


class Bursts:
    """Stands in for the watcher: does what it is told before each of its yields, once for each time it is started."""

    def __init__(self, *rounds):
        self.rounds = iter(rounds)
        self.watched = []

    def __call__(self, watched):
        self.watched.append(watched)
        for change in next(self.rounds):
            change()
            yield


@pytest.fixture
def run(tmp_path, monkeypatch):
    """
    Watches a config whose source is a file, with generating replaced by noting; gives what was noted.
    """
    noted = []
    stream = io.StringIO()

    def note(config, progress):
        text = config.source.path.read_text()
        if text == "bad":
            raise ConfigProblem("bad schema")
        noted.append(text)

    def start(*rounds):
        bursts = Bursts(*rounds)
        watch(tmp_path / "mizan.toml", Progress(stream), lambda error: noted.append(str(error)), bursts)
        return noted, bursts.watched, stream.getvalue()

    monkeypatch.setattr(watch_module, "generate", note)
    return start


def write(path, text):
    return lambda: path.write_text(text)


def nothing():
    pass


def toml(name):
    return f'output = "api"\n[source.file]\npath = "{name}"\n'


def test_every_burst_of_changes_is_one_run_and_failures_do_not_end_it(tmp_path, run):
    """A syntax error in Python is mended and the client is up to date again."""
    (tmp_path / "mizan.toml").write_text(toml("a.kdl"))
    (tmp_path / "a.kdl").write_text("one")

    noted, watched, output = run([nothing, write(tmp_path / "a.kdl", "bad"), write(tmp_path / "a.kdl", "two")])

    assert noted == ["one", "bad schema", "two"]
    assert len(watched) == 1
    assert output.count("watching; Ctrl-C ends it") == 3


def test_another_source_is_watched_from_when_the_config_names_it(tmp_path, run):
    """The config can be changed without starting again; while it is broken, the old source is watched."""
    (tmp_path / "mizan.toml").write_text(toml("a.kdl"))
    (tmp_path / "a.kdl").write_text("a")
    (tmp_path / "b.kdl").write_text("b")
    path = tmp_path / "mizan.toml"

    noted, watched, _ = run([nothing, write(path, "output ="), write(path, toml("b.kdl"))], [nothing])

    assert [line.splitlines()[0].partition(",")[0] for line in noted] == ["a", str(path), "b", "b"]
    assert watched == [
        Watched((), (tmp_path / "a.kdl", path)),
        Watched((), (tmp_path / "b.kdl", path)),
    ]


def test_a_config_that_is_broken_from_the_start_can_be_mended(tmp_path, run):
    """A watcher that is started first thing in the morning waits."""
    path = tmp_path / "mizan.toml"
    path.write_text("output =")
    (tmp_path / "a.kdl").write_text("a")

    noted, watched, _ = run([nothing, write(path, toml("a.kdl"))], [nothing])

    assert [line.splitlines()[0].partition(",")[0] for line in noted] == [str(path), "a", "a"]
    assert [entry.files for entry in watched] == [(path,), (tmp_path / "a.kdl", path)]


def test_a_config_that_is_not_there_ends_it(tmp_path, run):
    """Most likely the command was run in another folder."""
    with pytest.raises(ConfigProblem, match="does not exist"):
        run()


def test_a_changed_file_is_noticed(tmp_path, monkeypatch):
    """First comes the yield that says that the watching has begun, then one for each change, be it a removal."""
    path = tmp_path / "mizan.toml"
    between_looks = iter([nothing, write(path, "1"), nothing, nothing, path.unlink])
    looks = []

    def sleep(seconds):
        looks.append(seconds)
        next(between_looks)()

    monkeypatch.setattr(watch_module.time, "sleep", sleep)
    changes = changes_of(Watched((), (path,)))

    assert [len(looks) for _ in zip(range(3), changes, strict=False)] == [0, 2, 5]


def test_changed_python_in_a_folder_is_noticed(tmp_path):
    """Through the operating system, not by looking at thousands of files again and again."""
    changes = changes_of(Watched((tmp_path,), ()))
    next(changes)
    (tmp_path / "clients.py").write_text("1")
    next(changes)
    changes.close()


def test_without_watchfiles_the_message_names_it(tmp_path, monkeypatch):
    """Only ``--watch`` needs it."""
    real_import = builtins.__import__

    def refuse(name, *rest):
        if name == "watchfiles":
            raise ImportError(name)
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)

    with pytest.raises(ConfigProblem, match="needs the package watchfiles"):
        next(changes_of(Watched((), ())))
