"""A client of an application in the same process, as a browser with one cookie jar would ask it."""

import asyncio
from types import SimpleNamespace

import httpx


class Asker:
    def __init__(self, app, host="127.0.0.1", client="127.0.0.1", **headers):
        self.app, self.base, self.client = app, f"http://{host}", client
        self.headers = headers
        self.cookies = httpx.Cookies()

    def __call__(self, method, path, **more):
        return asyncio.run(self._ask(method, path, more))

    async def _ask(self, method, path, more):
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.client, 5))
        more["headers"] = {**self.headers, **more.get("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
        try:
            body = answer.json()
        except ValueError:
            body = None
        return SimpleNamespace(status=answer.status_code, body=body, headers=answer.headers, content=answer.content)

    def log_in(self, login, password):
        answer = self("POST", "/login", json={"login": login, "password": password})
        if answer.status == 200:
            self.headers = {**self.headers, "X-CSRF-Token": answer.body["csrf"]}
        return answer


def head_only(app, method, path, cookie="", length=50_000_000, **headers):
    """Send the head of a request and tell its status, and how often the body was asked for."""
    asked, told = [], []

    async def receive():
        asked.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(asked) < 3}

    async def send(message):
        told.append(message)

    known = {"host": "127.0.0.1", "content-length": str(length), "cookie": cookie, **headers}
    pairs = [(name.encode(), value.encode()) for name, value in known.items() if value]
    where, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": where, "raw_path": where.encode(), "query_string": query.encode(), "root_path": "",
        "headers": pairs, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return told[0]["status"], len(asked)
