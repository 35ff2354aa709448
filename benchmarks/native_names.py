"""Names in Japanese, Chinese and Korean script, as the registry has them, without their legal form, and with another.

    python benchmarks/native_names.py --registry FILE

Every name in native script of an active organisation of these countries that no other organisation has, without any
place. Right: that organisation and no other. A name that its legal form alone tells from another one's is left out.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from kakehashi.affiliations.linking.organisations import Organisation, read_organisations
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.settings import AffiliationsSection

COUNTRIES = frozenset(("CN", "HK", "JP", "KR", "MO", "TW"))
_NATIVE = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]")
_FORMS = (
    "国立研究開発法人", "地方独立行政法人", "独立行政法人", "国立大学法人", "公立大学法人",
    "一般社団法人", "公益社団法人", "一般財団法人", "公益財団法人", "財団法人",
    "社団法人", "学校法人", "社会医療法人", "医療法人社団", "医療法人財団",
    "医療法人", "社会福祉法人", "特定非営利活動法人", "株式会社", "有限会社",
    "合同会社", "財團法人", "集团股份有限公司", "股份有限公司", "有限责任公司",
    "集团有限公司", "有限公司", "주식회사", "재단법인", "사단법인",
    "학교법인", "의료법인",
)  # fmt: skip
"""Not read from the product's own list: what that forgets would be forgotten here too."""
_OWN = {
    "JP": ("株式会社{}", "{}株式会社", "{}(株)"),
    "CN": ("{}有限公司", "{}股份有限公司"),
    "KR": ("주식회사 {}", "(주){}"),
}
"""How a company of a country may write its legal form."""
_SHORT, _LONG = 3, 14


def bare(name: str) -> str:
    """Return a name without its legal form, '' where it has none or too little is left."""
    for form in _FORMS:
        rest = name.removeprefix(form) if name.startswith(form) else name.removesuffix(form)
        if rest != name:
            return rest.strip() if len(rest.strip()) >= _SHORT else ""
    return ""


def spellings(found: dict[str, Organisation]) -> Iterator[tuple[str, str, Organisation]]:
    """Yield (kind, text, organisation) of names that are one organisation's."""
    rest = Counter(bare(name) or name for name in found)
    for name, one in found.items():
        yield ("as registered, long" if len(name) > _LONG else "as registered"), name, one
        short = bare(name)
        if rest[short or name] > 1:
            continue
        if short:
            yield "without the legal form", short, one
        elif "company" in one.types:
            for written in _OWN.get(one.places[0].country, ()):
                yield "with a legal form", written.format(name), one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registry", type=Path, required=True, help="a ROR v2 dump")
    asked = parser.parse_args()
    holders: dict[str, list[Organisation]] = defaultdict(list)
    for one in read_organisations(asked.registry):
        if one.active and one.places and one.places[0].country in COUNTRIES:
            for name in {name.value for name in one.names if _NATIVE.search(name.value)}:
                holders[name].append(one)
    texts = list(spellings({name: of[0] for name, of in sorted(holders.items()) if len(of) == 1}))
    resolver = make_resolver(AffiliationsSection(registry=str(asked.registry)))
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (kind, _, one), rows in zip(texts, resolver.resolve_many([text for _, text, _ in texts]), strict=True):
        ids = {row.ror_id for row in rows if row.ror_id}
        counted[kind]["right" if ids == {one.ror_id} else "other" if ids else "none"] += 1
    print("| names | strings | right | no link | another or one more |\n|---|---:|---:|---:|---:|")
    for kind, found in sorted(counted.items()):
        size = found.total()
        print(f"| {kind} | {size:,} | {found['right'] / size:.1%} | {found['none']:,} | {found['other']:,} |")


if __name__ == "__main__":
    main()
