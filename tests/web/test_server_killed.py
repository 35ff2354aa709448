"""The explorer may be killed at any time: started again it has lost nothing, and what it shows as done is done."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx

from kakehashi import Study
from kakehashi.web import runs

KILLED = Path(__file__).with_name("killed.py")
MOMENTS = 8
"""Of all: as many as do not hold up the other tests. `killed.py` tries every one when asked."""
LINES = "title,authors,year,affiliations,keywords\n" + "".join(
    f'"Work {n}","A; B",20{10 + n % 9},"Univ Xyz, Qwert; University of Oxford, UK","deep widgets"\n' for n in range(8)
)


@contextmanager
def serving(folder):
    """Run `kakehashi serve` in a process of its own; yield it and its address. Killed at the end, if not before."""
    command = [sys.executable, "-u", "-m", "kakehashi", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.:]+", line)))
        yield process, address
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_killed_at_moments_at_which_it_changes_the_folder_it_loses_nothing(tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (tmp_path / "e.csv").write_text(LINES, encoding="utf-8")
    study = Study.create(shelf / "ready", "JP", [tmp_path / "e.csv"])
    study.run()
    with serving(shelf) as (_, address):
        assert httpx.get(f"{address}/en/s/ready/review", timeout=60).status_code == 200
    (tmp_path / "work").mkdir()
    done = subprocess.run(
        [sys.executable, KILLED, shelf, tmp_path / "work", str(MOMENTS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    after = json.loads(done.stdout)
    undisturbed = after.pop("0")
    assert len(after) >= MOMENTS
    assert undisturbed["decisions"]
    assert undisturbed["labels"]
    assert undisturbed["read"] == [False, True]
    for moment, found in after.items():
        assert found == undisturbed, f"killed at moment {moment}"


def test_killed_in_the_middle_of_an_upload_it_leaves_nothing_and_the_files_can_be_sent_again(tmp_path):
    head = (
        b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nmine\r\n'
        b'--b\r\nContent-Disposition: form-data; name="home"\r\n\r\nJP\r\n'
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    )
    with serving(tmp_path) as (process, address):
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        connection.putrequest("POST", "/en/new")
        connection.putheader("Content-Type", "multipart/form-data; boundary=b")
        connection.putheader("Content-Length", str(64 << 20))
        connection.endheaders(head)
        for _ in range(8):
            connection.send(LINES.encode() * 5000)
        kill(process)
        connection.close()
    with serving(tmp_path) as (_, address):
        assert sorted(path.name for path in tmp_path.rglob("*")) == [".uploads"]
        sent = {"name": "mine", "home": "JP", "taxonomy": "none"}
        answer = httpx.post(f"{address}/en/new", data=sent, files=[("files", ("a.csv", LINES.encode()))], timeout=60)
        assert answer.status_code == 303
        assert sorted(path.name for path in tmp_path.iterdir()) == [".uploads", "mine"]


def finished(address):
    """Wait until the run of the study `mine` ends, which must be well, and return its state."""
    for _ in range(600):
        state = httpx.get(f"{address}/en/s/mine/run.json", timeout=60).json()
        if state["status"] != "running":
            break
        time.sleep(0.1)
    assert state["status"] == "finished", state
    return state


def test_a_run_outlives_the_server_and_the_next_server_shows_it(tmp_path):
    with serving(tmp_path) as (process, address):
        sent = {"name": "mine", "home": "JP", "taxonomy": "none"}
        httpx.post(f"{address}/en/new", data=sent, files=[("files", ("a.csv", LINES.encode()))], timeout=60)
        httpx.post(f"{address}/en/s/mine/run", data={"action": "start"}, files={"none": b""}, timeout=60)
        kill(process)
    assert runs.state(tmp_path / "mine")["status"] == "running"
    with serving(tmp_path) as (_, address):
        finished(address)
        assert "United Kingdom" in httpx.get(f"{address}/en/s/mine/countries", timeout=60).text


def test_a_run_killed_with_the_server_is_shown_as_stopped_and_goes_on(tmp_path):
    with serving(tmp_path) as (process, address):
        sent = {"name": "mine", "home": "JP", "taxonomy": "none"}
        httpx.post(f"{address}/en/new", data=sent, files=[("files", ("a.csv", LINES.encode()))], timeout=60)
        httpx.post(f"{address}/en/s/mine/run", data={"action": "start"}, files={"none": b""}, timeout=60)
        while not runs.state(tmp_path / "mine").get("stages"):
            time.sleep(0.02)
        os.kill(runs.state(tmp_path / "mine")["pid"], signal.SIGKILL)
        kill(process)
    with serving(tmp_path) as (_, address):
        assert httpx.get(f"{address}/en/s/mine/run.json", timeout=60).json()["status"] == "stopped"
        assert "Go on where it stopped" in httpx.get(f"{address}/en/s/mine/run", timeout=60).text
        httpx.post(f"{address}/en/s/mine/run", data={"action": "start"}, files={"none": b""}, timeout=60)
        state = finished(address)
        assert any(stage["seconds"] is None for stage in state["stages"])  # what was finished is kept
