"""Published tables of Japan Customs and the World Bank, which the repository neither holds nor needs."""

import os
from pathlib import Path

import pytest

from kakehashi.economy import stage
from kakehashi.economy.countries import WORLD, Countries
from kakehashi.economy.gdp import Product
from kakehashi.economy.reading import read_products, read_trade
from kakehashi.economy.records import TOTAL, Flow
from kakehashi.progress import Silent
from kakehashi.records import Refusal
from kakehashi.settings import EconomySection, Settings, StudySection, TradeSection

FOLDER = Path(os.environ.get("KAKEHASHI_ECONOMY", Path(__file__).parents[3] / "shared" / "data" / "economy"))
CUSTOMS = FOLDER / "japan-customs"

pytestmark = pytest.mark.skipif(not CUSTOMS.is_dir(), reason=f"no published tables at {FOLDER} (set KAKEHASHI_ECONOMY)")


def read(name):
    found = [item for _, item in read_trade(CUSTOMS / name, name, TradeSection(path=name), Countries({}))]
    return [item for item in found if isinstance(item, Flow)], [item for item in found if isinstance(item, Refusal)]


@pytest.mark.parametrize("table", ["mof-middleeast-countries-annual.sample", "mof-products-import-annual.sample"])
def test_both_encodings_of_a_table_give_the_same_values(table):
    assert read(f"{table}.cp932.csv") == read(f"{table}.utf8.csv")


def test_the_countries_of_a_region_add_up_to_its_published_total():
    flows, refusals = read("mof-middleeast-countries-annual.sample.cp932.csv")
    assert not refusals
    sums = {
        (year, flow): sum(f.value for f in flows if (f.year, f.flow) == (year, flow))
        for year in (2016, 2017, 2018, 2022)
        for flow in ("export", "import")
    }
    assert sums[2016, "export"] == 2_584_593_915_000
    assert sums[2022, "import"] == 15_607_834_088_000
    assert {f.partner for f in flows if f.partner_code in ("136", "142", "149")} == {"YE"}


def test_the_sections_of_the_product_table_add_up_to_its_total():
    flows, refusals = read("mof-products-import-annual.sample.cp932.csv")
    values = {f.commodity: f.value for f in flows if f.year == 2022}
    assert {f.partner for f in flows} == {WORLD}
    parts = ("0", "1", "2", "4", "3", "5", "6", "701", "703", "705", "8", "9")  # section 7 is given by its parts
    printed = {code: values[code] for code in parts if code in values}
    assert values[TOTAL] == 118_503_152_779_000
    assert printed["703"] == 17_285_649_804_000
    assert abs(sum(printed.values()) - values[TOTAL]) <= 12_000  # rounding to thousands of yen
    assert [(note.code, note.records) for note in refusals] == [("odd_code", 0)]


def test_gdp_of_all_countries_is_read_and_only_groups_are_left_out():
    path = FOLDER / "gdp_current_usd.csv"
    found = list(read_products(path, path.name, Countries({})))
    assert {item.code for item in found if isinstance(item, Refusal)} == {"country_group"}
    countries = {item.country for item in found if isinstance(item, Product)}
    assert {"JP", "CN", "HK", "MO", "XK", "PS", WORLD} <= countries
    assert "TW" not in countries
    assert len(countries) > 200


def test_a_study_of_both_has_intensities_for_the_countries_of_the_region(one_engine):
    settings = Settings(
        study=StudySection(home="JP", first_year=2016, last_year=2022),
        economy=EconomySection(
            gdp=(str(FOLDER / "gdp_current_usd.csv"),),
            trade=(TradeSection(path=str(CUSTOMS / "mof-middleeast-countries-annual.sample.cp932.csv")),),
        ),
    )
    stage.run(one_engine, settings, Silent())
    found = one_engine.rows(
        "select country_code, years, value from economy where indicator = 'exports' and period = 'all' "
        "and value is not null order by country_code"
    )
    assert [row[0] for row in found] == [
        "AE", "BH", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY", "YE",
    ]  # fmt: skip
    assert {row[1] for row in found} == {4}
