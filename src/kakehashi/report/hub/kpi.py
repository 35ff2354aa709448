"""KPIs as lines of text and as a page with a table of lights and a chart for each."""

from collections.abc import Iterator

from markupsafe import Markup

from kakehashi.figures.lines import Series, lines
from kakehashi.figures.table import Cell, Column, Table
from kakehashi.figures.theme import NARROW, WIDE, Figure, Frame
from kakehashi.hub.kpi.definitions import Kpi
from kakehashi.hub.kpi.judging import Judged, Status, path, start
from kakehashi.hub.kpi.report import Review
from kakehashi.knowledge.sources import documents
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Bullets, Chapter, Drawing, FigureBlock, Paragraph, TableBlock, pictures
from kakehashi.report.hub.page import build_page
from kakehashi.texts import Language, Texts, texts

_SIGNS = {"green": "●", "amber": "▲", "red": "■", "none": "–"}
_WIDE = Frame("wide", WIDE.width, 300)
_NARROW = Frame("narrow", NARROW.width, 260, font=NARROW.font)
_SURE = 0.99
_METHOD = ("path", "lights", "forecast", "needed")


def kpi_lines(found: Review, language: Language) -> Iterator[tuple[int, str]]:
    """Yield the review as lines with their level; a KPI's name has level 0 and is followed by its lines."""
    t = texts(language)
    yield 0, t("kpi.title")
    yield 1, t("kpi.lights_counted", **found.lights)
    for one in found.judged:
        yield 0, name(one.series.kpi, t)
        yield from ((1, line) for line in _said(one, t))
    yield 0, t("kpi.columns.status")
    yield from ((1, t(f"kpi.method.{key}")) for key in _METHOD)


def kpi_chapters(found: Review, t: Texts) -> tuple[Chapter, ...]:
    """Return the review as chapters: the table of lights, each KPI with its chart, and how they are judged.

    Table and charts are numbered in one row: Japanese names both alike.
    """
    summary = Chapter(
        "summary", "", t("kpi.short"), (Paragraph(t("kpi.lights_counted", **found.lights)), _lights(found, t))
    )
    chapters = [_chapter(number, one, t) for number, one in enumerate(found.judged, 1)]
    number = len(chapters) + 1
    method = Bullets(tuple(t(f"kpi.method.{key}") for key in _METHOD))
    return (summary, *chapters, Chapter(f"c{number}", str(number), t("kpi.columns.status"), (method,)))


def kpi_page(found: Review, language: Language) -> str:
    """Write the review as a page."""
    t = texts(language)
    summary, *chapters = kpi_chapters(found, t)
    facts = [(t("kpi.count"), t.number(len(found.judged)))]
    facts += [(t("kpi.study"), found.study)] if found.study else []
    facts += [(t("kpi.entity"), found.entity)] if found.entity else []
    return build_page(t("kpi.title"), facts, summary, chapters, t)


def name(kpi: Kpi, t: Texts) -> str:
    """Name a KPI with its unit."""
    return t("kpi.chart", name=kpi.name(t.language), unit=unit(kpi, t))


def unit(kpi: Kpi, t: Texts) -> str:
    """Write a KPI's unit; one that is not of ours as it was entered."""
    return "%" if kpi.is_percent else codes.label("units", kpi.unit, t.language) or kpi.unit


def label(kpi: Kpi, year: int, t: Texts) -> str:
    """Write a year as the language does."""
    return t(f"kpi.years.{'fiscal' if kpi.fiscal else 'calendar'}", year=year)


def _said(one: Judged, t: Texts) -> Iterator[str]:
    kpi = one.series.kpi
    yield _status(one, t)
    if one.from_baseline is not None and kpi.baseline is not None:
        change, times = one.from_baseline
        values = {"base": _number(kpi.baseline[1], t), "change": _signed(change, t)}
        yield (
            t("kpi.baseline", **values)
            if times is None
            else t("kpi.baseline_times", times=t.decimal(times, 2), **values)
        )
    yield from _ahead(one, t)
    yield from _needed(one, t)
    for year, (reason, of) in one.series.missing.items():
        text = t(f"kpi.reasons.{reason}") + (f" ({of})" if of else "")
        yield t("kpi.note", label=label(kpi, year, t), text=text)
    if kpi.formula is not None:
        yield t("kpi.formula", formula=kpi.formula)
    if kpi.owner is not None:
        yield t("kpi.owner", owner=kpi.owner)
    for when, text in kpi.remarks(t.language).items():
        yield text if when is None else t("kpi.note", label=label(kpi, when, t), text=text)
    if kpi.source is not None:
        document = documents().get(kpi.source)
        yield t("kpi.source", source=kpi.source if document is None else document.title(t.language))


def _status(one: Judged, t: Texts) -> str:
    latest, kpi = one.latest, one.series.kpi
    if latest is None:
        return t("kpi.no_value")
    values = {"value": _number(latest.value, t), "label": label(kpi, latest.year, t), "light": _light(latest.light, t)}
    if latest.expected is None:
        return t("kpi.valued", reason=t(f"kpi.reasons.{latest.reason}"), **values)
    return t("kpi.against", expected=_number(latest.expected, t), gap=_signed(latest.gap, t), **values)


def _ahead(one: Judged, t: Texts) -> Iterator[str]:
    ahead, kpi = one.forecast, one.series.kpi
    if not ahead.years:
        if ahead.reason is not None:
            yield t("kpi.no_forecast", reason=t(f"kpi.reasons.{ahead.reason}"))
        return
    last = ahead.years[-1]
    values = {"label": label(kpi, last.year, t), "value": _number(last.middle, t)}
    if last.low is None or last.high is None:
        yield t("kpi.forecast_plain", reason=t(f"kpi.reasons.{ahead.reason}"), **values)
        return
    level = f"{ahead.level:.0%}"
    yield t("kpi.forecast", low=_number(last.low, t), high=_number(last.high, t), level=level, **values)
    if ahead.clipped:
        yield t("kpi.clipped")


def _needed(one: Judged, t: Texts) -> Iterator[str]:
    needed, kpi = one.needed, one.series.kpi
    if needed.year is None or needed.target is None or needed.per_year is None:
        if needed.reason == "no_value":
            yield from (
                t("kpi.target", label=label(kpi, year, t), target=_number(target, t))
                for year, target in kpi.targets.items()
            )
        return
    if needed.reason == "reached":
        yield t("kpi.reasons.reached")
        return
    values = {"label": label(kpi, needed.year, t), "target": _number(needed.target, t)}
    values["per_year"] = _signed(needed.per_year, t)
    if needed.pace is None:
        yield t("kpi.needed_no_pace", **values)
    elif needed.ratio is None:
        yield t("kpi.needed", pace=_signed(needed.pace, t), **values)
    else:
        yield t("kpi.needed_ratio", pace=_signed(needed.pace, t), ratio=t.decimal(needed.ratio, 1), **values)
    if needed.chance is not None:
        yield t("kpi.chance", chance=_chance(needed.chance))


def _lights(found: Review, t: Texts) -> TableBlock:
    columns = (
        Column(t("kpi.columns.kpi")),
        Column(t("kpi.columns.status")),
        Column(t("kpi.columns.latest"), "number"),
        Column(t("kpi.columns.expected"), "number"),
        Column(t("kpi.columns.gap"), "number"),
    )
    rows = []
    for one in found.judged:
        latest, kpi = one.latest, one.series.kpi
        rows.append((Cell(name(kpi, t), heads=True, code=kpi.id), *_cells(kpi, latest, t)))
    heading = t("kpi.table")
    return TableBlock("lights", "1", heading, Table(columns, tuple(rows), heading), "", (t("kpi.method.lights"),), "")


def _cells(kpi: Kpi, latest: Status | None, t: Texts) -> tuple[Cell, ...]:
    if latest is None:
        reason = t("kpi.reasons.no_value")
        return (Cell(_shown("none", t), remark=reason), *(Cell(None, reason) for _ in range(3)))
    reason = "" if latest.reason is None else t(f"kpi.reasons.{latest.reason}")
    value = Cell(_number(latest.value, t), remark=label(kpi, latest.year, t), value=latest.value)
    if latest.expected is None:
        return Cell(_shown(latest.light, t), remark=reason), value, Cell(None, reason), Cell(None, reason)
    return (
        Cell(_shown(latest.light, t)),
        value,
        Cell(_number(latest.expected, t), value=latest.expected),
        Cell(_signed(latest.gap, t), value=latest.gap),
    )


def _shown(light: str, t: Texts) -> Markup:
    """Write a light for a page: its sign in its colour, and its words."""
    sign = Markup('<span class="light {}">{}</span>').format(light, _SIGNS[light])
    return sign + " " + t(f"kpi.lights.{light}")


def _light(light: str, t: Texts) -> str:
    return f"{_SIGNS[light]} {t(f'kpi.lights.{light}')}"


def _chapter(number: int, one: Judged, t: Texts) -> Chapter:
    kpi = one.series.kpi
    blocks: list[Block] = [Bullets(tuple(_said(one, t)))]
    drawn, band = _series(one, t), _band(one)
    if any(len([value for _, value in line.values if value is not None]) > 1 for line in drawn):
        title = name(kpi, t)
        step = _step(drawn)

        def draw(frame: Frame) -> Figure:
            return lines(drawn, frame, unit(kpi, t), lambda value: _number(value, t), unit=step, band=band)

        drawings = [Drawing(draw(_WIDE), "wide"), Drawing(draw(_NARROW), "narrow")]
        shown = pictures(f"k{number}", drawings, title, t("kpi.method.forecast"))
        blocks.append(FigureBlock(f"k{number}", str(number + 1), title, shown, "", "", (t("kpi.method.forecast"),), ""))
    return Chapter(f"c{number}", str(number), kpi.name(t.language), tuple(blocks))


def _series(one: Judged, t: Texts) -> list[Series]:
    """Return the lines of a chart: values, path, and forecast, which begins at the newest value."""
    kpi, values = one.series.kpi, one.series.values
    found = [Series(t("kpi.series.value"), tuple(values.items()), home=True)]
    years = {*values, *kpi.targets, *(ahead.year for ahead in one.forecast.years)}
    if kpi.baseline is not None and kpi.baseline[0] is not None:
        years.add(kpi.baseline[0])
    begin = start(kpi, values)
    expected = [(year, path(kpi, year, begin)[0]) for year in sorted(years)]
    found.append(Series(t("kpi.series.path"), tuple((year, value) for year, value in expected if value is not None)))
    last = tuple((year, values[year]) for year in sorted(values)[-1:])
    ahead = tuple((each.year, each.middle) for each in one.forecast.years)
    if ahead:
        named = "middle_band" if _band(one) else "middle"
        found.append(Series(t(f"kpi.series.{named}", level=f"{one.forecast.level:.0%}"), (*last, *ahead)))
    return [line for line in found if line.values]


def _band(one: Judged) -> list[tuple[int, float, float]]:
    """Return the interval of the forecast, from the newest value on; nothing where there is none."""
    ahead = [
        (each.year, each.low, each.high)
        for each in one.forecast.years
        if each.low is not None and each.high is not None
    ]
    newest = sorted(one.series.values.items())[-1:]
    return [*((year, value, value) for year, value in newest), *ahead] if ahead else []


def _step(drawn: list[Series]) -> float:
    """Return the smallest step of ticks: a thousandth of the largest value, as a power of ten."""
    most = max((abs(value) for line in drawn for _, value in line.values if value is not None), default=1.0)
    step = 1.0
    while step * 10 > most and most > 0 and step > 1e-9:
        step /= 10
    return step


def _chance(share: float) -> str:
    """Write a chance, of which a forecast is never certain."""
    return ">99%" if share > _SURE else "<1%" if share < 1 - _SURE else f"{share:.0%}"


def _number(value: float | None, t: Texts) -> str:
    if value is None or float(value).is_integer():
        return t.number(value)
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}".rstrip("0").rstrip(".")


def _signed(value: float | None, t: Texts) -> str:
    if value is None:
        return "–"
    return ("+" if value >= 0 else "−") + _number(abs(round(value, 6)), t)
