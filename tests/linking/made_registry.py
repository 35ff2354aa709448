"""A registry made by hand: two dozen organisations, one or two for each way in which linking may go; and a model."""

import numpy as np

from kakehashi.affiliations.linking.evidence import FEATURES
from kakehashi.affiliations.linking.index import Index, build
from kakehashi.affiliations.linking.model import NEIGHBOURS, Model, Trees
from kakehashi.affiliations.linking.organisations import Name, Organisation, Place

COUNTRIES = {"CH": "Switzerland", "CN": "China", "CZ": "Czechia", "DE": "Germany", "GB": "United Kingdom",
             "HK": "Hong Kong", "IE": "Ireland", "JP": "Japan", "NO": "Norway", "NZ": "New Zealand",
             "SE": "Sweden", "SI": "Slovenia", "US": "United States"}  # fmt: skip


def ror(number: int) -> str:
    return f"https://ror.org/0{number:08d}"


def organisation(
    number: int,
    name: str,
    place: str,
    *,
    aliases: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    acronyms: tuple[str, ...] = (),
    types: tuple[str, ...] = ("education",),
    active: bool = True,
    domains: tuple[str, ...] = (),
    parents: tuple[int, ...] = (),
    children: tuple[int, ...] = (),
    successors: tuple[int, ...] = (),
    registered: int = 3,
    withdrawn: bool = False,
) -> Organisation:
    """Make a record. `place` is `town, region, region code, country code`; regions may be empty."""
    town, region, code, country = (part.strip() for part in place.split(","))
    others = [Name(one, kind, "") for kind, many in (("alias", aliases), ("label", labels), ("acronym", acronyms))
              for one in many]  # fmt: skip
    return Organisation(
        ror(number), (Name(name, "display", "en"), *others), (Place(town, region, code, country, COUNTRIES[country]),),
        types, active, 1900, domains, tuple(map(ror, parents)), tuple(map(ror, children)), (), (),
        tuple(map(ror, successors)), registered, withdrawn,
    )  # fmt: skip


ZURICH, ZURICH_HOSPITAL, PHYSICS_GB, PHYSICS_CN, ACADEMY, TRINITY_IE, TRINITY_US, MIT_US, MIT_NZ, DAVIS = range(1, 11)
CALIFORNIA, IMPERIAL, KYOTO, MICROBIOLOGY, PREFECTURE, METROPOLITAN, LUND, GEARS, STEFAN, NORWEGIAN = range(11, 21)
KYOTO_HOSPITAL, CENTECH = 21, 22

ORGANISATIONS = (
    organisation(ZURICH, "University of Zurich", "Zurich, Zurich, ZH, CH", labels=("Universität Zürich",),
                 acronyms=("UZH",), domains=("uzh.ch",), registered=5),
    organisation(ZURICH_HOSPITAL, "University Hospital of Zurich", "Zurich, Zurich, ZH, CH", types=("healthcare",)),
    organisation(PHYSICS_GB, "Institute of Physics", "London, England, ENG, GB", types=("nonprofit",), registered=4),
    organisation(PHYSICS_CN, "Institute of Physics", "Beijing, Beijing, BJ, CN", types=("facility",), registered=1,
                 parents=(ACADEMY,)),
    organisation(ACADEMY, "Chinese Academy of Sciences", "Beijing, Beijing, BJ, CN", types=("government",),
                 acronyms=("CAS",), children=(PHYSICS_CN,), registered=6),
    organisation(TRINITY_IE, "Trinity College", "Dublin, Leinster, L, IE"),
    organisation(TRINITY_US, "Trinity College", "Hartford, Connecticut, CT, US"),
    organisation(MIT_US, "Massachusetts Institute of Technology", "Cambridge, Massachusetts, MA, US",
                 acronyms=("MIT",), domains=("mit.edu",), registered=6),
    organisation(MIT_NZ, "Manukau Institute of Technology", "Auckland, Auckland, AUK, NZ", acronyms=("MIT",)),
    organisation(DAVIS, "University of California, Davis", "Davis, California, CA, US", parents=(CALIFORNIA,)),
    organisation(CALIFORNIA, "University of California", "Oakland, California, CA, US", children=(DAVIS,)),
    organisation(IMPERIAL, "Imperial College London", "London, England, ENG, GB"),
    organisation(KYOTO, "Kyoto University", "Kyoto, Kyoto, 26, JP", labels=("京都大学",), domains=("kyoto-u.ac.jp",),
                 children=(KYOTO_HOSPITAL,)),
    organisation(KYOTO_HOSPITAL, "Kyoto University Hospital", "Kyoto, Kyoto, 26, JP", types=("healthcare",),
                 parents=(KYOTO,)),
    organisation(MICROBIOLOGY, "Czech Academy of Sciences, Institute of Microbiology", "Prague, Prague, 10, CZ",
                 types=("facility",)),
    organisation(PREFECTURE, "Osaka Prefecture University", "Sakai, Osaka, 27, JP", active=False,
                 successors=(METROPOLITAN,)),
    organisation(METROPOLITAN, "Osaka Metropolitan University", "Osaka, Osaka, 27, JP"),
    organisation(LUND, "Lund Institute of Optics", "Lund, Skåne, M, SE", active=False),
    organisation(GEARS, "Acme Gear Works (Germany)", "Munich, Bavaria, BY, DE", types=("company",),
                 aliases=("Acme Zahnradwerke",)),
    organisation(STEFAN, "Jožef Stefan Institute", "Ljubljana, , , SI", types=("facility",)),
    organisation(NORWEGIAN, "Norwegian University of Science and Technology", "Trondheim, , , NO"),
    organisation(CENTECH, "Centre for Nanotechnology", "Munich, Bavaria, BY, DE", acronyms=("CeNTech",)),
)  # fmt: skip


def record(number: int) -> Organisation:
    """One of them."""
    return next(one for one in ORGANISATIONS if one.ror_id == ror(number))


def made() -> Index:
    """Index them all."""
    return build(ORGANISATIONS)


def agreeing() -> Model:
    """A model that believes candidates whose country the address says, a little more where the town stands too."""
    inputs = [FEATURES.index(name) for name in ("country", "town", "words", "kind")]
    borders = np.array([0.5, 2.5, 1.5, 2.5, 3.5])
    columns = np.array([inputs[0], inputs[0], inputs[1], inputs[2], inputs[3]])
    asked = (np.array([0, 1]), np.array([2]), np.array([3]), np.array([4]))
    leaves = (np.array([-1.0, 2.0, 0.0, -4.0]), np.array([0.0, 0.5]), np.array([-0.5, 0.5]), np.array([0.0, -1.0]))
    trees = [Trees(names, columns, borders, asked, leaves, 0.0) for names in (FEATURES, FEATURES + NEIGHBOURS)]
    return Model(trees[0], trees[1], np.array([0.0, 1.0]), np.array([0.0, 1.0]), "made")
