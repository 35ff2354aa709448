"""Where a command's answer goes: a file, whole or not at all, or standard output."""

import os
from pathlib import Path

import click

from kakehashi.cli.words import say
from kakehashi.cli.wrapping import terminal_width, wrapped


def deliver(text: str, out: Path | None, message: str) -> None:
    """Write a text to a file and say so with a text of cli.toml, or print it. Raises StudyError."""
    from kakehashi.study import writing

    if out is None:
        click.echo(text, nl=False)
        return
    with writing(out):
        draft = out.with_name(f".{out.name}.{os.getpid()}.part")
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(out)
    click.echo(say(message, path=out))


def outlined(lines: list[tuple[int, str]], out: Path | None) -> str:
    """Write lines under their heads (level 0), cut to the terminal's width where one is looking."""
    width = terminal_width() if out is None else None
    found: list[str] = []
    for level, line in lines:
        if level == 0:
            found += [""] if found else []
            found.append(click.style(line, bold=True) if width is not None else line)
        else:
            found += wrapped(line, level, width)
    return "".join(f"{line}\n" for line in found)
