"""People where institutions are expected: some lists print an author's name in the place of the affiliation."""

# A key is a person's where at least half of its mentions stand on works of an author with the very name. Google Brain,
# once given as an author, stays an institution.
PEOPLE = """
select p.name_key as name_key
from (
  select f.name_key as name_key, m.work_id as work_id, m.seq as seq,
         max(case when lower(a.author) = lower(f.name) then 1 else 0 end) as is_author
  from affiliations_found f
  join mentions m on m.affiliation = f.affiliation
  left join authorships a on a.work_id = m.work_id
  where f.method = 'remainder' and f.name_key is not null
  group by f.name_key, m.work_id, m.seq
) p
group by p.name_key
having 2 * sum(p.is_author) >= count(*)
"""
