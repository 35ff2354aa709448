"""Which programmes could pay: by actor, partner country, form, field and money, for any home, with the unknown said."""

import pytest

from kakehashi.errors import DataError
from kakehashi.knowledge.funding import Need, funding
from kakehashi.knowledge.money import Money
from kakehashi.knowledge.programmes import calls, programmes
from kakehashi.knowledge.sources import documents
from kakehashi.texts import LANGUAGES, texts

HEAD = (
    "programme,home,name_en,name_ja,agencies,kind,forms,amount_min,amount_max,currency,amount_per,actors,"
    "country_rule,countries,fields,deadline,as_of,until,source\n"
)
KOREA = (
    "kr_global,KR,Global Lab,グローバルラボ,NRF,joint_research,bilateral_research,100000000,500000000,KRW,year,"
    "university company,listed,BR eu,ai network,2027-03-31,2026,,invented\n"
    "kr_open,KR,Open Exchange,交流,KF,mobility_outbound,study_abroad,,,,,university,open,,,,2026,,invented\n"
)
BRAZIL = (
    "br_ponte,BR,Ponte,ポンテ,CNPq,joint_research,bilateral_research,,200000,BRL,award,university,oda,,,,2025,2026,"
    "invented\n"
)


@pytest.fixture
def own(tmp_path):
    (tmp_path / "programmes.csv").write_text(HEAD + KOREA + BRAZIL, encoding="utf-8")
    return tmp_path


def offered(need, own=None):
    return [offer.programme.id for offer in funding(programmes(own), need, calls()).offers]


def refused(need, own=None):
    return {offer.programme.id: offer.against for offer in funding(programmes(own), need, calls()).refused}


def offer_of(programme, need, own=None):
    told = funding(programmes(own), need, calls())
    return next(offer for offer in (*told.offers, *told.refused) if offer.programme.id == programme)


def sentences(offer, language="en"):
    return [reason.say(texts(language), "ict8") for reason in offer.reasons]


def test_a_japanese_university_is_offered_research_money_for_bilateral_research():
    assert offered(Need("JP", "TH", "university", "bilateral_research")) == [
        "satreps", "sicorp_hub", "sicorp_consortium", "sicorp_core_team", "sicorp_acceleration", "kakenhi", "wpi",
    ]  # fmt: skip


def test_a_company_is_not_offered_what_only_universities_may_have():
    need = Need("JP", "DE", "company")
    assert offered(need) == ["sicorp_hub", "sicorp_consortium", "sicorp_core_team", "sicorp_acceleration"]
    assert refused(need)["kakenhi"] == ("actor",)
    assert "Not open to companies; those who may apply: universities" in sentences(offer_of("kakenhi", need))[0]


@pytest.mark.parametrize(("partner", "fits"), [("VN", True), ("IN", True), ("KR", False), ("DE", False), ("AU", False)])
def test_money_for_recipients_of_oda_goes_to_those_on_the_dac_list_alone(partner, fits):
    need = Need("JP", partner, "university", "bilateral_research")
    assert ("satreps" in offered(need)) == fits
    if not fits:
        assert refused(need)["satreps"] == ("countries",)
    evidence = {(one.ref, one.key) for reason in offer_of("satreps", need).reasons for one in reason.evidence}
    assert ("areas.toml", (("id", "oda"),)) in evidence


def test_countries_of_a_call_are_never_certain_and_calls_on_record_are_told():
    named = offer_of("inter_university_exchange", Need("JP", "IN", "university", "study_abroad"))
    other = offer_of("inter_university_exchange", Need("JP", "NZ", "university", "study_abroad"))
    assert "countries" in named.unknown
    assert "countries" in other.unknown
    assert any("ran in fiscal 2017 to 2021" in sentence for sentence in sentences(named))
    assert not any("ran in fiscal" in sentence for sentence in sentences(other))
    assert any("New Zealand is not among those on record" in sentence for sentence in sentences(other))


def test_a_deadline_that_nobody_has_given_is_said_to_be_unknown():
    for offer in funding(programmes(), Need("JP", "TH", "university")).offers:
        assert offer.programme.deadline is None
        assert "deadline" in offer.unknown
        assert any(sentence.startswith("The deadline is not on record; ask ") for sentence in sentences(offer))


@pytest.mark.parametrize(
    ("money", "fits"),
    [
        (Money(20e6, "JPY"), ["sicorp_core_team"]),
        (Money(30e6, "JPY"), ["sicorp_consortium", "sicorp_core_team"]),
        (Money(60e6, "JPY"), ["sicorp_hub"]),
        (Money(200e6, "JPY"), []),
        (Money(1e6, "JPY"), []),
    ],
)
def test_money_must_lie_between_what_a_programme_gives(money, fits):
    assert offered(Need("JP", "DE", "company", "bilateral_research", money=money)) == fits


def test_money_of_another_currency_is_not_compared():
    offer = offer_of("sicorp_hub", Need("JP", "DE", "company", money=Money(1, "EUR")))
    assert "amount" in offer.unknown
    assert not offer.against


def test_a_programme_that_has_ended_is_refused_for_a_later_year_only():
    assert "term" in offer_of("tgu_top", Need("JP", "DE", "university", "study_abroad")).unknown
    assert offer_of("tgu_top", Need("JP", "DE", "university", "study_abroad", year=2026)).against == ("term",)


def test_what_lasts_too_short_is_refused():
    assert offer_of("sicorp_core_team", Need("JP", "DE", "university", months=48)).against == ("duration",)


@pytest.mark.parametrize("home", ["KR", "DE", "AU", "BR"])
def test_a_home_without_programmes_gets_none_of_japan_and_is_told_how_to_add_some(home):
    told = funding(programmes(), Need(home, "JP", "university"))
    assert (told.offers, told.refused) == ((), ())
    (reason,) = told.reasons
    assert "programmes.csv" in reason.say(texts("en"), "ict8")
    assert reason.evidence[0].key == (("home", home),)


def test_programmes_of_other_countries_are_added_as_data_from_outside(own):
    need = Need("KR", "BR", "university", "bilateral_research", "ai")
    assert offered(need, own) == ["kr_global"]
    offer = offer_of("kr_global", need, own)
    assert offer.unknown == ("duration", "term")
    assert {one.ref for reason in offer.reasons for one in reason.evidence} == {str(own / "programmes.csv")}
    assert any("Closes on 2027-03-31." in sentence for sentence in sentences(offer))


def test_no_programme_of_japan_leaks_to_a_home_that_has_its_own(own):
    for home, partner in (("KR", "DE"), ("BR", "VN"), ("KR", "JP")):
        told = funding(programmes(own), Need(home, partner, "university"), calls())
        assert {offer.programme.home for offer in (*told.offers, *told.refused)} == {home}


def test_listed_countries_and_fields_are_kept_to(own):
    assert refused(Need("KR", "JP", "university", "bilateral_research", "ai"), own)["kr_global"] == ("countries",)
    assert refused(Need("KR", "DE", "university", "bilateral_research", "device"), own)["kr_global"] == ("field",)
    assert offered(Need("KR", "DE", "university", "research", "ai"), own) == ["kr_global"]  # DE through eu; a group


def test_where_every_programme_is_refused_the_answer_says_so(own):
    told = funding(programmes(own), Need("BR", "DE", "university"))
    assert told.offers == ()
    assert told.reasons[0].id == "programmes.none_fits"
    assert told.reasons[0].evidence[0].key == (("id", "br_ponte"),)


@pytest.mark.parametrize(
    ("need", "message"),
    [
        (Need("JP", "JP", "university"), "home and partner are both JP"),
        (Need("Japan", "TH", "university"), "home: unknown country 'Japan'; did you mean 'JP'"),
        (Need("JP", "", "university"), "partner: is empty"),
        (Need("JP", "TH", "universty"), "actor: unknown 'universty'; did you mean 'university'"),
        (Need("JP", "TH", "university", "bilateral"), "form: unknown 'bilateral'; did you mean 'bilateral_research'"),
    ],
)
def test_what_there_is_not_is_answered_with_the_nearest(need, message):
    with pytest.raises(DataError, match=message):
        funding(programmes(), need)


def test_every_reason_can_be_said_in_both_languages(own):
    needs = [
        Need(home, partner, actor, form, field, money, months, year)
        for home, partner in (("JP", "TH"), ("JP", "KR"), ("KR", "DE"), ("BR", "VN"))
        for actor in ("university", "company", "government")
        for form, field in (("bilateral_research", "ai"), ("standard", "device"), (None, None))
        for money, months, year in ((Money(4e7, "JPY"), 24, 2026), (Money(1, "KRW"), None, None), (None, 200, None))
    ]
    held, called = programmes(own), calls(own)
    for need in needs:
        told = funding(held, need, called)
        reasons = (*told.reasons, *(one for offer in (*told.offers, *told.refused) for one in offer.reasons))
        assert len({reason.id for reason in reasons}) == len(reasons)
        assert {one.ref for reason in reasons for one in reason.evidence if one.kind == "source"} <= set(documents())
        for reason in reasons:
            for language in LANGUAGES:
                assert reason.say(texts(language), "ict8")
