"""Style sheets and scripts: read once, named by their content, so that browsers may keep them for good."""

from functools import cache
from importlib.resources import files

from kakehashi.manifest import text_digest
from kakehashi.web.cache import Answer

_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@cache
def assets() -> dict[str, Answer]:
    """Return all assets by name: an address can name nothing else."""
    found = {
        path.name: Answer(path.read_bytes(), _KINDS[path.name.rpartition(".")[2]])
        for path in files("kakehashi.web").joinpath("static").iterdir()
        if path.name.rpartition(".")[2] in _KINDS
    }
    report = files("kakehashi.report").joinpath("templates")
    for name, source in (("report.css", "style.css"), ("hub.css", "hub.css")):
        found[name] = Answer(report.joinpath(source).read_bytes(), _KINDS["css"])
    return found


@cache
def edition() -> str:
    """Return a sign that changes with any asset; addresses of assets carry it."""
    return text_digest(*(f"{name}:{one.body.decode()}" for name, one in sorted(assets().items())))[:12]
