"""Version 1: the records of the hub and the log of their changes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_EXACT = sa.Numeric(24, 8).with_variant(sa.String(40), "sqlite")
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _stamps() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(100), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", sa.String(100), nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "changes",
        sa.Column("id", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("undoes", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_batch"), "changes", ["batch"], unique=False)
    op.create_index("ix_changes_record", "changes", ["kind", "record_id"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("name_ja", sa.String(length=300), nullable=True),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("ror_id", sa.String(length=100), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "projects",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("pattern", sa.Integer(), nullable=True),
        sa.Column("programme", sa.String(length=100), nullable=True),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("income", _EXACT, nullable=True),
        sa.Column("indirect_cost_rate", _EXACT, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_table(
        "review_decisions",
        sa.Column("study", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("decision", sa.String(length=1000), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
    )
    op.create_table(
        "cases",
        sa.Column("project_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Integer(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_cases_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_project_id"), "cases", ["project_id"], unique=False)
    op.create_table(
        "kpi_definitions",
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_ja", sa.String(length=300), nullable=True),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=300), nullable=True),
        sa.Column("formula", sa.String(length=500), nullable=True),
        sa.Column("baseline", _EXACT, nullable=True),
        sa.Column("baseline_year", sa.Integer(), nullable=True),
        sa.Column("years", sa.String(length=40), nullable=False),
        sa.Column("cumulative", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kpi_definitions_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_definitions")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_kpi_definitions_organisation_id_key")),
    )
    op.create_index(op.f("ix_kpi_definitions_organisation_id"), "kpi_definitions", ["organisation_id"], unique=False)
    op.create_table(
        "needs",
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_needs_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index(op.f("ix_needs_organisation_id"), "needs", ["organisation_id"], unique=False)
    op.create_table(
        "organisation_links",
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("study", sa.String(length=300), nullable=False),
        sa.Column("institution_id", sa.String(length=300), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_links_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_links")),
        sa.UniqueConstraint(
            "organisation_id",
            "study",
            "institution_id",
            name=op.f("uq_organisation_links_organisation_id_study_institution_id"),
        ),
    )
    op.create_index(
        op.f("ix_organisation_links_organisation_id"), "organisation_links", ["organisation_id"], unique=False
    )
    op.create_table(
        "people",
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=300), nullable=True),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_organisation_id"), "people", ["organisation_id"], unique=False)
    op.create_table(
        "project_agreements",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("signed", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=300), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_agreements_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_agreements")),
    )
    op.create_index(op.f("ix_project_agreements_project_id"), "project_agreements", ["project_id"], unique=False)
    op.create_table(
        "project_outputs",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_outputs_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_outputs")),
    )
    op.create_index(op.f("ix_project_outputs_project_id"), "project_outputs", ["project_id"], unique=False)
    op.create_table(
        "project_partners",
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_project_partners_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_partners_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_partners")),
        sa.UniqueConstraint(
            "project_id", "organisation_id", name=op.f("uq_project_partners_project_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_project_partners_organisation_id"), "project_partners", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_project_partners_project_id"), "project_partners", ["project_id"], unique=False)
    op.create_table(
        "readiness_answers",
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.String(length=120), nullable=False),
        sa.Column("share", _EXACT, nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_readiness_answers_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_answers")),
        sa.UniqueConstraint(
            "organisation_id",
            "year",
            "question",
            "answer",
            name=op.f("uq_readiness_answers_organisation_id_year_question_answer"),
        ),
    )
    op.create_index(
        op.f("ix_readiness_answers_organisation_id"), "readiness_answers", ["organisation_id"], unique=False
    )
    op.create_table(
        "seeds",
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_seeds_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seeds")),
    )
    op.create_index(op.f("ix_seeds_organisation_id"), "seeds", ["organisation_id"], unique=False)
    op.create_table(
        "kpi_values",
        sa.Column("kpi_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", _EXACT, nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi_definitions.id"], name=op.f("fk_kpi_values_kpi_id_kpi_definitions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_values")),
        sa.UniqueConstraint("kpi_id", "year", "kind", name=op.f("uq_kpi_values_kpi_id_year_kind")),
    )
    op.create_index(op.f("ix_kpi_values_kpi_id"), "kpi_values", ["kpi_id"], unique=False)
    op.create_table(
        "matches",
        sa.Column("need_id", sa.String(length=32), nullable=False),
        sa.Column("seed_id", sa.String(length=32), nullable=True),
        sa.Column("study", sa.String(length=300), nullable=True),
        sa.Column("institution_id", sa.String(length=300), nullable=True),
        sa.Column("score", _EXACT, nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("feedback", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_matches_need_id_needs")),
        sa.ForeignKeyConstraint(["seed_id"], ["seeds.id"], name=op.f("fk_matches_seed_id_seeds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
    )
    op.create_index(op.f("ix_matches_need_id"), "matches", ["need_id"], unique=False)
    op.create_index(op.f("ix_matches_seed_id"), "matches", ["seed_id"], unique=False)
