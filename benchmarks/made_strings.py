"""Strings made from the registry itself, for what public train sets lack.

Several institutions in one string, acronyms with a town, names that several countries share, native script and more.
Everything is drawn by checksum: nothing is left to chance.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kakehashi.affiliations.linking.index import BRACKETED, Index
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.words import name_words

UNITS = (
    "Department of Physics", "Dept. of Computer Science", "School of Medicine", "Faculty of Engineering",
    "Graduate School of Science", "Division of Cardiology", "Department of Electrical and Electronic Engineering",
)  # fmt: skip
NATIVE_UNITS = {
    "ja": ("工学部", "大学院工学研究科", " 理学部", "大学院 医学系研究科", "情報科学研究科", "　電気電子工学科"),
    "zh": ("计算机学院", "物理系", " 材料科学与工程学院", "信息工程学院", "化学与化工学院"),
    "ko": (" 공과대학", " 컴퓨터공학과", " 의과대학", " 전자공학부"),
}
TWO = (
    "{a} and {b}, {country}", "{a} and {b}, {town}, {country}", "{a} / {b}, {country}", "{a}/{b}, {town}, {country}",
    "{a}; {b}, {town}, {country}", "{a}, {first_town}, {first_country}; {b}, {town}, {country}",
    "{a}, {first_town}, {first_country} and {b}, {town}, {country}", "{a} & {b}", "{a} and {b}",
    "A. Sato is with {a}, {first_town}, {first_country}, and also with {b}, {town}, {country}",
    "{unit}, {a} and {unit}, {b}, {country}", "{a}, {b}, {town}, {country}",
    "({x}) {a}, {first_country}; (2) {b}, {country}",
    "J. Kim is with {a} and with {b}, {town}, {country}", "{a} and the {b}, {country}",
    "{a} and {acronym}, {town}, {country}",
    "{acronym} / {a}, {country}", "{acronym} and {a}, {country}", "{acronym}, {a}, {town}, {country}",
    "{a}, {acronym}, {town}, {country}", "{unit}, {acronym}, {a}, {country}",
)  # fmt: skip

WELL_KNOWN = 5
"""Organisations that more other registers know, or that have children, are named most."""

FAMILY = (
    "{child}, {parent}, {town}, {country}", "{unit}, {child}, {parent}, {town}, {country}", "{child}, {parent}",
    "{parent}, {child}, {town}, {country}", "{child}, {parent}, {town} 100190, {country}",
    "{child} {parent}, {country}",
    "{unit}, {child}, {parent}, {country}", "{parent}, {unit}, {child}, {town}, {country}",
)  # fmt: skip
SCHOOLS = (
    "School of Medicine", "Medical School", "College of Medicine", "School of Engineering", "Law School",
    "Faculty of Science",
    "School of Public Health", "College of Engineering", "Business School", "Graduate School of Engineering",
)  # fmt: skip
ABBREVIATED = {
    "University": "Univ", "Institute": "Inst", "Academy": "Acad", "Sciences": "Sci", "Science": "Sci",
    "Technology": "Technol",
    "Chemistry": "Chem", "Physics": "Phys", "National": "Natl", "Hospital": "Hosp", "College": "Coll", "Medical": "Med",
    "Center": "Ctr", "Centre": "Ctr", "Research": "Res", "Laboratory": "Lab", "Department": "Dept",
    "Engineering": "Engn",
    "North": "N", "South": "S", "West": "W", "Technical": "Tech", "Polytechnic": "Polytech", "Mathematics": "Math",
}  # fmt: skip

Made = tuple[str, frozenset[int]]
"""A string and the numbers of the organisations that it names."""


class Maker:
    """Makes strings about the organisations of an index; `often` are those that real strings name, with repetition."""

    def __init__(self, index: Index, often: Sequence[int]) -> None:
        self._listed = index.organisations
        self._often = list(often)
        self._numbers = {one.ror_id: number for number, one in enumerate(self._listed)}
        self._acronyms: dict[str, set[int]] = defaultdict(set)
        self._keys: dict[str, set[int]] = defaultdict(set)
        for number, one in enumerate(self._listed):
            for name in one.names:
                if name.kind == "acronym":
                    self._acronyms[name.value].add(number)
                elif one.active:
                    self._keys[" ".join(name_words(BRACKETED.sub(" ", name.value)))].add(number)

    def strings(self, count: int) -> Iterator[Made]:
        """Yield `count` rounds of strings of every kind."""
        for turn in range(count):
            one = self._draw("one", turn, self._often)
            other = self._draw("other", turn, self._often)
            yield from self._placed(one, turn)
            yield from self._pair(one, other, turn)
            yield from self._of_acronym(self._draw("acronym", turn, self._often), turn)
            if turn % 2 == 0:
                yield from self._placed(self._draw("rare", turn, range(len(self._listed))), turn)
                yield from self._shared(turn)
            yield from self._native(turn)
            yield from self._related(
                self._draw("child", turn, self._often if turn % 3 else range(len(self._listed))), turn
            )
            yield from self._bare(self._draw("bare", turn, range(len(self._listed))), turn)
            yield from self._campus(turn)
            yield from self._school(self._draw("school", turn, self._often), turn)

    def _draw(self, what: str, turn: int, among: Sequence[int]) -> int:
        return among[zlib.crc32(f"{what}{turn}".encode()) % len(among)]

    def _name(self, number: int, turn: int) -> str:
        one = self._listed[number]
        latin = [BRACKETED.sub(" ", n.value).strip() for n in one.names if n.kind != "acronym" and n.value.isascii()]
        return latin[turn % len(latin)] if latin and turn % 3 == 0 else BRACKETED.sub(" ", one.name).strip()

    def _placed(self, number: int, turn: int) -> Iterator[Made]:
        one = self._listed[number]
        if not one.active or not one.places:
            return
        name, place, unit = self._name(number, turn), one.places[0], UNITS[turn % len(UNITS)]
        country = place.country_name
        forms = (
            f"{name}, {place.town}, {country}", f"{unit}, {name}, {place.town}, {country}", f"{name}, {country}",
            f"{unit}, {name}, {country}", f"{unit} {name} {place.town} {country}",
            f"PhD student at the {name}, {country}", f"{unit}, {name.replace(' of ', ' of')}, {country}",
            f"{name.replace('University of ', '')} Univ., {country}",
            f"{unit}, {name}", f"The authors are with the {name}, {place.town}, {country}",
        )  # fmt: skip
        text = forms[turn % len(forms)]
        if len(self._here(name, place.country)) == 1:
            yield text, frozenset((number,))

    def _here(self, name: str, country: str) -> set[int]:
        """Organisations of a name in a country."""
        return {n for n in self._keys[" ".join(name_words(name))] if self._country(self._listed[n]) == country}

    @staticmethod
    def _country(one: Organisation) -> str:
        return one.places[0].country if one.places else ""

    def _pair(self, first: int, second: int, turn: int) -> Iterator[Made]:
        a, b = self._listed[first], self._listed[second]
        form = TWO[turn % len(TWO)]
        same = [
            n
            for n in self._often[turn % 97 :: 97]
            if self._country(self._listed[n]) == self._country(b) and n != second
        ]
        if same and "first_country" not in form:
            first, a = same[0], self._listed[same[0]]
        if first == second or not (a.places and b.places and a.active and b.active):
            return
        if first in self._family(b):
            return
        acronyms = [name.value for name in b.names if name.kind == "acronym" and len(name.value) > 2]
        if "{acronym}" in form and (not acronyms or len(self._acronyms_in(acronyms[0], self._country(b))) != 1):
            return
        yield form.format(
            a=self._name(first, turn), b=self._name(second, turn),
            town=b.places[0].town, country=b.places[0].country_name,
            first_town=a.places[0].town, first_country=a.places[0].country_name, unit=UNITS[turn % len(UNITS)], x=1,
            acronym=acronyms[0] if acronyms else "",
        ), frozenset((first, second))  # fmt: skip

    def _related(self, number: int, turn: int) -> Iterator[Made]:
        """An institute beside the organisation it belongs to: the string names both."""
        child = self._listed[number]
        parents = [self._numbers[ror] for ror in child.parents if ror in self._numbers]
        if not parents or not child.places or not child.active:
            return
        above = parents[turn % len(parents)]
        parent = self._listed[above]
        name, host = BRACKETED.sub(" ", child.name).strip(), BRACKETED.sub(" ", parent.name).strip()
        if (
            not parent.active
            or "government" in parent.types
            or "company" in child.types
            or host in name
            or name in host
        ):
            return
        if len(self._here(host, self._country(parent))) != 1:
            return
        place = child.places[0]
        text = FAMILY[turn % len(FAMILY)].format(
            child=name, parent=host, unit=UNITS[turn % len(UNITS)], town=place.town, country=place.country_name
        )
        yield _abbreviated(text, turn), frozenset((number, above))

    def _bare(self, number: int, turn: int) -> Iterator[Made]:
        """A name with nothing or little around it, as people type it into a search box."""
        one = self._listed[number]
        if not one.active or not one.places:
            return
        names = [BRACKETED.sub(" ", n.value).strip() for n in one.names if n.kind != "acronym"]
        name, place = names[turn % len(names)], one.places[0]
        everywhere = self._keys[" ".join(name_words(name))]
        text = (name, f"{name}, {place.country_name}", name.lower(), f"{name} {place.town}")[turn % 4]
        if len(everywhere) == 1:
            yield _abbreviated(text, turn), frozenset((number,))
        elif len(everywhere) > 3 and text in (name, name.lower()):
            yield text, frozenset()

    def _campus(self, turn: int) -> Iterator[Made]:
        """A campus behind a comma: `Indiana University, Bloomington`."""
        if not hasattr(self, "_campuses"):
            self._campuses = [
                (number, name.value.removesuffix(place.town).rstrip(" ,–-").removesuffix(" at"), place)
                for number, one in enumerate(self._listed) if one.active and "education" in one.types
                for name in one.names[:1] for place in one.places[:1]
                if place.town and name.value.endswith((f" {place.town}", f"-{place.town}"))
            ]  # fmt: skip
            self._campuses = [one for one in self._campuses if self._keys.get(" ".join(name_words(one[1])))]
        if not self._campuses:
            return
        number, system, place = self._campuses[turn % len(self._campuses)]
        form = ("{s}, {t}", "{s}, {t}, {c}", "{u}, {s}, {t}, {c}", "{s}, {t} 12345, {c}", "{u}, {s}, {t}")[turn % 5]
        text = form.format(s=system, t=place.town, c=place.country_name, u=UNITS[turn % len(UNITS)])
        yield _abbreviated(text, turn), frozenset((number,))

    def _school(self, number: int, turn: int) -> Iterator[Made]:
        """A university with a part of it behind its name: `Stanford University School of Medicine`."""
        one = self._listed[number]
        if "education" not in one.types or not one.places or not one.active:
            return
        name, place = BRACKETED.sub(" ", one.name).strip(), one.places[0]
        if "niversi" not in name or len(self._here(name, place.country)) != 1:
            return
        text = f"{name} {SCHOOLS[turn % len(SCHOOLS)]}"
        if not self._keys.get(" ".join(name_words(text))):
            yield f"{text}, {place.town}, {place.country_name}" if turn % 3 else text, frozenset((number,))

    def _family(self, one: Organisation) -> set[int]:
        ids = {*one.parents, *one.children, *one.related}
        return {number for number in self._often if self._listed[number].ror_id in ids}

    def _acronyms_in(self, acronym: str, country: str) -> set[int]:
        return {n for n in self._acronyms[acronym] if self._country(self._listed[n]) == country}

    def _of_acronym(self, number: int, turn: int) -> Iterator[Made]:
        one = self._listed[number]
        acronyms = [name.value for name in one.names if name.kind == "acronym" and name.value.isupper()]
        if not acronyms or not one.places:
            return
        acronym, place = acronyms[turn % len(acronyms)], one.places[0]
        here = self._acronyms_in(acronym, place.country)
        in_town = {n for n in here if self._listed[n].places[0].town == place.town}
        unit = UNITS[turn % len(UNITS)]
        if len(in_town) == 1:
            yield f"{acronym}, {place.town}, {place.country_name}", frozenset((number,))
            if turn % 2:
                yield f"{unit}, {acronym}, {place.town}, {place.country_name}", frozenset((number,))
            yield f"{self._name(number, turn)} ({acronym}), {place.town}, {place.country_name}", frozenset((number,))
        if len(self._acronyms[acronym]) > 2:
            yield acronym, frozenset()
        town = self._listed[self._draw("town", turn, self._often)].places[0]
        if town.country != place.country and not self._acronyms_in(acronym, town.country):
            yield f"{acronym}, {town.town}, {town.country_name}", frozenset()

    def _shared(self, turn: int) -> Iterator[Made]:
        """A name that organisations of several countries, or of several towns of one, have."""
        shared = self._shared_keys()
        numbers = sorted(self._keys[shared[zlib.crc32(f"shared{turn}".encode()) % len(shared)]])
        number = numbers[turn % len(numbers)]
        one = self._listed[number]
        place = one.places[0]
        name = BRACKETED.sub(" ", one.name).strip()
        here = self._here(name, place.country)
        in_town = {n for n in here if self._listed[n].places[0].town == place.town}
        if here == {number}:
            yield f"{name}, {place.country_name}", frozenset((number,))
        if in_town == {number}:
            yield f"{UNITS[turn % len(UNITS)]}, {name}, {place.town}, {place.country_name}", frozenset((number,))
        if len(here) > 2:
            yield f"{name}, {place.country_name}", frozenset()

    def _shared_keys(self) -> list[str]:
        if not hasattr(self, "_many"):
            self._many = sorted(
                key for key, numbers in self._keys.items() if 1 < len(numbers) < 12 and len(key.split()) > 1
                and all(self._listed[n].places for n in numbers)
            )  # fmt: skip
        return self._many

    def _native(self, turn: int) -> Iterator[Made]:
        language = ("ja", "zh", "ja", "ko", "zh")[turn % 5]
        if not hasattr(self, "_labels"):
            self._labels: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for number, one in enumerate(self._listed):
                for name in one.names:
                    if one.active and not name.value.isascii() and name.kind != "acronym":
                        self._labels[name.language].append((name.value, number))
                        if one.registered + len(one.children) > WELL_KNOWN:
                            self._labels[f"{name.language} known"].append((name.value, number))
        labels = self._labels[f"{language} known" if turn % 2 else language]  # half of them, as in real strings
        label, number = labels[zlib.crc32(f"native{turn}".encode()) % len(labels)]
        if len(self._keys[" ".join(name_words(BRACKETED.sub(" ", label)))]) != 1:
            return
        unit = NATIVE_UNITS[language][turn % len(NATIVE_UNITS[language])]
        yield (label if turn % 3 == 0 else label + unit), frozenset((number,))


def _abbreviated(text: str, turn: int) -> str:
    """Abbreviate every third string as Web of Science does."""
    if turn % 3:
        return text
    words = [ABBREVIATED.get(word.strip(","), word.strip(",")) + "," * word.endswith(",") for word in text.split(" ")]
    return " ".join(word for word in words if word not in {"of", "for", "the", "and"})
