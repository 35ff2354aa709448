"""The warning for readers where one work makes the eigenvector centralities."""

import duckdb
import pytest

from kakehashi.report.build import build_report
from kakehashi.report.queries import study_tables
from kakehashi.settings import Settings

# A work of four institutions A-D (each pair linked once); E and F share two works. Values as on paper: the matrix of
# four mutual links has the eigenvalue 3 and the vector (1/2, 1/2, 1/2, 1/2); E-F, of eigenvalue 2, lies outside it.
WORKS = {"w1": "ABCD", "w2": "EF", "w3": "EF"}


def study(scores, works=WORKS):
    connection = duckdb.connect()
    connection.execute(
        "create table works (work_id varchar, title varchar, doi varchar);"
        "create table work_institutions (work_id varchar, institution_id varchar, fraction double);"
        "create table work_scopes (work_id varchar, field varchar, year bigint);"
        "create table edges (level varchar, field varchar, period varchar, entity_a varchar, entity_b varchar, "
        "works bigint, fractional double);"
        "create table indicators (level varchar, field varchar, period varchar, entity varchar, eigenvector double)"
    )
    counted = {}
    for work, members in works.items():
        connection.execute("insert into works values (?, ?, null)", [work, f"Title of {work}"])
        connection.execute("insert into work_scopes values (?, 'all', 2020)", [work])
        for number, one in enumerate(members):
            connection.execute("insert into work_institutions values (?, ?, 1)", [work, one])
            for other in members[number + 1 :]:
                counted[one, other] = counted.get((one, other), 0) + 1
    for (one, other), joint in counted.items():
        connection.execute("insert into edges values ('institution', 'all', 'all', ?, ?, ?, 0)", [one, other, joint])
    for one, score in scores.items():
        connection.execute("insert into indicators values ('institution', 'all', 'all', ?, ?)", [one, score])
    return lambda sql: connection.execute(sql).fetchall()


def test_one_work_that_makes_all_links_of_the_component_has_the_whole_eigenvalue():
    found = study_tables(study(dict.fromkeys("ABCD", 0.5) | dict.fromkeys("EF", 0.0))).dominant_work("institution")
    assert (found.title, found.entities) == ("Title of w1", 4)
    assert found.share == pytest.approx(1)


def test_two_works_of_one_pair_share_its_eigenvalue():
    half = 0.5**0.5
    found = study_tables(study({"E": half, "F": half}, {"w2": "EF", "w3": "EF"})).dominant_work("institution")
    assert found.share == pytest.approx(0.5)


def test_works_outside_the_study_do_not_count():
    rows = study(dict.fromkeys("ABCD", 0.5))
    rows("delete from work_scopes")
    assert study_tables(rows).dominant_work("institution") is None


def test_a_study_without_these_tables_has_no_warning():
    connection = duckdb.connect()
    rows = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
    assert study_tables(rows).dominant_work("country") is None
    assert 'class="care"' not in build_report(rows, {}, Settings(), "en")
