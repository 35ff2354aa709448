"""The small registry of the gold set, indexed once; and the one made by hand."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import made_registry
import pytest

from kakehashi.affiliations import store
from kakehashi.affiliations.linking.index import Index, build
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver
from kakehashi.settings import AffiliationsSection

GOLD = Path(__file__).parents[1] / "gold"


@pytest.fixture(scope="session")
def made() -> Index:
    """The index of made_registry."""
    return made_registry.made()


@pytest.fixture(scope="session")
def rules() -> Resolver:
    return Resolver()


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of tests/gold as a dump."""
    return _gold_registry().write_dump(tmp_path_factory.mktemp("registry") / "ror.json.gz")


@pytest.fixture(scope="session")
def index(dump: Path) -> Index:
    """The index of tests/gold/registry.csv."""
    return build(read_organisations(dump))


@pytest.fixture(scope="session")
def linker(index: Index) -> Linker:
    return Linker(index)


@pytest.fixture(scope="session")
def resolver(rules: Resolver, linker: Linker) -> RegistryResolver:
    """What `kakehashi resolve --registry` asks, at the default threshold."""
    return RegistryResolver(rules, linker, AffiliationsSection().min_confidence)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of the tests' own, in which each index is built once."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv(store.HOME, str(folder))
        yield folder


def _gold_registry() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_registry", GOLD / "registry.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
