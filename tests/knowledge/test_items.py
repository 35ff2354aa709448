"""The items of the framework: how many each figure has, that each has its tags, and that recommendations are linked."""

from collections import Counter

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.areas import areas, countries_of, country_problem
from kakehashi.knowledge.forms import ACTORS
from kakehashi.knowledge.items import cells_of, doors, institutions, items, on_record, recommendations
from kakehashi.knowledge.regions import regions
from kakehashi.knowledge.sources import cells

# Counted by hand in the figures. 2-16: 10 headings with the 29 practices under them, and 12 that stand alone. 4-6: the
# bullet that lists five practices counts as five, that with two as two.
ITEMS = {"2-16": 51, "4-3": 9, "4-4": 12, "4-5": 6, "4-6": 18, "4-7": 8, "4-8": 7, "4-9": 9, "5-8": 17}
KINDS = {
    "4-6": {"success_factor": 15, "problem": 3},
    "4-7": {"merit": 5, "demerit": 2, "success_factor": 1},
    "4-8": {"success_factor": 2, "merit": 1, "demerit": 3, "risk": 1},
    "4-9": {"request": 9},
}
PRACTICES = {
    "tsinghua": 6, "cas": 4, "ucas": 8, "ustc": 1, "sustech": 6, "pcl": 3, "ntu": 4, "nus": 4, "cityu": 6, "cuhk": 3,
    "polyu": 4, "unsw": 3, "usyd": 7, "uts": 4, "i2r": 1, "csiro": 3, "ime": 4, "hkbu": 2, "iit": 4, "nit": 2,
    "thapar": 2, "iith": 1, "snu": 1, "nthu": 3, "khu": 3,
}  # fmt: skip
FIGURE_5_9 = {
    "people_1": ("5.2.1 5.2.6", "5.3.5"), "people_2": ("5.2.6", "5.3.2"), "people_3": ("5.2.2", "5.3.2"),
    "people_4": ("5-9", "5.3.2"), "people_5": ("5.2.3", "5.3.1 5.3.2"), "people_6": ("5.2.6", "5.3.5"),
    "people_7": ("5.2.6", "5.3.5"), "things_1": ("5.2.5", "5.3.4"), "things_2": ("5-9", "5.3.1"),
    "things_3": ("5-9", "5.3.1"), "things_4": ("5.2.6", "5.3.4"), "things_5": ("5.2.4 5-9", "5-9"),
    "things_6": ("5.2.7", "5.3.1"), "money_1": ("5.2.2", "5.3.2"), "money_2": ("5-9", "5.3.3"),
    "money_3": ("5-9", "5.3.3"), "money_4": ("5.2.7", "5.3.3"),
}  # fmt: skip


def of(figure):
    return [item for item in items().values() if item.source.figure == figure]


@pytest.mark.parametrize(("figure", "number"), ITEMS.items())
def test_every_figure_has_the_number_of_items_counted_in_it(figure, number):
    assert len(of(figure)) == number


def test_no_item_is_of_another_figure():
    assert Counter(item.source.figure for item in items().values()) == ITEMS


@pytest.mark.parametrize(("figure", "kinds"), KINDS.items())
def test_the_findings_are_of_the_kinds_that_their_figure_prints(figure, kinds):
    assert Counter(item.kind for item in of(figure)) == kinds


def test_figure_2_16_has_its_practices_in_the_cells_where_they_are_printed():
    leaves = [item for item in of("2-16") if not any(other.group == item.id for other in of("2-16"))]
    assert Counter(item.cell for item in leaves) == {
        "entry.people": 9, "entry.things": 7, "entry.money": 2,
        "process.people": 5, "process.things": 5, "process.money": 2,
        "exit.people": 1, "exit.things": 6, "exit.money": 4,
    }  # fmt: skip
    assert all(items()[item.group].cell == item.cell for item in leaves if item.group)


def test_figure_4_2_has_its_practices_in_the_cells_where_they_are_printed():
    held = Counter(item.cell for figure in ("4-3", "4-4", "4-5") for item in of(figure))
    assert held == {
        "entry.people": 1, "process.people": 6, "exit.people": 2,
        "entry.things": 3, "process.things": 5, "exit.things": 4,
        "entry.money": 3, "process.money": 2, "exit.money": 1,
    }  # fmt: skip


def test_figure_5_7_has_its_directions_in_the_cells_where_they_are_printed():
    assert {cell: [item.id for item in of("5-8") if item.cell == cell] for cell in cells()} == {
        "entry.people": ["people_1", "people_2", "people_3"], "entry.things": ["things_1", "things_2"],
        "entry.money": ["money_1"],
        "process.people": ["people_4", "people_5", "people_6"], "process.things": ["things_3", "things_4", "things_5"],
        "process.money": ["money_2", "money_3"],
        "exit.people": ["people_7"], "exit.things": ["things_6"], "exit.money": ["money_4"],
    }  # fmt: skip


@pytest.mark.parametrize("item", items().values(), ids=lambda item: item.id)
def test_every_item_has_its_tags_and_says_something_in_both_languages(item):
    assert item.cell in cells()
    assert set(item.actors) <= set(ACTORS)
    assert item.actors
    assert item.text.ja != item.text.en
    assert item.text.ja.endswith("。")
    assert item.text.en.endswith(".")
    assert set(item.regions) <= set(regions())
    assert bool(item.regions) == bool(item.places)


def test_what_is_said_of_a_place_is_tagged_with_its_regions_on_the_published_map():
    for item in items().values():
        held = countries_of(item.places, areas())
        named = {name for name, region in regions().items() if held & {*region.countries}}
        rest = held - {code for region in regions().values() for code in region.countries}
        assert set(item.regions) == named | ({"lower_left"} if rest else set()), item.id


@pytest.mark.parametrize(("direction", "printed"), FIGURE_5_9.items())
def test_recommendations_are_linked_to_directions_as_figure_5_9_prints_them(direction, printed):
    for actor, sections in zip(("company", "university"), printed, strict=True):
        linked = [one for one in recommendations().values() if direction in one.directions.get(actor, ())]
        assert sorted(one.source.figure.removeprefix("section ") for one in linked) == sorted(sections.split())


def test_every_section_of_5_2_and_5_3_is_a_recommendation():
    sections = {one.source.figure: one.actors for one in recommendations().values() if one.id != "use_findings"}
    assert sections == {f"section 5.2.{number}": ("company",) for number in range(1, 8)} | {
        f"section 5.3.{number}": ("university",) for number in range(1, 6)
    }


def test_every_institution_of_a4_1_has_each_of_its_practices():
    assert Counter(record.institution for record in on_record().values()) == PRACTICES
    assert set(institutions()) == set(PRACTICES)
    # 87 bullets of A4-1, two more that stand in 2-15 alone.
    assert sum("A4-1" in {one.figure for one in record.sources} for record in on_record().values()) == 87


def test_practices_on_record_are_in_the_cells_of_their_items():
    assert cells_of(on_record()["uts_1"]) == ("entry.things",)
    assert cells_of(on_record()["csiro_1"]) == ("exit.things", "exit.money")
    assert cells_of(on_record()["snu_1"]) == ()  # the figure names no practice
    assert sum(not record.items for record in on_record().values()) == 7


def test_every_practice_on_record_names_a_practice_of_figure_2_16():
    assert {items()[item].source.figure for record in on_record().values() for item in record.items} == {"2-16"}


def test_every_actor_has_doors():
    assert set(doors()) == set(ACTORS)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("jp", "'JP'"),
        ("Japan", "'JP'"),
        ("日本", "'JP'"),
        ("Viet Nam", "'VN'"),
        ("QQ", "ISO 3166-1"),
        ("EU", "ISO 3166-1"),
    ],
)
def test_a_country_that_is_none_is_answered_with_its_code(code, remedy):
    assert remedy in country_problem(code)


def test_the_oda_list_has_the_141_of_2024_and_neither_korea_nor_chile():
    oda = set(areas()["oda"].countries)
    assert len(oda) == 141
    assert oda & {"VN", "IN", "CN", "ZA", "BR", "NR"} == {"VN", "IN", "CN", "ZA", "BR", "NR"}
    assert not oda & {"KR", "CL", "SG", "JP", "AU", "AG"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "practices.toml",
            'id = "liaison"\ncell = "entry.persons"',
            "cell: unknown 'entry.persons'; did you mean 'entry.p",
        ),
        ("practices.toml", 'id = "liaison"\nkind = "risk"', "kind: unknown 'risk'; known: practice"),
        ("practices.toml", 'id = "liaison"\nactors = ["companies"]', "unknown 'companies'; did you mean 'company'"),
        ("findings.toml", 'id = "asia_rules_cost"\nplaces = ["asean7"]', "places: unknown country 'asean7'.*'asean'"),
        ("findings.toml", 'id = "asia_rules_cost"\npractices = ["foreign_rule"]', "did you mean 'foreign_rules'"),
        ("findings.toml", 'id = "people_1"\nkind = "risk"', "is missing; add it"),
    ],
)
def test_a_users_bad_item_is_refused_with_the_nearest_id(tmp_path, name, text, message):
    (tmp_path / name).write_text(f"[[items]]\n{text}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        items(tmp_path)


def test_an_id_that_another_file_has_is_refused(tmp_path):
    text = """
        [[items]]
        id = "liaison"
        kind = "risk"
        cell = "entry.people"
        actors = ["company"]
        name = {ja = "名", en = "Name"}
        text = {ja = "文。", en = "Text."}
        source = "mic2023 4-6"
    """
    (tmp_path / "findings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"'liaison': practices\.toml has this id already"):
        items(tmp_path)
