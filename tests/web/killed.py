"""Let servers die, as by kill -9, at each moment at which one changes a folder, and another go on from there.

Called as `python killed.py SHELF WORK MOST`: SHELF holds the finished study `ready`; copies of it are made in WORK.
Each server is a process of its own. Somebody makes a study, changes its settings, decides and labels; after the kill he
does again what the pages do not show as done. Prints one JSON: what is left without a kill, and after kills at MOST
moments or somewhat more, spread over all; with 0 at every one.
"""

import csv
import json
import os
import re
import shutil
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from kakehashi import Study
from kakehashi.names import country_name
from kakehashi.web import render
from kakehashi.web.app import create_app
from kakehashi.web.uploads import clear_unfinished

MOMENTS = "moments"
CHANGES = ("replace", "rename", "mkdir", "rmdir", "unlink", "fsync")
DIED = 137
LINES = b'title,year,authors,affiliations,keywords\nA work,2020,A. B,"Dept, Oslo, Norway",ice\n'


def count_and_die(fatal, moments):
    """Count changes of the disk, before and after each, and die at one of them."""

    def counted(function):
        def wrapper(*arguments, **more):
            pass_by()
            found = function(*arguments, **more)
            pass_by()
            return found

        return wrapper

    def pass_by():
        moments[0] += 1
        if moments[0] == fatal:
            os._exit(DIED)

    for name in CHANGES:
        setattr(os, name, counted(getattr(os, name)))


def somebody(folder):
    """Do what is not done yet, by what the pages say."""
    clear_unfinished(folder)
    browser = TestClient(create_app(folder), base_url="http://127.0.0.1", follow_redirects=False)
    if "s/made/" not in browser.get("/en/").text:
        sent = {"name": "made", "home": "JP", "taxonomy": "none", "first_year": "2012"}
        files = [("files", ("a.csv", LINES)), ("files", ("b.csv", LINES.replace(b"A work", b"Another")))]
        answer = browser.post("/en/new", data=sent, files=files)
        assert answer.status_code == 303, answer.text
    browser.post("/en/s/made/run", data={"action": "choose", "first_year": "2015"}, files={"none": b""})
    for field, page, answer in (("d", "review", "country"), ("k", "labels", "iot")):
        numbers = re.findall(rf'name="{field}(\d+)"', browser.get(f"/en/s/ready/{page}").text)
        known = list(dict.fromkeys(numbers))
        for some in filter(None, (known[:1], known[1:])):
            data = {f"{field}{number}": answer for number in some} | {f"t{number}": "US" for number in some}
            assert browser.post(f"/en/s/ready/{page}", data=data).status_code == 200


def left(folder):
    """What stands in the folder when all is done, without times."""

    def rows(path, *columns):
        with path.open(encoding="utf-8", newline="") as stream:
            return sorted({tuple(row[column] for column in columns) for row in csv.DictReader(stream)})

    ready, made = folder / "ready", folder / "made"
    return {
        "folder": sorted(path.name for path in folder.iterdir()),
        "exports": {path.name: path.read_text() for path in sorted((made / "exports").iterdir())},
        "settings": [(one / "study.toml").read_text(encoding="utf-8") for one in (made, ready)],
        "read": [sorted(map(str, Study(one).settings.affiliations.decisions)) != [] for one in (made, ready)],
        "decisions": rows(ready / "decisions/browser.csv", "name", "institution_id", "decision", "target"),
        "labels": rows(ready / "labels/browser.csv", "keyword", "fields"),
    }


def a_server(folder, fatal=0):
    """Let somebody use a server, which dies at a moment if one is given; return its exit code."""
    child = os.fork()
    if child == 0:
        moments = [0]
        count_and_die(fatal, moments)
        somebody(folder)
        (folder.parent / MOMENTS).write_text(str(moments[0]))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def after(shelf, folder, fatal):
    """What is left of a copy in which a server died and another went on; without a moment, after one server."""
    shutil.copytree(shelf, folder)
    if fatal:
        assert a_server(folder, fatal) == DIED, fatal
    assert a_server(folder) == 0, fatal
    found = left(folder)
    shutil.rmtree(folder)
    return found


def main(shelf: Path, work: Path, most: int) -> None:
    for name in render.environment().list_templates(extensions=("j2",)):  # once, and not in each server
        render.environment().get_template(name)
    country_name("JP", "en"), country_name("JP", "ja")
    found = {"0": after(shelf, work / "0", 0)}
    moments = int((work / MOMENTS).read_text())
    for fatal in range(1, moments + 1, max(moments // most, 1) if most else 1):
        found[str(fatal)] = after(shelf, work / str(fatal), fatal)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
