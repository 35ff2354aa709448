"""Every page of a study by the name in its address."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kakehashi.web.page import Page
from kakehashi.web.pages import advice, chapters, compare, entity, evidence, lists, network, overview
from kakehashi.web.pages import map as positions
from kakehashi.web.view import View

PAGES: Mapping[str, Callable[[View], Page]] = MappingProxyType(
    {
        "": overview.page,
        "overview": overview.page,
        "map": positions.page,
        "countries": lists.countries,
        "institutions": lists.institutions,
        "fields": lists.fields,
        "country": entity.country,
        "institution": entity.institution,
        "field": entity.field,
        "number": evidence.number,
        "works": evidence.works,
        "work": evidence.work,
        "network": network.page,
        "compare": compare.page,
        "partners": advice.partners,
        "advise": advice.advice,
        "schemes": chapters.schemes_page,
        "cases": chapters.cases_page,
        "economy": chapters.economy_page,
        "quality": chapters.quality_page,
        "methods": chapters.methods_page,
    }
)
FORMS = MappingProxyType(
    {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "svg": "image/svg+xml",
        "png": "image/png",
        "graphml": "application/xml",
        "gexf": "application/xml",
        "pajek.zip": "application/zip",
        "vosviewer.zip": "application/zip",
        "tables.zip": "application/zip",
    }
)
