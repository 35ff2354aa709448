"""The style sheets and scripts of the pages, read once: an address can name nothing else."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import Response

from kakehashi.web.cache import Answer
from kakehashi.web.errors import error_body

_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def add_assets(app: FastAPI) -> None:
    """Add the addresses under /static/."""
    assets = _assets()

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        asset = assets.get(name)
        if asset is None:
            return Response(error_body("not_found", name), 404, media_type="application/json")
        return Response(asset.body, media_type=asset.media_type, headers={"cache-control": "max-age=3600"})


def _assets() -> dict[str, Answer]:
    found = {
        path.name: Answer(path.read_bytes(), _KINDS[path.name.rpartition(".")[2]])
        for path in files("kakehashi.web").joinpath("static").iterdir()
        if path.name.rpartition(".")[2] in _KINDS
    }
    report = files("kakehashi.report").joinpath("templates")
    for name, source in (("report.css", "style.css"), ("hub.css", "hub.css")):
        found[name] = Answer(report.joinpath(source).read_bytes(), _KINDS["css"])
    return found
