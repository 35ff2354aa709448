"""The SQL over all values read: what was given twice, sums of all goods, sums of ICT goods."""

from kakehashi.tables import declare

FLOWS = declare(
    "economy_flows",
    "One row per value read from a trade file.",
    "file_no, seq",
    "file_no bigint, seq bigint, format string, classification string, reporter string, partner string, "
    "partner_code string, year bigint, flow string, commodity string, office string, value double, currency string",
)
CODES = declare(
    "economy_codes",
    "The codes of ICT goods.",
    "classification, flow, code",
    "classification string, flow string, code string",
)
COVERAGE = declare(
    "economy_coverage",
    "How many months of a year a file has values for, where it says so.",
    "file_no, year, flow",
    "file_no bigint, year bigint, flow string, months bigint",
)
ONCE = declare(
    "economy_once",
    "The values read, numbered within what they are the value of: place 1 is the one that counts.",
    "file_no, seq",
    "file_no bigint, seq bigint, format string, classification string, reporter string, partner string, year bigint, "
    "flow string, commodity string, value double, currency string, place bigint",
)

# Of two downloads of a year the one with more months counts, of equals the first.
NUMBERED = """
select f.file_no, f.seq, f.format, f.classification, f.reporter, f.partner, f.year, f.flow, f.commodity, f.value,
    f.currency,
    row_number() over (
        partition by f.format, f.classification, f.reporter, f.partner_code, f.year, f.flow, f.commodity, f.office
        order by coalesce(c.months, 12) desc nulls last, f.file_no nulls last, f.seq nulls last
    ) as place
from economy_flows f
left join economy_coverage c on c.file_no = f.file_no and c.year = f.year and c.flow = f.flow
"""

GIVEN_TWICE = """
select file_no, count(*) as flows from economy_once where place > 1 group by file_no order by file_no nulls last
"""

# Whole units and what is beyond them are added apart, as integers and decimals: neither the order of rows nor the
# engine then changes the last digit, and a trillion of yen stays exact.
EXPLICIT_TOTALS = """
select format, reporter, partner, year, flow, cast(sum(cast(floor(value) as bigint)) as double)
        + cast(sum(cast(value - floor(value) as decimal(38, 6))) as double) as value,
    min(currency) as first_currency, max(currency) as last_currency, min(file_no) as first_file,
    max(file_no) as last_file
from economy_once
where place = 1 and commodity = 'total'
group by format, reporter, partner, year, flow
order by format nulls last, reporter nulls last, partner nulls last, year nulls last, flow nulls last
"""

# A classification is whole at each of its levels, and levels must not be added: the topmost is taken.
SUMMED_TOTALS = """
with levels as (
    select format, classification, reporter, year, flow, min(length(commodity)) as level
    from economy_once
    where place = 1 and commodity <> 'total'
    group by format, classification, reporter, year, flow
)
select o.format, o.reporter, o.partner, o.year, o.flow, cast(sum(cast(floor(o.value) as bigint)) as double)
        + cast(sum(cast(o.value - floor(o.value) as decimal(38, 6))) as double) as value,
    min(o.currency) as first_currency, max(o.currency) as last_currency, min(o.file_no) as first_file,
    max(o.file_no) as last_file
from economy_once o
join levels l on l.format = o.format and l.classification = o.classification and l.reporter = o.reporter
    and l.year = o.year and l.flow = o.flow and l.level = length(o.commodity)
where o.place = 1 and o.commodity <> 'total'
group by o.format, o.reporter, o.partner, o.year, o.flow
order by o.format nulls last, o.reporter nulls last, o.partner nulls last, o.year nulls last, o.flow nulls last
"""

# How much of a classification a year's files hold: sections of principal commodities, or chapters of HS.
EXTENT = """
with levels as (
    select format, classification, reporter, year, flow, min(length(commodity)) as level
    from economy_once
    where place = 1 and commodity <> 'total'
    group by format, classification, reporter, year, flow
)
select o.format, o.classification, o.reporter, o.year, o.flow, l.level,
    count(distinct substring(o.commodity, 1, 2)) as parts
from economy_once o
join levels l on l.format = o.format and l.classification = o.classification and l.reporter = o.reporter
    and l.year = o.year and l.flow = o.flow and l.level = length(o.commodity)
where o.place = 1 and o.commodity <> 'total'
group by o.format, o.classification, o.reporter, o.year, o.flow, l.level
order by o.format nulls last, o.classification nulls last, o.reporter nulls last, o.year nulls last, o.flow nulls last
"""

FILES = """
select distinct format, reporter, year, flow, file_no
from economy_once
where place = 1
order by format nulls last, reporter nulls last, year nulls last, flow nulls last, file_no nulls last
"""

# Below a listed code the topmost level is taken: the code itself where the table has it, else its parts.
ICT = """
with listed as (
    select o.format, o.reporter, o.partner, o.year, o.flow, o.commodity, o.value, o.currency, o.file_no, c.code
    from economy_once o
    join economy_codes c on c.classification = o.classification and c.flow = o.flow
        and substring(o.commodity, 1, length(c.code)) = c.code
    where o.place = 1
),
levels as (
    select format, reporter, year, flow, code, min(length(commodity)) as level
    from listed
    group by format, reporter, year, flow, code
)
select l.format, l.reporter, l.partner, l.year, l.flow, cast(sum(cast(floor(l.value) as bigint)) as double)
        + cast(sum(cast(l.value - floor(l.value) as decimal(38, 6))) as double) as value,
    min(l.currency) as first_currency, max(l.currency) as last_currency, min(l.file_no) as first_file,
    max(l.file_no) as last_file
from listed l
join levels v on v.format = l.format and v.reporter = l.reporter and v.year = l.year and v.flow = l.flow
    and v.code = l.code and v.level = length(l.commodity)
group by l.format, l.reporter, l.partner, l.year, l.flow
order by l.format nulls last, l.reporter nulls last, l.partner nulls last, l.year nulls last, l.flow nulls last
"""

MET = """
select distinct o.format, o.reporter, o.year, o.flow, c.code
from economy_once o
join economy_codes c on c.classification = o.classification and c.flow = o.flow
    and substring(o.commodity, 1, length(c.code)) = c.code
where o.place = 1
order by o.format nulls last, o.reporter nulls last, o.year nulls last, o.flow nulls last, c.code nulls last
"""
