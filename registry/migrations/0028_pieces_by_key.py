"""The pieces of many names: a student's enrolments looked up by key, initials put together name by name; the same pieces.

An import of thousands named every new student by reading all enrolments there are, and sorted every letter of every name.
OFFSET 0 keeps the planner, which cannot know how many ids come, from reading a whole table for them.
"""

from django.db import migrations

# Letters come in the order of generate_series: nothing between it and the aggregate changes that, and sorting the
# three letters of each name costs as much as finding them.
SPELT = """
    spelt AS MATERIALIZED (
        SELECT n.*, l.letters, l.surnames
          FROM named n CROSS JOIN LATERAL (
            SELECT string_agg(COALESCE(i.letter, c), '') AS letters,
                   string_agg(COALESCE(CASE WHEN p = 1 THEN i.surname END, i.letter, c), '') AS surnames
              FROM (SELECT p, substr(n.key, p, 1) AS c FROM generate_series(1, length(n.key)) p OFFSET 0) x
              LEFT JOIN LATERAL (SELECT * FROM registry_initial i WHERE i.character = c OFFSET 0) i ON true) l)
    INSERT INTO registry_namepiece (registered, subject, position, piece, school_id, county_id, prefecture_id)
    SELECT {registered}, id, p, substr(key, p), school_id, county_id, prefecture_id
      FROM spelt, generate_series(1, length(key)) p
    UNION ALL
    SELECT {registered}, id, 0, letters, school_id, county_id, prefecture_id FROM spelt WHERE letters <> ''
    UNION ALL
    SELECT {registered}, id, 1000, surnames, school_id, county_id, prefecture_id FROM spelt WHERE surnames <> letters
"""

MAKE = f"""
CREATE OR REPLACE FUNCTION registry_pieces_of_enrolments(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH named AS MATERIALIZED (
        SELECT e.id, registry_name_key(k.name) AS key, e.school_id, e.county_id, e.prefecture_id
          FROM unnest(ids) AS i (id)
         CROSS JOIN LATERAL (SELECT * FROM registry_enrolment WHERE id = i.id OFFSET 0) e
         CROSS JOIN LATERAL (
            SELECT name FROM registry_keyfacts WHERE student_id = e.student_id AND valid_to IS NULL OFFSET 0) k),
    {SPELT.format(registered="true")}
$$;
CREATE OR REPLACE FUNCTION registry_pieces_of_candidates(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH named AS MATERIALIZED (
        SELECT c.id, registry_name_key(c.name) AS key, r.school_id, r.county_id, r.prefecture_id
          FROM unnest(ids) AS i (id) JOIN registry_candidate c ON c.id = i.id AND c.enrolment_id IS NULL
          JOIN registry_enrolmentbatch b ON b.id = c.batch_id JOIN approvals_request r ON r.id = b.request_id),
    {SPELT.format(registered="false")}
$$;
CREATE OR REPLACE FUNCTION registry_rename_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY(
        SELECT DISTINCT e.id FROM new_rows n
         CROSS JOIN LATERAL (SELECT id FROM registry_enrolment WHERE student_id = n.student_id OFFSET 0) e);
BEGIN
    IF cardinality(ids) > 0 THEN
        DELETE FROM registry_namepiece WHERE registered AND subject = ANY(ids);
        PERFORM registry_pieces_of_enrolments(ids);
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608 - no word in it comes from outside


class Migration(migrations.Migration):
    dependencies = [("registry", "0027_inspection")]
    operations = [migrations.RunSQL(MAKE, migrations.RunSQL.noop)]
