"""`kakehashi hub serve` and `kakehashi hub account`: pages and JSON API, and who may use them."""

import getpass
import sys
from pathlib import Path

import click

from kakehashi.cli.words import say
from kakehashi.errors import SettingsError

_URL = "The database; else KAKEHASHI_HUB_URL, else a SQLite file of yours."
_ROLES = ("reader", "editor", "admin")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8020, show_default=True, help="The port to listen on.")
@click.option("--accounts", is_flag=True, help="Ask for a login. Without, only this machine is answered.")
@click.option("--studies", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A study, or a folder of studies, whose works needs are matched with.")  # fmt: skip
@click.option("--url", help=_URL)
def serve(host: str, port: int, accounts: bool, studies: Path | None, url: str | None) -> None:
    """Serve the hub's pages, and its JSON API as described at /openapi.json. Stop with Ctrl-C.

    \b
    Example: kakehashi hub serve --port 8020
             kakehashi hub serve --accounts --host 0.0.0.0 --studies studies/
    """
    from kakehashi.cli.hub import open_hub

    opened = open_hub(url, create=True)
    import uvicorn

    from kakehashi.hub.access.accounts import Accounts
    from kakehashi.hub.access.doors import Door, SingleUser, WithAccounts, is_loopback
    from kakehashi.web.hub.pages import make_server
    from kakehashi.web.shelf import Shelf

    if not accounts and not is_loopback(host):
        raise SettingsError(f"--host {host}: without accounts the hub answers this machine only; add --accounts")
    door: Door = SingleUser()
    if accounts:
        held = Accounts(opened)
        if not held.all():
            raise SettingsError("--accounts: there is none yet; `kakehashi hub account add LOGIN --role admin`")
        door = WithAccounts(held)
    click.echo(say("hub_serving", address=f"http://{host}:{port}", place=opened.place))
    try:
        app = make_server(opened, door, None if studies is None else Shelf(studies))
        uvicorn.run(app, host=host, port=port, log_level="warning")
    finally:
        opened.close()


@click.group()
def account() -> None:
    """Keep the accounts of a hub that is served to many.

    Example: kakehashi hub account add ann --role admin
    """


@account.command("add")
@click.argument("login")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--url", help=_URL)
def add_account(login: str, role: str, url: str | None) -> None:
    """Open an account. The password is asked for, or read from a line of standard input.

    Example: kakehashi hub account add ann --role editor
    """
    from kakehashi.cli.hub import me, open_hub

    opened = open_hub(url, create=True)
    from kakehashi.hub.access.accounts import Accounts

    Accounts(opened).add(login, _password(), role, me())
    opened.close()
    click.echo(say("account_added", login=login, role=role))


@account.command("change")
@click.argument("login")
@click.option("--role", type=click.Choice(_ROLES))
@click.option("--password", "new_password", is_flag=True, help="Ask for a new password.")
@click.option("--open/--close", "active", default=None, help="Let it log in again, or no longer.")
@click.option("--url", help=_URL)
def change_account(login: str, role: str | None, new_password: bool, active: bool | None, url: str | None) -> None:
    """Change an account. Its sessions end.

    Example: kakehashi hub account change ann --role reader
    """
    from kakehashi.cli.hub import me, open_hub

    opened = open_hub(url)
    from kakehashi.hub.access.accounts import Accounts

    password = _password() if new_password else None
    Accounts(opened).change(login, me(), role=role, password=password, active=active)
    opened.close()
    click.echo(say("account_changed", login=login))


@account.command("list")
@click.option("--url", help=_URL)
def list_accounts(url: str | None) -> None:
    """List the accounts with their roles.

    Example: kakehashi hub account list
    """
    from kakehashi.cli.hub import open_hub

    opened = open_hub(url)
    from kakehashi.hub.access.accounts import Accounts

    for one in Accounts(opened).all():
        click.echo(f"{one['login']}  {one['role']}" + ("" if one["active"] else f"  {say('account_closed')}"))
    opened.close()


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass()
    return sys.stdin.readline().rstrip("\n")
