"""The command `kakehashi` as a person starts it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE_ROOT = Path(__file__).parents[1] / "src"


def environment(**more: str) -> dict[str, str]:
    """The environment of a fresh terminal: in English, with a home of its own unless told otherwise."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "KAKEHASHI"))}
    return {**clean, "PYTHONPATH": str(SOURCE_ROOT), "PYTHONUTF8": "1", **more}


def kakehashi(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. A command that hangs fails the test after five minutes."""
    return subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-m", "kakehashi", *arguments],
        capture_output=True, encoding="utf-8", cwd=cwd, env=environment(**env), timeout=300, check=False,
    )  # fmt: skip
