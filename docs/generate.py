"""Write the reference pages from the code and its data: commands, settings, tables, formats, indicators, schemes.

Run `python docs/generate.py` after changing any of them; `--check` says which pages are out of date. A test does both.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from kakehashi import settings, tables
from kakehashi.advice.schemes.choices import named
from kakehashi.cli.main import main as command_line
from kakehashi.figures.scheme import WIDE_SCHEME, pattern_diagram, scheme
from kakehashi.indicators.definitions import definitions
from kakehashi.knowledge import axes, patterns, regions
from kakehashi.pipeline import STAGES
from kakehashi.reasons import written
from kakehashi.sources.registry import FORMATS, GENERIC
from kakehashi.texts import texts

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Made by docs/generate.py from the code. Do not edit: change the code and run `make docs`. -->\n"


def commands() -> str:
    """Every command with its help, arguments and options, as click knows them."""
    context = click.Context(command_line, info_name="kakehashi")
    parts = ["# Commands\n", _code(inspect.cleandoc(command_line.help or "").replace("\b\n", ""))]
    for name, command in _all_commands(command_line):
        usage = " ".join([f"kakehashi {name}", *command.collect_usage_pieces(context)])
        help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
        options = [_option(param) for param in command.params if isinstance(param, click.Option)]
        parts += [f"## kakehashi {name}\n", _code(f"{usage}\n\n{help_text}")]
        parts += [_table(("option", "default", "meaning"), options)] if options else []
    return "\n".join(parts)


def _all_commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from _all_commands(command, f"{above}{name} ")


def _option(option: click.Option) -> tuple[str, str, str]:
    choices = getattr(option.type, "choices", ())
    shown = option.default if option.show_default and option.default is not None else ""
    required = "required" if option.required else ""
    meaning = option.help or (f"One of {', '.join(choices)}." if choices else "")
    return f"`{', '.join(option.opts)}`", required or (f"`{shown}`" if shown else ""), meaning


def settings_page() -> str:
    """Every key of study.toml: its type, default and meaning, read from settings.py."""
    parts = [
        "# Settings: study.toml\n",
        "An unknown key is refused, and the nearest known one is named. Paths are relative to the file.\n",
    ]
    for name, field in settings.Settings.model_fields.items():
        model = _model(field.annotation)
        meanings = _attribute_docs(model)
        rows = [
            (f"`{key}`", _type(entry.annotation), _default(entry), meanings.get(key, ""))
            for key, entry in model.model_fields.items()
        ]
        header = f"[[{name}]]" if model is settings.SourceSection else f"[{name}]"
        parts += [f"## {header}\n", f"{_first(model)}\n", _table(("key", "type", "default", "meaning"), rows)]
        parts += _listed_sections(name, model)
    return "\n".join(parts)


def _listed_sections(name: str, model: type[BaseModel]) -> list[str]:
    """Sections of a section that may be given several times: [[economy.trade]]."""
    parts = []
    for key, entry in model.model_fields.items():
        inner = _model(entry.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            meanings = _attribute_docs(inner)
            rows = [
                (f"`{each}`", _type(field.annotation), _default(field), meanings.get(each, ""))
                for each, field in inner.model_fields.items()
            ]
            parts += [
                f"## [[{name}.{key}]]\n",
                f"{_first(inner)}\n",
                _table(("key", "type", "default", "meaning"), rows),
            ]
    return parts


def _model(annotation: Any) -> type[BaseModel]:
    return getattr(annotation, "__args__", (annotation,))[0]  # type: ignore[no-any-return]


def _attribute_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the string that stands below each attribute: Python keeps it only in the source."""
    body = ast.parse(inspect.getsource(model)).body[0].body  # type: ignore[attr-defined]
    found = {}
    for statement, following in pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(following, ast.Expr):
            found[ast.unparse(statement.target)] = str(ast.literal_eval(following.value))
    return found


def _type(annotation: Any) -> str:
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return f"`{annotation.__name__}`"
    text = str(annotation).replace("typing.", "")
    if "A-Z]{3}" in text:
        text = "currency code"
    elif "StringConstraints" in text:
        text = "country codes" if text.startswith("tuple") else "country code"
    return f"`{text}`"


def _default(entry: Any) -> str:
    if entry.default is PydanticUndefined:
        return "required" if entry.default_factory is None else f"`{entry.default_factory()!r}`"
    value = list(entry.default) if isinstance(entry.default, tuple) else entry.default
    return "none" if value is None else f"`{value!r}`"


def tables_page() -> str:
    """Every table that crosses a stage boundary."""
    writer = {table.name: stage.name for stage in STAGES for table in stage.writes}
    parts = [
        "# Tables\n",
        "Shown by `kakehashi show TABLE --study DIR`, kept as Parquet in `tables/`. Keys are unique and never null.\n",
    ]
    for table in tables.ALL:
        rows = [(f"`{name}`", kind, "key" if name in table.key else "") for name, kind in table.columns.items()]
        parts += [
            f"## {table.name}\n",
            f"{table.meaning}\n",
            f"Written by the stage `{writer[table.name]}`.\n",
            _table(("column", "type", ""), rows),
        ]
    return "\n".join(parts)


def formats_page() -> str:
    """Every format that is read, in the order in which they are asked."""
    rows = [(f"`{form.name}`", f"`{form.database}`", form.description) for form in (*FORMATS, *GENERIC)]
    return "\n".join(
        [
            "# Formats\n",
            "A file is recognised by its content, never by its name; the formats are asked in this order. `format` in "
            "study.toml overrides it. Files may be gzipped or in zip archives.\n",
            _table(("format", "database", "what it is"), rows),
        ]
    )


def indicators_page() -> str:
    """Every indicator as its definition describes itself, in both languages."""
    parts = ["# Indicators\n", "The report and `kakehashi explain number` print the same definitions.\n"]
    for name, entry in definitions().items():
        rows = [(what, entry.__dict__[key]["en"], entry.__dict__[key]["ja"]) for what, key in _DEFINED.items()]
        parts += [
            f"## {entry.label['en']} / {entry.label['ja']}\n",
            f"Column `{name}`. Counting: {entry.counting}. Source of the method: {entry.reference}\n",
            _table(("", "English", "日本語"), rows),
        ]
    return "\n".join(parts)


def python_page() -> str:
    """The public Python names; mkdocstrings fills them in when the site is built."""
    names: tuple[str, ...] = (
        "kakehashi.study.Study",
        "kakehashi.explaining.explain",
        "kakehashi.advice.answer.Advice",
        "kakehashi.advice.trace.trace",
        "kakehashi.advice.partners.ranking.rank_partners",
        "kakehashi.advice.partners.constraints.Constraints",
        "kakehashi.advice.partners.answer",
        "kakehashi.hub.readiness.report.assess",
        "kakehashi.hub.kpi.report.review",
        "kakehashi.hub.store.hub.Hub",
        "kakehashi.hub.store.hub.Unit",
        "kakehashi.engine.base.Engine",
        "kakehashi.sources.base",
        "kakehashi.records",
        "kakehashi.errors",
    )
    return "\n".join(["# Python\n", *(f"::: {name}\n" for name in names)])


def schemes_page() -> str:
    """The axes and their weights, the strategy of each region with its conditions, every pattern with its diagram."""
    english = texts("en")
    places = {"home": "the home country", "partner": english("schemes.partner")}
    parts = [
        "# Schemes: axes, regions, patterns\n",
        "What `src/kakehashi/data/knowledge` holds about schemes, by the ids that sentences name as their rule. "
        "[How they are used](../guide/schemes.md).\n",
        "## Axes\n",
        _table(
            ("id", "axis", "weight", "why this weight"),
            [(f"`{a.id}`", a.name.en, f"{a.weight:g}", a.weight_why.en) for a in axes.axes().values()],
        ),
    ]
    for region in regions.regions().values():
        rows = [
            (
                f"`{one.id}`",
                "; ".join(written(named(when.keys()), english, "ict8") for when in one.when) or "always",
                english.fill(one.text, **places),
                f"{one.source.document} {one.source.figure}",
            )
            for one in regions.choices().values()
            if one.region == region.id
        ]
        listed = [
            f"- {name}: {', '.join(f'`{one}`' for one in ids)}"
            for name, ids in (("Gains", region.gains), ("Forms", region.forms), ("Patterns", region.patterns))
        ]
        parts += [f"## {english(f'regions.{region.id}.name')} (`{region.id}`)\n", "\n".join(listed) + "\n"]
        parts += [_table(("choice", "called for by any of", "ground", "source"), rows)]
    for pattern in patterns.patterns().values():
        values = ", ".join(f"`{axis}` {value}" for axis, value in pattern.on.items())
        picture = scheme(
            pattern_diagram(pattern, english), english, WIDE_SCHEME, key=f"pattern-{pattern.id}", title=pattern.name.en
        )
        parts += [
            f"## Pattern {pattern.id}: {pattern.name.en} ({pattern.name.ja})\n",
            f"{pattern.summary.en} Cases: {pattern.cases}. {values}.\n",
            picture.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1) + "\n",
        ]
    return "\n".join(parts)


def _first(model: type[BaseModel]) -> str:
    return (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " ")


def _code(text: str) -> str:
    return f"```text\n{text}\n```\n"


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A row is one line of Markdown, whatever lines a docstring has."""
    lines = [header, tuple("---" for _ in header), *rows]
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


_DEFINED = {"formula": "formula", "unit": "unit", "no value": "null_policy"}
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings_page,
    "tables.md": tables_page,
    "formats.md": formats_page,
    "indicators.md": indicators_page,
    "python.md": python_page,
    "schemes.md": schemes_page,
}


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the names of the pages that are missing or differ from what the code says now."""
    found = {name: (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else "" for name in PAGES}
    return [name for name, make in PAGES.items() if found[name] != NOTE + make()]


def write(folder: Path = FOLDER) -> None:
    """Write all pages."""
    folder.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(NOTE + make(), encoding="utf-8")


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        pages = stale()
        print("out of date: " + ", ".join(pages) if pages else "reference pages are up to date")
        sys.exit(bool(pages))
    write()
