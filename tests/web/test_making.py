"""Studies made and run from the browser: uploads kept and refused, the run watched, stopped and gone on with."""

import gzip
import io
import tempfile
import time
import zipfile

import pytest
from serving import client, served

from kakehashi import Study
from kakehashi.web import runs
from kakehashi.web.editing import change, with_value
from kakehashi.web.serve import spool_beside
from kakehashi.web.uploads import harmless

LINES = "title,authors,year,affiliations,keywords\n" + "".join(
    f'"Work {n} on machine learning","A. Author; B. Author",20{10 + n % 9},'
    '"University of Tokyo, Japan; University of Oxford, UK","machine learning"\n'
    for n in range(30)
)


@pytest.fixture
def shelf(tmp_path):
    """An explorer over an empty folder."""
    (tmp_path / "shelf").mkdir()
    with served(tmp_path / "shelf") as address, client(address) as found:
        yield found, tmp_path / "shelf"


def make(browser, name="made", files=None, **more):
    sent = files or [("files", ("works.csv", LINES.encode()))]
    return browser.post("/en/new", data={"name": name, "home": "JP", "taxonomy": "none", **more}, files=sent)


def waited(folder, *, until=("finished", "failed", "stopped")):
    for _ in range(600):
        found = runs.state(folder)
        if found["status"] in until:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_study_is_made_run_and_looked_at_and_a_second_one_knows_nothing_of_it(shelf):
    browser, folder = shelf
    assert make(browser, first_year="2011").headers["location"] == "/en/s/made/run"
    page = browser.get("/en/s/made/run").text
    assert "works.csv" in page
    assert 'taxonomy = "none"' in (folder / "made/study.toml").read_text(encoding="utf-8")
    assert Study(folder / "made").settings.study.first_year == 2011
    assert browser.get("/en/s/made/map").status_code == 404
    assert (
        make(
            browser, "second", [("files", ("other.csv", LINES.replace("Oxford, UK", "Paris, France").encode()))]
        ).status_code
        == 303
    )
    for name in ("made", "second"):
        browser.post(f"/en/s/{name}/run", data={"action": "start"}, files={"none": b""})
        assert waited(folder / name)["status"] == "finished"
    assert "Run and ready" in browser.get("/en/").text
    assert "United Kingdom" in browser.get("/en/s/made/countries").text
    assert "United Kingdom" not in browser.get("/en/s/second/countries").text
    with served(folder) as again, client(again) as other:
        assert other.get("/ja/s/made/countries").status_code == 200


def test_a_run_that_was_killed_is_told_as_stopped_and_goes_on(shelf):
    browser, folder = shelf
    make(browser)
    (folder / "made/.cache").mkdir()
    (folder / "made/.cache/run.json").write_text('{"status": "running", "pid": 999999999, "stages": []}')
    assert runs.state(folder / "made")["status"] == "stopped"
    assert "Go on where it stopped" in browser.get("/en/s/made/run").text


BOMB = 300 * 1024 * 1024


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bomb.zip", zipped("works.csv", b"title\n" + b"a" * BOMB), "200 times"),
        ("bomb.gz", gzip.compress(b"title\n" + b"a" * BOMB), "200 times"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "Not recognised"),
        ("broken.zip", b"PK\x03\x04" + b"x" * 200, "broken.zip"),
    ],
    ids=["zip", "gzip", "picture", "broken"],
)
def test_what_is_no_export_is_refused_on_the_page_with_the_reason_and_leaves_nothing(shelf, name, content, reason):
    browser, folder = shelf
    answer = make(browser, files=[("files", (name, content))])
    assert answer.status_code == 400
    assert reason in answer.text
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../out", "/etc", ".hidden", "", "a/b", "a\\b", "x" * 200, "mic2023", "<b>"])
def test_a_name_that_is_no_name_makes_no_folder(shelf, name):
    browser, folder = shelf
    assert make(browser, name).status_code == 400
    assert list(folder.parent.iterdir()) == [folder]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"), ("C:\\x\\a.csv", "a.csv"), ("a\x00b\n.csv", "a_b_.csv"),
        (".bashrc", "bashrc"), ("<script>.bib", "_script_.bib"), ("", "export"),
        ("..", "export"), ("書誌 データ.csv", "書誌 データ.csv"),
    ],
)  # fmt: skip
def test_a_files_name_is_only_ever_a_name(given, kept):
    assert harmless(given) == kept


def test_files_of_hostile_names_are_kept_inside_the_study(shelf):
    browser, folder = shelf
    make(browser, files=[("files", ("../../../evil.csv", LINES.encode())), ("files", ("../evil.csv", LINES.encode()))])
    assert sorted(path.name for path in (folder / "made/exports").iterdir()) == ["evil-2.csv", "evil.csv"]


def test_a_form_of_unknown_length_is_refused_before_it_is_read(shelf):
    browser, _ = shelf
    answer = browser.post("/en/new", content=iter([b"x"]), headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400


def test_a_value_is_set_in_its_section_and_comments_stay():
    text = "# head\n[study]\nhome = 'JP' # c\n\n[fields]  # f\n# labels = 'x'\n"
    changed = with_value(with_value(text, "study", "home", "DE"), "fields", "labels", "l.csv")
    assert changed == '# head\n[study]\nhome = "DE"\n\n[fields]  # f\nlabels = "l.csv"\n# labels = \'x\'\n'
    assert with_value("a = 1\n", "new", "b", ["c"]).endswith('[new]\nb = ["c"]\n')


def test_a_run_that_fails_says_why_in_the_language_of_the_page(shelf):
    browser, folder = shelf
    make(browser)
    (folder / "made/exports").rename(folder / "gone")
    browser.post("/ja/s/made/run", data={"action": "start"}, files={"none": b""})
    failed = waited(folder / "made")
    assert failed["status"] == "failed"
    english, japanese = browser.get("/en/s/made/run").text, browser.get("/ja/s/made/run").text
    assert "does not exist; correct the path in study.toml" in english
    assert "が見つかりません。study.toml の sources を直すか" in japanese
    assert '<span lang="en">sources:' in japanese
    assert '<span lang="en">' not in english


def test_files_are_refused_in_the_language_of_the_page(shelf):
    browser, _ = shelf
    sent = {"name": "made", "home": "JP", "taxonomy": "none"}
    files = [("files", ("bomb.gz", gzip.compress(b"title\n" + b"a" * BOMB))), ("files", ("empty.csv", b""))]
    answer = browser.post("/ja/new", data=sent, files=files)
    assert "200倍を超えて膨らむため" in answer.text
    assert "empty.csv" in answer.text
    assert "they grow" not in answer.text


@pytest.mark.parametrize(("holds_a_study", "name"), [(True, ".cache"), (False, ".uploads")])
def test_uploads_come_to_rest_beside_the_studies_and_leave_nothing(tmp_path, monkeypatch, holds_a_study, name):
    monkeypatch.setattr(tempfile, "tempdir", None)
    if holds_a_study:
        (tmp_path / "study.toml").touch()
    spool_beside(tmp_path)
    with tempfile.SpooledTemporaryFile(max_size=1) as upload:
        upload.write(b"more than fits")
        assert tempfile.gettempdir() == str((tmp_path / name).resolve())
    assert list((tmp_path / name).iterdir()) == []


def test_a_new_run_is_seen_at_the_next_page_and_not_before(study):
    with served(study.parent) as address, client(address) as browser:
        first = browser.get("/en/s/study/fields.json")
        kept = {"if-none-match": first.headers["etag"]}
        assert browser.get("/en/s/study/fields.json", headers=kept).status_code == 304
        change(study / "study.toml", ("study", "last_year", 2018))
        assert browser.get("/en/s/study/fields.json", headers=kept).status_code == 304
        Study(study).run()
        second = browser.get("/en/s/study/fields.json", headers=kept)
    assert second.status_code == 200
    assert second.json()["run"] != first.json()["run"]
    years = [[column["title"] for column in page.json()["parts"][-1]["columns"]] for page in (first, second)]
    assert "2022" in years[0]
    assert years[1][-1] == "2018"
