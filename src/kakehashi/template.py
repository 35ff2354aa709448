"""The study.toml that `kakehashi init` writes: every setting people change, with its meaning in both languages."""

import json
from collections.abc import Sequence

_HEAD = """\
# Kakehashi study. Paths are relative to this file. Run it with: kakehashi run <this folder>
# 架け橋の調査設定。パスはこのファイルからの相対パス。実行: kakehashi run <このフォルダー>

[study]
name = {name}
home = {home}                 # the country that asks (ISO 3166) / 自国（基準となる国）
targets = {targets}           # countries to look at; empty: the 20 with most papers / 調査対象国（空なら論文数上位20）
# first_year = 2016           # works of other years are set aside / 対象期間の初年
# last_year = 2022            # / 対象期間の終年
synthetic = {synthetic}             # true: the report says that the data are invented / 合成データなら true
"""

_SOURCE = """
[[sources]]
path = {path}                 # a file or a folder of exports / 書誌データのファイルまたはフォルダー
# format = "ieee_csv"         # only where recognition fails / 自動判別できないときだけ
# [sources.columns]           # only for your own CSV or JSONL / 独自形式の列名の対応
# title = "Paper title"
"""

_NO_SOURCE = """
# [[sources]]                 # one such section for each file or folder / ファイルまたはフォルダーごとに1つ
# path = "../exports"
"""

_TAIL = """
[affiliations]                # 名寄せ
territory_policy = "seed"     # Hong Kong, Macau and Taiwan stand alone / 香港・マカオ・台湾は独立に集計
# aliases = "aliases.csv"     # your own country aliases: alias,country_code / 独自の国名辞書
# registry = "v1.74"          # a ROR dump: `kakehashi registry add`, or a path / 機関の登録簿（ROR）の版、またはパス
# roll_up = "parents"         # an institution also counts for its parents: none, parents, top / 上位機関にも計上
# successors = "by_year"      # one that is no more counts as its successor: by_year, never, always / 後継機関として計上
# strategy = "appendix1"      # the 2023 report's own method, for comparison / 2023年報告書の付録1の方法（比較用）
# decisions = "decisions.csv" # what people decided: kakehashi review / 人による判断の記録
# spacy_model = "en_core_web_sm"  # an installed spaCy pipeline with NER / 固有表現抽出に使う spaCy モデル

[fields]                      # 技術区分
taxonomy = "ict8"             # or "none", or a folder of your own / "none" または独自の分類フォルダー
# labels = "labels.csv"       # your own keyword labels, before the shipped ones / 独自のキーワード対応表
# synonyms = "synonyms.csv"   # your own synonyms and stop words, as VOSviewer's thesaurus / 独自の同義語・除外語
# decide = "keywords"         # keywords alone, without title and abstract / 表題・抄録を使わず、キーワードだけで判定

[counting]                    # 集計方法
counting = "full"             # or "fractional" / 整数カウントまたは分数カウント
fractional_by = "country"     # or "institution", "author" / 分数カウントの単位

[networks]                    # ネットワーク指標
exact_betweenness = "auto"    # or "always", "never" / 媒介中心性を厳密に計算するか

[positioning]                 # 5つの領域
centre_radius = 0.5           # decades around the home country / 自国に類似とみなす半径（常用対数）

[economy]                     # 貿易と GDP
# gdp = "gdp.csv"             # GDP in current US dollars (World Bank) / 名目GDP（米ドル、世界銀行）
# commodities = "ict.csv"     # your own list of ICT goods: classification,flow,code / 独自のICT品目
# [[economy.trade]]           # one such section for each file or folder / ファイルまたはフォルダーごとに1つ
# path = "customs/"           # Japan Customs tables or a CSV of your own / 財務省貿易統計または独自のCSV
"""


def study_toml(
    name: str, home: str, sources: Sequence[str], targets: Sequence[str] = (), *, synthetic: bool = False
) -> str:
    """Return the text of a new study.toml."""
    head = _HEAD.format(
        name=_quote(name),
        home=_quote(home),
        targets=json.dumps(list(targets)),
        synthetic="true" if synthetic else "false",
    )
    return head + ("".join(_SOURCE.format(path=_quote(path)) for path in sources) or _NO_SOURCE) + _TAIL


def _quote(text: str) -> str:
    # A JSON string is a TOML basic string for every text without a lone surrogate.
    return json.dumps(text, ensure_ascii=False)
