"""
`--watch`: generate again whenever the backend's Python, the schema file or `mizan.toml` changes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mizan.codegen.config import Config, DjangoSource, FileSource, read_config
from mizan.codegen.failures import ConfigProblem, GenerateError
from mizan.codegen.generator import generate
from mizan.codegen.progress import Progress

# A save is often several events, and a checkout many: one run for all that come within this time.
DEBOUNCE_MILLISECONDS = 300
TICK_MILLISECONDS = 100

Complain: TypeAlias = Callable[[GenerateError], object]


@dataclass(frozen=True, slots=True)
class Watched:
    """
    Folders whose Python files count, however deep, and single files.

    The files are looked at in intervals: to watch the folder of ``mizan.toml`` would be to watch its ``node_modules``.
    """

    folders: tuple[Path, ...]
    files: tuple[Path, ...]


Watcher: TypeAlias = Callable[[Watched], Iterator[None]]
"""Yields when the watching has begun, and after every burst of changes."""


def watch(config_path: Path, progress: Progress, complain: Complain, watcher: Watcher | None = None) -> None:
    """
    Generate, then again after every change, until interrupted. A failure is complained about and the watching goes on.

    Raises:
        ConfigProblem: there is no config file, or ``watchfiles`` is not installed.
    """
    watcher = watcher or changes_of
    config = read_config(config_path) if not config_path.exists() else _try_config(config_path)
    is_ended = False
    while not is_ended:
        watched = watched_by(config_path, config)
        is_ended = True
        for _ in watcher(watched):
            config = _generate(config_path, progress, complain) or config
            if watched_by(config_path, config) != watched:
                is_ended = False
                break
            progress.say("mizan-generate: watching; Ctrl-C ends it")


def watched_by(config_path: Path, config: Config | None) -> Watched:
    """
    What a client depends on: the config file and, once that is readable, its source.
    """
    folders: set[Path] = set()
    files = {config_path.resolve()}
    match config:
        case Config(source=DjangoSource(manage_path, _, env)):
            paths = [str(manage_path.parent), *env.get("PYTHONPATH", "").split(os.pathsep)]
            folders.update(Path(path).resolve() for path in paths if path and Path(path).is_dir())
        case Config(source=FileSource(path)):
            files.add(path.resolve())
    inside = {folder for folder in folders if any(folder.is_relative_to(other) for other in folders - {folder})}
    return Watched(tuple(sorted(folders - inside)), tuple(sorted(files)))


def changes_of(watched: Watched) -> Iterator[None]:
    """
    The `Watcher` in use.
    """
    stamps: object = None
    for changes in _ticks(watched.folders):
        now = [_stamp(path) for path in watched.files]
        if changes or now != stamps:
            stamps = now
            yield


def _ticks(folders: tuple[Path, ...]) -> Iterable[object]:
    """A true value after changes in the folders, and a false one at each interval without."""
    try:
        import watchfiles
    except ImportError:
        raise ConfigProblem("--watch needs the package watchfiles.", "Install it: pip install watchfiles") from None
    if not folders:
        return _clock_ticks()
    return watchfiles.watch(
        *folders,
        watch_filter=watchfiles.PythonFilter(),
        debounce=DEBOUNCE_MILLISECONDS,
        rust_timeout=TICK_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )


def _clock_ticks() -> Iterator[None]:
    while True:
        yield
        time.sleep(TICK_MILLISECONDS / 1000)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _try_config(path: Path) -> Config | None:
    try:
        return read_config(path)
    except ConfigProblem:
        return None


def _generate(config_path: Path, progress: Progress, complain: Complain) -> Config | None:
    """The config that was generated from, None where it did not read."""
    config = None
    try:
        config = read_config(config_path)
        generate(config, progress)
    except GenerateError as error:
        complain(error)
    return config
