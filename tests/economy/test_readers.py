"""Readers of trade and GDP: every form of the notes on Japan Customs, and what is wrong with tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import (
    COUNTRIES,
    PRODUCTS,
    commodity_row,
    commodity_table,
    hs_row,
    hs_table,
    read,
    read_gdp,
    without,
)

from kakehashi.economy.commodities import principal
from kakehashi.economy.countries import WORLD, Countries, countries_of, customs_countries
from kakehashi.economy.gdp import Product
from kakehashi.economy.reading import read_products, read_trade
from kakehashi.economy.records import TOTAL, Coverage, Flow
from kakehashi.errors import SettingsError, SourceError
from kakehashi.records import Refusal
from kakehashi.settings import TradeSection

PLAIN = "reporter,partner,year,flow,commodity,value\nKOR,JPN,2021,exports,8542,5\nKOR,W00,2021,M,TOTAL,9\n"


def flows(items):
    return [item for item in items if isinstance(item, Flow)]


def refusals(items):
    return [(item.row, item.code) for item in items if isinstance(item, Refusal)]


def values(items):
    return {(f.partner, f.partner_code, f.year, f.flow, f.commodity): f.value for f in flows(items)}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_a_time_series_by_country_is_read_in_every_encoding_with_its_unit_and_trailing_blanks(tmp_path, encoding):
    items, formats = read(tmp_path, COUNTRIES, encoding)
    found = values(items)
    assert formats == {"customs_countries"}
    assert found["SA", "137", 2020, "export", TOTAL] == 100_000  # 100 thousand yen
    assert found["SA", "137", 2020, "import", TOTAL] == 200_000
    assert {(f.reporter, f.currency) for f in flows(items)} == {("JP", "JPY")}


def test_two_codes_with_one_name_are_one_country_with_both_values(tmp_path):
    items, _ = read(tmp_path, COUNTRIES, "cp932")
    found = values(items)
    assert (found["YE", "142", 2020, "import", TOTAL], found["YE", "149", 2020, "import", TOTAL]) == (10_000, 50_000)


def test_the_total_of_a_region_is_not_the_total_of_the_world(tmp_path):
    items, _ = read(tmp_path, COUNTRIES, "cp932")
    assert WORLD not in {f.partner for f in flows(items)}
    items, _ = read(tmp_path, COUNTRIES.replace("《中東》", "《世界》"), "cp932")
    assert values(items)[WORLD, WORLD, 2020, "export", TOTAL] == 160_000


def test_an_unknown_customs_code_is_refused_and_a_dash_is_no_value(tmp_path):
    items, _ = read(tmp_path, COUNTRIES, "cp932")
    assert refusals(items)[:2] == [(5, "unknown_country"), (6, "unknown_country")]
    assert ("SA", "137", 2021, "import", TOTAL) not in values(items)


def test_a_year_of_zeros_is_not_compiled_and_no_value(tmp_path):
    items, _ = read(tmp_path, COUNTRIES, "cp932")
    assert (7, "not_compiled") in refusals(items)
    assert 2022 not in {f.year for f in flows(items)}


def test_a_table_without_a_unit_of_money_is_refused_whole(tmp_path):
    items, _ = read(tmp_path, COUNTRIES.replace("（単位：千円）", "").replace("(a thousand yen)", ""))
    assert refusals(items) == [(None, "unknown_unit")]
    assert not flows(items)


def test_a_row_that_is_too_short_and_a_row_without_a_year_are_refused_with_their_place(tmp_path):
    text = COUNTRIES + "2019 ,1 ,2 \r\nsum,1,2,3,4,5,6,7,8,9\r\n"
    found = refusals(read(tmp_path, text)[0])
    assert (8, "wrong_width") in found
    assert (9, "bad_year") in found


def test_a_cell_that_is_no_number_costs_that_cell_only(tmp_path):
    items, _ = read(tmp_path, COUNTRIES.replace("2020 ,160 ,260 ,100 ,200 ", "2020 ,160 ,260 ,1OO ,200 "))
    assert (5, "bad_value") in refusals(items)
    assert ("SA", "137", 2020, "export", TOTAL) not in values(items)
    assert values(items)["SA", "137", 2020, "import", TOTAL] == 200_000


def test_months_are_added_up_and_a_year_covers_those_with_values(tmp_path):
    head = "《アジア》　【月別】（単位：千円）,,\nASIA,,\nYears/Months,Exp-103,Imp-103\n,R KOREA,R KOREA\n"
    whole = "".join(f"2021/{month:02} ,10 ,1 \n" for month in range(1, 13))
    begun = "".join(f"2022/{month:02} ,{10 if month < 4 else 0} ,1 \n" for month in range(1, 13))
    items, _ = read(tmp_path, head + whole + begun)
    found = values(items)
    assert found["KR", "103", 2021, "export", TOTAL] == 120_000
    assert found["KR", "103", 2022, "export", TOTAL] == 30_000
    covered = {(c.year, c.flow): c.months for c in items if isinstance(c, Coverage)}
    assert covered == {(2021, "export"): 12, (2021, "import"): 12, (2022, "export"): 3, (2022, "import"): 12}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_a_time_series_by_product_takes_the_value_of_each_pair_and_skips_sums_of_codes(tmp_path, encoding):
    items, formats = read(tmp_path, PRODUCTS, encoding)
    assert formats == {"customs_products"}
    assert values(items) == {
        (WORLD, WORLD, 2020, "import", TOTAL): 1_000_000,
        (WORLD, WORLD, 2020, "import", "007"): 200_000,
        (WORLD, WORLD, 2020, "import", "70311"): 40_000,
        (WORLD, WORLD, 2020, "import", "70505"): 9_000,
    }


def test_a_code_whose_apostrophes_do_not_pair_is_read_and_noted(tmp_path):
    items, _ = read(tmp_path, PRODUCTS)
    notes = [item for item in items if isinstance(item, Refusal)]
    assert [(note.code, note.records) for note in notes] == [("odd_code", 0)]
    assert "70505" in notes[0].reason


def test_a_table_of_one_country_by_product_is_known_by_its_title_and_that_of_a_region_is_refused(tmp_path):
    items, _ = read(tmp_path, PRODUCTS.replace("《世界》", "《アメリカ合衆国》"))
    assert {f.partner for f in flows(items)} == {"US"}
    items, _ = read(tmp_path, PRODUCTS.replace("《世界》", "《アジア》"))
    assert refusals(items) == [(None, "unknown_area")]


def test_a_table_of_countries_by_commodity_is_read_by_the_places_of_its_columns(tmp_path):
    text = commodity_table(
        commodity_row(1, 2021, "70323000", 103, [10] * 12),
        commodity_row(2, 2021, "007", "'105'", [1] * 12),
        commodity_row(1, 2021, "0", 702, [5] * 12),
        commodity_row(3, 2021, "0", 103, [5] * 12),
    )
    items, formats = read(tmp_path, text)
    assert formats == {"customs_commodities"}
    assert values(items) == {
        ("KR", "103", 2021, "export", "70323"): 120_000,
        ("CN", "105", 2021, "import", "007"): 12_000,
    }
    assert refusals(items) == [(3, "no_country"), (4, "bad_row")]


def test_months_given_as_zero_at_the_end_are_not_covered_but_zeros_before_them_are(tmp_path):
    text = commodity_table(
        commodity_row(1, 2022, "0", 103, [10, 0, 10]), commodity_row(1, 2022, "0", 105, [0, 0, 0, 0, 7])
    )
    items, _ = read(tmp_path, text)
    assert [item for item in items if isinstance(item, Coverage)] == [Coverage(2022, "export", 5)]


def test_hs_tables_keep_leading_zeros_and_are_read_with_and_without_countries_and_offices(tmp_path):
    by_country = hs_table(hs_row(2, 2021, "010121000", 105, 4))
    items, formats = read(tmp_path, by_country)
    assert formats == {"customs_hs"}
    assert values(items) == {("CN", "105", 2021, "import", "010121000"): 48_000}
    items, _ = read(tmp_path, without(by_country, "Country"))
    assert {f.partner for f in flows(items)} == {WORLD}
    by_office = by_country.replace(",HS,", ",Custom,HS,").replace("'010121000'", "104,'010121000'")
    items, formats = read(tmp_path, by_office)
    assert formats == {"customs_offices"}
    assert [(f.office, f.commodity) for f in flows(items)] == [("104", "010121000")]


@pytest.mark.parametrize("code", ["10121000", "ABC", ""])
def test_a_code_that_has_lost_its_zeros_is_refused_and_not_taken_for_another(tmp_path, code):
    items, _ = read(tmp_path, hs_table(hs_row(2, 2021, code, 105, 4)))
    assert refusals(items) == [(1, "bad_code")]
    items, _ = read(tmp_path, commodity_table(commodity_row(1, 2021, code[:4], 103, [1] * 12)))
    assert refusals(items) == [(1, "bad_code")]


@given(
    st.sampled_from([COUNTRIES, PRODUCTS, commodity_table(commodity_row(1, 2021, "7", 103, [1])), PLAIN]),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=6),
    st.sampled_from(["utf-8", "cp932"]),
)
@settings(max_examples=60, deadline=None)
def test_a_damaged_table_never_raises(tmp_path_factory, table, damages, encoding):
    data = bytearray(table.replace("\ufeff", "").encode(encoding))
    for place, put in damages:
        data[place : place + len(put)] = put
    path = tmp_path_factory.mktemp("damaged") / "t.csv"
    path.write_bytes(bytes(data))
    section = TradeSection(path=str(path), currency="USD")
    for _, item in read_trade(path, "t.csv", section, Countries({})):
        assert isinstance(item, Flow | Coverage | Refusal)
    for product in read_products(path, "t.csv", Countries({})):
        assert isinstance(product, Product | Refusal)


def test_a_plain_table_of_any_country_is_read_with_codes_of_two_or_three_letters(tmp_path):
    items, formats = read(tmp_path, PLAIN, currency="USD", multiplier=1000)
    assert formats == {"trade_csv"}
    assert [(f.reporter, f.partner, f.flow, f.commodity, f.value, f.currency) for f in flows(items)] == [
        ("KR", "JP", "export", "8542", 5000, "USD"),
        ("KR", WORLD, "import", TOTAL, 9000, "USD"),
    ]


def test_columns_are_mapped_and_a_reporter_given_in_the_settings(tmp_path):
    text = "pays;an;sens;montant\nCHN;2021;X;1\n"
    mapping = {"partner": "pays", "year": "an", "flow": "sens", "value": "montant"}
    items, _ = read(tmp_path, text, columns=mapping, reporter="FR", currency="EUR")
    assert [(f.reporter, f.partner, f.commodity, f.value) for f in flows(items)] == [("FR", "CN", TOTAL, 1)]


@pytest.mark.parametrize(
    ("text", "section", "code"),
    [
        (PLAIN, {}, "no_currency"),
        (PLAIN.replace("reporter,", "who,"), {"currency": "USD"}, "no_reporter"),
        ("a,b,c\n1,2,3\n", {}, "unrecognised"),
        ("a,b,c\n1,2,3\n", {"columns": {"partner": "x"}}, "no_header"),
        ("", {}, "empty"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_what_to_do(tmp_path, text, section, code):
    items, _ = read(tmp_path, text, **section)
    assert refusals(items) == [(None, code)]
    assert items[0].records == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("KOR,XX9,2021,X,1,5", "unknown_country"),
        ("KOR,EUU,2021,X,1,5", "country_group"),
        ("KOR,JPN,202101,X,1,5", "bad_year"),
        ("KOR,JPN,2021,RX,1,5", "other_flow"),
        ("KOR,JPN,2021,X,1,many", "bad_value"),
        ("KOR,JPN,2021,X,1,", "no_value"),
    ],
)
def test_a_faulty_row_of_a_plain_table_is_refused_with_its_number(tmp_path, row, code):
    items, _ = read(tmp_path, PLAIN + row + "\n", currency="USD")
    assert refusals(items) == [(3, code)]


def test_an_unknown_format_is_refused_and_the_known_ones_named(tmp_path):
    with pytest.raises(SourceError, match="known formats: customs_products"):
        read(tmp_path, PLAIN, format="nonsense")


LONG = (
    "Country Name,Country Code,Year,Value\nJapan,JPN,2021,5.0\nKosovo,XKX,2021,2\n"
    "World,WLD,2021,90\nArab World,ARB,2021,3\n"
)
WIDE = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-01-01",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2020","2021",\n'
    '"Korea, Rep.","KOR","GDP (current US$)","NY.GDP.MKTP.CD","1.5","",\n'
    '"Korea, Rep.","KOR","Population","SP.POP.TOTL","1","2",\n'
)


def test_gdp_is_read_from_the_long_table_and_groups_of_countries_are_noted(tmp_path):
    items = read_gdp(tmp_path, LONG)
    assert [(p.country, p.year, p.value) for p in items if isinstance(p, Product)] == [
        ("JP", 2021, 5.0), ("XK", 2021, 2.0), (WORLD, 2021, 90.0),
    ]  # fmt: skip
    assert [(item.code, item.records) for item in items if isinstance(item, Refusal)] == [("country_group", 0)]


def test_gdp_is_read_from_the_wide_table_of_the_world_bank_and_other_indicators_are_refused(tmp_path):
    items = read_gdp(tmp_path, WIDE)
    assert [(p.country, p.year, p.value) for p in items if isinstance(p, Product)] == [("KR", 2020, 1.5)]
    assert refusals(items) == [(2, "other_indicator")]


def test_a_file_that_is_no_table_of_gdp_is_refused(tmp_path):
    assert refusals(read_gdp(tmp_path, "nothing here\n")) == [(None, "no_header")]


@pytest.mark.parametrize(
    ("given", "short"),
    [("70311000", "70311"), ("70311030", "7031103"), ("70000000", "7"), ("00000000", "0"), ("00700000", "007"),
     ("61000000", "610"), ("70130000", "70130"), ("70311", "70311"), ("007", "007")],
)  # fmt: skip
def test_codes_filled_up_with_zeros_get_their_short_form(given, short):
    assert principal(given) == short


def test_every_customs_code_is_a_country_that_iso_knows_or_none():
    codes = customs_countries()
    assert len(codes) > 220
    assert all(len(code) == 3 and code.isdigit() for code in codes)
    assert {iso for iso in codes.values() if iso and Countries({}).of_iso(iso) != iso} == set()
    assert [codes[code] for code in ("103", "105", "106", "108", "112", "123", "304", "601")] == (
        ["KR", "CN", "TW", "HK", "SG", "IN", "US", "AU"]
    )


def test_a_territory_policy_moves_values_and_an_unknown_one_is_refused():
    assert countries_of("seed").counted("HK") == "HK"
    assert countries_of("un").counted("HK") == "CN"
    assert countries_of("iso3166").counted("XK") is None
    with pytest.raises(SettingsError, match="nonsense"):
        countries_of("nonsense")
