"""The JSON API of the hub: `make_app` for a server of its own or to be mounted in another, `make_router` for a part."""

from kakehashi.hub.api.app import make_app
from kakehashi.hub.api.routes import make_router

__all__ = ["make_app", "make_router"]
