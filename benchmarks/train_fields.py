"""Train the model that weighs the evidence for the fields of a taxonomy: src/kakehashi/data/taxonomies/ict8/model.csv.

The works are named by identifier in benchmarks/field_labels.csv (labelled by reading title, keywords and the head of
the abstract) and in tests/gold/work_fields.csv (part `tune`); their texts are looked up in a folder of exports
of one's own, which the repository does not hold. The threshold is chosen by cross-validation. Prints the scores.

    python benchmarks/draw_gold_works.py FOLDER --texts TEXTS.csv
    python benchmarks/train_fields.py FOLDER --gold-texts TEXTS.csv --topics TOPICS.csv --write

Labelled works are few and of few subjects. So that the model knows words of all subjects, each labelled term counts
as a short title, and each OpenAlex topic (`--topics`: display_name, description) as a work, of small weight: hints.
Each work that has an abstract or keywords is learnt once more by its title alone. Otherwise the model takes the lack of
both, which in our exports mostly means a list of conference papers on AI, for a sign of AI.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import kakehashi
from fields import show_reliability
from kakehashi.corpus import stage as corpus
from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import linear
from kakehashi.fields.keywords import normal
from kakehashi.fields.model import Model, dump_model, text_features
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import Label, label_of, load_taxonomy
from kakehashi.progress import Silent
from kakehashi.settings import Settings, SourceSection

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "benchmarks" / "field_labels.csv"
GOLD = ROOT / "tests" / "gold" / "work_fields.csv"
MODEL = Path(kakehashi.__file__).parent / "data" / "taxonomies" / "ict8" / "model.csv"
Texts = tuple[str | None, str | None, list[str]]
PENALTY, CUE_PENALTY, CUE_SIZE, FOLDS, LEAST_WORKS = 0.15, 0.1, 0.6, 5, 3
HINT = 0.15
"""How much a hint counts against a work: what leaves the scores of cross-validation over the works as they are."""
COPY = 0.6
"""How much a work counts once more by its title alone. From 0.3 to 0.6 cross-validation hardly changes."""
LEAST = 0.15
"""A best field that is less likely is none: below it, works of medicine and geology became works of AI."""
SOURCE = (
    "SOURCE: trained by benchmarks/train_fields.py on 2026-11-28 from works labelled for Kakehashi under the scope\n"
    "notes of taxonomy.toml. Numbers are thousandths. Do not edit: train again."
)


class Work:
    """A work to learn from: the words of its text, its cues and what its keywords say."""

    def __init__(
        self, title: str | None, abstract: str | None, keywords: Iterable[str], phrases: Phrases,
        labels: dict[str, Label],
    ) -> None:  # fmt: skip
        self.words, cues = text_features(title, abstract, phrases)
        self.cues = dict.fromkeys(cues, 1.0)
        forms = sorted({form for form in map(normal, keywords) if form})
        spoken = Counter(
            field for form in forms if (label := label_of(form, labels)) is not None for field in label.fields
        )
        self.keywords = {} if forms else {"none": 1.0}
        for field, votes in spoken.items():
            self.keywords |= {f"any:{field}": 1.0, f"share:{field}": votes / len(forms)}
            if votes > 1:
                self.keywords[f"two:{field}"] = 1.0


@dataclass(frozen=True)
class Hints:
    """Rows to learn words from, and their fields. Without cues and keywords: those are what they are made of."""

    rows: list[Work]
    truth: linear.Floats


def hints(labels: dict[str, Label], phrases: Phrases, topics: Path | None, names: tuple[str, ...]) -> Hints:
    """Return each labelled term as a title, and each labelled topic of the file as a work."""
    texts: list[tuple[str, str | None, tuple[str, ...]]] = [
        (keyword, None, label.fields) for keyword, label in sorted(labels.items())
    ]
    for row in csv.DictReader(topics.open(encoding="utf-8")) if topics else ():
        label = label_of(normal(row["display_name"]), labels)
        if label is not None:
            texts.append((row["display_name"], row["description"], label.fields))
    rows = [Work(title, abstract, (), phrases, {}) for title, abstract, _ in texts]
    for row_of_one in rows:
        row_of_one.cues, row_of_one.keywords = {}, {}
    return Hints(rows, np.array([[float(field in fields) for field in names] for _, _, fields in texts]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpora", type=Path)
    arguments.add_argument("--gold", type=Path, default=GOLD, help="the gold set; only its part `tune` is read")
    arguments.add_argument("--gold-texts", type=Path, help="its texts, as draw_gold_works.py writes them")
    arguments.add_argument("--topics", type=Path, help="topics of OpenAlex with names and descriptions")
    arguments.add_argument("--hint", type=float, default=HINT, help="the weight of a hint")
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    taxonomy = load_taxonomy("ict8")
    names = tuple(field.id for field in taxonomy.fields)
    labels = dict(taxonomy.labels)
    phrases = Phrases(labels)
    answers = labelled(given.gold)
    texts = texts_of(given.corpora, answers)
    if given.gold_texts:
        texts |= gold_texts(given.gold_texts, answers)
    works = {identity: Work(*text, phrases, labels) for identity, text in sorted(texts.items())}
    print(f"{len(answers)} labelled works, {len(works)} found in {given.corpora.name}")
    order = sorted(works)
    rows = [works[identity] for identity in order]
    truth = np.array([[float(field in answers[identity][0].split()) for field in names] for identity in order])
    gold = np.array([answers[identity][1] for identity in order])
    more = [bool(texts[identity][1] or any(texts[identity][2])) for identity in order]
    titles = [Work(texts[identity][0], None, (), phrases, labels) if also else None
              for identity, also in zip(order, more, strict=True)]  # fmt: skip
    told = hints(labels, phrases, given.topics, names)
    chosen = cross_validate(rows, titles, truth, gold, names, told, given.hint)
    model = train(rows, titles, truth, names, *chosen, told, given.hint)
    if given.write:
        MODEL.write_text(dump_model(model, SOURCE), encoding="utf-8")
        print(f"{MODEL.name}: {len(model.words)} words, {MODEL.stat().st_size:,} bytes")


def labelled(path: Path) -> dict[str, tuple[str, bool]]:
    """Return the labelled works: identifier to fields, and whether it is of the gold set (part `tune` alone)."""
    gold = list(csv.DictReader(path.open(encoding="utf-8"))) if path.is_file() else []
    held = {row["id"].lower() for row in gold}
    own = csv.DictReader(line for line in LABELS.open(encoding="utf-8") if not line.startswith("#"))
    found = {row["id"]: (row["fields"], False) for row in own if row["id"].removeprefix("doi:").lower() not in held}
    return found | {row["id"]: (row["fields"], True) for row in gold if row["part"] == "tune"}


def gold_texts(path: Path, wanted: Iterable[str]) -> dict[str, Texts]:
    rows = {row["id"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
    return {
        name: (rows[name]["title"], rows[name]["abstract"], rows[name]["keywords"].split(";"))
        for name in sorted(wanted)
        if name in rows
    }


def texts_of(folder: Path, wanted: Iterable[str]) -> dict[str, Texts]:
    """Read the exports and return title, abstract and keywords of the wanted works."""
    sections = tuple(SourceSection(path=str(path)) for path in sorted(folder.iterdir()) if path.is_dir())
    with TemporaryDirectory() as place:
        engine = DuckDB(Path(place))
        corpus.run(engine, Settings(sources=sections), Silent())
        works: list[Any] = engine.rows("select work_id, lower(doi), title, abstract from works order by work_id")
        keywords: dict[str, list[str]] = {}
        for work, keyword in engine.rows("select distinct work_id, keyword from keywords order by 1, 2"):
            keywords.setdefault(work, []).append(keyword)
        engine.close()
    names: dict[str, tuple[Any, ...]] = {}
    for work, doi, title, abstract in works:
        for name in (work, doi):
            if name:
                names.setdefault(name, (title, abstract, keywords.get(work, [])))
    return {name: names[name] for name in sorted(wanted) if name in names}  # type: ignore[misc]


def train(
    works: list[Work], titles: list[Work | None], answers: linear.Floats, names: tuple[str, ...], threshold: float,
    least: float, told: Hints, hint: float,
) -> Model:  # fmt: skip
    copies = [copy for copy in titles if copy is not None]
    copied = answers[[copy is not None for copy in titles]]
    rows, truth = [*works, *copies, *told.rows], np.vstack([answers, copied, told.truth])
    size = np.repeat([1.0, COPY, hint], [len(works), len(copies), len(told.rows)])
    counts = Counter(word for row in rows for word in set(row.words))
    idf = {
        word: (place, float(np.log(len(rows) / counts[word])))
        for place, word in enumerate(sorted(word for word, works in counts.items() if works >= LEAST_WORKS))
    }
    cues = sorted({cue for row in rows for cue in row.cues})
    spoken = sorted({name for row in rows for name in row.keywords})
    extra = {name: len(idf) + place for place, name in enumerate([*cues, *spoken])}
    entries = []
    for row in rows:
        values = linear.tf_idf(row.words, idf)
        values |= {extra[name]: CUE_SIZE * value for name, value in [*row.cues.items(), *row.keywords.items()]}
        entries.append(values)
    width = len(idf) + len(extra)
    penalty = np.full(width, PENALTY)
    penalty[len(idf) :] = CUE_PENALTY
    table = linear.matrix(entries, width)
    weights, intercept = linear.fit(table, truth, size, penalty, 80)
    scaled = {name: CUE_SIZE * weights[column] for name, column in extra.items()}
    return Model(
        names, idf, weights[: len(idf)], {name: scaled[name] for name in cues}, {name: scaled[name] for name in spoken},
        intercept, threshold, least,
    )  # fmt: skip


def scores(model: Model, rows: list[Work]) -> linear.Floats:
    out = np.empty((len(rows), len(model.fields)))
    for place, row in enumerate(rows):
        total = model.intercept.copy()
        for column, value in linear.tf_idf(row.words, model.words).items():
            total += value * model.weights[column]
        for name, value in row.cues.items():
            total += value * model.cues.get(name, 0.0)
        for name, value in row.keywords.items():
            total += value * model.keywords.get(name, 0.0)
        out[place] = linear.sigmoid(total)
    return out


def given(score: linear.Floats, threshold: float, least: float) -> np.ndarray:
    answer = score >= threshold
    best = score.argmax(axis=1)
    doubtful = ~answer.any(axis=1) & (score.max(axis=1) >= least)
    answer[doubtful, best[doubtful]] = True
    return answer


def cross_validate(
    rows: list[Work], titles: list[Work | None], truth: linear.Floats, gold: np.ndarray, names: tuple[str, ...],
    told: Hints, hint: float,
) -> tuple[float, float]:  # fmt: skip
    """Print the scores of works that the model has not seen, and return the best pair of thresholds."""
    fold = np.arange(len(rows)) % FOLDS
    score = np.empty(truth.shape)
    of_title = np.full(truth.shape, np.nan)
    for number in range(FOLDS):
        seen, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = train([rows[n] for n in seen], [titles[n] for n in seen], truth[seen], names, 0.5, 0.5, told, hint)
        score[held] = scores(model, [rows[n] for n in held])
        copied = [n for n in held if titles[n] is not None]
        of_title[copied] = scores(model, [titles[n] for n in copied])  # type: ignore[misc]
    found = []
    for threshold in np.arange(0.3, 0.52, 0.02):
        for least in np.arange(LEAST, threshold + 0.01, 0.02):
            micro, macro, outside, _ = measured(given(score, threshold, least), truth)
            # A work wrongly outside is lost to a study, a doubtful one inside can be seen: outside counts like micro.
            found.append((round(micro + 0.5 * macro + min(outside, 0.95), 4), -threshold, -least))
    _, threshold, least = max(found)
    for name, part in (("all", np.ones(len(rows), dtype=bool)), ("gold tune", gold)):
        micro, macro, outside, each = measured(given(score, -threshold, -least)[part], truth[part])
        print(f"{name}: {part.sum()} works, threshold {-threshold:.2f}, least {-least:.2f}")
        print(f"  micro-F1 {micro:.3f}, macro-F1 {macro:.3f}, precision of outside {outside:.3f}")
        print("  " + ", ".join(f"{field} {value:.2f}" for field, value in zip(names, each, strict=True)))
        judged = zip(score[part].ravel().tolist(), truth[part].astype(bool).ravel().tolist(), strict=True)
        show_reliability(f"each of the fields of each work, {name}", list(judged))
        none = ~given(score, -threshold, -least).any(axis=1) & part
        sure: list[float] = (1 - score[none].max(axis=1)).tolist()
        outsiders: list[bool] = (truth[none].sum(axis=1) == 0).tolist()
        show_reliability(f"outside, {name}", list(zip(sure, outsiders, strict=True)))
    for name, part, known in (
        ("works of which only the title is known", np.isnan(of_title[:, 0]), score),
        ("all others, by their title alone", ~np.isnan(of_title[:, 0]), of_title),
    ):
        micro, macro, outside, _ = measured(given(known, -threshold, -least)[part], truth[part])
        print(f"{name}: {part.sum()}; micro-F1 {micro:.3f}, macro-F1 {macro:.3f}, precision of outside {outside:.3f}")
    return float(-threshold), float(-least)


def measured(answer: np.ndarray, truth: linear.Floats) -> tuple[float, float, float, np.ndarray]:
    right = truth.astype(bool)
    hit, wrong, missed = (answer & right).sum(0), (answer & ~right).sum(0), (~answer & right).sum(0)
    each = 2 * hit / np.maximum(1, 2 * hit + wrong + missed)
    micro = 2 * hit.sum() / (2 * hit.sum() + wrong.sum() + missed.sum())
    none = ~answer.any(axis=1)
    outside = (none & ~right.any(axis=1)).sum() / max(1, none.sum())
    return float(micro), float(each.mean()), float(outside), each


if __name__ == "__main__":
    main()
