"""A made-up study in memory for the report's tests: plausible tables in the declared shapes, some of them awkward.

Papers, shares and centralities of the thirty Asian countries are those published in figure 2-6 of the report of the
Ministry of Internal Affairs and Communications of 2023-03-31; everything else is invented by formula.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from kakehashi import tables

HOSTILE = 'Inst. of <script>alert("x")</script> & Sons'
_TARGETS = "CN IN KR AU TW SG HK ID IR TR MY SA PK IL TH BD AE VN MO PH LK MM NP LA BN MN KH BT KP"
TARGETS = tuple(_TARGETS.split())
FIELDS = ("ai", "network", "edge", "bigdata", "device", "iot", "security", "photonics_quantum")
# code, papers, international share, degree, betweenness, eigenvector
ASIA = """
CN 571656 .213 245 .048 .600|IN 167641 .114 216 .037 .094|JP 94078 .204 195 .013 .114|KR 57715 .235 202 .010 .093
AU 50597 .521 176 .027 .194|TW 40755 .227 153 .011 .065|SG 29509 .557 166 .008 .135|HK 26661 .664 144 .006 .170
ID 26594 .108 119 .007 .006|IR 22460 .311 150 .005 .030|TR 21985 .227 177 .003 .023|MY 20165 .335 172 .025 .019
SA 15406 .631 190 .021 .050|PK 14955 .468 137 .014 .033|IL 13169 .397 153 .008 .035|TH 13033 .163 117 .010 .008
BD 11882 .224 95 .004 .011|AE 8110 .565 145 .005 .025|VN 7411 .438 128 .006 .012|MO 5270 .726 95 .003 .037
PH 4673 .105 77 .008 .002|LK 4220 .190 89 .006 .004|MM 485 .295 21 .000 .000|NP 288 .351 52 .005 .000
LA 251 .486 34 .002 .001|BN 238 .576 36 .003 .000|MN 218 .505 36 .005 .001|KH 88 .557 29 .013 .000
BT 60 .333 16 .003 .000|KP 30 .567 3 .000 .000
"""
_OTHERS = "US DE GB FR IT CA ES RU BR NL CH SE PL PT GR FI BE AT DK NO CZ IE MX EG ZA NZ RO HU TN DZ NG KE GH PG FJ"
OTHERS = tuple(_OTHERS.split())
INSTITUTIONS = {
    "CN": ("Tsinghua University", "Chinese Academy Of Sciences", "Peng Cheng Laboratory", HOSTILE),
    "AU": ("University Of New South Wales", "University Of Sydney", "CSIRO"),
    "HK": ("City University Of Hong Kong", "Chinese University Of Hong Kong", "Hong Kong Polytechnic University"),
    "SG": ("Nanyang Technological University", "National University Of Singapore", "Institute For Infocomm Research"),
    "IN": ("Indian Institute Of Technology", "National Institute Of Technology", "Thapar Institute Of Engineering"),
    "KR": ("Seoul National University", "KAIST", "Kyung Hee University"),
    "TW": ("National Tsing Hua University", "National Taiwan University"),
    "JP": ("University Of Tokyo", "Osaka University", "NTT Corporation", "国立情報学研究所"),
}

Row = tuple[Any, ...]


def rows_of(connection: duckdb.DuckDBPyConnection) -> Callable[[str], list[Row]]:
    return lambda sql: connection.cursor().execute(sql).fetchall()  # a cursor for each thread


def country_values() -> dict[str, tuple[int, float, int, float, float]]:
    values = {}
    for line in ASIA.replace("\n", "|").split("|"):
        if line.strip():
            code, papers, *rest = line.split()
            share, degree, between, eigen = map(float, rest)
            values[code] = (int(papers), share, int(degree), between, eigen)
    for rank, code in enumerate(OTHERS):
        size = int(486_000 / (1 + 1.1 * rank**1.25))
        values[code] = (
            size,
            round(0.28 + 0.01 * rank, 3),
            max(240 - 5 * rank, 4),
            round(0.05 / (1 + rank), 4),
            round(0.62 / (1 + 0.9 * rank**1.3), 4),
        )
    return values


def load(connection: duckdb.DuckDBPyConnection, table: tables.Table, rows: Sequence[Row]) -> None:
    kinds = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
    width = len(table.columns)
    whole = [(*row, *[None] * (width - len(row))) for row in rows]  # a column added at a table's end has no value here
    columns = [
        pa.array([row[place] for row in whole], kinds[kind]) for place, kind in enumerate(table.columns.values())
    ]
    connection.register("arrow_rows", pa.table(columns, names=list(table.columns)))
    connection.execute(f"create table {table.name} as select * from arrow_rows")
    connection.unregister("arrow_rows")


def connect(*only: str) -> duckdb.DuckDBPyConnection:
    """The study in DuckDB; `only` names the tables to make, by default all that the report reads."""
    connection = duckdb.connect()
    for name, rows in everything().items():
        if not only or name in only:
            load(connection, tables.BY_NAME[name], rows)
    return connection


def everything() -> dict[str, list[Row]]:
    return {
        "sources": sources(),
        "refusals": refusals(),
        "totals": totals(),
        "indicators": indicators(),
        "edges": edges(),
        "positions": positions(),
        "strengths": strengths(),
        "institutions": [
            (f"i-{code}-{number}", name, code, None, 3, 5000 // number)
            for code, names in INSTITUTIONS.items()
            for number, name in enumerate(names, 1)
        ],
        "resolutions": resolutions(),
    }


def sources() -> list[Row]:
    ieee = [(f"ieee/export{n:02d}.csv", "ieee_csv", "ieee", 2000, 1960, 38, 2, None) for n in range(1, 9)]
    acm = [(f"acm/acm_{n}.bib", "acm_bibtex", "acm", 1000, 640, 360, 0, None) for n in range(1, 5)]
    odd = [("notes/<b>readme</b>.txt", None, None, 0, 0, 0, 0, "not recognised as any format")]
    return [*ieee, *acm, *odd]


def refusals() -> list[Row]:
    shifted = [
        (f"ieee/export{n:02d}.csv", s, 100 + s, "shifted_row", "row has 31 cells, the head has 30", 1)
        for n in range(1, 9)
        for s in (1, 2)
    ]
    return [*shifted, ("notes/<b>readme</b>.txt", 1, None, "unknown_format", "no reader claims this file", 0)]


def totals() -> list[Row]:
    sizes = dict(
        zip(
            (*FIELDS, "all", "collected"),
            (798872, 486294, 316938, 291233, 282283, 246453, 151509, 96612, 1772843, 2147175),
            strict=True,
        )
    )
    shares = dict(zip(sizes, (0.199, 0.214, 0.190, 0.206, 0.186, 0.213, 0.213, 0.223, 0.191, 0.186), strict=True))
    rows = []
    for field, works in sizes.items():
        parts = {"all": 1.0, "ieee": 0.93, "acm": 0.07}
        for database, part in parts.items():
            rows.append(_total(field, "all", database, int(works * part), shares[field]))
        weights = {year: 1 + 0.04 * (year - 2010) for year in range(2010, 2023)}
        whole = sum(weights.values())
        for year, weight in weights.items():
            rows.append(
                _total(field, str(year), "all", int(works * weight / whole), shares[field] + 0.006 * (year - 2016))
            )
    return rows


def _total(field: str, period: str, database: str, works: int, share: float) -> Row:
    resolved = int(works * 0.964)
    international = int(resolved * share)
    return (field, period, database, works, resolved, international, international / resolved, works - resolved)


def indicators() -> list[Row]:
    rows = []
    for code, (papers, share, degree, between, eigen) in country_values().items():
        rows.append(_indicator("country", "all", "all", code, papers, share, degree, between, eigen))
        for year in range(2010, 2023):
            if (code, year) != ("KR", 2014):
                part = (1 + 0.05 * (year - 2010)) / 17
                rows.append(
                    _indicator(
                        "country",
                        "all",
                        str(year),
                        code,
                        int(papers * part),
                        share + 0.004 * (year - 2016),
                        degree,
                        between,
                        eigen,
                    )
                )
        for number, field in enumerate(FIELDS):
            rows.append(
                _indicator(
                    "country", field, "all", code, *_in_field(code, number, papers, eigen), share, degree, between
                )
            )
    for code, name_count in ((code, len(names)) for code, names in INSTITUTIONS.items()):
        for number in range(1, name_count + 1):
            papers, eigen = _institution(code, number)
            rows.append(
                _indicator(
                    "institution",
                    "all",
                    "all",
                    f"i-{code}-{number}",
                    papers,
                    0.2 + 0.1 * number,
                    papers // 3,
                    0.008 / number,
                    eigen,
                    0.002,
                )
            )
    return [_ordered(row) for row in rows]


def _in_field(code: str, number: int, papers: int, eigen: float) -> tuple[int, float]:
    tilt = 1 + 0.5 * math.sin(ord(code[0]) * 3 + ord(code[1]) * 5 + number * 2)
    return int(papers * 0.2 * tilt / (1 + 0.3 * number)), round(eigen * (0.7 + 0.4 * tilt), 4)


def _institution(code: str, number: int) -> tuple[int, float]:
    scale = math.sqrt(country_values()[code][0])
    return int(scale * 32 / number**1.2), country_values()[code][4] * 0.5 / 40 ** (number - 1)


def _indicator(level: str, field: str, period: str, entity: str, *values: Any) -> Row:
    return (level, field, period, entity, *values)


def _ordered(row: Row) -> Row:
    """Bring the values into the table's order."""
    level, field, period, entity, *values = row
    if level == "country" and field != "all":
        papers, eigen, share, degree, between = values
        error = None
    else:
        papers, share, degree, between, eigen, *rest = values
        error = rest[0] if rest else None
    return (
        level,
        field,
        period,
        entity,
        papers,
        papers * 0.8,
        int(papers * share),
        share,
        degree,
        degree / 250,
        between,
        error,
        eigen,
        1.0,
    )


def edges() -> list[Row]:
    values = country_values()
    codes = sorted(values)
    rows = []
    for place, a in enumerate(codes):
        for b in codes[place + 1 :]:
            mix = 1 + (ord(a[0]) * 7 + ord(b[1]) * 3) % 5 / 2
            works = int(8e4 * mix * (values[a][4] + 0.001) * (values[b][4] + 0.001) * 1.2)
            if works:
                rows.append(("country", "all", "all", a, b, works, works * 0.8))
    return rows


def positions() -> list[Row]:
    rows = []
    for code, (papers, share, degree, between, eigen) in country_values().items():
        region = _region(code, papers, eigen, (94078, 0.114))
        rows.append((code, "country", "all", "all", float(papers), share, degree, between, eigen, region, None, None))
        for number, field in enumerate(FIELDS):
            part, shifted = _in_field(code, number, papers, eigen)
            home = _in_field("JP", number, 94078, 0.114)
            rows.append(
                (
                    code,
                    "country",
                    field,
                    "all",
                    float(part),
                    share,
                    degree,
                    between,
                    shifted,
                    _region(code, part, shifted, home),
                    None,
                    None,
                )
            )
    for code, names in INSTITUTIONS.items():
        for number in range(1, len(names) + 1):
            papers, eigen = _institution(code, number)
            entity = f"i-{code}-{number}"
            for place, field in enumerate(("all", *FIELDS)):
                part = papers if field == "all" else papers // (2 + place)
                rows.append(
                    (
                        entity,
                        "institution",
                        field,
                        "all",
                        float(part),
                        0.3,
                        100,
                        0.001,
                        eigen,
                        None,
                        None,
                        "no home institution",
                    )
                )
    return rows


def _region(code: str, papers: int, eigen: float, home: tuple[int, float]) -> str | None:
    if code == "JP":
        return "home"
    if not papers:
        return None
    side = "right" if papers > home[0] else "left"
    near = eigen > 0 and math.hypot(math.log10(papers / home[0]), math.log10(eigen / home[1])) <= 0.5
    level = "upper" if eigen > home[1] else "lower"
    return "centre" if near and (level, side) == ("lower", "left") else f"{level}_{side}"


def strengths() -> list[Row]:
    strong = {
        ("iot", "AU"),
        ("iot", "SG"),
        ("iot", "KR"),
        ("edge", "KR"),
        ("security", "IN"),
        ("device", "JP"),
        ("device", "KR"),
    }
    weak = {("iot", "JP"), ("security", "JP"), ("network", "AU")}
    rows = []
    for field in FIELDS:
        for code in ("JP", "CN", "AU", "HK", "SG", "IN", "KR", "TW"):
            verdict = "strong" if (field, code) in strong else "weak" if (field, code) in weak else None
            reason = None if verdict else "no_move"
            up, down = (2, 0) if verdict == "strong" else (0, 2) if verdict == "weak" else (0, 0)
            shift = {"strong": 0.18, "weak": -0.21}.get(verdict or "", 0.01)
            rivals = {"strong": "+SG +IN", "weak": "-AU -KR"}.get(verdict or "")
            rows.append((code, field, up, down, shift, 1.1 + shift, verdict, rivals, reason))
    return rows


def resolutions() -> list[Row]:
    named = [
        (
            f"Dept {n}, University {n}, Tokyo, Japan",
            1,
            f"i-{n}",
            f"University {n}",
            "JP",
            None,
            "rule",
            "last_place",
            "University",
            "Japan",
            0.9,
            None,
            None,
            None,
        )
        for n in range(90)
    ]
    silent = [
        (f"Dept {n}", 1, None, None, None, None, None, None, None, None, None, "no place is named", None, None)
        for n in range(10)
    ]
    return [*named, *silent]
