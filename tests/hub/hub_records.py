"""Records of every kind, with awkward texts, for tests of the hub."""

AWKWARD = "=1+1 'quoted' \"twice\", line\nnext\ttab 架け橋 𠮷 é & <b> _x0041_ ''=x"


def fill(hub, author="ann"):
    """Put a record of every kind into a hub. Returns the ids by kind."""
    ids = {}
    with hub.unit(author) as unit:

        def add(name, /, **values):
            ids[name] = unit.create(name, values)["id"]

        add("organisations", name_en="=cmd()", name_ja="大学", kind="university", country="JP", note=AWKWARD)
        add("organisation_links", organisation_id=ids["organisations"], study="demo", institution_id="ror:1")
        add("people", organisation_id=ids["organisations"], name="+81 Ann", email="@ann")
        add("needs", organisation_id=ids["organisations"], title="-need", text=AWKWARD, language="en", state="open")
        add("seeds", title="'=seed", text="''=x", language="ja", kind="patent", reference="007", state="open")
        add("matches", need_id=ids["needs"], seed_id=ids["seeds"], score="0.12345678", state="suggested")
        add("projects", title="P", pattern=3, begins="2024-02-29", income="1234567890123456.00000001", currency="JPY",
            indirect_cost_rate="30", state="running")  # fmt: skip
        add("project_partners", project_id=ids["projects"], organisation_id=ids["organisations"], role="lead")
        add("project_outputs", project_id=ids["projects"], kind="paper", title="2024", year=2024)
        add("project_agreements", project_id=ids["projects"], kind="memorandum", title="true", signed="2024-01-01")
        add("cases", project_id=ids["projects"], title="None", text="null", country="AU", year=2020)
        add("kpi_definitions", key="share", unit="percent", direction="up", years="fiscal", cumulative="no",
            baseline="-5.5", formula="100 * a / b")  # fmt: skip
        add("kpi_values", kpi_id=ids["kpi_definitions"], year=2019, kind="actual", value="23.3")
        add("readiness_answers", organisation_id=ids["organisations"], year=2026, question="participation",
            answer="neither", share="0.284")  # fmt: skip
        add("review_decisions", study="demo", kind="affiliation", subject="Univ. of X\nJapan", decision="JP")
    with hub.unit("bob") as unit:
        unit.update("needs", ids["needs"], 1, {"state": "matched"})
        gone = unit.create("people", {"name": "Gone"})
        unit.delete("people", gone["id"], 1)
    return ids


def everything(hub):
    """Return all rows by kind, and the log of changes."""
    from kakehashi.hub.store.models import KINDS

    return {**{kind: hub.records(kind) for kind in KINDS}, "changes": hub.changes(limit=None)}
