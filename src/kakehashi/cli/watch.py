"""Progress on a terminal: bars with time left where somebody looks, plain lines where the output goes to a file."""

from collections.abc import Mapping
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from kakehashi.cli.words import say
from kakehashi.progress import Advance


class TerminalWatcher:
    """Draws what the runner does. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn(say("time_left")),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: list[TaskID] = []

    def __enter__(self) -> "TerminalWatcher":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def step(self, name: str, total: int | None) -> Advance:
        """Draw a bar for one step of the running stage."""
        task = self._progress.add_task("  " + say(f"step_{name}"), total=total)
        self._tasks.append(task)
        return lambda units: self._progress.advance(task, units)

    def stage(self, name: str, number: int, total: int) -> None:
        """Say which stage begins."""
        self._console.print(f"[bold]{number}/{total}[/bold] {say(f'stage_{name}')} …", soft_wrap=True)

    def skipped(self, name: str, number: int, total: int) -> None:
        """Say that a stage is up to date."""
        self._console.print(
            f"{number}/{total} " + say("skipped", stage=say(f"stage_{name}")), style="dim", soft_wrap=True
        )

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """Say what a stage made, and clear its bars."""
        for task in self._tasks:
            self._progress.remove_task(task)
        self._tasks.clear()
        counts = ", ".join(f"{table} {count:,}" for table, count in rows.items())
        self._console.print(
            "    " + say("finished", stage=name, seconds=seconds, rows=counts), highlight=False, soft_wrap=True
        )
