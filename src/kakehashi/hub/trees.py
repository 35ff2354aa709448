"""What people hand to the hub as TOML or JSON."""

import json
import tomllib
from pathlib import Path
from typing import Any

from kakehashi.errors import DataError


def read_tree(path: Path) -> Any:
    """Return what a .toml or, of any other ending, a JSON file holds. Raises DataError naming file and remedy."""
    kind = "TOML" if path.suffix.lower() == ".toml" else "JSON"
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text) if kind == "TOML" else json.loads(text)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error}; check the path") from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: cannot be read as {kind} in UTF-8: {error}; correct it there") from error
