"""Small tables in the forms that people have. All numbers are invented; the forms are those of the publishers."""

from kakehashi.economy.countries import Countries
from kakehashi.economy.reading import read_products, read_trade
from kakehashi.settings import TradeSection

COUNTRIES = (
    "《中東》  【年別】　（単位：千円） ,,,,,,,,,\r\n"
    "MIDDLE EAST  Calender Year Data  (a thousand yen) ,,,,,,,,,\r\n"
    "Years,Exp-Total,Imp-Total,Exp-137,Imp-137,Exp-142,Imp-142,Exp-149,Imp-149,Exp-999\r\n"
    ",,,SU ARAB,SU ARAB,YEMEN,YEMEN,YEMEN,YEMEN,NOWHERE\r\n"
    "2020 ,160 ,260 ,100 ,200 ,0 ,10 ,60 ,50 ,7 \r\n"
    "2021 ,140 ,- ,120 ,- ,0 ,- ,20 ,- ,8 \r\n"
    "2022 ,0 ,0 ,0 ,0 ,0 ,0 ,0 ,0 ,0 \r\n"
)
PRODUCTS = (
    "《世界》  【年別】  （輸入） ,,,,,,,,\n"
    "WORLD Calender Year Data  (Import) ,,,,,,,,\n"
    "報道発表品目名,総額,食料品,,魚介類,,半導体等電子部品,,航空機類,\n"
    "概況品名,,,,魚介類及び同調製品,,半導体等電子部品,,航空機類,\n"
    "概況品コード,'0'～'9','0'+'1',,'007',,'70311',,'70505'',\n"
    ",金額,数量,金額,数量,金額,数量,金額,数量,金額\n"
    "Years,(千円),(単位),(千円),(単位：MT),(千円),(単位),(千円),(単位：KG),(千円)\n"
    "2020 ,1000 ,-,300 ,5 ,200 ,-,40 ,6 ,9 \n"
)
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = [f"Value-{month}" for month in _NAMES]
COMMODITY_HEAD = ",".join(["Exp or Imp", "Year", "PC", "Country", "Unit", "Quantity-Year", "Value-Year", *_MONTHS])
HS_HEAD = ",".join(
    ["Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2", "Quantity1-Year", "Quantity2-Year", "Value-Year",
     *(f"{name}-{month[6:]}" for month in _MONTHS for name in ("Quantity1", "Quantity2", "Value"))]
)  # fmt: skip


def commodity_row(flow, year, code, country, months):
    """A row of the country x principal commodity form: values by month in thousands of yen."""
    whole = [*months, *[0] * (12 - len(months))]
    return ",".join(map(str, [flow, year, f"'{code}'", country, "NO", 0, sum(whole), *whole]))


def commodity_table(*rows):
    """A file of that form. It begins with a byte-order mark, as those of e-Stat do."""
    return "\ufeff" + "\n".join([COMMODITY_HEAD, *rows]) + "\n"


def hs_row(flow, year, code, country, value):
    """A row of the HS x country form with the whole value in January to December alike, in thousands of yen."""
    months = [cell for _ in range(12) for cell in (0, 0, value)]
    return ",".join(map(str, [flow, year, f"'{code}'", country, "  ", "KG", 0, 0, 12 * value, *months]))


def hs_table(*rows, head=HS_HEAD):
    return "\n".join([head, *rows]) + "\n"


def without(table, column):
    """The same table without a column: the national form has no Country."""
    lines = [line.split(",") for line in table.strip().split("\n")]
    place = lines[0].index(column)
    return "\n".join(",".join(cell for number, cell in enumerate(line) if number != place) for line in lines) + "\n"


def read(folder, text, encoding="utf-8", **section):
    """Read a trade table; return its items and the formats met."""
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    found = list(read_trade(path, "table.csv", TradeSection(path=str(path), **section), Countries({})))
    return [item for _, item in found], {format_.name for format_, _ in found if format_}


def read_gdp(folder, text):
    path = folder / "gdp.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_products(path, "gdp.csv", Countries({})))
