"""Many clients on the hub's server over loopback: readers, editors, and all editors adding to the same few records.

    python benchmarks/hub_load.py postgresql://user@host/name --clients 50 --minutes 10

It starts a server with accounts, logs every client in, and lets half of them read and half of them write. Each writer
also adds one to a counter that all share, reading it again when somebody was faster; at the end the counters must
hold as many ones as clients were told were added. Errors other than such conflicts are failures.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import Any

import httpx

PASSWORD = "a password of the load test"  # noqa: S105
NEED = {"title": "Need", "text": "words " * 60, "language": "en", "state": "open"}


class Client(threading.Thread):
    """A client that logs in and asks until it is told to stop."""

    def __init__(self, base: str, name: str, counters: list[str], until: float, pause: float) -> None:
        super().__init__(name=name)
        self.base, self.counters, self.until, self.pause = base, counters, until, pause
        self.answers: Counter[str] = Counter()
        self.times: list[float] = []
        self.added = 0
        self.failures: list[str] = []

    def run(self) -> None:
        """Ask until the time is over."""
        try:
            with httpx.Client(base_url=self.base, timeout=60) as client:
                told = client.post("/login", json={"login": self.name, "password": PASSWORD})
                client.headers["X-CSRF-Token"] = told.json()["csrf"]
                turn = 0
                while time.time() < self.until:
                    turn += 1
                    (self.write if self.name.startswith("editor") else self.read)(client, turn)
                    time.sleep(self.pause)
        except (httpx.HTTPError, KeyError, ValueError) as error:  # a client that dies is a failure to be told
            self.failures.append(repr(error))

    def ask(self, client: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and count the answer and its time."""
        start = time.perf_counter()
        answer = client.request(method, path, **more)
        self.times.append(time.perf_counter() - start)
        self.answers[f"{method} {answer.status_code}"] += 1
        if answer.status_code >= 400 and answer.status_code != 409:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def read(self, client: httpx.Client, turn: int) -> None:
        """List, look at one, look at the log."""
        path = ("/needs?limit=20", f"/projects/{self.counters[turn % len(self.counters)]}", "/changes?limit=20")[
            turn % 3
        ]
        self.ask(client, "GET", path)

    def write(self, client: httpx.Client, turn: int) -> None:
        """Add a need and change it, or add one to a shared counter."""
        if turn % 2:
            need = self.ask(client, "POST", "/needs", json=NEED).json()
            self.ask(client, "PATCH", f"/needs/{need['id']}?version=1", json={"state": "closed"})
            return
        path = f"/projects/{self.counters[turn % len(self.counters)]}"
        while True:
            here = self.ask(client, "GET", path).json()
            more = {"income": str(int(here["income"]) + 1)}
            if self.ask(client, "PATCH", f"{path}?version={here['version']}", json=more).status_code == 200:
                self.added += 1
                return


def main() -> None:
    """Run the load and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between the turns of a client")
    asked = parser.parse_args()
    from kakehashi.hub.access.accounts import Accounts
    from kakehashi.hub.store.hub import Hub

    hub = Hub(asked.url, create=True)
    accounts = Accounts(hub)
    names = [f"{'editor' if number % 2 else 'reader'}{number}" for number in range(asked.clients)]
    for name in names:
        accounts.add(name, PASSWORD, name.rstrip("0123456789"), "load")
    accounts.add("admin", PASSWORD, "admin", "load")
    counters = []
    with hub.unit("load") as unit:
        for number in range(3):
            values = {"title": f"Counter {number}", "income": 0, "currency": "JPY", "state": "running"}
            counters.append(unit.create("projects", values)["id"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kakehashi", "hub", "serve", "--accounts", "--port", str(port), "--url", asked.url]
    server = subprocess.Popen(command)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{base}/me")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        until = time.time() + 60 * asked.minutes
        clients = [Client(base, name, counters, until, asked.pause) for name in names]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    finally:
        server.terminate()
        server.wait()
    times = sorted(each for client in clients for each in client.times)
    answers = sum((client.answers for client in clients), Counter())
    failures = [one for client in clients for one in client.failures]
    added = sum(client.added for client in clients)
    held = sum(int(hub.get("projects", one)["income"]) for one in counters)
    needs = hub.count("needs")
    told = {
        "clients": asked.clients,
        "minutes": asked.minutes,
        "requests": len(times),
        "by_answer": dict(sorted(answers.items())),
        "median_ms": round(1000 * statistics.median(times), 1),
        "p99_ms": round(1000 * times[int(0.99 * len(times))], 1),
        "failures": len(failures),
        "first_failures": failures[:3],
        "added": added,
        "held": held,
        "lost_updates": added - held,
        "needs": needs,
        "needs_told": answers["POST 201"],
        "load": os.getloadavg(),
    }
    print(json.dumps(told, indent=1))
    hub.close()


if __name__ == "__main__":
    main()
