"""The tables. A record has an id, a version that every change raises, and who changed it when.

`info` of a column says what the database does not: `choices` that a text may take, `least` and `most` of a number,
`long` texts, and `name` for the column that names a record where people look at it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kakehashi.hub.store.exact import EXACT

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LANGUAGES = ("ja", "en")
ROLES = ("reader", "editor", "admin")
PRIVATE = ("people",)
"""The kinds that readers do not see, nor the log of their changes."""
_ID = 32


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMES)


def _text(length: int = 300, *, nullable: bool = True, **info: Any) -> Mapped[Any]:
    return mapped_column(String(length), nullable=nullable, info=info)


def _long(*, nullable: bool = True) -> Mapped[Any]:
    return mapped_column(Text, nullable=nullable, info={"long": True})


def _choice(*choices: str, nullable: bool = True) -> Mapped[Any]:
    return mapped_column(String(40), nullable=nullable, info={"choices": choices})


def _whole(least: int, most: int, *, nullable: bool = True) -> Mapped[Any]:
    return mapped_column(Integer, nullable=nullable, info={"least": least, "most": most})


def _year(*, nullable: bool = True) -> Mapped[Any]:
    return _whole(1900, 2200, nullable=nullable)


def _number(*, nullable: bool = True) -> Mapped[Any]:
    """Return a column of exact decimals: 24 digits, 8 of them behind the point."""
    return mapped_column(EXACT, nullable=nullable)


def _to(table: str, *, nullable: bool = False) -> Mapped[Any]:
    return mapped_column(String(_ID), ForeignKey(f"{table}.id"), nullable=nullable, index=True)


class Record:
    """What every record has. Times are UTC."""

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    created_by: Mapped[str] = mapped_column(String(100))
    updated_at: Mapped[datetime] = mapped_column(DateTime)
    updated_by: Mapped[str] = mapped_column(String(100))


class Organisation(Record, Base):
    """A university, company or government body."""

    __tablename__ = "organisations"
    name_ja = _text(name=True)
    name_en = _text(nullable=False, name=True)
    kind = _choice("university", "company", "government", "other", nullable=False)
    country = mapped_column(String(2), info={"country": True})
    ror_id = _text(100)
    url = _text(500)
    note = _long()


class OrganisationLink(Record, Base):
    """The institution of a study that an organisation is."""

    __tablename__ = "organisation_links"
    __table_args__ = (UniqueConstraint("organisation_id", "study", "institution_id"),)
    organisation_id = _to("organisations")
    study = _text(nullable=False)
    institution_id = _text(nullable=False, name=True)


class Person(Record, Base):
    """A person at an organisation. Optional, and can be erased for good."""

    __tablename__ = "people"
    organisation_id = _to("organisations", nullable=True)
    name = _text(nullable=False, name=True)
    role = _text()
    email = _text()
    note = _long()


class Need(Record, Base):
    """What an organisation is looking for."""

    __tablename__ = "needs"
    organisation_id = _to("organisations", nullable=True)
    title = _text(nullable=False, name=True)
    text = _long(nullable=False)
    language = _choice(*LANGUAGES, nullable=False)
    field = _text(100)
    state = _choice("open", "matched", "closed", nullable=False)


class Seed(Record, Base):
    """What an organisation offers: a technology, a patent, a work, a facility."""

    __tablename__ = "seeds"
    organisation_id = _to("organisations", nullable=True)
    title = _text(nullable=False, name=True)
    text = _long(nullable=False)
    language = _choice(*LANGUAGES, nullable=False)
    field = _text(100)
    kind = _choice("technology", "patent", "work", "facility", "other", nullable=False)
    reference = _text()
    state = _choice("open", "matched", "closed", nullable=False)


class Match(Record, Base):
    """A need and what may answer it: a registered seed, or an institution of a study with its works as evidence."""

    __tablename__ = "matches"
    need_id = _to("needs")
    seed_id = _to("seeds", nullable=True)
    study = _text()
    institution_id = _text()
    score = _number()
    evidence = _long()
    state = _choice("suggested", "contacted", "talking", "agreed", "declined", nullable=False)
    feedback = _choice("useful", "not_useful")
    note = _long()


class Project(Record, Base):
    """A joint project. `pattern`: of the twelve scheme patterns. `income`: a year. `indirect_cost_rate`: percent."""

    __tablename__ = "projects"
    title = _text(nullable=False, name=True)
    pattern = _whole(1, 12)
    programme = _text(100)
    begins = mapped_column(Date)
    ends = mapped_column(Date)
    income = _number()
    currency = mapped_column(String(3), nullable=False, server_default="JPY", info={"currency": True})
    indirect_cost_rate = _number()
    state = _choice("planned", "running", "finished", "stopped", nullable=False)
    note = _long()


class ProjectPartner(Record, Base):
    """An organisation in a project."""

    __tablename__ = "project_partners"
    __table_args__ = (UniqueConstraint("project_id", "organisation_id"),)
    project_id = _to("projects")
    organisation_id = _to("organisations")
    role = _choice("lead", "partner", "funder", nullable=False)


class ProjectOutput(Record, Base):
    """What a project brought forth."""

    __tablename__ = "project_outputs"
    project_id = _to("projects")
    kind = _choice("paper", "patent", "product", "standard", "event", "people", "other", nullable=False)
    title = _text(nullable=False, name=True)
    reference = _text()
    year = _year()


class ProjectAgreement(Record, Base):
    """An agreement of a project."""

    __tablename__ = "project_agreements"
    project_id = _to("projects")
    kind = _choice("memorandum", "confidentiality", "joint_research", "licence", "data", "other", nullable=False)
    title = _text(nullable=False, name=True)
    signed = mapped_column(Date)
    ends = mapped_column(Date)
    reference = _text()


class Case(Record, Base):
    """A case of cooperation, of one's own or heard of."""

    __tablename__ = "cases"
    project_id = _to("projects", nullable=True)
    title = _text(nullable=False, name=True)
    text = _long(nullable=False)
    pattern = _whole(1, 12)
    country = mapped_column(String(2), info={"country": True})
    year = _year()
    source = _text(500)


class KpiDefinition(Record, Base):
    """A KPI; see `kakehashi kpi`."""

    __tablename__ = "kpi_definitions"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)
    organisation_id = _to("organisations", nullable=True)
    key = mapped_column(String(80), nullable=False, info={"name": True, "id": True})
    name_ja = _text()
    name_en = _text()
    unit = _text(80, nullable=False)
    direction = _choice("up", "down", nullable=False)
    owner = _text()
    formula = _text(500)
    baseline = _number()
    baseline_year = _year()
    years = _choice("calendar", "fiscal", nullable=False)
    cumulative = _choice("yes", "no", nullable=False)
    source = _text()


class KpiValue(Record, Base):
    """A value or target of a KPI in a year."""

    __tablename__ = "kpi_values"
    __table_args__ = (UniqueConstraint("kpi_id", "year", "kind"),)
    kpi_id = _to("kpi_definitions")
    year = _year(nullable=False)
    kind = _choice("actual", "target", nullable=False)
    value = _number(nullable=False)
    note = _text(1000)


class ReadinessAnswer(Record, Base):
    """An answer of the readiness questionnaire."""

    __tablename__ = "readiness_answers"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "question", "answer"),)
    organisation_id = _to("organisations")
    year = _year(nullable=False)
    question = _text(120, nullable=False)
    answer = _text(120, nullable=False)
    share = _number()


class ReviewDecision(Record, Base):
    """What a person decided when reviewing a study."""

    __tablename__ = "review_decisions"
    study = _text(nullable=False)
    kind = _choice("affiliation", "keyword", "match", "other", nullable=False)
    subject = _text(1000, nullable=False, name=True)
    decision = _text(1000, nullable=False)
    reason = _long()


class Change(Base):
    """One change of one record, within a batch that was done at once. `before` and `after`: its columns."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_record", "kind", "record_id"),)
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    batch: Mapped[str] = mapped_column(String(_ID), index=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    author: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(_ID))
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    undoes: Mapped[str | None] = mapped_column(String(_ID))


class Account(Base):
    """Someone who may log in to a server."""

    __tablename__ = "accounts"
    login: Mapped[str] = mapped_column(String(100), primary_key=True)
    password: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(10))
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime)


class LoginSession(Base):
    """A login. Only the hash of its token is kept."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), ForeignKey("accounts.login"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    expires: Mapped[datetime] = mapped_column(DateTime)


class LoginAttempt(Base):
    """A login that failed, to slow down guessing."""

    __tablename__ = "login_attempts"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)


RECORDS: tuple[type[Any], ...] = (
    Organisation, OrganisationLink, Person, Need, Seed, Match, Project, ProjectPartner, ProjectOutput, ProjectAgreement,
    Case, KpiDefinition, KpiValue, ReadinessAnswer, ReviewDecision,
)  # fmt: skip
"""The kinds of records, so that each comes after those that it refers to."""

KINDS: dict[str, Table] = {model.__tablename__: model.__table__ for model in RECORDS}
STAMPS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
