"""The hub's pages: registers, KPIs, readiness and matching; who may do what; forms of other sites."""

import io
import re
import shutil
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "hub"))

from argon2 import PasswordHasher
from asking import Asker, head_only
from hub_records import fill

from kakehashi import Study
from kakehashi.hub.access.accounts import Accounts
from kakehashi.hub.access.doors import WithAccounts
from kakehashi.hub.kpi.reading import example_kpis
from kakehashi.hub.readiness.questionnaire import parts
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.models import KINDS
from kakehashi.hub.store.transfer import wipe
from kakehashi.matching.opening import open_index
from kakehashi.texts import LANGUAGES, texts
from kakehashi.web.app import create_app
from kakehashi.web.hub.pages import make_server
from kakehashi.web.hub.registers import CHILDREN, REGISTERS

PASSWORD = "correct horse battery"  # noqa: S105
LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PAGES = ("", "match", "kpi", "readiness", "changes", "everything", *REGISTERS)
UNIVERSITY = {"name_en": "Example University", "name_ja": "例示大学", "kind": "university", "country": "JP"}
NEED = {"title": "Fault detection", "text": "machine learning for security", "language": "en", "state": "open"}


class Visitor:
    """Someone with a browser: reads pages, and sends the forms that stand on them."""

    def __init__(self, app, **headers):
        self.ask = Asker(app, **headers)
        self.csrf = ""

    def get(self, path):
        answer = self.ask("GET", path)
        text = answer.content.decode()
        found = re.search(r'name="csrf" value="([^"]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return SimpleNamespace(status=answer.status, text=text, headers=answer.headers)

    def post(self, path, **values):
        answer = self.ask("POST", path, data={"csrf": self.csrf, **values})
        return SimpleNamespace(status=answer.status, text=answer.content.decode(), headers=answer.headers)

    def add(self, kind, /, **values):
        self.get(f"/en/hub/{kind}/new")
        answer = self.post(f"/en/hub/{kind}/new", **values)
        assert answer.status == 303, answer.text
        return answer.headers["location"].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def empty_hub(tmp_path_factory):
    path = tmp_path_factory.mktemp("hub-pages") / "hub.db"
    Hub(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture
def hub(empty_hub, tmp_path, monkeypatch):
    shutil.copy(empty_hub, tmp_path / "hub.db")
    monkeypatch.setenv("KAKEHASHI_HUB_URL", f"sqlite:///{tmp_path / 'hub.db'}")
    opened = Hub()
    yield opened
    opened.close()


@pytest.fixture
def visitor(hub, finished):
    return Visitor(create_app(finished))


@pytest.fixture
def many(hub):
    accounts = Accounts(hub, LIGHT)
    for role in ("reader", "editor"):
        accounts.add(role, PASSWORD, role, "setup")
    return make_server(hub, WithAccounts(accounts), None)


PAGE_ROUTES = {
    ("GET", "/"): "reader", ("GET", "/{kind}"): "reader", ("GET", "/{kind}/{record}"): "reader",
    ("GET", "/{kind}/new"): "editor", ("POST", "/{kind}/new"): "editor",
    ("GET", "/{kind}/{record}/edit"): "editor", ("POST", "/{kind}/{record}/edit"): "editor",
    ("POST", "/{kind}/{record}/delete"): "editor", ("POST", "/{kind}/{record}/undo"): "editor",
    ("GET", "/match"): "reader", ("POST", "/match/index"): "editor", ("POST", "/match/verdict"): "editor",
    ("GET", "/serves"): "reader", ("GET", "/kpi"): "reader",
    ("GET", "/readiness"): "reader", ("POST", "/readiness"): "editor",
    ("GET", "/readiness/{organisation}/{year}"): "reader",
    ("GET", "/readiness/{organisation}/{year}/answers"): "editor",
    ("POST", "/readiness/{organisation}/{year}/answers"): "editor",
    ("GET", "/everything"): "admin", ("GET", "/everything/{name}"): "admin", ("POST", "/everything"): "admin",
    ("GET", "/accounts"): "admin", ("POST", "/accounts"): "admin", ("POST", "/accounts/{login}"): "admin",
    ("GET", "/people/{record}/erase"): "admin", ("POST", "/people/{record}/erase"): "admin",
    ("GET", "/{kind}/table"): "editor", ("POST", "/{kind}/table"): "editor", ("GET", "/{kind}/table.csv"): "editor",
    ("GET", "/changes"): "reader", ("POST", "/changes/undo"): "editor", ("POST", "/logout"): "reader",
}  # fmt: skip
PLACES = {
    "kind": "needs", "record": "0" * 32, "organisation": "0" * 32, "year": "2026", "name": "hub.json",
    "login": "no.one",
}  # fmt: skip
RANKS = ("nobody", "reader", "editor", "admin")


def logged_in(app, role):
    one = Visitor(app)
    assert one.post("/en/hub/login", login=role, password=PASSWORD).status == 303
    return one


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_with_its_heading_and_the_switch_to_the_other_language(visitor, language):
    other = "en" if language == "ja" else "ja"
    for page in PAGES:
        answer = visitor.get(f"/{language}/hub/{page}")
        assert answer.status == 200, page
        assert f'href="/{other}/hub/{page}"' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_choice_and_register_has_words(language):
    t = texts(language)
    for kind in {*REGISTERS, *(child for kinds in CHILDREN.values() for child in kinds)}:
        assert t(f"hub.pages.{kind}")
        assert t(f"hub.one.{kind}")
        for column in KINDS[kind].columns:
            for choice in column.info.get("choices", ()):
                assert t(f"hub.choices.{choice}")
    assert all(t(f"hub.leads.{kind}") for kind in REGISTERS)


def test_a_record_is_added_shown_changed_undone_and_taken_away_in_the_browser(visitor, hub):
    organisation = visitor.add("organisations", **UNIVERSITY)
    need = visitor.add("needs", **NEED, organisation_id=organisation)
    assert "例示大学" in visitor.get(f"/ja/hub/needs/{need}").text
    heads = re.findall(r'<th scope="col"[^>]*>([^<]*)', visitor.get("/en/hub/needs").text)
    assert heads == ["Title", "Organisation", "Language", "Field", "State"]
    assert "Fault detection" in visitor.get(f"/en/hub/organisations/{organisation}").text
    visitor.get(f"/en/hub/needs/{need}/edit")
    changed = {**NEED, "state": "closed", "organisation_id": organisation, "version": "1"}
    assert visitor.post(f"/en/hub/needs/{need}/edit", **changed).status == 303
    assert (hub.get("needs", need)["state"], hub.get("needs", need)["updated_by"]) == ("closed", "local")
    batch = hub.changes("needs", need)[0]["batch"]
    assert visitor.post(f"/en/hub/needs/{need}/undo", batch=batch).status == 303
    assert hub.get("needs", need)["state"] == "open"
    assert visitor.post(f"/en/hub/needs/{need}/delete", version="3").status == 303
    assert visitor.get(f"/en/hub/needs/{need}").status == 404


def test_what_is_wrong_stands_beside_its_field_and_what_was_written_stays(visitor, hub):
    visitor.get("/en/hub/organisations/new")
    answer = visitor.post("/en/hub/organisations/new", **{**UNIVERSITY, "country": "Japan", "note": "<b>kept</b>"})
    assert answer.status == 422
    assert 'id="p-country"' in answer.text
    assert "&lt;b&gt;kept&lt;/b&gt;" in answer.text
    assert hub.count("organisations") == 0


def test_who_was_slower_is_told_and_overwrites_only_by_saving_again(visitor, hub):
    need = visitor.add("needs", **NEED)
    with hub.unit("bob") as unit:
        unit.update("needs", need, 1, {"title": "Bob's"})
    answer = visitor.post(f"/en/hub/needs/{need}/edit", **{**NEED, "title": "Mine", "version": "1"})
    assert answer.status == 409
    assert "bob" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert hub.get("needs", need)["title"] == "Bob's"


def test_kpis_of_the_hub_are_judged_with_lights_and_chart(visitor):
    kpi = visitor.add(
        "kpi_definitions", key="joint", name_en="Joint papers", unit="works", direction="up", years="calendar",
        cumulative="no", baseline="10", baseline_year="2022",
    )  # fmt: skip
    for year, kind, value in ((2023, "actual", "12"), (2024, "actual", "15"), (2026, "target", "20")):
        visitor.add("kpi_values", kpi_id=kpi, year=str(year), kind=kind, value=value)
    page = visitor.get("/en/hub/kpi").text
    assert 'class="light green"' in page
    assert "<svg" in page
    assert "paint-order" not in page
    example = visitor.get("/ja/hub/kpi?organisation=example").text
    assert all(one.name.ja in example for one in list(example_kpis().values())[:3])


def test_a_kpi_may_be_derived_from_a_study_for_the_organisations_institution_or_the_home_country(visitor, finished):
    organisation = visitor.add("organisations", **UNIVERSITY)
    visitor.add(
        "kpi_definitions", organisation_id=organisation, key="share", name_en="International share", unit="percent",
        direction="up", years="calendar", cumulative="no", formula="100 * study.international_share",
    )  # fmt: skip
    asked = f"/en/hub/kpi?organisation={organisation}"
    assert texts("en")("kpi.no_value") in visitor.get(asked).text
    fed = visitor.get(f"{asked}&study=study").text
    assert texts("en")("hub.fed_for", entity="JP") in fed
    assert texts("en")("kpi.no_value") not in fed
    one = Study(finished / "study").rows("select institution_id from institutions order by works desc limit 1")[0][0]
    visitor.add("organisation_links", organisation_id=organisation, study="study", institution_id=one)
    assert texts("en")("hub.fed_for", entity=one) in visitor.get(f"{asked}&study=study").text
    assert visitor.get(f"{asked}&study=other").status == 404


def test_the_questionnaire_is_kept_as_one_change_and_shown_as_a_profile(visitor, hub):
    organisation = visitor.add("organisations", **UNIVERSITY)
    lacks = [part for part in parts().values() if part.is_lack and part.question.base == "all"][:3]
    answers = {f"q.{part.id}": part.choices[0] for part in lacks}
    assert lacks
    here = f"/ja/hub/readiness/{organisation}/2026"
    visitor.get(f"{here}/answers")
    assert visitor.post(f"{here}/answers", **answers).status == 303
    assert len({one["batch"] for one in hub.changes("readiness_answers")}) == 1
    assert "例示大学" in visitor.get("/ja/hub/readiness").text
    profile = visitor.get(here)
    assert profile.status == 200
    assert texts("ja")("readiness.gaps") in profile.text
    assert visitor.post(f"{here}/answers").status == 303  # all taken back
    assert hub.count("readiness_answers") == 0


def test_a_need_is_matched_judged_and_ranked_by_the_verdict(hub, study):
    visitor = Visitor(create_app(study))
    asked = "/en/hub/match?study=study&need=machine+learning+security"
    if not any((study / "matching").glob("*/index.json")):
        assert texts("en")("hub.build") in visitor.get(asked).text
    open_index(Study(study))
    page = visitor.get(asked).text
    first, second = re.findall(r'name="institution" value="([^"]+)"', page)[:2]
    assert "<mark>" in page
    form = {"study": "study", "need": "machine learning security", "institution": first, "score": "0.5", "place": "1"}
    assert visitor.post("/en/hub/match/verdict", **form, verdict="not_useful").status == 303
    kept = hub.records("matches")[0]
    assert (kept["institution_id"], kept["feedback"]) == (first, "not_useful")
    assert hub.get("needs", kept["need_id"])["text"] == "machine learning security"
    again = re.findall(r'name="institution" value="([^"]+)"', visitor.get(asked).text)
    assert again[0] == second
    assert visitor.post("/en/hub/match/verdict", **form, verdict="none").status == 303
    assert hub.records("matches")[0]["feedback"] is None
    assert hub.count("needs") == 1


def test_a_seed_leads_to_the_needs_it_may_serve_and_to_companies(hub, study):
    open_index(Study(study))
    visitor = Visitor(create_app(study))
    seed = {"title": "Secure learning", "text": "machine learning for security", "language": "en"}
    record = visitor.add("seeds", **seed, kind="technology", state="open")
    need = visitor.add("needs", **{**NEED, "text": "機械学習がほしい", "language": "ja"})
    assert f"serves?seed_id={record}" in visitor.get(f"/ja/hub/seeds/{record}").text
    page = visitor.get(f"/ja/hub/serves?seed_id={record}&study=study")
    assert page.status == 200
    assert f"/ja/hub/needs/{need}" in page.text
    assert texts("ja")("match.companies") in page.text
    assert visitor.get(f"/ja/hub/serves?seed_id={'0' * 32}").status == 404


def test_a_need_without_technical_words_and_a_study_that_is_not_there_are_told(hub, study):
    open_index(Study(study))
    visitor = Visitor(create_app(study))
    assert visitor.get("/ja/hub/match?study=study&need=探しています").status == 400
    assert visitor.get("/en/hub/match?study=../other&need=robot").status == 404


def test_forms_without_the_token_or_of_another_site_change_nothing(visitor, hub):
    visitor.get("/en/hub/needs/new")
    good = visitor.csrf
    visitor.csrf = "guessed"
    assert visitor.post("/en/hub/needs/new", **NEED).status == 403
    visitor.csrf = good
    other = {"headers": {"origin": "https://example.org"}}
    assert visitor.ask("POST", "/en/hub/needs/new", data={"csrf": good, **NEED}, **other).status == 403
    assert visitor.ask("POST", "/en/hub/needs/new", data={"csrf": good, "text": "x" * 2_000_000}).status == 413
    large = visitor.ask("POST", "/ja/hub/needs/new", data={"csrf": good, "text": "x" * 2_000_000})
    assert "一度に1 MBを超えるデータは送れません。" in large.content.decode()
    assert hub.count("needs") == 0


def test_without_accounts_only_this_machine_is_answered(hub, finished):
    assert Visitor(create_app(finished), client="192.0.2.7").get("/en/hub/needs").status == 403
    assert Visitor(create_app(finished), host="hub.example.org").get("/en/hub/needs").status == 421


def test_with_accounts_nothing_is_shown_before_the_login(many):
    nobody = Visitor(many)
    for page in PAGES:
        answer = nobody.get(f"/en/hub/{page}")
        assert (answer.status, answer.headers["location"]) == (303, "/en/hub/login"), page
    assert nobody.post("/en/hub/login", login="reader", password="wrong").status == 401  # noqa: S106
    assert nobody.get("/static/app.css").status == 200
    assert nobody.ask("GET", "/needs").status == 401  # the API is behind the same door


def routes_of(app):
    """Return method and address of every page of the hub that asks who is there."""
    found = {(method, route.path) for route in app.routes for method in getattr(route, "methods", None) or ()}
    start = "/{language}/hub"
    inside = {(method, path.removeprefix(start)) for method, path in found if path.startswith(start) and path != start}
    return {one for one in inside if one[0] in ("GET", "POST") and one[1] != "/login"}


@pytest.mark.parametrize("role", RANKS)
def test_every_page_and_form_is_for_those_who_may_and_nobody_else(kept, role):
    assert routes_of(kept) == set(PAGE_ROUTES), "a page is missing from the table of this test, or gone"
    one = Visitor(kept) if role == "nobody" else logged_in(kept, role)
    one.get("/en/hub/")
    for (method, path), least in sorted(PAGE_ROUTES.items(), key=lambda item: item[0][1] == "/logout"):
        asked = f"/en/hub{path.format(**PLACES)}"
        answer = one.get(asked) if method == "GET" else one.post(asked)
        if RANKS.index(role) >= RANKS.index(least):
            assert answer.status in (200, 303, 400, 404, 409, 413, 422), (method, path)
            assert answer.headers.get("location") != "/en/hub/login" or path == "/logout"
        elif role == "nobody":
            assert (answer.status, answer.headers["location"]) == (303, "/en/hub/login"), (method, path)
        else:
            assert answer.status == 403, (method, path)


def test_of_whoever_may_not_send_it_nothing_of_a_form_is_read(kept):
    reader = logged_in(kept, "reader")
    cookie = f"kakehashi_session={reader.ask.cookies['kakehashi_session']}"
    form = {"content-type": "multipart/form-data; boundary=x"}
    for (method, path), least in PAGE_ROUTES.items():
        if method == "POST":
            asked = f"/en/hub{path.format(**PLACES)}"
            assert head_only(kept, "POST", asked, **form) == (303, 0), path
            assert head_only(kept, "POST", asked, cookie, **form) == ((413 if least == "reader" else 403), 0), path
    assert head_only(kept, "POST", "/en/hub/login", **form) == (413, 0)
    assert head_only(kept, "POST", "/en/hub/login", length="", **form) == (413, 0)


def test_a_reader_reads_and_an_editor_writes_and_people_are_for_editors(many, hub):
    reader, editor = logged_in(many, "reader"), logged_in(many, "editor")
    need = editor.add("needs", **NEED)
    assert hub.get("needs", need)["created_by"] == "editor"
    page = reader.get("/en/hub/needs").text
    assert "Fault detection" in page
    assert "needs/new" not in page
    assert "/hub/people" not in page
    assert reader.get("/en/hub/people").status == 404
    assert editor.get("/en/hub/people").status == 200
    for path in ("needs/new", f"needs/{need}/edit", f"needs/{need}/delete", f"needs/{need}/undo"):
        assert reader.post(f"/en/hub/{path}", **NEED, version="1").status == 403, path
    assert reader.get(f"/en/hub/needs/{need}/edit").status == 403
    reader.get("/en/hub/")
    assert reader.post("/en/hub/logout").status == 303
    assert reader.get("/en/hub/needs").headers["location"] == "/en/hub/login"


@pytest.fixture
def kept(hub):
    accounts = Accounts(hub, LIGHT)
    for role in ("reader", "editor", "admin"):
        accounts.add(role, PASSWORD, role, "setup")
    return make_server(hub, WithAccounts(accounts), None)


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_accounts_export_import_and_erasing_are_for_admins_alone(kept, hub, role):
    with hub.unit("setup") as unit:
        person = unit.create("people", {"name": "Hanako"})["id"]
    one = logged_in(kept, role)
    page = one.get("/en/hub/").text
    for path in ("accounts", "everything"):
        assert f"/en/hub/{path}" not in page
        assert one.get(f"/en/hub/{path}").status == 403, path
    for path in ("everything/hub.json", f"people/{person}/erase"):
        assert one.get(f"/en/hub/{path}").status == 403, path
    assert logged_in(kept, "admin").get("/en/hub/everything/hub.txt").status == 404
    for path in ("accounts", "accounts/reader", "everything", f"people/{person}/erase"):
        assert one.post(f"/en/hub/{path}", login="x", password=PASSWORD, role="admin").status == 403, path
    assert hub.get("people", person)["name"] == "Hanako"
    assert len(Accounts(hub, LIGHT).all()) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_admin_opens_changes_and_closes_accounts_and_remains_one(kept, language):
    admin = logged_in(kept, "admin")
    root = f"/{language}/hub/accounts"
    assert 'name="password"' in admin.get(root).text
    assert admin.post(root, login="ann", password="short", role="editor").status == 422  # noqa: S106
    assert admin.post(root, login="a n n", password=PASSWORD, role="editor").status == 422
    assert admin.post(root, login="ann", password=PASSWORD, role="emperor").status == 422
    assert admin.post(root, login="reader", password=PASSWORD, role="editor").status == 422  # taken
    assert admin.post(root, login="ann", password=PASSWORD, role="editor").status == 303
    ann = Visitor(kept)
    assert ann.post("/en/hub/login", login="ann", password=PASSWORD).status == 303
    assert admin.post(f"{root}/ann", role="reader", state="close", password="").status == 303
    assert ann.get("/en/hub/needs").headers["location"] == "/en/hub/login"
    assert ann.post("/en/hub/login", login="ann", password=PASSWORD).status == 401
    assert admin.post(f"{root}/admin", role="reader", state="open", password="").status == 422  # the last one
    assert admin.post(f"{root}/nobody", role="reader", state="open", password="").status == 404
    admin.csrf = "guessed"
    assert admin.post(root, login="bob", password=PASSWORD, role="admin").status == 403


def test_the_log_tells_who_did_what_and_undoes_what_was_deleted(kept, hub):
    editor, reader = logged_in(kept, "editor"), logged_in(kept, "reader")
    need = editor.add("needs", **NEED)
    editor.add("people", name="Hanako")
    assert editor.post(f"/en/hub/needs/{need}/delete", version="1").status == 303
    page = editor.get("/en/hub/changes").text
    assert "Fault detection" in page
    assert "Hanako" in page
    assert "logged in" not in page  # that is for admins
    seen = reader.get("/ja/hub/changes").text
    assert "Fault detection" in seen
    assert "Hanako" not in seen
    assert "changes/undo" not in seen
    batch = hub.changes("needs", need)[0]["batch"]
    assert f'value="{batch}"' in page
    assert editor.post("/en/hub/changes/undo", batch=batch).status == 303
    assert hub.get("needs", need)["title"] == "Fault detection"
    assert f'value="{batch}"' not in editor.get("/en/hub/changes").text  # it is undone
    assert editor.post("/en/hub/changes/undo", batch=batch).status == 409
    assert "取り消せません" in editor.post("/ja/hub/changes/undo", batch=batch).text
    assert "logged in" in logged_in(kept, "admin").get("/en/hub/changes").text


def test_what_was_undone_has_no_button_on_a_later_page_of_the_log_either(kept, hub):
    editor = logged_in(kept, "editor")
    need = editor.add("needs", **NEED)
    batch = hub.changes("needs", need)[0]["batch"]
    assert editor.post("/en/hub/changes/undo", batch=batch).status == 303
    with hub.unit("editor") as unit:
        for number in range(100):
            unit.create("needs", {**NEED, "title": f"Need {number}", "text": "Pumps", "state": "open"})
    page = editor.get("/en/hub/changes?page=2").text
    assert "Fault detection" in page
    assert f'value="{batch}"' not in page


def test_every_kind_of_change_has_a_line_in_the_log(visitor, hub):
    fill(hub)
    for language in LANGUAGES:
        page = visitor.get(f"/{language}/hub/changes")
        assert page.status == 200
        assert "hub.actions" not in page.text
    wipe(hub, "setup")
    assert "everything taken away" in visitor.get("/en/hub/changes").text


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BOMBS = {
    "zip": ("hub.zip", zipped(**{"needs.csv": b"0" * 60_000_000}), "would swell", "際限なく膨らむ"),
    "workbook": ("hub.xlsx", zipped(**{"xl__a.xml": b"0" * 60_000_000}), "would swell", "際限なく膨らむ"),
    "entities": ("hub.xlsx", zipped(**{"a.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "entities", "実体宣言"),
    "path": ("hub.zip", zipped(**{".._etc__passwd.csv": b"id\n"}), "does not belong", "ないはず"),
    "macros": ("hub.xlsx", zipped(**{"xl__vbaProject.bin": b"x"}), "macros", "マクロ"),
    "no zip": ("hub.xlsx", b"PK no zip", "not of this format", "この形式"),
    "deep": ("hub.json", b"[" * 200_000, "cannot be read as JSON", "JSONとして読めません"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_the_import_page_refuses_hostile_files_in_the_readers_words(visitor, hub, kind):
    name, content, english, japanese = BOMBS[kind]
    visitor.get("/en/hub/everything")
    for language, words in (("en", english), ("ja", japanese)):
        form = {"data": {"csrf": visitor.csrf}, "files": {"file": (name, content)}}
        answer = visitor.ask("POST", f"/{language}/hub/everything", **form)
        text = answer.content.decode()
        assert answer.status == 422
        assert words in text
        assert texts(language)("hub.everything.refused") in text
        assert 'type="file"' in text  # one may choose another at once
    assert hub.changes() == []


def test_an_organisation_shows_its_people_to_editors_and_leads_to_its_kpis(kept, hub):
    with hub.unit("setup") as unit:
        one = unit.create("organisations", UNIVERSITY)["id"]
        unit.create("people", {"name": "Hanako", "organisation_id": one})
    page = f"/en/hub/organisations/{one}"
    assert "Hanako" in logged_in(kept, "editor").get(page).text
    seen = logged_in(kept, "reader").get(page).text
    assert "Hanako" not in seen
    assert f"kpi?organisation={one}" in seen


def test_what_is_wrong_with_a_field_is_said_in_the_readers_language(visitor):
    visitor.get("/ja/hub/organisations/new")
    wrong = {**UNIVERSITY, "country": "Japan", "ror_id": "x" * 101}
    page = visitor.post("/ja/hub/organisations/new", **wrong).text
    assert "「JP」ではありませんか" in page
    assert "100文字以内" in page
    assert "did you mean" in visitor.post("/en/hub/organisations/new", **wrong).text


def test_a_table_adds_many_at_once_and_says_what_is_wrong_with_which_row(visitor, hub):
    assert "needs/table" in visitor.get("/en/hub/needs").text
    blank = visitor.ask("GET", "/ja/hub/needs/table.csv").content.decode("utf-8-sig").strip()
    assert blank.startswith("組織,題名,本文")
    visitor.get("/ja/hub/needs/table")

    def send(name, rows):
        files = {"file": (name, "\n".join([blank, *rows]).encode())}
        return visitor.ask("POST", "/ja/hub/needs/table", data={"csrf": visitor.csrf}, files=files)

    wrong = send("needs.csv", [",ポンプ,予知保全,日本語,,募集中", ",,予知保全,日本語,,募集中"])
    assert wrong.status == 422
    assert "row 3, title" in wrong.content.decode()
    assert "値がありません" in wrong.content.decode()
    assert send("needs.exe", []).status == 422
    assert hub.count("needs") == 0
    assert send("needs.csv", [f",ポンプ{n},予知保全,日本語,,募集中" for n in range(3)]).status == 303
    assert hub.count("needs") == 3
    batch = hub.changes()[0]["batch"]
    assert visitor.post("/ja/hub/changes/undo", batch=batch).status == 303
    assert hub.count("needs") == 0


def test_a_person_is_erased_for_good_with_the_log(kept, hub):
    admin = logged_in(kept, "admin")
    with hub.unit("setup") as unit:
        person = unit.create("people", {"name": "Hanako"})["id"]
    assert f"/en/hub/people/{person}/erase" in admin.get(f"/en/hub/people/{person}").text
    asked = admin.get(f"/en/hub/people/{person}/erase").text
    assert "Erase Hanako for good?" in asked  # whom: the address does not say
    assert "cannot be undone" in asked
    assert admin.post(f"/en/hub/people/{person}/erase").status == 303
    assert admin.get(f"/en/hub/people/{person}").status == 404
    assert "Hanako" not in str(hub.changes())


@pytest.mark.parametrize("ending", ["json", "xlsx", "zip"])
def test_what_was_exported_is_imported_into_an_empty_hub_and_equals_it(visitor, hub, ending):
    visitor.add("needs", **NEED)
    before = hub.records("needs")
    given = visitor.ask("GET", f"/en/hub/everything/hub.{ending}")
    assert given.status == 200
    assert f'filename="hub.{ending}"' in given.headers["content-disposition"]
    visitor.get("/en/hub/everything")

    def send(name, content, csrf):
        form = {"data": {"csrf": csrf}, "files": {"file": (name, content)}}
        return visitor.ask("POST", "/en/hub/everything", **form).status

    assert send(f"hub.{ending}", given.content, visitor.csrf) in (400, 409, 422)  # it is not empty
    wipe(hub, "setup")
    assert send(f"hub.{ending}", given.content, "guessed") == 403
    assert send("hub.exe", given.content, visitor.csrf) == 422
    assert send(f"hub.{ending}", b"nonsense", visitor.csrf) in (400, 422)
    assert hub.count("needs") == 0
    assert send(f"hub.{ending}", given.content, visitor.csrf) == 303
    assert hub.records("needs") == before
