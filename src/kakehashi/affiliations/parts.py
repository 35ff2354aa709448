"""What one part of an address says by itself: parts come back in thousands of strings, so each is read once."""

from dataclasses import dataclass, field
from typing import NamedTuple

from kakehashi.affiliations.places import Reading, is_bare_code
from kakehashi.affiliations.roles import Role
from kakehashi.affiliations.text import Words


class Placed(NamedTuple):
    """A place name in a part: the words it covers, its readings, whether it stands where addresses put places."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    placed: bool


class Candidate(NamedTuple):
    """An institution's name in a part: the words it covers, its weight and kind, the name as printed and its key.

    `open` is true where the name needs the town of the next part: `University of California, Davis`.
    """

    first: int
    last: int
    weight: float
    kind: str
    name: str
    key: str
    open: bool


@dataclass(eq=False, slots=True)
class Facts:
    """Everything that is known of a part whatever stands around it; word numbers are those of `words`.

    national: national terms (first word, last word, country). postcodes: countries whose postcodes have the form of
    one in the part. cut: words before the place where another institution begins, or 0.
    seat: the country of its last place, if that is a country or state and of no other one.
    Facts are compared by identity: equal parts share them as long as they are remembered. `memo` is room for what a
    later step makes of a part (its owner, and what it made), to be forgotten together with the part.
    """

    text: str
    words: Words
    role: Role
    places: tuple[Placed, ...]
    national: tuple[tuple[int, int, str], ...]
    postcodes: tuple[str, ...]
    five_digits: bool
    cut: int = 0
    candidates: tuple[Candidate, ...] = ()
    memo: tuple[object, object] | None = None
    has_place: bool = field(init=False)
    begins_with_place: bool = field(init=False)
    ends_in_country: bool = field(init=False)
    seat: str | None = field(init=False)
    locates: bool = field(init=False)

    def __post_init__(self) -> None:
        placed = [place for place in self.places if place.placed]
        self.has_place = bool(placed)
        self.begins_with_place = bool(placed) and placed[0].first == 0
        self.ends_in_country = bool(placed) and is_country(placed[-1].readings)
        self.seat = seat_of(placed[-1].readings) if placed else None
        self.locates = bool(self.places or self.national or self.postcodes or self.five_digits)

    @property
    def is_seat(self) -> bool:
        """Whether all that it says is a country, or a state with its postcode."""
        placed = [place for place in self.places if place.placed]
        if self.seat is None:
            return False
        named = {word for place in placed for word in range(place.first, place.last)}
        left = [form for word, form in enumerate(self.words.forms) if word not in named]
        if placed[-1].readings[0].kind == "region":
            return bool(left) and all(map(str.isdigit, left))
        return not left

    @property
    def joined(self) -> bool:
        """Whether `and` stands where the part is to be cut."""
        return self.words.forms[self.cut] in {"and", "&"}

    def span(self, first: int, last: int) -> str:
        """Return the text of some words."""
        return self.text[self.words.starts[first] : self.words.ends[last - 1]]


def seat_of(readings: tuple[Reading, ...]) -> str | None:
    """Return the country that a place name stands for or lies in, if it is a country's or state's name of one only."""
    first = readings[0]
    sure = all(one.country == first.country for one in readings) and not is_bare_code(first)
    return first.country if sure and first.kind != "city" else None


def is_country(readings: tuple[Reading, ...]) -> bool:
    """Whether a place name stands for a country and nothing else."""
    return bool(readings) and all(reading.kind == "country" for reading in readings)
