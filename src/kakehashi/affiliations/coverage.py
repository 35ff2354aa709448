"""How many mentions of each input file lead to an institution and to a country."""

# A work's mentions all come from one record, and so from one file. Each string has a first resolution.
COVERAGE = """
select r.file as file, count(*) as mentions, sum(l.named) as institutions, sum(l.linked) as linked,
       sum(l.located) as countries
from affiliations_links l
join work_values v on v.work_id = l.work_id and v.name = 'mentions'
join records r on r.record_id = v.record_id
where l.resolution_seq = 1
group by r.file
"""
