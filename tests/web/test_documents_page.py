"""Documents written from the browser: chosen, waited for, taken; nothing else of the folder is served."""

import time

import httpx
import pytest
from serving import client, served

from kakehashi import Study
from kakehashi.report.documents import paper
from kakehashi.web import runs


@pytest.fixture
def own(study):
    """A client of an explorer over a study of one's own."""
    with served(study.parent) as address, client(address) as found:
        yield found


def written(browser, folder, **asked):
    """Ask for documents, wait until the job ends, and return how it ended."""
    answer = browser.post("/en/s/study/documents", data={"action": "write", **asked})
    assert answer.headers["location"] == "/en/s/study/documents"
    for _ in range(600):
        found = runs.state(folder, "documents")
        if found["status"] != "running":
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_document_is_written_listed_and_taken_as_a_file(own, study):
    assert "report.en.html" not in own.get("/en/s/study/documents").text
    assert own.get("/en/s/study/documents/report.en.html").status_code == 404
    assert written(own, study, format="html", language="en")["status"] == "finished"
    assert [path.name for path in (study / "report").iterdir()] == ["report.en.html"]
    page = own.get("/en/s/study/documents").text
    assert "The documents are written." in page
    assert 'href="documents/report.en.html" download' in page
    assert "report.ja.html" not in page
    taken = own.get("/en/s/study/documents/report.en.html")
    assert taken.headers["content-disposition"] == 'attachment; filename="study-report.en.html"'
    assert taken.content == (study / "report/report.en.html").read_bytes()
    assert own.get("/en/s/study/documents.json").json()["status"] == "finished"
    assert runs.state(study)["status"] == "none"


def test_what_keeps_the_command_from_writing_is_told_on_the_page(own, study, monkeypatch):
    monkeypatch.setenv(paper.VARIABLE, "no-such-browser")
    failed = written(own, study, format="pdf", language="ja")
    assert failed["message"] == f"{paper.VARIABLE}=no-such-browser: there is no such program"
    page = own.get("/ja/s/study/documents").text
    assert failed["message"] in page
    assert "書き出せませんでした" in page
    assert not (study / "report").exists()


def test_only_documents_are_served_of_the_folder(own, study):
    (study / "report").mkdir()
    for name in ("secret.txt", ".report.en.html.1.part"):
        (study / "report" / name).write_text("not for you", encoding="utf-8")
    (study / "report/report.ja.html").symlink_to(study / "study.toml")
    names = (
        "secret.txt", ".report.en.html.1.part", "report.ja.html", "..%2fstudy.toml", "%2e%2e%2fstudy.toml",
        "..%5cstudy.toml", "%2fetc%2fpasswd", "report.en.html%00", "report.fr.html", "report.en.exe", "",
    )  # fmt: skip
    for name in names:
        path = f"/en/s/study/documents/{name}".encode()
        answer = own.send(httpx.Request("GET", own.base_url.copy_with(raw_path=path)))
        assert answer.status_code == 404, name
        assert "not for you" not in answer.text


def test_a_form_of_another_site_or_without_a_known_choice_starts_nothing(own, study):
    asked = {"action": "write", "format": "html", "language": "en"}
    foreign = {"origin": "http://example.org"}
    assert own.post("/en/s/study/documents", data=asked, headers=foreign).status_code == 403
    for wrong in ({"format": ""}, {"format": "exe"}, {"language": "--out=x"}):
        answer = own.post("/en/s/study/documents", data={**asked, **wrong})
        assert (answer.status_code, "Choose at least one format" in answer.text) == (400, True), wrong
    assert runs.state(study, "documents")["status"] == "none"


def test_a_study_that_cannot_have_documents_says_why(tmp_path):
    (tmp_path / "works.csv").write_text("title\nA\n", encoding="utf-8")
    Study.create(tmp_path / "new", "JP", [tmp_path / "works.csv"])
    with served(tmp_path) as address, client(address) as browser:
        page = browser.get("/en/s/new/documents").text
        assert "has not been run to the end" in page
        assert 'name="format"' not in page
        asked = {"format": "html", "language": "en"}
        assert browser.post("/en/s/new/documents", data=asked).status_code == 400
        page = browser.get("/ja/s/mic2023/documents").text
        assert "「kakehashi report mic2023」" in page
        assert 'name="format"' not in page
        assert browser.post("/en/s/mic2023/documents", data=asked).status_code == 404
        assert browser.get("/en/s/none/documents").status_code == 404
