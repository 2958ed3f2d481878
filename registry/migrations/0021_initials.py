"""The initials of the whole name as one more piece (MHM of 马海明), from a table of the usual reading of each character.

A surname read otherwise than the character usually is (单, 仇, 解) gets a second piece, with its reading as a surname.
"""

from django.db import migrations

from linxia_xueji.reference import read

TABLE = """
CREATE TABLE registry_initial (character text PRIMARY KEY, letter text NOT NULL, surname text);
"""

MAKE = """
CREATE FUNCTION registry_initials(key text, of_surname boolean) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- Each character by the key of the table: joined, the table would be read whole for every name.
    SELECT string_agg(COALESCE(
               CASE WHEN of_surname AND p = 1 THEN (SELECT i.surname FROM registry_initial i WHERE i.character = left(key, 1)) END,
               (SELECT i.letter FROM registry_initial i WHERE i.character = substr(key, p, 1)),
               substr(key, p, 1)), '' ORDER BY p)
      FROM generate_series(1, length(key)) p
$$;
CREATE OR REPLACE FUNCTION registry_pieces_of_enrolments(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH named AS MATERIALIZED (
        SELECT e.id, registry_name_key(k.name) AS key, e.school_id, e.county_id, e.prefecture_id
          FROM unnest(ids) AS i (id) JOIN registry_enrolment e ON e.id = i.id
          JOIN registry_keyfacts k ON k.student_id = e.student_id AND k.valid_to IS NULL)
    INSERT INTO registry_namepiece (registered, subject, position, piece, school_id, county_id, prefecture_id)
    SELECT true, id, p, substr(key, p), school_id, county_id, prefecture_id
      FROM named, generate_series(1, length(key)) p
    UNION ALL
    SELECT true, id, 0, registry_initials(key, false), school_id, county_id, prefecture_id FROM named WHERE key <> ''
    UNION ALL
    SELECT true, id, 1000, registry_initials(key, true), school_id, county_id, prefecture_id
      FROM named JOIN registry_initial s ON s.character = left(key, 1) AND s.surname <> s.letter
$$;
CREATE OR REPLACE FUNCTION registry_pieces_of_candidates(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH named AS MATERIALIZED (
        SELECT c.id, registry_name_key(c.name) AS key, r.school_id, r.county_id, r.prefecture_id
          FROM unnest(ids) AS i (id) JOIN registry_candidate c ON c.id = i.id AND c.enrolment_id IS NULL
          JOIN registry_enrolmentbatch b ON b.id = c.batch_id JOIN approvals_request r ON r.id = b.request_id)
    INSERT INTO registry_namepiece (registered, subject, position, piece, school_id, county_id, prefecture_id)
    SELECT false, id, p, substr(key, p), school_id, county_id, prefecture_id
      FROM named, generate_series(1, length(key)) p
    UNION ALL
    SELECT false, id, 0, registry_initials(key, false), school_id, county_id, prefecture_id FROM named WHERE key <> ''
    UNION ALL
    SELECT false, id, 1000, registry_initials(key, true), school_id, county_id, prefecture_id
      FROM named JOIN registry_initial s ON s.character = left(key, 1) AND s.surname <> s.letter
$$;
"""

AGAIN = """
DELETE FROM registry_namepiece;
SELECT registry_pieces_of_enrolments(ARRAY(SELECT id FROM registry_enrolment));
SELECT registry_pieces_of_candidates(ARRAY(SELECT id FROM registry_candidate WHERE enrolment_id IS NULL));
"""


def fill(apps, schema_editor) -> None:
    """The readings of fixtures/initials.json."""
    told = read("initials.json")
    with schema_editor.connection.cursor() as cursor, cursor.copy("COPY registry_initial FROM STDIN") as copy:
        for letter, characters in told["initials"].items():
            for character in characters:
                copy.write_row((character, letter, told["surnames"].get(character)))


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_national_exchange")]
    operations = [
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("ANALYZE registry_initial", migrations.RunSQL.noop),
        migrations.RunSQL(MAKE + AGAIN, migrations.RunSQL.noop),
    ]
