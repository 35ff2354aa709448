"""Every string of links.csv through the resolver with the small registry, at the default threshold."""

import csv
import importlib.util
from pathlib import Path

import pytest

from kakehashi.affiliations.linking.index import build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver
from kakehashi.settings import AffiliationsSection

FOLDER = Path(__file__).parent

with (FOLDER / "links.csv").open(encoding="utf-8", newline="") as file:
    LINKS = list(csv.DictReader(file))
CLASSES = sorted({row["class"] for row in LINKS})


def dump(path):
    spec = importlib.util.spec_from_file_location("gold_links_registry", FOLDER / "registry.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.write_dump(path)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each string is resolved to."""
    path = dump(tmp_path_factory.mktemp("links") / "ror.json")
    linker = Linker(build(read_organisations(path)))
    resolver = RegistryResolver(Resolver(), linker, AffiliationsSection().min_confidence)
    texts = [row["text"] for row in LINKS]
    return dict(zip(texts, resolver.resolve_many(texts), strict=True))


def is_right(row, found):
    """Whether a string is given the organisations it names, beside them at most those that are right too."""
    ids = {one.ror_id.rpartition("/")[2] for one in found if one.ror_id}
    named = set(row["ror_ids"].split())
    return named <= ids <= named | set(row["also_right"].split())


def is_in_its_countries(row, found):
    return sorted({one.country_code for one in found if one.country_code}) == row["country_codes"].split()


@pytest.mark.parametrize("name", CLASSES)
def test_every_string_of_the_class_names_its_organisations(answers, name):
    rows = [row for row in LINKS if row["class"] == name]
    assert [row["text"] for row in rows if not is_right(row, answers[row["text"]])] == []


@pytest.mark.parametrize("name", CLASSES)
def test_every_string_of_the_class_is_in_its_countries(answers, name):
    rows = [row for row in LINKS if row["class"] == name]
    assert [row["text"] for row in rows if not is_in_its_countries(row, answers[row["text"]])] == []
