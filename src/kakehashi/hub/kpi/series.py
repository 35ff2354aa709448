"""The values of KPIs by year: entered, or derived by formula from other KPIs and a study's indicators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kakehashi.hub.kpi.definitions import STUDY, Kpi, in_order
from kakehashi.hub.kpi.formula import Worked, evaluate

_CUMULATIVE = "cumulative "


@dataclass(frozen=True)
class Series:
    """The values of a KPI by year, and why a year that others have has none."""

    kpi: Kpi
    values: Mapping[int, float]
    missing: Mapping[int, tuple[str, str | None]]


def indicators_of(kpis: Iterable[Kpi]) -> tuple[str, ...]:
    """Return the names after `study.` on which formulas stand."""
    named = (name for one in kpis for name in ((one.node and one.node.names()) or ()))
    return tuple(dict.fromkeys(name[len(STUDY) :] for name in named if name.startswith(STUDY)))


def series(kpis: Mapping[str, Kpi], fed: Mapping[str, Mapping[int, float]] | None = None) -> Mapping[str, Series]:
    """Work out every KPI for the years of anything that it stands on. `fed`: a study's indicators by name and year."""
    work = _Work(kpis, fed)
    found = {name: work.series(kpis[name]) for name in in_order(kpis)}
    return MappingProxyType({name: found[name] for name in kpis})


class _Work:
    """Works values out once each. Formulas have been checked: they do not go in circles."""

    def __init__(self, kpis: Mapping[str, Kpi], fed: Mapping[str, Mapping[int, float]] | None) -> None:
        self._kpis = kpis
        self._fed = fed
        self._known: dict[tuple[str, int], Worked] = {}
        self._years: dict[str, frozenset[int]] = {}

    def series(self, one: Kpi) -> Series:
        if one.formula is None:
            return Series(one, one.values, MappingProxyType({}))
        values: dict[int, float] = {}
        missing: dict[int, tuple[str, str | None]] = {}
        for year in sorted(self.years(one.id)):
            worked = self.value(one.id, year)
            if worked.value is None:
                missing[year] = (worked.reason or "no_value", worked.of)
            else:
                values[year] = worked.value
        return Series(one, MappingProxyType(values), MappingProxyType(missing))

    def years(self, name: str) -> frozenset[int]:
        """Return the years for which anything is known that a name stands on."""
        if name not in self._years:
            one = self._kpis.get(name)
            if one is None:
                found = frozenset((self._fed or {}).get(name.removeprefix(STUDY), {}))
            elif one.node is None:
                found = frozenset(one.values)
            else:
                found = frozenset().union(*(self.years(other) for other in one.node.names()))
            self._years[name] = found
        return self._years[name]

    def value(self, name: str, year: int) -> Worked:
        """Return the value of a name in a year."""
        if (name, year) not in self._known:
            self._known[name, year] = self._worked(name, year)
        return self._known[name, year]

    def _worked(self, name: str, year: int) -> Worked:
        if name.startswith(_CUMULATIVE):
            return self._sum(name.removeprefix(_CUMULATIVE), year)
        one = self._kpis.get(name)
        if one is None:
            if self._fed is None:
                return Worked(None, "no_study", name)
            value = self._fed.get(name.removeprefix(STUDY), {}).get(year)
            return Worked(value, None if value is not None else "no_value", name)
        if one.node is not None:
            return evaluate(one.node, year, self.value)
        value = one.values.get(year)
        return Worked(value, None if value is not None else "no_value", name)

    def _sum(self, name: str, year: int) -> Worked:
        until = [self.value(name, each) for each in sorted(self.years(name)) if each <= year]
        missing = next((one for one in until if one.value is None), None)
        if missing is not None or not until:
            return missing or Worked(None, "no_value", name)
        return Worked(sum(one.value for one in until if one.value is not None))
