"""Which countries write together: pair weights whose strengths and eigenvector are those of the published figures."""

import random

import numpy as np
from numpy.typing import NDArray

from kakehashi.demo.inputs import Country

THIRD_COUNTRY = 0.12  # share of international works with a third country; our own assumption
_SMALLEST_EIGENVECTOR = 0.0003  # the published figures are rounded to three decimals
_SMALL_COUNTRY_PAPERS = 3  # so that every published country is seen in a corpus of the default size


def pair_weights(countries: tuple[Country, ...], rounds: int = 400) -> NDArray[np.float64]:
    """Return a symmetric matrix of joint-work weights between countries (joint works of the published corpus).

    Row sums are papers x international share, and the leading eigenvector is the published one as far as such a
    matrix exists: w_ij = a_i a_j exp(b_i v_j + b_j v_i) is the maximum-entropy form with the row sums s_i and the
    weighted row sums sum_j w_ij v_j = lambda v_i; a is scaled to the first and b moved to the second in turn.
    """
    strength = np.array([country.papers * country.international_share for country in countries])
    target = np.maximum([country.eigenvector for country in countries], _SMALLEST_EIGENVECTOR)
    largest = float((strength * target).sum() / target.sum())
    mean_partner = np.clip(largest * target / strength, 0.12, 0.50)
    scale = strength / np.sqrt(strength.sum())
    slope = np.zeros(len(countries))
    for _ in range(rounds):
        weights = _weights(scale, slope, target)
        rows = weights.sum(axis=1)
        mean = (weights * target).sum(axis=1) / rows
        spread = (weights * target**2).sum(axis=1) / rows - mean**2
        slope = np.clip(slope + 0.3 * (mean_partner - mean) / np.maximum(spread, 1e-3), -12.0, 12.0)
        scale = scale * np.sqrt(strength / rows)
    return _weights(scale, slope, target)


def _weights(
    scale: NDArray[np.float64], slope: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    lean = np.outer(slope, target)
    weights: NDArray[np.float64] = np.outer(scale, scale) * np.exp(lean + lean.T)
    np.fill_diagonal(weights, 0.0)
    return weights


def plan_countries(countries: tuple[Country, ...], works: int, rng: random.Random) -> list[tuple[str, ...]]:
    """Return the countries of each of `works` works, shuffled: one country, or two or three of an international work.

    Numbers are allotted, not drawn, so that a small corpus keeps the order of the published figures.
    """
    weights = pair_weights(countries)
    per_work = 2.0 + THIRD_COUNTRY
    domestic = np.array([country.papers * (1 - country.international_share) for country in countries])
    strength = np.array([country.papers * country.international_share for country in countries])
    per_paper = works / (domestic.sum() + strength.sum() / per_work)
    international = min(works, round(per_paper * strength.sum() / per_work))
    plan = _pairs(countries, weights, international)
    _add_third(plan, countries, weights, rng)
    floor = 1 if works >= 100 * len(countries) else 0
    alone = _shares([max(share, floor / per_paper) for share in domestic.tolist()], works - international)
    for country, count in zip(countries, alone, strict=True):
        plan.extend([(country.code,)] * count)
    rng.shuffle(plan)
    return plan


def _pairs(countries: tuple[Country, ...], weights: NDArray[np.float64], total: int) -> list[tuple[str, ...]]:
    cells = [(i, j) for i in range(len(countries)) for j in range(i + 1, len(countries))]
    counts = _shares([float(weights[i, j]) for i, j in cells], total)
    plan: list[tuple[str, ...]] = []
    for (i, j), count in zip(cells, counts, strict=True):
        plan.extend([(countries[i].code, countries[j].code)] * count)
    return plan


def _add_third(
    plan: list[tuple[str, ...]], countries: tuple[Country, ...], weights: NDArray[np.float64], rng: random.Random
) -> None:
    """Give every eighth or so pair a third country; small countries join here as well."""
    index = {country.code: i for i, country in enumerate(countries)}
    codes = [country.code for country in countries]
    every = max(1, round(1 / THIRD_COUNTRY))
    for at in range(0, len(plan), every):
        first, second = plan[at][:2]
        joint = np.sqrt(weights[index[first]] * weights[index[second]])  # who works with both
        joint[[index[first], index[second]]] = 0.0
        plan[at] = (first, second, rng.choices(codes, weights=joint.tolist())[0])
    seen = [code for group in plan for code in group]
    if len(plan) < 10 * len(countries):
        return
    places = (len(plan) - 2) // every + 1
    for number, country in enumerate(reversed(countries)):
        for extra in range(_SMALL_COUNTRY_PAPERS - 1 - seen.count(country.code)):
            at = 1 + every * ((7 * number + extra) % places)
            plan[at] = (*plan[at][:2], country.code)


def _shares(weights: list[float], total: int) -> list[int]:
    """Allot `total` in proportion to `weights`, in order: running sums are exact to one half (systematic sampling)."""
    whole = sum(weights)
    counts, done, running = [], 0, 0.0
    for weight in weights:
        running += weight
        upto = int(running / whole * total + 0.5)
        counts.append(upto - done)
        done = upto
    return counts
