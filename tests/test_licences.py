"""The base install stands on permissive licences only: companies and ministries build on it."""

import re
from importlib.metadata import distribution, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Unlicense|0BSD|Zlib|CC0)\b")
COPYLEFT = re.compile(r"GPL|MPL|EUPL|Mozilla|General Public")


def names(requirements):
    for line in requirements or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield canonicalize_name(wanted.name)


def base_packages():
    found, waiting = set(), list(names(requires("kakehashi")))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += names(distribution(name).requires)
    return sorted(found)


@pytest.mark.parametrize("name", base_packages())
def test_a_base_package_has_a_permissive_licence(name):
    metadata = distribution(name).metadata
    classifiers = [line for line in metadata.get_all("Classifier") or [] if "License ::" in line]
    first_lines = (metadata.get("License") or "")[:200]
    stated = " ".join([metadata.get("License-Expression") or "", first_lines, *classifiers])
    assert PERMISSIVE.search(stated), stated
    assert not COPYLEFT.search(stated), stated
