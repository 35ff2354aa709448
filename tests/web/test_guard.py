"""What the explorer refuses: other hosts, other origins, ways out of its folder, texts that would act."""

import httpx
import pytest
from serving import client, served

from kakehashi import Study


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org:80", "evil:8765", ""])
def test_a_name_that_is_not_of_this_machine_gets_no_answer(browser, host):
    answer = browser.get("/en/s/study/map", headers={"host": host})
    assert answer.status_code in (400, 421)
    assert "<html" not in answer.text


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8765"])
def test_the_loopback_names_are_answered(browser, host):
    assert browser.get("/en/", headers={"host": host}).status_code == 200


def test_forms_of_other_sites_are_refused(browser):
    for headers in ({"origin": "http://example.org"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert browser.post("/en/s/study/run", headers=headers).status_code == 403


def test_every_answer_carries_a_policy_without_exceptions(browser):
    for path in ("/en/", "/en/s/study/map", "/static/app.js", "/none", "/en/s/study/map.json"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert browser.get(path).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/en/s/..%2fexports/map", "/en/s/%2e%2e/map",
        "/en/s/study/..%2f", "/en/s/.cache/map", "/en/s/study/map.exe", "/en/s/study/%00", "/xx/s/study/map",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_folder(address, path):
    with client(address) as raw:
        answer = raw.send(httpx.Request("GET", httpx.URL(address).copy_with(raw_path=path.encode())))
    assert answer.status_code == 404


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{1234567*8}}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A study whose titles, authors and institutions try to act."""
    root = tmp_path_factory.mktemp("hostile")
    quoted = HOSTILE.replace('"', '""')
    rows = [
        f'"{quoted} {number}","=cmd|calc!A0","2020","{quoted} University, Tokyo, Japan; University of {quoted}, Paris, '
        f'France","{quoted};machine learning"'
        for number in range(12)
    ]
    text = "title,authors,year,affiliations,keywords\n" + "\n".join(rows) + "\n"
    (root / "made.csv").write_text(text, encoding="utf-8")
    study = Study.create(root / "hostile", "JP", [root / "made.csv"])
    toml = study.folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('taxonomy = "ict8"', 'taxonomy = "none"'), "utf-8")
    study.run()
    with served(root) as found, client(found) as raw:
        yield raw


def test_hostile_titles_and_names_are_only_ever_text(hostile):
    pages = ("", "map", "countries", "institutions", "quality", "works", "country?id=JP", "map?level=institution",
             "advise?partner=FR", "partners?level=institution", "compare")  # fmt: skip
    twin = hostile.get("/en/s/hostile/works.json").json()
    [work, *_] = [row[0]["href"] for row in twin["parts"][0]["rows"]]
    assert HOSTILE[:20] in twin["parts"][0]["rows"][0][0]["value"]
    for page in (*pages, work, f"country?id={HOSTILE}", f"institutions?q={HOSTILE}"):
        text = hostile.get(f"/en/s/hostile/{page}").text
        assert "<script>alert" not in text, page
        assert "<img" not in text, page
        assert "9876536" not in text, page


def test_a_text_that_looks_like_a_formula_stays_a_text_in_downloads(hostile):
    work = hostile.get("/en/s/hostile/works.json").json()["parts"][0]["rows"][0][0]["href"]
    name, _, query = work.partition("?")
    text = hostile.get(f"/en/s/hostile/{name}.csv?{query}&part=authors").content.decode("utf-8-sig")
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.replace('"', "").split(","))
