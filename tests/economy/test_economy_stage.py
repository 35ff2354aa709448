"""The economy table from small files, worked out by hand; the same on both engines."""

import pytest
from made_tables import COUNTRIES, commodity_row, commodity_table, hs_row, hs_table

from kakehashi.economy import stage
from kakehashi.economy.commodities import commodities
from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import DataError, SourceError
from kakehashi.progress import Silent
from kakehashi.settings import AffiliationsSection, EconomySection, Settings, StudySection, TradeSection
from kakehashi.tables import ECONOMY, ECONOMY_REFUSALS

GDP = "country,year,value\nKR,2020,40\nKR,2021,60\nCN,2020,150\nCN,2021,150\nJP,2020,500\nHK,2020,30\nHK,2021,30\n"
TRADE = (
    "reporter,partner,year,flow,commodity,value\n"
    "JP,KR,2020,X,TOTAL,30\nJP,KR,2021,X,TOTAL,10\nJP,KR,2020,M,TOTAL,20\nJP,KR,2021,M,TOTAL,20\n"
    "JP,CN,2020,X,TOTAL,20\nJP,CN,2021,X,TOTAL,40\nJP,CN,2020,M,TOTAL,60\nJP,CN,2021,M,TOTAL,60\n"
    "JP,KR,2020,X,8542,7\nJP,KR,2020,X,854231,3\nJP,CN,2020,X,854231,4\n"
)


def settings(folder, trade=(), gdp=None, **more):
    """Write the files and name them; `trade` holds (name, text) or (name, text, settings of its section)."""
    sections = []
    for name, text, *rest in trade:
        (folder / name).write_text(text, encoding="utf-8")
        sections.append(TradeSection(path=str(folder / name), **(rest[0] if rest else {})))
    if gdp is not None:
        (folder / "gdp.csv").write_text(gdp, encoding="utf-8")
        more["gdp"] = (str(folder / "gdp.csv"),)
    study = {key: more.pop(key) for key in ("home", "targets", "first_year", "last_year") if key in more}
    policy = more.pop("territory_policy", "seed")
    return Settings(
        study=StudySection(**study),
        affiliations=AffiliationsSection(territory_policy=policy),
        economy=EconomySection(trade=tuple(sections), **more),
    )


def run(engine, chosen):
    stage.run(engine, chosen, Silent())
    return rows(engine)


def rows(engine):
    found = engine.rows(f"select {', '.join(ECONOMY.columns)} from economy order by country_code, indicator, period")
    return {row[:3]: dict(zip(ECONOMY.columns, row, strict=True)) for row in found}


def refused(engine):
    return engine.rows("select file, row, code, records from economy_refusals order by file, seq")


def value(found, country, indicator, period="all"):
    return found[country, indicator, period]["value"]


USD = {"currency": "USD"}


def test_means_and_intensities_are_those_worked_out_by_hand(one_engine, tmp_path):
    found = run(one_engine, settings(tmp_path, [("t.csv", TRADE, USD)], GDP))
    assert [value(found, "KR", name) for name in ("exports", "imports", "gdp")] == [20, 20, 50]
    assert [value(found, "CN", name) for name in ("exports", "imports", "gdp")] == [30, 60, 150]
    assert found["KR", "exports", "all"]["years"] == 2
    # Trade 40 and 90 of 130, GDP 50 and 150 of 200.
    assert value(found, "KR", "trade_intensity") == pytest.approx((40 / 130) / (50 / 200))
    assert value(found, "CN", "trade_intensity") == pytest.approx((90 / 130) / (150 / 200))
    assert value(found, "KR", "exports_intensity") == pytest.approx((20 / 50) / (50 / 200))
    assert value(found, "KR", "exports_intensity", "2020") == pytest.approx((30 / 50) / (40 / 190))
    # 20 + 60 of 130 goods times 1 in KR and CN: weighted by GDP shares, intensities average 1.
    assert 0.25 * value(found, "KR", "trade_intensity") + 0.75 * value(found, "CN", "trade_intensity") == pytest.approx(
        1
    )
    assert found["HK", "trade_intensity", "all"] == {
        "country_code": "HK", "indicator": "trade_intensity", "period": "all", "value": None, "unit": None, "years": 0,
        "status": "missing", "reason": "no_trade", "detail": None, "file": None,
    }  # fmt: skip
    assert ("JP", "gdp", "all") in found
    assert ("JP", "exports", "all") not in found


def test_intensities_do_not_depend_on_the_currency_of_trade(one_engine, tmp_path):
    dollars = run(one_engine, settings(tmp_path, [("t.csv", TRADE, USD)], GDP))
    yen = run(one_engine, settings(tmp_path, [("t.csv", TRADE, {"currency": "JPY", "multiplier": 110})], GDP))
    assert value(yen, "KR", "exports") == 110 * value(dollars, "KR", "exports")
    assert value(yen, "KR", "trade_intensity") == pytest.approx(value(dollars, "KR", "trade_intensity"))


def test_a_listed_code_takes_its_own_row_and_not_also_its_parts(one_engine, tmp_path):
    (tmp_path / "ict.csv").write_text("classification,flow,code\nhs,export,8542\n", encoding="utf-8")
    found = run(one_engine, settings(tmp_path, [("t.csv", TRADE, USD)], commodities=str(tmp_path / "ict.csv")))
    assert value(found, "KR", "ict_exports", "2020") == 7


def month_by_month(flow, year, months):
    """Every section and every listed code for South Korea: 10 a month in section 7 and 1 in each other and code."""
    sections = [commodity_row(flow, year, str(digit), 103, [10 if digit == 7 else 1] * months) for digit in range(10)]
    name = {1: "export", 2: "import"}[flow]
    codes = [commodity_row(flow, year, each.code, 103, [1] * months) for each in commodities(None) if each.flow == name]
    return [*sections, *codes, commodity_row(flow, year, "7", 105, [6] * months)]


def test_sections_make_the_total_codes_the_ict_goods_and_a_year_not_yet_whole_is_marked(one_engine, tmp_path):
    text = commodity_table(
        *month_by_month(1, 2020, 12), *month_by_month(2, 2020, 12), *month_by_month(1, 2021, 12),
        *month_by_month(1, 2022, 9),
    )  # fmt: skip
    found = run(one_engine, settings(tmp_path, [("b.csv", text)], targets=("TW",)))
    assert value(found, "KR", "exports", "2020") == 12 * 19 * 1000
    assert value(found, "KR", "ict_exports", "2020") == 12 * 9 * 1000  # the nine codes of figure A5-1
    assert value(found, "KR", "ict_imports", "2020") == 12 * 6 * 1000  # six of imports were checked
    partial = found["KR", "exports", "2022"]
    assert (partial["value"], partial["status"], partial["reason"], partial["detail"]) == (
        9 * 19 * 1000, "partial", "months_missing", "9",
    )  # fmt: skip
    assert value(found, "KR", "exports") == 12 * 19 * 1000
    assert found["KR", "exports", "all"]["years"] == 2
    assert value(found, "CN", "ict_exports", "2020") == 0  # trades with home, but not in these goods
    assert found["TW", "exports", "all"]["reason"] == "not_in_data"


def test_a_year_whose_files_lack_a_listed_code_is_partial_and_names_it(one_engine, tmp_path):
    rows_ = [row for row in month_by_month(1, 2020, 12) if "'70131'" not in row]
    found = run(one_engine, settings(tmp_path, [("b.csv", commodity_table(*rows_))]))
    marked = found["KR", "ict_exports", "2020"]
    assert (marked["status"], marked["reason"], marked["detail"]) == ("partial", "codes_missing", "70131")
    assert found["KR", "ict_exports", "all"]["reason"] == "no_complete_year"


def test_without_all_sections_there_is_no_total(one_engine, tmp_path):
    rows_ = [row for row in month_by_month(1, 2020, 12) if "'9'" not in row]
    found = run(one_engine, settings(tmp_path, [("b.csv", commodity_table(*rows_))]))
    assert ("KR", "exports", "2020") not in found
    assert ("KR", "ict_exports", "2020") in found


def test_export_and_import_codes_are_separate_vocabularies():
    exports, imports = ({c.code for c in commodities(None) if c.flow == flow} for flow in ("export", "import"))
    assert exports == {"70105", "70131", "70303", "70305", "70309", "70311", "70315", "70323", "81303"}
    assert imports == {"70105", "70131", "70304", "70305", "70307", "70311"}


def test_chapters_of_hs_make_a_total_only_when_all_are_there(one_engine, tmp_path):
    chapters = [number for number in range(1, 98) if number != 77]
    half = len(chapters) // 2
    files = [
        (f"hs{part}.csv", hs_table(*(hs_row(2, 2021, f"{n:02}0000000", 105, 1) for n in numbers)))
        for part, numbers in enumerate((chapters[:half], chapters[half:]), 1)
    ]
    found = run(one_engine, settings(tmp_path, files))
    assert value(found, "CN", "imports", "2021") == 96 * 12 * 1000
    assert run(one_engine, settings(tmp_path, files[:1])) == {}


def test_the_same_file_twice_counts_once_and_is_noted(one_engine, tmp_path):
    files = [("a.csv", COUNTRIES), ("b.csv", COUNTRIES)]
    once = run(one_engine, settings(tmp_path, files[:1]))
    twice = run(one_engine, settings(tmp_path, files))
    assert {key: row["value"] for key, row in twice.items()} == {key: row["value"] for key, row in once.items()}
    assert ("b.csv", None, "given_twice", 9) in refused(one_engine)


def test_of_two_downloads_of_a_year_the_one_with_more_months_counts(one_engine, tmp_path):
    files = [
        ("a.csv", commodity_table(*month_by_month(1, 2020, 9))),
        ("b.csv", commodity_table(*month_by_month(1, 2020, 12))),
    ]
    found = run(one_engine, settings(tmp_path, files))
    assert value(found, "KR", "exports", "2020") == 12 * 19 * 1000
    assert found["KR", "exports", "2020"]["status"] == "complete"
    assert ("a.csv", None, "given_twice", 20) in refused(one_engine)


def test_both_codes_of_yemen_are_added_and_the_unknown_code_is_counted(one_engine, tmp_path):
    found = run(one_engine, settings(tmp_path, [("a.csv", COUNTRIES)]))
    assert value(found, "YE", "imports", "2020") == 60_000
    assert ("a.csv", 5, "unknown_country", 2) in refused(one_engine)  # one row for the fault, met in two rows


def test_years_outside_the_period_are_counted_and_the_economy_may_have_years_of_its_own(one_engine, tmp_path):
    found = run(one_engine, settings(tmp_path, [("t.csv", TRADE, USD)], first_year=2021, last_year=2021))
    assert {period for _, _, period in found} == {"2021", "all"}
    assert refused(one_engine) == [("t.csv", 1, "outside_years", 7)]
    found = run(one_engine, settings(tmp_path, [("t.csv", TRADE, USD)], gdp="country,year,value\nKR,2020,4\n"))
    assert ("KR", "gdp", "2020") in found


def test_a_territory_counted_with_a_state_adds_its_trade_and_gdp_to_it(one_engine, tmp_path):
    trade = TRADE + "JP,HK,2020,X,TOTAL,5\nJP,HK,2020,M,TOTAL,5\n"
    found = run(one_engine, settings(tmp_path, [("t.csv", trade, USD)], GDP, territory_policy="un"))
    assert value(found, "CN", "exports", "2020") == 25
    assert value(found, "CN", "gdp", "2020") == 180
    assert not [key for key in found if key[0] == "HK"]


def test_a_year_in_which_a_part_of_a_state_has_no_gdp_is_partial(one_engine, tmp_path):
    gdp = "country,year,value\nCN,2020,150\nHK,2020,30\nCN,2021,160\n"
    found = run(one_engine, settings(tmp_path, gdp=gdp, territory_policy="un"))
    marked = found["CN", "gdp", "2021"]
    assert (marked["status"], marked["reason"], marked["detail"]) == ("partial", "territory_missing", "HK")
    assert value(found, "CN", "gdp") == 180


def test_another_home_country_uses_its_own_reports_and_no_others(one_engine, tmp_path):
    text = "reporter,partner,year,flow,value\nKR,JP,2020,X,9\nKR,JP,2020,M,8\nJP,KR,2020,X,7\n"
    found = run(one_engine, settings(tmp_path, [("t.csv", text, USD)], home="KR"))
    assert (value(found, "JP", "exports"), value(found, "JP", "imports")) == (9, 8)
    assert refused(one_engine) == [("t.csv", 3, "other_reporter", 1)]


def test_the_export_intensity_index_is_the_one_worked_out_by_hand(one_engine, tmp_path):
    text = TRADE + (
        "JP,W00,2020,X,TOTAL,100\nJP,W00,2020,M,TOTAL,200\n"
        "KR,W00,2020,M,TOTAL,150\nW00,W00,2020,M,TOTAL,1200\n"
    )  # fmt: skip
    found = run(one_engine, settings(tmp_path, [("t.csv", text, USD)]))
    # 30 of 100 exports of Japan go to South Korea, which takes 150 of the 1200 - 200 imports of all but Japan.
    assert value(found, "KR", "export_intensity_index", "2020") == pytest.approx(0.3 / 0.15)
    assert value(found, "KR", "export_intensity_index") == pytest.approx(0.3 / 0.15)
    assert ("CN", "export_intensity_index", "all") not in found


def test_trade_in_two_currencies_gives_no_mean_and_no_intensity(one_engine, tmp_path):
    text = (
        "reporter,partner,year,flow,value,currency\nJP,KR,2020,X,9,JPY\nJP,KR,2021,X,8,USD\n"
        "JP,CN,2020,X,9,USD\nJP,CN,2021,X,9,USD\n"
    )
    found = run(one_engine, settings(tmp_path, [("t.csv", text)], GDP))
    assert found["KR", "exports", "all"]["reason"] == "mixed_currencies"
    assert ("KR", "exports_intensity", "2020") not in found


def test_without_files_both_tables_are_empty(one_engine, tmp_path):
    assert run(one_engine, settings(tmp_path)) == {}
    assert refused(one_engine) == []
    assert one_engine.has(ECONOMY)
    assert one_engine.has(ECONOMY_REFUSALS)


def test_a_path_that_does_not_exist_is_an_error_that_names_it(one_engine):
    with pytest.raises(SourceError, match=r"economy\.gdp: nowhere\.csv does not exist"):
        run(one_engine, Settings(economy=EconomySection(gdp="nowhere.csv")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("classification,code\nhs,1\n", "columns flow are missing"),
        ("classification,flow,code\nhs,exports,85\n", "row 1: flow 'exports'.*did you mean 'export'"),
        ("classification,flow,code\nhs,export,85\nhs,export,8542\n", "8542 lies within 85"),
        ("classification,flow,code\nhs,export,\n", "row 1: classification and code must be given"),
    ],
)
def test_a_faulty_list_of_commodities_names_file_row_and_remedy(tmp_path, text, message):
    path = tmp_path / "ict.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        commodities(str(path))


def test_the_order_of_files_does_not_change_what_different_files_add_up_to(one_engine, tmp_path):
    (tmp_path / "other").mkdir()
    lines = TRADE.strip().split("\n")
    parts = [("1.csv", "\n".join([lines[0], *lines[1:5]]), USD), ("2.csv", "\n".join([lines[0], *lines[5:]]), USD)]
    found = run(one_engine, settings(tmp_path, parts, GDP))
    again = run(one_engine, settings(tmp_path / "other", parts[::-1], GDP))
    assert found == again


@pytest.mark.spark
def test_both_engines_write_the_same_rows_to_the_last_digit(spark_session, tmp_path):
    from kakehashi.engine.spark import Spark

    world = "JP,W00,2020,X,TOTAL,100.1\nJP,W00,2020,M,TOTAL,200.7\nKR,W00,2020,M,TOTAL,150\nW00,W00,2020,M,TOTAL,1200\n"
    chapters = [hs_row(2, 2021, f"{n:02}0000000", code, n) for n in range(1, 98) if n != 77 for code in (105, 123)]
    files = [
        ("a.csv", COUNTRIES), ("a2.csv", COUNTRIES), ("t.csv", TRADE + world, USD), ("hs.csv", hs_table(*chapters)),
        ("b.csv", commodity_table(*month_by_month(1, 2019, 12), *month_by_month(2, 2019, 11))),
    ]  # fmt: skip
    chosen = settings(tmp_path, files, GDP, targets=("TW",))
    duckdb, spark = DuckDB(tmp_path / "duckdb"), Spark(spark_session, tmp_path / "spark")
    expected, found = run(duckdb, chosen), run(spark, chosen)
    assert {"gdp", "exports", "ict_imports", "trade_intensity", "export_intensity_index"} <= {
        key[1] for key in expected
    }
    assert found == expected
    assert refused(spark) == refused(duckdb)
    duckdb.close()
    spark.close()
