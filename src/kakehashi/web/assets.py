"""The addresses of style sheets and scripts."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kakehashi.web.edition import assets, edition
from kakehashi.web.errors import error_body


def add_assets(app: FastAPI) -> None:
    """Add the addresses under /static/."""

    @app.get("/static/{name}", include_in_schema=False)
    async def static(request: Request, name: str) -> Response:
        asset = assets().get(name)
        if asset is None:
            return Response(error_body("not_found", name), 404, media_type="application/json")
        # An address with the edition in it always means the same bytes.
        lasts = "max-age=31536000, immutable" if request.url.query == edition() else "no-cache"
        tag = f'"{edition()}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag, "cache-control": lasts})
        return Response(asset.body, media_type=asset.media_type, headers={"cache-control": lasts, "etag": tag})
