"""study.toml is validated, and its faults are explained."""

import pytest

from kakehashi.errors import SettingsError
from kakehashi.settings import Settings, parse_settings, read_settings
from kakehashi.template import study_toml


def test_an_unknown_key_is_refused_and_the_nearest_named():
    with pytest.raises(SettingsError, match=r"study\.hoem: unknown key; did you mean 'home'"):
        parse_settings({"study": {"hoem": "JP"}}, "study.toml")


def test_an_unknown_section_is_refused_and_the_nearest_named():
    with pytest.raises(SettingsError, match=r"networcs: unknown key; did you mean 'networks'"):
        parse_settings({"networcs": {}}, "study.toml")


def test_an_unknown_key_of_a_source_is_refused():
    with pytest.raises(SettingsError, match=r"sources\.0\.formt: unknown key; did you mean 'format'"):
        parse_settings({"sources": [{"path": "x", "formt": "ieee_csv"}]}, "study.toml")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"study": {"home": "Japan"}}, "study.home"),
        ({"study": {"first_year": 2022, "last_year": 2016}}, "first_year 2022 is after last_year 2016"),
        ({"counting": {"counting": "half"}}, "counting.counting"),
        ({"networks": {"sampled_error": 2}}, "networks.sampled_error"),
    ],
)
def test_a_value_out_of_range_names_its_key(raw, message):
    with pytest.raises(SettingsError, match=message):
        parse_settings(raw, "study.toml")


def test_broken_toml_names_the_file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("[study\nhome = ")
    with pytest.raises(SettingsError, match=r"study\.toml: not valid TOML"):
        read_settings(path)


def test_the_template_is_valid_and_says_what_it_was_told(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(study_toml('A "quoted" 研究', "KR", ["../a b", "c"], ["CN"], synthetic=True), encoding="utf-8")
    settings = read_settings(path)
    assert settings.study.name == 'A "quoted" 研究'
    assert (settings.study.home, settings.study.targets, settings.study.synthetic) == ("KR", ("CN",), True)
    assert [source.path for source in settings.sources] == ["../a b", "c"]


def test_the_template_states_the_defaults(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(study_toml("study", "JP", []), encoding="utf-8")
    assert read_settings(path) == Settings()
