"""Registries in the user's data folder: what is taken, what is refused and why, and an index that is built once."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest

from kakehashi.affiliations import store
from kakehashi.affiliations.dump import inspect
from kakehashi.affiliations.linking import index
from kakehashi.errors import DataError, SettingsError, SourceError
from registries import FEW, SCHEMA_1, as_gzip, as_json, as_zip, organisation, published, write

NAMED = "v1.59-2025-01-23-ror-data"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("name", "content", "version", "date"),
    [
        (f"{NAMED}.zip", published(), "v1.59", "2025-01-23"),
        ("renamed.zip", published(), "v1.59", "2025-01-23"),
        ("v2.1-2026-02-03-ror-data.zip", as_zip({"v2.1-2026-02-03-ror-data.json": as_json()}), "v2.1", "2026-02-03"),
        (f"{NAMED}_schema_v2.json", as_json(), "v1.59", "2025-01-23"),
        ("ror.json.gz", as_gzip(), "2025-03-01", "2025-03-01"),
        ("gzip under another name", as_gzip(), "2025-03-01", "2025-03-01"),
    ],
)
def test_a_dump_is_known_by_its_release_or_the_day_of_its_latest_change(
    tmp_path: Path, name: str, content: bytes, version: str, date: str
) -> None:
    dump, new = store.add(write(tmp_path / name, content))
    assert new
    assert (dump.version, dump.date, dump.schema) == (version, date, "2.1")
    assert (dump.organisations, dump.active, dump.inactive, dump.withdrawn) == (3, 2, 1, 0)
    assert dump.sha256 == hashlib.sha256(content).hexdigest()
    assert store.registries() == [dump]
    assert store.find(version, base=tmp_path).path.read_bytes() == content


def test_a_dump_without_any_date_is_known_by_its_digest(tmp_path: Path) -> None:
    bare = [{"id": "https://ror.org/000000001", "names": [{"value": "A", "types": ["label"], "lang": None}]}]
    dump = inspect(write(tmp_path / "own.json", as_json(bare)))
    assert (dump.version, dump.date, dump.active) == (dump.sha256[:12], "", 1)


TWICE = [*FEW, organisation(2, "Lunds universitet", "Lund", "SE")]
NAMELESS = [*FEW, {**organisation(4, "X", "Lund", "SE"), "names": []}]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("old.json", as_json(SCHEMA_1), ["schema 1", "release 1.74", "_schema_v2.json", "--download"]),
        ("cut.json", as_json()[:-20], ["not a dump"]),
        ("cut.json.gz", as_gzip()[:-20], ["cut off or damaged"]),
        ("flipped.json.gz", as_gzip()[:40] + b"\xff\x00\xff" + as_gzip()[43:], ["cut off or damaged"]),
        ("cut.zip", published()[:-20], ["cut off or damaged"]),
        ("csv.zip", as_zip({"a.csv": b"id"}), ["holds no JSON file"]),
        ("empty.json", b"", ["not a dump"]),
        ("none.json", b"[]", ["holds no organisation"]),
        ("object.json", b'{"items": []}', ["not a dump", "array"]),
        ("lines.json", b"\n".join(as_json(one) for one in FEW), ["not a dump"]),
        ("latin.json", "[\u00e9]".encode("latin-1"), ["not a dump"]),
        ("twice.json", as_json(TWICE), ["https://ror.org/000000002 is there 2 times"]),
        ("nameless.json", as_json(NAMELESS), ["https://ror.org/000000004 has no name"]),
    ],
)
def test_what_is_no_dump_of_schema_2_is_refused_with_the_reason_and_leaves_nothing(
    tmp_path: Path, home: Path, name: str, content: bytes, words: list[str]
) -> None:
    source = write(tmp_path / name, content)
    with pytest.raises(SourceError) as refused:
        store.add(source)
    assert str(source) in str(refused.value)
    for word in words:
        assert word in str(refused.value)
    assert not home.exists()


def test_a_dump_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.json: cannot be read: No such file"):
        store.add(tmp_path / "none.json")


def test_the_same_again_changes_nothing_and_another_of_that_name_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "ror.json", as_json())
    first, new = store.add(source, "mine")
    assert new
    assert store.add(source, "mine") == (first, False)
    other = write(tmp_path / "other.json", as_json(FEW[:2]))
    with pytest.raises(SettingsError, match=r"another registry is kept as mine \(3 organisations.*--version"):
        store.add(other, "mine")
    second, _ = store.add(other, "smaller")
    assert store.registries() == [second, first]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 65, "with blank"])
def test_a_name_that_is_no_name_of_a_folder_is_refused(tmp_path: Path, home: Path, name: str) -> None:
    source = write(tmp_path / "ror.json", as_json())
    if name:
        with pytest.raises(SettingsError, match="cannot name a registry"):
            store.add(source, name)
        assert not home.exists()
    else:  # an empty name is none
        assert store.add(source, name)[0].version == "2025-03-01"


def test_newer_releases_stand_first_and_a_version_is_found_without_its_v(tmp_path: Path) -> None:
    for release in ("v1.9-2022-09-01", "v1.59-2025-01-23", "v1.10-2022-09-22"):
        store.add(write(tmp_path / f"{release}-ror-data.zip", published(release, FEW)))
    assert [dump.version for dump in store.registries()] == ["v1.59", "v1.10", "v1.9"]
    assert store.find("1.10", base=tmp_path).added == store.registries()[1]


def test_a_registry_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'v9': there is no such file, and no registry has been added.*--download"):
        store.open_registry("v9", base=tmp_path)
    store.add(write(tmp_path / "ror.json", as_json()), "mine")
    with pytest.raises(SettingsError, match="the registries that were added are mine"):
        store.open_registry("v9", base=tmp_path)
    with pytest.raises(SettingsError, match="v9: the registries that were added are mine"):
        store.remove("v9")


def test_a_removed_registry_is_gone_with_its_index(tmp_path: Path, home: Path) -> None:
    store.add(write(tmp_path / "ror.json", as_json()), "mine")
    store.open_registry("mine", base=tmp_path)
    store.remove("mine")
    assert store.registries() == []
    assert {path.suffix or path.name for path in home.rglob("*") if path.is_file()} == {".lock"}


def test_the_index_holds_the_organisations_and_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(write(tmp_path / f"{NAMED}.zip", published()))
    opened = store.open_registry("v1.59", base=tmp_path)
    assert (opened.version, opened.organisations) == ("v1.59", 3)
    assert [one.name for one in index.load(opened.index_path).organisations] == [
        "University of Kushiro", "University of Lund", "Lund Institute of Optics",
    ]  # fmt: skip
    monkeypatch.setattr(index, "build", None)  # a second building would fail
    assert store.open_registry("v1.59", base=tmp_path) == opened
    assert store.open_registry(f"{NAMED}.zip", base=tmp_path) == opened, "the same file, not added, has the same index"


def test_a_file_beside_the_study_comes_before_an_added_registry_of_that_name(tmp_path: Path) -> None:
    store.add(write(tmp_path / "a.json", as_json()), "mine")
    write(tmp_path / "mine", as_json(FEW[:1]))
    assert store.open_registry("mine", base=tmp_path).organisations == 1
    assert store.open_registry("mine", base=tmp_path / "home").organisations == 3


def test_a_damaged_index_is_built_again(tmp_path: Path) -> None:
    source = write(tmp_path / "ror.json", as_json())
    opened = store.open_registry(source.name, base=tmp_path)
    whole = opened.index_path.read_bytes()
    opened.index_path.write_bytes(whole[:-1])
    assert store.open_registry(source.name, base=tmp_path) == opened
    assert opened.index_path.read_bytes() == whole
    (opened.index_path.parent / "registry.json").write_bytes(b'{"dump"')
    assert store.open_registry(source.name, base=tmp_path) == opened


def test_a_changed_or_vanished_copy_is_not_used(tmp_path: Path) -> None:
    store.add(write(tmp_path / "ror.json", as_json()), "mine")
    kept = store.find("mine", base=tmp_path).path
    kept.write_bytes(as_json(FEW[:2]))
    with pytest.raises(DataError, match=r"changed or damaged.*remove mine"):
        store.open_registry("mine", base=tmp_path)
    kept.unlink()
    with pytest.raises(DataError, match=r"gone.*remove mine"):
        store.open_registry("mine", base=tmp_path)


def test_what_a_killed_run_left_is_no_registry_and_is_swept_up(tmp_path: Path, home: Path) -> None:
    left = home / "registries" / ".new"
    left.mkdir(parents=True)
    (left / "dump.json").write_bytes(b"half")
    (left / "registry.json").write_bytes(b"half")
    assert store.registries() == []
    store.add(write(tmp_path / "ror.json", as_json()), "mine")
    assert sorted(path.name for path in (home / "registries").iterdir()) == [".lock", "mine"]


def test_whenever_it_is_stopped_the_same_again_ends_with_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "ror.json", as_json())
    moments = {(store.os, "replace"), (store.shutil, "copyfile"), (store, "_flush"), (index, "save")}
    real = {(owner, name): getattr(owner, name) for owner, name in moments}
    count = 0
    fatal = 0

    def stopping(function):
        def wrapper(*arguments):
            nonlocal count
            count += 1
            if count == fatal:
                raise KeyboardInterrupt
            function(*arguments)
            count += 1
            if count == fatal:
                raise KeyboardInterrupt

        return wrapper

    def contents() -> dict[str, bytes]:
        kept = sorted(path for path in store.home().rglob("*") if path.is_file() and path.suffix != ".lock")
        return {str(path.relative_to(store.home())): path.read_bytes() for path in kept if path.name != ".lock"}

    def whole() -> dict[str, bytes]:
        store.add(source, "mine")
        store.open_registry("mine", base=tmp_path)
        return contents()

    expected = whole()
    stopped = 0
    while True:
        shutil.rmtree(store.home())
        count, fatal = 0, fatal + 1
        for (owner, name), function in real.items():
            monkeypatch.setattr(owner, name, stopping(function))
        try:
            whole()
        except KeyboardInterrupt:
            stopped += 1
        else:
            break
        finally:
            for (owner, name), function in real.items():
                monkeypatch.setattr(owner, name, function)
        assert [dump.organisations for dump in store.registries()] in ([], [3]), "half a registry is none"
        assert whole() == expected
    assert stopped >= 8


def test_old_indexes_of_a_dump_are_forgotten_after_a_day(tmp_path: Path) -> None:
    source = write(tmp_path / "ror.json", as_json())
    opened = store.open_registry(source.name, base=tmp_path)
    folder = opened.index_path.parent
    stale, recent = (folder.with_name(f"{opened.sha256[:16]}-{name}") for name in ("stale", "recent"))
    for other in (stale, recent):
        other.mkdir()
    os.utime(stale, (0, time.time() - 2 * 24 * 3600))
    opened.index_path.unlink()
    store.open_registry(source.name, base=tmp_path)
    assert (stale.exists(), recent.exists(), folder.exists()) == (False, True, True)


def test_a_folder_that_cannot_be_written_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(store.HOME, str(write(tmp_path / "file", b"") / "home"))
    with pytest.raises(SettingsError, match=r"Not a directory.*KAKEHASHI_HOME"):
        store.add(write(tmp_path / "ror.json", as_json()))


ASK = """
import sys
from pathlib import Path
from kakehashi.affiliations import store
from kakehashi.affiliations.linking import index
built = []
build = index.build
index.build = lambda organisations: built.append(1) or build(organisations)
opened = store.open_registry("ror.json", base=Path(sys.argv[1]))
print(len(built), opened.organisations, len(index.load(opened.index_path).organisations))
"""


def test_of_processes_that_ask_at_once_one_builds_and_all_get_the_same(tmp_path: Path) -> None:
    many = [organisation(number, f"University of Town {number}", f"Town {number}", "SE") for number in range(1, 2000)]
    write(tmp_path / "ror.json", as_json(many))
    source = str(Path(store.__file__).parents[2])
    asked = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source},
        )
        for _ in range(2)
    ]  # fmt: skip
    answers = [process.communicate(timeout=300)[0].split() for process in asked]
    assert [answer[1:] for answer in answers] == [["1999", "1999"]] * 2
    assert sorted(answer[0] for answer in answers) == ["0", "1"]


def test_the_data_folder_is_the_systems_unless_kakehashi_home_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.home() == tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(store.HOME, "here")
    assert store.home() == tmp_path / "here", "worker processes may stand elsewhere"
    monkeypatch.delenv(store.HOME)
    assert store.home().name == "kakehashi"
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        assert store.home() == tmp_path / "data" / "kakehashi"


def test_everything_that_the_index_is_made_by_is_in_its_key() -> None:
    """What the modules that make an index import decides what it holds: a change of it must build a new one."""
    counted = set()
    for package, ending in store.INDEX_MADE_BY:
        counted |= {f"{package}.{path.name}" for path in files(package).iterdir() if path.name.endswith(ending)}
    makers = {"kakehashi.affiliations.linking.index", "kakehashi.affiliations.linking.organisations"}
    waiting = sorted(makers)
    while waiting:
        found = _modules_imported(waiting.pop()) - makers
        makers |= found
        waiting += found
    assert "kakehashi.affiliations.linking.aliases" in makers, "a module imported from its package is met"
    assert {f"{module}.py" for module in makers} <= counted
    assert any(name.endswith(".csv") for name in counted)


def _modules_imported(module: str) -> set[str]:
    """Return the modules of the affiliations that one imports, also as `from package import module`."""
    root = Path(store.__file__).parents[2]
    met = set()
    for node in ast.walk(ast.parse(_file_of(root, module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kakehashi.affiliations"):
            inside = {f"{node.module}.{name.name}" for name in node.names}
            met |= {name for name in inside if _file_of(root, name).exists()}
            met |= {node.module} if _file_of(root, node.module).name != "__init__.py" else set()
    return met


def _file_of(root: Path, module: str) -> Path:
    folder = root.joinpath(*module.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
