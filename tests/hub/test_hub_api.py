"""The JSON API: one error shape, every route by every role, logins, other sites, uploads, and whatever is sent."""

import json
import re
import shutil

import pytest
from argon2 import PasswordHasher
from asking import Asker, head_only
from hub_records import everything, fill

from kakehashi.hub.access.accounts import Accounts
from kakehashi.hub.access.doors import SingleUser, WithAccounts
from kakehashi.hub.api import make_app
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.models import KINDS
from kakehashi.hub.store.transfer import export

PASSWORD = "correct horse battery"  # noqa: S105
NEED = {"title": "Sensor", "text": "A cheap sensor", "language": "en", "state": "open"}
LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODY = "0" * 32


@pytest.fixture
def asker(local_hub):
    """Someone at this machine, without accounts."""
    return Asker(make_app(local_hub, SingleUser()))


def with_accounts(hub):
    accounts = Accounts(hub, LIGHT)
    for role in ("reader", "editor", "admin"):
        accounts.add(role, PASSWORD, role, "setup")
    return make_app(hub, WithAccounts(accounts))


@pytest.fixture
def served(local_hub):
    """An application of one's own with an account for each role."""
    return with_accounts(local_hub)


@pytest.fixture(scope="module")
def shared(sqlite_template, tmp_path_factory):
    """The same, with records, for tests that leave accounts and passwords alone."""
    path = tmp_path_factory.mktemp("served") / "hub.db"
    shutil.copy(sqlite_template, path)
    hub = Hub(f"sqlite:///{path}")
    fill(hub)
    yield with_accounts(hub)
    hub.close()


def as_role(app, role):
    one = Asker(app)
    if role != "nobody":
        assert one.log_in(role, PASSWORD).status == 200
    return one


def test_a_record_is_added_read_changed_undone_and_taken_away(asker):
    need = asker("POST", "/needs", json=NEED).body
    assert (need["version"], need["created_by"]) == (1, "local")
    assert asker("PATCH", f"/needs/{need['id']}?version=1", json={"state": "closed"}).body["version"] == 2
    asker("POST", "/needs", json=NEED)
    assert asker("GET", "/needs", params={"column": "state", "value": "closed"}).body["total"] == 1
    assert asker("GET", "/needs", params={"limit": 1}).body["total"] == 2
    assert asker("GET", "/needs", params={"column": "title' or 1=1", "value": "x"}).status == 422
    assert asker("GET", "/needs", params={"column": "state", "value": "x' or '1'='1"}).status == 422
    log = asker("GET", f"/needs/{need['id']}/changes").body["changes"]
    assert asker("POST", f"/changes/{log[0]['batch']}/undo").status == 200
    assert asker("GET", f"/needs/{need['id']}").body["state"] == "open"
    assert asker("DELETE", f"/needs/{need['id']}?version=3").status == 204
    assert asker("GET", f"/needs/{need['id']}").status == 404


def test_every_error_has_the_one_shape(asker):
    need = asker("POST", "/needs", json=NEED).body
    asker("POST", "/matches", json={"need_id": need["id"], "state": "suggested"})
    asked = {
        ("GET", "/nowhere"): (404, "not_found"),
        ("PUT", "/needs"): (405, "method_not_allowed"),
        ("GET", f"/needs/{NOBODY}"): (404, "not_found"),
        ("GET", "/needs/..%2F..%2Fetc%2Fpasswd"): (404, "not_found"),
        ("GET", "/needs/x"): (422, "invalid"),
        ("GET", "/needs?limit=0"): (422, "invalid"),
        ("DELETE", f"/needs/{need['id']}?version=1"): (409, "referenced"),
        ("DELETE", f"/needs/{need['id']}?version=7"): (409, "conflict"),
        ("POST", f"/changes/{NOBODY}/undo"): (404, "not_found"),
        ("GET", "/export?format=pdf"): (422, "invalid"),
    }
    for (method, path), (status, code) in asked.items():
        answer = asker(method, path)
        assert (answer.status, answer.body["error"]["code"]) == (status, code), path
        assert set(answer.body) == {"error"}
        assert set(answer.body["error"]) == {"code", "message", "fields"}
    wrong = asker("POST", "/needs", json={**NEED, "state": "lost", "colour": 1})
    assert set(wrong.body["error"]["fields"]) == {"body.state", "body.colour"}


ROUTES = {
    ("GET", "/me"): "reader", ("POST", "/logout"): "reader", ("POST", "/login"): "nobody",
    ("GET", "/changes"): "reader", ("POST", "/changes/{batch}/undo"): "editor",
    ("GET", "/export"): "admin", ("POST", "/import"): "admin",
    ("POST", "/readiness"): "reader", ("GET", "/organisations/{record}/readiness/{year}"): "reader",
    ("POST", "/kpi"): "reader", ("GET", "/kpi"): "reader",
    ("GET", "/accounts"): "admin", ("POST", "/accounts"): "admin", ("PATCH", "/accounts/{login}"): "admin",
    ("DELETE", "/people/{record}/for-good"): "admin",
}  # fmt: skip
for _kind in KINDS:
    _reads = "editor" if _kind == "people" else "reader"
    ROUTES |= {("GET", f"/{_kind}"): _reads, ("GET", f"/{_kind}/{{record}}"): _reads}
    ROUTES |= {("GET", f"/{_kind}/{{record}}/changes"): _reads, ("POST", f"/{_kind}"): "editor"}
    ROUTES |= {("PATCH", f"/{_kind}/{{record}}"): "editor", ("DELETE", f"/{_kind}/{{record}}"): "editor"}
RANKS = ("nobody", "reader", "editor", "admin")


@pytest.mark.parametrize("role", RANKS)
def test_every_route_lets_in_those_who_may_and_nobody_else(shared, role):
    found = {(method.upper(), path) for path, methods in shared.openapi()["paths"].items() for method in methods}
    assert found == set(ROUTES), "a route is missing from the table of this test, or gone"
    one = as_role(shared, role)
    for (method, path), least in sorted(ROUTES.items(), key=lambda item: item[0][1] == "/logout"):
        asked = re.sub(r"{year}", "2026", re.sub(r"{(record|batch)}", NOBODY, path)).replace("{login}", "no.one")
        answer = one(method, f"{asked}?version=1")
        allowed = RANKS.index(role) >= RANKS.index(least)
        refused = 401 if role == "nobody" else 403
        assert (answer.status not in (401, 403)) if allowed else (answer.status == refused), (method, path, answer.body)
        assert answer.status < 500, (method, path, answer.body)


def test_of_whoever_may_not_send_it_nothing_of_a_body_is_read(shared):
    reader = as_role(shared, "reader")
    cookie = f"kakehashi_session={reader.cookies['kakehashi_session']}"
    kinds = {"content-type": "application/json"}
    for (method, path), least in ROUTES.items():
        if method in ("POST", "PATCH") and least != "nobody":
            asked = re.sub(r"{(record|batch)}", NOBODY, path).replace("{login}", "no.one") + "?version=1"
            assert head_only(shared, method, asked, **kinds) == (401, 0), path
            assert head_only(shared, method, asked, cookie, **kinds) == (403, 0), path  # the token is missing
    form = {"content-type": "multipart/form-data; boundary=x", "x-csrf-token": reader.headers["X-CSRF-Token"]}
    assert head_only(shared, "POST", "/import", cookie, **form) == (403, 0)


def test_readers_see_no_people_and_no_changes_of_people(shared):
    reader, editor, admin = (as_role(shared, role) for role in RANKS[1:])

    def kinds(one):
        return {change["kind"] for change in one("GET", "/changes?limit=1000").body["changes"]}

    assert not {"people", "accounts"} & kinds(reader)
    assert {"people"} == {"people", "accounts"} & kinds(editor)
    assert {"people", "accounts"} <= kinds(admin)


def test_a_change_without_the_token_of_the_login_is_refused(shared):
    one = as_role(shared, "editor")
    token = one.headers.pop("X-CSRF-Token")
    assert one("POST", "/needs", json=NEED).body["error"]["code"] == "forbidden"
    assert one("POST", "/needs", json=NEED, headers={"X-CSRF-Token": token[::-1]}).status == 403
    assert one("POST", "/needs", json=NEED, headers={"X-CSRF-Token": token}).status == 201
    other = {"X-CSRF-Token": token, "Origin": "https://elsewhere.example"}
    assert one("POST", "/needs", json=NEED, headers=other).status == 403


def test_the_cookie_of_a_login_is_kept_from_scripts_and_other_sites(shared):
    answer = Asker(shared).log_in("reader", PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_guessing_is_stopped_after_five_tries_and_does_not_tell_whether_the_account_is_there(served):
    one = Asker(served)
    answers = [one.log_in("admin", f"wrong password {number}") for number in range(5)]
    assert {answer.status for answer in answers} == {401}
    stranger = one.log_in("stranger", "wrong password 0")
    assert stranger.body == answers[0].body
    stopped = one.log_in("admin", PASSWORD)
    assert (stopped.status, stopped.body["error"]["code"]) == (429, "too_many")
    assert int(stopped.headers["retry-after"]) > 0
    assert Asker(served, client="192.0.2.7").log_in("reader", PASSWORD).status == 200


def test_logging_out_closing_an_account_or_changing_it_ends_its_sessions(served):
    admin, reader = as_role(served, "admin"), as_role(served, "reader")
    stolen = Asker(served)
    stolen.cookies, stolen.headers = reader.cookies, dict(reader.headers)
    assert reader("POST", "/logout").status == 204
    assert stolen("GET", "/needs").status == 401
    editor = as_role(served, "editor")
    assert admin("PATCH", "/accounts/editor", json={"active": False}).status == 204
    assert editor("GET", "/needs").status == 401
    assert Asker(served).log_in("editor", PASSWORD).status == 401
    last = admin("PATCH", "/accounts/admin", json={"role": "reader"})
    assert (last.status, "last admin" in last.body["error"]["message"]) == (422, True)


def test_passwords_are_kept_as_argon2_and_told_to_nobody(served, local_hub):
    admin = as_role(served, "admin")
    short = admin("POST", "/accounts", json={"login": "new", "password": "short", "role": "reader"})
    assert short.body["error"]["fields"].keys() == {"password"}
    assert "argon2" not in json.dumps(admin("GET", "/accounts").body)
    assert b"argon2" not in export(local_hub, "json")
    from sqlalchemy import text

    with local_hub.reading() as connection:
        kept = [row[0] for row in connection.execute(text("select password from accounts"))]
        tokens = [row[0] for row in connection.execute(text("select token from sessions"))]
    assert all(one.startswith("$argon2id$") for one in kept)
    assert admin.cookies["kakehashi_session"] not in tokens


def test_without_accounts_only_this_machine_is_answered_and_no_page_of_another_site(local_hub):
    app = make_app(local_hub, SingleUser())
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert Asker(app, host=host)("GET", "/needs").status == 200
    assert Asker(app, client="192.0.2.7")("GET", "/needs").status == 403
    assert Asker(app, host="evil.example")("GET", "/needs").status == 403
    assert Asker(app, Origin="http://evil.example")("POST", "/needs", json=NEED).status == 403
    assert Asker(app, **{"Sec-Fetch-Site": "cross-site"})("POST", "/needs", json=NEED).status == 403
    assert Asker(app, Origin="http://127.0.0.1")("POST", "/needs", json=NEED).status == 201


def test_everything_goes_out_and_in_through_the_api(asker, local_hub, sqlite_template, tmp_path):
    fill(local_hub)
    shutil.copy(sqlite_template, tmp_path / "other.db")
    other = Hub(f"sqlite:///{tmp_path / 'other.db'}")
    there = Asker(make_app(other, SingleUser()))
    written = asker("GET", "/export?format=xlsx").content
    assert there("POST", "/import?format=xlsx", files={"file": ("hub", written)}).status == 200
    assert everything(other) == everything(local_hub)
    again = there("POST", "/import?format=xlsx", files={"file": ("hub", written)})
    assert (again.status, "not empty" in again.body["error"]["message"]) == (400, True)
    other.close()


def test_uploads_that_are_broken_or_too_large_are_refused(asker):
    assert asker("POST", "/import?format=xlsx", files={"file": ("x", b"PK no zip")}).status == 422
    assert asker("POST", "/import", files={"file": ("../../x", b"{}")}).status == 422
    large = asker("POST", "/needs", content=b"[" + b" " * 5_100_000, headers={"Content-Type": "application/json"})
    assert (large.status, large.body["error"]["code"]) == (413, "too_large")
    assert large.body["error"]["message"] == "the body is larger than 5 MB; send less"
    deep = asker("POST", "/readiness", content=b'{"answers":' + b'{"a":' * 300 + b"1" + b"}" * 301)
    assert deep.status in (400, 422)


def test_what_is_kept_is_judged_as_a_file_is(asker, local_hub):
    ids = fill(local_hub)
    one = ids["organisations"]
    kept = asker("GET", f"/organisations/{one}/readiness/2026").body
    assert (kept["institution"], kept["profile"][0]["answer"]) == ("=cmd()", {"neither": 0.284})
    sent = asker("POST", "/readiness", json={"answers": {"institution": "X", "year": 2026, "participation": "neither"}})
    assert sent.body["profile"][0]["same"] == 0.284
    assert asker("POST", "/readiness", json={"answers": {"colour": "red"}}).status == 422
    kpis = [{"id": "a", "unit": "x", "values": {"2020": 5}, "targets": {"2020": 4}}]
    assert asker("POST", "/kpi", json={"kpis": kpis}).body["lights"]["green"] == 1
    broken = asker("GET", "/kpi")
    assert (broken.status, "unknown name 'a'" in broken.body["error"]["message"]) == (422, True)


PICKED = (
    "/needs",
    "/matches/{record}",
    "/kpi_values",
    "/changes/{batch}/undo",
    "/readiness",
    "/kpi",
    "/people/{record}",
)


@pytest.mark.filterwarnings("ignore")
def test_whatever_is_sent_no_answer_is_a_server_error_and_errors_keep_their_shape(local_hub):
    """A sample of the routes; `benchmarks/hub_fuzz.py` asks all of them more often."""
    import hypothesis
    import schemathesis

    fill(local_hub)
    app = make_app(local_hub, SingleUser())
    asker = Asker(app)
    tried = 0

    def ask(case):
        sent = {name: value for name, value in case.as_transport_kwargs(base_url="http://127.0.0.1").items() if value}
        sent.pop("cookies", None)
        answer = asker(sent.pop("method"), sent.pop("url"), **sent)
        assert answer.status < 500, (case, answer.body)
        if answer.status >= 400:
            assert set(answer.body["error"]) == {"code", "message", "fields"}

    few = hypothesis.settings(
        max_examples=6, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        operation = result.ok()
        if operation.path in PICKED:
            few(hypothesis.given(case=operation.as_strategy())(ask))()
            tried += 1
    assert tried >= 10
