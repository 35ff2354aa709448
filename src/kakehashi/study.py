"""A study: a folder with study.toml and what was computed from it, or a built-in reference by name."""

import os
import shutil
import tempfile
import tomllib
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import duckdb
import filelock
import pyarrow as pa

from kakehashi import pipeline, tables
from kakehashi.answers import Answers
from kakehashi.choices import checked
from kakehashi.engine.base import Engine
from kakehashi.engine.duckdb import DuckDB
from kakehashi.engine.opening import open_engine
from kakehashi.errors import StudyError, StudyLockedError
from kakehashi.manifest import read_manifest, write_text
from kakehashi.progress import Progress, Silent, Unwatched, Watcher
from kakehashi.settings import Settings, StudySection, parse_settings, read_settings
from kakehashi.study_paths import rooted
from kakehashi.template import study_toml

_PATIENCE = 0.5
"""Seconds that a run waits for the study's lock: a page that looks whether one is under way holds it for a moment."""

if TYPE_CHECKING:
    from kakehashi.advice.answer import Advice
    from kakehashi.advice.partners import Ranking
    from kakehashi.matching import Match
    from kakehashi.planning import Plan

Language = Literal["ja", "en"]
_REPORT_MEMORY = "3GiB"  # a few questions of a report join all that a study holds


class Study:
    """Opens a study folder, or a built-in reference study such as `mic2023`.

    >>> study = Study("my-study")           # doctest: +SKIP
    >>> study.run()                         # doctest: +SKIP
    >>> study.table("positions", "pandas")  # doctest: +SKIP
    """

    def __init__(self, name: str | os.PathLike[str]) -> None:
        """Raise StudyError where there is neither a study folder nor a reference of that name."""
        from kakehashi import reference

        self.folder = Path(name).expanduser()
        self._scratch: Path | None = None
        self._reference: str | None = None
        if (self.folder / "study.toml").is_file():
            return
        if str(name) not in reference.names():
            known = ", ".join(reference.names())
            raise StudyError(
                f"{name}: no study here (no study.toml). Make one: kakehashi init {name} --home JP --sources PATH; "
                f"or name a built-in one: {known}"
            )
        self._reference = str(name)

    @classmethod
    def create(cls, folder: str | os.PathLike[str], home: str, sources: Sequence[str | os.PathLike[str]]) -> "Study":
        """Write a commented study.toml into a new or empty folder. Raises StudyError or SettingsError."""
        target = Path(folder).expanduser()
        paths = [Path(source).expanduser() for source in sources]
        if (target / "study.toml").exists():
            raise StudyError(f"{target}: there is a study already; edit its study.toml, or choose another folder")
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise StudyError(f"--sources: {', '.join(missing)} does not exist")
        relative = [os.path.relpath(path, target) for path in paths]
        text = study_toml(target.resolve().name, home, relative)
        parse_settings(tomllib.loads(text), "kakehashi init")
        with writing(target):
            target.mkdir(parents=True, exist_ok=True)
            write_text(target / "study.toml", text)
        return cls(target)

    @property
    def is_reference(self) -> bool:
        """Tell whether this is a built-in study of published figures: those have no works behind them."""
        return self._reference is not None

    @property
    def settings(self) -> Settings:
        """Return the validated settings, with file paths made absolute. Raises SettingsError."""
        if self._reference:
            from kakehashi import reference

            return Settings(study=StudySection(**reference.study(self._reference)))
        return rooted(read_settings(self.folder / "study.toml"), self.folder)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what ran on what, as written to manifest.json."""
        if self._reference:
            return {"kakehashi": "", "home": self.settings.study.home, "reference": self._reference}
        return read_manifest(self.folder / "manifest.json").to_dict()

    def run(self, engine: str = "duckdb", watcher: Watcher | None = None, memory: str | None = None) -> tuple[str, ...]:
        """Do everything that is out of date and return the names of the stages that ran.

        May be interrupted at any moment and run again. `memory` is how much DuckDB may take, such as `4GiB`, before it
        goes on in temporary files (None: four fifths of this machine's); what Python holds comes on top.
        Raises StudyLockedError, SettingsError, SourceError, and StudyError where the folder cannot be written or the
        memory does not do.
        """
        if self._reference:
            raise StudyError(f"{self._reference} is a built-in reference study: there is nothing to run")
        settings = self.settings
        with writing(self.folder), self._lock():
            pipeline.remove_damaged(self.folder)
            tables_folder = self.folder / "tables"
            chosen = open_engine(engine, tables_folder, memory)
            try:
                done = pipeline.run(self.folder, settings, chosen, engine, watcher or Unwatched())
            finally:
                chosen.close()
            if done:
                _write_database(self.folder)
        return done

    def plan(self) -> "Plan":
        """Say what a run would do, and what it may take, by a fitted model. Raises SettingsError and SourceError."""
        from kakehashi.planning import plan

        if self._reference:
            raise StudyError(f"{self._reference} is a built-in reference study: there is nothing to run")
        return plan(self.folder, self.settings)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a SELECT over the study's tables. Raises StudyError when a table has not been computed."""
        with self.reading() as rows:
            return rows(sql)

    @overload
    def table(self, name: str, frame: Literal["arrow"] = "arrow") -> pa.Table: ...
    @overload
    def table(self, name: str, frame: Literal["pandas", "polars"]) -> Any: ...
    def table(self, name: str, frame: Literal["arrow", "pandas", "polars"] = "arrow") -> Any:
        """Return a table, in the order of its key. Raises StudyError for an unknown or missing table."""
        table = tables.BY_NAME.get(name)
        if table is None:
            raise StudyError(f"no table {name!r}; tables: {', '.join(sorted(tables.BY_NAME))}")
        with self._opened() as engine:
            if name not in engine.tables():
                raise StudyError(f"{self.folder}: table {name} has not been computed; `kakehashi run {self.folder}`")
            found = engine.arrow(f"select {', '.join(table.columns)} from {name} order by {', '.join(table.key)}")
        if frame == "pandas":
            return found.to_pandas()
        if frame == "polars":
            import polars

            return polars.from_arrow(found)
        return found

    def report(
        self,
        languages: Sequence[Language] = ("ja", "en"),
        folder: Path | None = None,
        *,
        formats: Sequence[str] = ("html",),
        templates: Sequence[str | os.PathLike[str]] = (),
        logo: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> list[Path]:
        """Write the report, one file a language and format, and return the paths.

        Args:
            languages: ja, en.
            folder: where to; None: `report/` in the study.
            formats: html, xlsx, docx, pptx, pdf.
            templates: a .docx and a .pptx of your own, whose styles, headers and colours are used.
            logo: a PNG or JPEG for the first page.
            progress: told of what is done.

        Raises:
            SettingsError: for a format or template that cannot be used.
            MissingProgramError: for pdf where there is no browser.
            StudyError: where the study has not been run or the folder cannot be written.
        """
        from kakehashi.report.documents.brand import read_brand
        from kakehashi.report.writing import FORMATS, write_report

        chosen = checked("format", formats, FORMATS)
        brand = read_brand([Path(path) for path in templates], None if logo is None else Path(logo))
        target = folder or (self.folder / "report" if not self._reference else Path(f"{self._reference}-report"))
        with writing(target), self.reading(_REPORT_MEMORY) as rows:
            return write_report(rows, self.manifest, self.settings, target, tuple(languages), chosen, brand, progress)

    def export(self, formats: Sequence[str] = ("graphml",), folder: Path | None = None, **options: Any) -> list[Path]:
        """Write networks, tables and a citation file for other programs, and return the paths.

        Args:
            formats: graphml, gexf, pajek, vosviewer, csv, parquet, citation.
            folder: where to; None: `export/` in the study.
            options: levels, field, period, min_works, language, authors and progress, see `export.files.export_study`.

        Raises:
            SettingsError: for an unknown format, level, field or period, naming the nearest.
            StudyError: where the study has not been run or the folder cannot be written.
        """
        from functools import partial

        from kakehashi.export.files import export_study

        target = folder or (self.folder / "export" if not self._reference else Path(f"{self._reference}-export"))
        with writing(target), self._opened() as engine:
            found = {name: partial(self.table, name) for name in engine.tables() if name in tables.BY_NAME}
            with self.reading() as rows:
                return export_study(rows, found, self.manifest, self.settings, target, formats, **options)

    def advise(
        self,
        *,
        home: str | None = None,
        partner: str | None = None,
        actor: str | None = None,
        field: str = "all",
        goals: Sequence[str] = (),
        forms: Sequence[str] = (),
        exclude: Sequence[str] = (),
        only: Sequence[str] = (),
        top: int = 10,
        knowledge: str | os.PathLike[str] | None = None,
        cases: str | os.PathLike[str] | None = None,
        programmes: str | os.PathLike[str] | None = None,
        weights: str | os.PathLike[str] | None = None,
    ) -> "Advice":
        """Advise with whom to work, how, with which money, what to watch and what to do first.

        Args:
            home: a country code, or an institution by id or name. None: the study's home.
            partner: the same. None: partners are ranked.
            actor: university, company or government.
            field: a field of the study, or all.
            goals: ids of what is wanted, such as technology.
            forms: ids of forms wanted, such as bilateral_research.
            exclude: countries left out.
            only: the only countries looked at.
            top: how many partners are listed.
            knowledge: a folder of knowledge files of your own, laid over ours.
            cases: a CSV of your own cases.
            programmes: a CSV of your own programmes.
            weights: a TOML file of your own weights of the goals.

        Raises:
            SettingsError: for what is unknown or in conflict, naming the nearest valid choice.
            DataError: for a file of yours that breaks its rules.
            StudyError: where the study has not been run.
        """
        from kakehashi.advice.answer import advise
        from kakehashi.advice.question import Own, Question

        settings = self.settings
        question = Question(
            home or settings.study.home, partner, field, actor, tuple(goals), tuple(forms), tuple(exclude),
            tuple(only), top,
        )  # fmt: skip
        own = Own(*(None if path is None else Path(path) for path in (knowledge, cases, programmes, weights)))
        with self.reading() as rows:
            return advise(rows, settings, question, own)

    def partners(
        self, *, home: str | None = None, level: str = "country", field: str = "all", goals: Sequence[str] = (),
        **options: Any,
    ) -> "Ranking":  # fmt: skip
        """Rank countries or institutions as partners. Options and errors as in `advice.partners.rank_partners`."""
        from kakehashi.advice.partners import rank_partners

        settings = self.settings
        with self.reading() as rows:
            return rank_partners(
                rows, settings, home=home or settings.study.home, level=level, field=field, goals=goals, **options
            )

    def match(self, need: str, *, language: Language | None = None, top: int = 10, **options: Any) -> "Match":
        """Find the institutions and researchers whose works answer a need, a sentence or a page in Japanese or English.

        The first question builds the index of the study's works. Options and errors as in `matching.opening.ask`.
        """
        from kakehashi.matching.opening import ask

        return ask(self, need, language=language, top=top, **options)

    @contextmanager
    def reading(self, memory: str | None = None) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
        """Open the tables once, for many SELECTs; `memory` as of `run`. Raises StudyError when a table is missing."""
        try:
            with self._opened(memory) as engine:
                yield Answers(engine.rows, lambda sql: list(engine.arrays(sql).values()), engine.keep)
        except duckdb.CatalogException as error:
            raise StudyError(
                f"{self.folder}: {_first_line(error)}. Has the study been run? `kakehashi run {self.folder}`"
            ) from error

    @contextmanager
    def _opened(self, memory: str | None = None) -> Iterator[DuckDB]:
        folder = self.tables_folder()  # what goes wrong in making the published study is no damage to this one
        try:
            engine = DuckDB(folder, memory)
        except (duckdb.Error, OSError) as error:
            raise StudyError(
                f"{self.folder}: the tables cannot be read ({_first_line(error)}). `kakehashi run {self.folder}` makes "
                "anew what is damaged"
            ) from error
        try:
            yield engine
        finally:
            engine.close()

    def tables_folder(self) -> Path:
        """Return the folder that holds the tables; those of a built-in study are computed when first asked for."""
        if not self._reference:
            return self.folder / "tables"
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="kakehashi-"))
            weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
            _compute_reference(self._reference, self._scratch, self.settings)
        return self._scratch

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = filelock.FileLock(self.folder / ".lock")
        try:
            with lock.acquire(timeout=_PATIENCE):
                yield
        except filelock.Timeout as error:
            raise StudyLockedError(
                f"{self.folder}: another run is working on this study; wait for it or stop it"
            ) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a full disk, too little memory or a folder that may not be written into an error that says what to do."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise StudyError(
            f"{folder}: not enough memory ({_first_line(error)}). Allow more (kakehashi run --memory), or close other "
            "programs, then run the same command again: what was finished is kept"
        ) from error
    except (OSError, duckdb.IOException) as error:
        where = getattr(error, "filename", None) or folder
        raise StudyError(
            f"{where}: {getattr(error, 'strerror', None) or _first_line(error)}. Make room or correct the permissions, "
            "then run the same command again: what was finished is kept"
        ) from error


@contextmanager
def scratch_engine() -> Iterator[Engine]:
    """Open an engine of its own on a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="kakehashi-") as folder:
        engine = DuckDB(Path(folder))
        try:
            yield engine
        finally:
            engine.close()


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _compute_reference(name: str, folder: Path, settings: Settings) -> None:
    from kakehashi import reference
    from kakehashi.positioning import stage

    engine = DuckDB(folder)
    published = reference.reference_rows(name)
    for table_name, rows in published.items():
        engine.load(tables.BY_NAME[table_name], rows)
    stage.run(engine, settings, Silent())
    if "strengths" in published:  # the published verdicts stand: the source prints no indicators by field
        engine.load(tables.STRENGTHS, published["strengths"])
    engine.close()


def _write_database(folder: Path) -> None:
    """Write study.duckdb: views over the Parquet files, for people who like to ask in SQL from the study's folder."""
    new = folder / ".study.duckdb.new"
    new.unlink(missing_ok=True)
    with duckdb.connect(new) as connection:
        # The views name the files relative to the study, so that the folder can be moved as a whole.
        connection.execute("set file_search_path = ?", [str(folder)])
        for path in sorted((folder / "tables").glob("*.parquet")):
            source = f"tables/{path.name}/*.parquet" if path.is_dir() else f"tables/{path.name}"
            connection.execute(f"create view {path.stem} as select * from read_parquet('{source}')")
    os.replace(new, folder / "study.duckdb")
