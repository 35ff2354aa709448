"""Spellings become institutions: what joins, what must not, what is no institution at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.affiliations import unify as unifying
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.unify import unify


def unified(names, country, pairs=()):
    """The rows of names given as {name: mentions}, by name, all met in addresses of one country."""
    rows = [(normal_key(name), name, country, "address", number) for name, number in names.items()]
    acronyms = [(normal_key(full), normal_key(short), country, "address", number) for full, short, number in pairs]
    found = {one.key: one for one in unify(rows, acronyms)}
    return {name: found[normal_key(name)] for name in names}


def institutions(*args, **options):
    return len({one.institution_id for one in unified(*args, **options).values()})


@pytest.mark.parametrize(
    ("country", "name", "other", "evidence"),
    [
        ("CN", "Shanghai Jiao Tong University", "Shanghai Jiaotong University", "spacing"),
        ("SG", "Nanyang Technological University", "Nanyang Technol. Univ.", "abbreviation"),
        ("DE", "Technical University of Munich", "Technische Universität München", "translation"),
        ("DE", "Technische Universität Darmstadt", "TU Darmstadt", "translation"),
        ("AT", "Graz University of Technology", "Technische Universität Graz", "translation"),
        ("IT", "Sapienza University of Rome", "Università degli Studi di Roma La Sapienza", "translation"),
        ("IT", "Politecnico di Milano", "Polytechnic University of Milan", "translation"),
        ("MX", "Universidad Nacional Autónoma de México", "National Autonomous University of Mexico", "translation"),
        ("ID", "Institut Teknologi Bandung", "Bandung Institute of Technology", "translation"),
        ("US", "University of California, Berkeley", "UC Berkeley", "short_form"),
        ("IN", "Indian Institute of Technology Delhi", "IIT Delhi", "short_form"),
        ("CH", "ETH Zurich", "Swiss Federal Institute of Technology Zurich", "short_form"),
        ("JP", "University of Tokyo", "Tokyo University", "word_order"),
        ("CN", "Wuhan University of Technology", "University of Technology Wuhan", "word_order"),
        ("CN", "Tsinghua University", "Tsinghua Univercity", "typo"),
        ("CN", "Zhejiang University", "Zheiiang University", "typo"),
        ("US", "Massachusetts Institute of Technology", "Massasachusetts Institute of Technology", "typo"),
        ("CN", "Huawei Technologies", "Huawei", "company"),
    ],
)
def test_another_form_of_a_name_joins_it_and_says_how(country, name, other, evidence):
    rows = unified({name: 200, other: 2}, country)
    assert rows[other].institution_id == rows[name].institution_id
    assert (rows[name].evidence, rows[other].evidence) == ("same_key", evidence)
    assert rows[other].name == name


@pytest.mark.parametrize(
    ("country", "name", "other"),
    [
        ("US", "University of Washington", "Washington University"),
        ("US", "University of Miami", "Miami University"),
        ("US", "New York University", "State University of New York"),
        ("US", "Ohio State University", "University of Ohio State"),
        ("US", "University of North Carolina", "University of South Carolina"),
        ("US", "DePauw University", "DePaul University"),
        ("CN", "Jinan University", "University of Jinan"),
        ("CN", "Jiangnan University", "Jianghan University"),
        ("CN", "Nanjing University", "Nanning University"),
        ("CN", "Hunan University", "Henan University"),
        ("CN", "Southeast University", "Southwest University"),
        ("CN", "Shanxi University", "Shaanxi University"),
        ("JP", "Nagasaki University", "University of Nagasaki"),
        ("JP", "Shizuoka University", "University of Shizuoka"),
        ("JP", "Meiji University", "Meijo University"),
        ("FR", "Université Paris VI", "Université Paris VII"),
        ("FR", "Université Lyon 1", "Université Lyon 2"),
        ("BE", "Vrije Universiteit Brussel", "Université Libre de Bruxelles"),
        ("BE", "KU Leuven", "Université catholique de Louvain"),
        ("ES", "Universidad de Barcelona", "Universidad Autónoma de Barcelona"),
        ("KR", "Seoul University", "University of Seoul"),
        ("SE", "Karolinska Univ", "Karolinska Universitetssjukhuset"),
        ("JP", "Hitachi Chemical", "Hitachi"),
        ("FR", "ENS", "DI ENS"),
        ("CA", "INCA", "INCASS"),
        ("GB", "Courtauld Institute of Art", "Courtauld Institute of Act 2"),
    ],
)
def test_names_of_different_institutions_stay_apart(country, name, other):
    assert institutions({name: 200, other: 2}, country) == 2


def test_the_same_name_in_two_countries_is_two_institutions():
    rows = [("northeastern university", "Northeastern University", country, "address", 5) for country in ("CN", "US")]
    assert {one.institution_id for one in unify(rows)} == {"northeastern-university.cn", "northeastern-university.us"}


def test_a_rule_for_one_countrys_language_does_not_act_in_another():
    assert institutions({"Universidad de Sevilla": 9, "University of Seville": 9}, "ES") == 1
    assert institutions({"Universidad de Sevilla": 9, "University of Seville": 9}, "JP") == 2


MIT = ("Zyxian Institute of Technology", "ZIT")


def test_an_acronym_joins_the_name_that_the_corpus_prints_beside_it():
    rows = unified({MIT[0]: 50, MIT[1]: 5}, "US", pairs=[(*MIT, 1)])
    assert rows[MIT[1]].institution_id == rows[MIT[0]].institution_id
    assert rows[MIT[1]].evidence == "acronym"


def test_an_acronym_without_such_evidence_stays_by_itself():
    assert institutions({MIT[0]: 50, MIT[1]: 5}, "US") == 2


def test_an_acronym_that_two_names_of_the_country_share_joins_neither():
    names = {MIT[0]: 50, "Zebra Institute of Taxonomy": 40, MIT[1]: 5}
    assert institutions(names, "US", pairs=[(*MIT, 1)]) == 3
    both = [(*MIT, 5), ("Zebra Institute of Taxonomy", "ZIT", 4)]
    assert institutions(names, "US", pairs=both) == 3


def test_an_acronym_that_is_not_made_of_the_initials_needs_several_mentions():
    names = {"Zyxian Aerospace Center": 50, "DLX": 5}
    assert institutions(names, "DE", pairs=[("Zyxian Aerospace Center", "DLX", 2)]) == 2
    assert institutions(names, "DE", pairs=[("Zyxian Aerospace Center", "DLX", 3)]) == 1


def test_a_word_met_nearly_as_often_as_its_neighbour_is_no_misspelling():
    assert institutions({"Zyxwander University": 60, "Zyxwender University": 30}, "US") == 2
    assert institutions({"Zyxwander University": 600, "Zyxwender University": 1}, "US") == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Computer Science", "only_department"),
        ("Dept. of Psychiatry", "only_department"),
        ("EECS", "only_department"),
        ("University", "only_type"),
        ("Kantonsspital", "only_type"),
        ("University of Technology", "only_type"),
        ("Massachusetts", "only_place"),
        ("610 University Avenue", "only_place"),
        ("Universitätsstrasse", "only_place"),
        ("Assistant Professor", "only_person"),
        ("Independent Researcher", "only_person"),
        ("SP", "no_institution_named"),
        ("and Technology", "no_institution_named"),
        ("Ltd.", "only_type"),
    ],
)
def test_a_name_without_a_name_of_its_own_is_no_institution_and_says_why(name, reason):
    [one] = unified({name: 7}, "US").values()
    assert (one.institution_id, one.name, one.evidence, one.reason) == (None, None, None, reason)
    assert one.country == "US"


@pytest.mark.parametrize(
    "name",
    ["HP", "Hitachi", "Applied Materials", "National Institutes of Health", "École Polytechnique", "MIT",
     "University College Hospital", "Institute of Automation", "Open University", "Technion", "東京大学",
     "Department of Energy", "State Forestry Administration", "New School University"],
)  # fmt: skip
def test_short_and_plain_names_of_institutions_are_kept(name):
    [one] = unified({name: 7}, "US").values()
    assert one.institution_id is not None


NAMES = ("University of Washington", "Washington University", "Univ Washington", "Univercity of Washington", "Huawei",
         "Huawei Technologies", "TU München", "Technische Universität München", "Technical University of Munich",
         "MIT", "Massachusetts Institute of Technology", "Massachusets Institute of Technology", "Computer Science",
         "Nanjing University", "Nanning University", "ETH", "ETH Zurich", "Shanghai Jiaotong University",
         "Shanghai Jiao Tong University", "University")  # fmt: skip
SPELLINGS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from((None, "US", "CN", "DE")),
        st.sampled_from(("address", "name")),
        st.integers(1, 300),
    ),
    max_size=25,
).map(
    lambda rows: [
        (normal_key(name), name, country, basis if country else "", number) for name, country, basis, number in rows
    ]
)


@settings(max_examples=60, deadline=None)
@given(SPELLINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert list(unify(shuffled)) == list(unify(rows))


@settings(max_examples=60, deadline=None)
@given(SPELLINGS)
def test_every_institution_has_one_name_one_country_and_one_main_key(rows):
    found = list(unify(rows))
    named = {(one.institution_id, one.name, one.country) for one in found if one.institution_id is not None}
    assert len(named) == len({identifier for identifier, _, _ in named})
    main = {(one.institution_id, one.key) for one in found if one.evidence == "same_key"}
    assert len(main) == len({identifier for identifier, _ in main}) == len(named)
    assert {(one.key, one.met_country, one.basis) for one in found} == {row[:1] + row[2:4] for row in rows}


@settings(max_examples=60, deadline=None)
@given(SPELLINGS, SPELLINGS)
def test_addresses_of_another_country_change_nothing_in_this_one(rows, others):
    """Names met without a country, or by the name alone, do look at all countries: that fallback is stated."""
    here = [row for row in rows if row[2] == "CN" and row[3] == "address"]
    there = [row for row in others if row[2] not in (None, "CN") and row[3] == "address"]
    alone = list(unify(here))
    assert [one for one in unify(here + there) if one.met_country == "CN"] == alone


def test_an_authors_name_in_the_place_of_an_affiliation_is_no_institution():
    rows = [("byron zyx", "Byron Zyx", None, "", 3), ("google brain", "Google Brain", None, "", 30)]
    found = {one.key: one for one in unify(rows, people={"byron zyx"})}
    assert (found["byron zyx"].institution_id, found["byron zyx"].reason) == (None, "only_person")
    assert found["google brain"].institution_id is not None


def test_a_name_that_is_known_in_one_language_is_known_in_the_other():
    names = ("University of Erlangen-Nürnberg", "Universität Erlangen-Nürnberg", "Friedrich-Alexander-Universität",
             "Friedrich-Alexander University Erlangen-Nuremberg")  # fmt: skip
    assert institutions(dict.fromkeys(names, 3), "DE") == 1


def test_many_names_are_grouped_in_other_processes_and_nothing_changes(monkeypatch):
    names = ("University of Essex", "Univ Essex", "Univercity of Essex", "Essex Technical College", "ETC")
    rows = [
        (normal_key(name), name, country, "address", 1 + place)
        for place, name in enumerate(names)
        for country in ("GB", "US", "AU", None)
    ]
    beside = [(normal_key("Essex Technical College"), normal_key("ETC"), "GB", "address", 5)]
    alone = list(unify(rows, beside))
    monkeypatch.setattr(unifying, "APART", 1)
    assert list(unify(rows, beside)) == alone
    assert len({one.institution_id for one in alone}) < len(alone)
