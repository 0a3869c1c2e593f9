"""
A TOML table that is taken apart key by key, with a message for each thing that is wrong in it.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Collection, Mapping

from mizan.codegen.failures import ConfigProblem

_KINDS: Mapping[type, str] = {
    bool: "a boolean",
    dict: "a table",
    float: "a number",
    int: "a number",
    list: "an array",
    str: "a string",
}


class SettingsTable:
    """
    The keys of one table; `finish` complains about keys that nobody asked for.

    A wrong value gives a complaint and a harmless stand-in, so that all complaints come at once. Tables within share the
    list of complaints.

    Args:
        shown: Name of the file in messages.
        lines: For every key that there may be, by dotted path, the line to write.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        *,
        shown: str,
        lines: Mapping[str, str],
        path: str = "",
        problems: list[str] | None = None,
    ) -> None:
        self._values = values
        self._shown = shown
        self._lines = lines
        self._path = path
        self.problems: list[str] = [] if problems is None else problems
        self._check_keys()

    def finish(self) -> None:
        """
        Raises:
            ConfigProblem: there is a complaint.
        """
        if self.problems:
            raise ConfigProblem("\n".join(self.problems))

    def complain(self, message: str, hint: str) -> None:
        """Note what is wrong and what to write instead."""
        indented = "\n".join(f"  {line}" for line in hint.splitlines())
        self.problems.append(f"{self._shown}: {message}\n{indented}")

    def text(self, key: str, default: str | None = None, choices: Collection[str] | None = None) -> str:
        value = self._values.get(key, default)
        if value is None:
            self._complain(key, "is missing.")
        elif not isinstance(value, str):
            self._complain(key, f"is {_kind(value)}, not a string.")
        elif value == "" and default is None:
            self._complain(key, "is empty.")
        elif choices is not None and value not in choices:
            self._complain_choice(key, value, choices)
        else:
            return value
        return default or ""

    def texts(self, key: str, default: tuple[str, ...], choices: Collection[str] | None = None) -> tuple[str, ...]:
        value = self._values.get(key, list(default))
        if not isinstance(value, list):
            self._complain(key, f"is {_kind(value)}, not an array of strings.")
        elif not value:
            self._complain(key, "is empty.")
        elif not all(isinstance(item, str) and item for item in value):
            self._complain(key, "holds something that is no string or an empty one.")
        else:
            for item in value:
                if choices is not None and item not in choices:
                    self._complain_choice(key, item, choices)
            return tuple(value)
        return default

    def mapping(self, key: str) -> Mapping[str, str]:
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self._complain(key, f"is {_kind(value)}, not a table.")
            return {}
        for name, item in value.items():
            if not isinstance(item, str):
                text = str(item).lower() if isinstance(item, bool) else str(item)
                message = f"{self._full(key)}.{name} is {_kind(item)}, not a string."
                self.complain(message, f"Write:\n{name} = {json.dumps(text)}")
        return {name: str(item) for name, item in value.items()}

    def seconds(self, key: str, default: float) -> float:
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._complain(key, f"is {_kind(value)}, not a number of seconds.")
        elif not 0 < value < math.inf:
            self._complain(key, "is no time to wait.")
        else:
            return float(value)
        return default

    def table(self, key: str) -> SettingsTable:
        """The table at *key*, an empty one where there is none."""
        return self.optional_table(key) or self._child(key, {})

    def optional_table(self, key: str) -> SettingsTable | None:
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._complain(key, f"is {_kind(value)}, not a table.")
            return None
        return self._child(key, value)

    def _child(self, key: str, values: Mapping[str, object]) -> SettingsTable:
        return SettingsTable(values, shown=self._shown, lines=self._lines, path=self._full(key), problems=self.problems)

    def _check_keys(self) -> None:
        prefix = f"{self._path}." if self._path else ""
        known = [name.removeprefix(prefix) for name in self._lines if name.startswith(prefix)]
        known = [name for name in known if "." not in name]
        for key in self._values:
            if key not in known:
                guess = difflib.get_close_matches(key, known, n=1)
                hint = f"Did you mean {guess[0]}?" if guess else f"There is: {', '.join(sorted(known))}."
                self.complain(f"unknown key {self._full(key)}.", hint)

    def _complain(self, key: str, what: str) -> None:
        self.complain(f"{self._full(key)} {what}", f"Write:\n{self._lines[self._full(key)]}")

    def _complain_choice(self, key: str, value: str, choices: Collection[str]) -> None:
        shown = ", ".join(f'"{choice}"' for choice in choices)
        self._complain(key, f'has "{value}"; there is {shown}.')

    def _full(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or time")
