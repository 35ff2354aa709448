"""`kakehashi serve`: the explorer in the browser."""

import socket
from pathlib import Path

import click

from kakehashi.cli.words import say
from kakehashi.errors import StudyError


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the explorer in the browser.")
def serve(folder: Path, port: int, open_browser: bool) -> None:
    """Show a study, or the studies of a folder, in the browser: on this machine only, until Ctrl-C.

    In a folder of studies new ones can be made and run from the browser. The published study mic2023 is always there.

    \b
    Example: kakehashi serve my-study --port 8765
             kakehashi serve studies/ --open
    """
    from kakehashi.web.serve import HOST, prepare, serve

    if not folder.exists():
        raise StudyError(f"{folder}: there is no such folder; make it first, or name a study")
    taken = _bound(HOST, port)
    taken.listen(128)  # who comes before the server is up waits
    prepare(folder, lambda: click.echo(say("preparing")))
    address = f"http://{HOST}:{taken.getsockname()[1]}/"
    click.echo(say("serving", folder=folder, address=address))
    if open_browser:
        click.launch(address)
    with taken:
        serve(folder, taken)


def _bound(host: str, port: int) -> socket.socket:
    """Take the port at once, so that a taken one is told before anything is opened. Raises StudyError."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise StudyError(f"port {port} cannot be used: {error.strerror}; choose another, such as --port 0") from error
    return taken
