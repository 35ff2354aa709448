"""The five regions around the home point."""

from math import hypot, log10

import pytest

from kakehashi.regions import Place, Point, place

HOME = Point(1000, 0.1)

# Papers and eigenvector centrality of figure 2-6 (Ministry of Internal Affairs and Communications, 2023).
PUBLISHED = {
    "CN": (571_656, 0.600), "IN": (167_641, 0.094), "JP": (94_078, 0.114), "KR": (57_715, 0.093),
    "AU": (50_597, 0.194), "TW": (40_755, 0.065), "SG": (29_509, 0.135), "HK": (26_661, 0.170),
    "ID": (26_594, 0.006), "IR": (22_460, 0.030), "TR": (21_985, 0.023), "MY": (20_165, 0.019),
    "SA": (15_406, 0.050), "PK": (14_955, 0.033), "IL": (13_169, 0.035), "TH": (13_033, 0.008),
    "BD": (11_882, 0.011), "AE": (8_110, 0.025), "VN": (7_411, 0.012), "MO": (5_270, 0.037),
    "PH": (4_673, 0.002), "LK": (4_220, 0.004), "MM": (485, 0.0), "NP": (288, 0.0), "LA": (251, 0.001),
    "BN": (238, 0.0), "MN": (218, 0.001), "KH": (88, 0.0), "BT": (60, 0.0), "KP": (30, 0.0),
}  # fmt: skip
REGIONS = {
    "CN": "upper_right", "AU": "upper_left", "HK": "upper_left", "SG": "upper_left", "IN": "lower_right",
    "KR": "centre", "TW": "centre", "JP": "home",
}  # fmt: skip


def test_the_published_values_give_the_published_regions():
    home = Point(*PUBLISHED["JP"])
    found = {code: place(Point(*values), home, 0.5, code == "JP").region for code, values in PUBLISHED.items()}
    assert found == {code: REGIONS.get(code, "lower_left") for code in PUBLISHED}


@pytest.mark.parametrize(
    ("point", "region"),
    [
        (Point(1001, 0.11), "upper_right"),
        (Point(999, 0.11), "upper_left"),
        (Point(1001, 0.09), "lower_right"),
        (Point(10, 0.09), "lower_left"),
        (Point(999, 0.09), "centre"),
    ],
)
def test_each_side_of_home_has_its_region(point, region):
    assert place(point, HOME, 0.5).region == region


def test_a_value_equal_to_home_is_not_above_it():
    assert place(Point(1001, 0.1), HOME, 0.5).region == "lower_right"
    assert place(Point(1000, 0.11), HOME, 0.5).region == "upper_left"
    assert place(Point(1000, 0.1), HOME, 0.0) == Place("centre", 0.0, None)


def test_the_centre_is_a_quarter_of_a_circle_in_decades():
    assert place(Point(1000 * 10**-0.49, 0.1), HOME, 0.5).region == "centre"
    assert place(Point(1000 * 10**-0.51, 0.1), HOME, 0.5).region == "lower_left"
    assert place(Point(1000 * 10**-0.4, 0.1 * 10**-0.4), HOME, 0.5).region == "lower_left"


def test_the_distance_is_euclidean_in_decades():
    assert place(Point(100, 0.2), HOME, 0.5).distance == pytest.approx(hypot(1, log10(2)))


def test_a_zero_is_below_home_and_never_in_the_centre():
    assert place(Point(999, 0.0), HOME, 9.0) == Place("lower_left", None, None)
    assert place(Point(2000, 0.0), HOME, 9.0) == Place("lower_right", None, None)
    assert place(Point(500, 0.2), Point(1000, 0.0), 9.0) == Place("upper_left", None, None)


def test_without_home_there_is_no_region_and_a_reason():
    assert place(Point(1, 0.1), None, 0.5) == Place(None, None, "home_absent")


def test_without_a_value_there_is_no_region_and_a_reason():
    assert place(Point(1, None), HOME, 0.5) == Place(None, None, "value_absent")


def test_home_is_home_at_distance_zero():
    assert place(HOME, HOME, 0.5, is_home=True) == Place("home", 0.0, None)
