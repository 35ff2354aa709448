"""Changes to a study.toml that keep its comments: one value at a time, checked before it is written."""

import json
import re
import threading
import tomllib
from pathlib import Path
from typing import Any

from kakehashi.manifest import write_text
from kakehashi.settings import parse_settings
from kakehashi.study import writing

_HEAD = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]")
_alone = threading.Lock()
"""Held while a file is read, changed and written: who saves at the same time adds to what is there by then."""


def with_value(text: str, section: str, key: str, value: Any) -> str:
    """Return a TOML text with a value set: in place of the old one, or under the head of its section.

    `value` is a string, a whole number, a boolean, or a list of strings.
    """
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    lines = text.splitlines()
    start = next((n for n, one in enumerate(lines) if (m := _HEAD.match(one)) and m["name"].strip() == section), None)
    if start is None:
        return "\n".join([*lines, "", f"[{section}]", line]) + "\n"
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    for number in range(start + 1, end):
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[number]):
            lines[number] = line
            return "\n".join(lines) + "\n"
    return "\n".join([*lines[: start + 1], line, *lines[start + 1 :]]) + "\n"


def change(path: Path, *changes: tuple[str, str, Any]) -> None:
    """Set values of a study.toml, each by section, key and value. Raises SettingsError; the file then stays."""
    with _alone:
        text = path.read_text(encoding="utf-8")
        for section, key, value in changes:
            text = with_value(text, section, key, value)
        parse_settings(tomllib.loads(text), str(path))
        with writing(path.parent):
            write_text(path, text)
