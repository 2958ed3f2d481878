"""The pieces of names, kept by the database whatever writes: enrolments by the student's present name, candidates until registered."""

from django.db import migrations

# What people leave out or type in many ways, dots and blanks, is no part of a key; the list is that of
# linxia_xueji.identity, which a test holds it to.
KEY = r"""
CREATE FUNCTION registry_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(upper(name), U&' \3000\00B7\2022\2027\2219\22C5\30FB\FF65\0387\318D\119E\16EB\2E31\2E33\A78F\2981\02D9\25CF\0F0B\FF0E.\2024\FE52\3002\FF61', '')
$$;
"""

MAKE = """
CREATE FUNCTION registry_pieces_of_enrolments(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry_namepiece (registered, subject, position, piece, school_id, county_id, prefecture_id)
    SELECT true, e.id, p, substr(registry_name_key(k.name), p), e.school_id, e.county_id, e.prefecture_id
      FROM unnest(ids) AS i (id) JOIN registry_enrolment e ON e.id = i.id
      JOIN registry_keyfacts k ON k.student_id = e.student_id AND k.valid_to IS NULL,
           generate_series(1, length(registry_name_key(k.name))) p
$$;
CREATE FUNCTION registry_pieces_of_candidates(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry_namepiece (registered, subject, position, piece, school_id, county_id, prefecture_id)
    SELECT false, c.id, p, substr(registry_name_key(c.name), p), r.school_id, r.county_id, r.prefecture_id
      FROM unnest(ids) AS i (id) JOIN registry_candidate c ON c.id = i.id AND c.enrolment_id IS NULL
      JOIN registry_enrolmentbatch b ON b.id = c.batch_id JOIN approvals_request r ON r.id = b.request_id,
           generate_series(1, length(registry_name_key(c.name))) p
$$;
SELECT registry_pieces_of_enrolments(ARRAY(SELECT id FROM registry_enrolment));
SELECT registry_pieces_of_candidates(ARRAY(SELECT id FROM registry_candidate WHERE enrolment_id IS NULL));
"""

KEEP = """
CREATE FUNCTION registry_keep_enrolment_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM registry_pieces_of_enrolments(ARRAY(SELECT id FROM new_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER pieces_in AFTER INSERT ON registry_enrolment REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_enrolment_pieces();

CREATE FUNCTION registry_move_enrolment_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM registry_namepiece WHERE registered AND subject = OLD.id;
    IF TG_OP = 'UPDATE' THEN
        PERFORM registry_pieces_of_enrolments(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pieces_moved AFTER UPDATE ON registry_enrolment FOR EACH ROW
    WHEN ((OLD.student_id, OLD.school_id, OLD.county_id, OLD.prefecture_id)
          IS DISTINCT FROM (NEW.student_id, NEW.school_id, NEW.county_id, NEW.prefecture_id))
    EXECUTE FUNCTION registry_move_enrolment_pieces();
CREATE TRIGGER pieces_out AFTER DELETE ON registry_enrolment FOR EACH ROW EXECUTE FUNCTION registry_move_enrolment_pieces();

CREATE FUNCTION registry_rename_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT e.id FROM registry_enrolment e JOIN new_rows n USING (student_id) GROUP BY e.id);
BEGIN
    IF cardinality(ids) > 0 THEN
        DELETE FROM registry_namepiece WHERE registered AND subject = ANY(ids);
        PERFORM registry_pieces_of_enrolments(ids);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pieces_named AFTER INSERT ON registry_keyfacts REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_rename_pieces();
CREATE TRIGGER pieces_renamed AFTER UPDATE ON registry_keyfacts REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_rename_pieces();
CREATE TRIGGER pieces_nameless AFTER DELETE ON registry_keyfacts REFERENCING OLD TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_rename_pieces();

CREATE FUNCTION registry_keep_candidate_pieces() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        ids := ARRAY(SELECT id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        ids := ARRAY(SELECT id FROM old_rows);
    ELSE
        ids := ARRAY(SELECT id FROM new_rows n JOIN old_rows o USING (id)
                      WHERE (n.name, n.batch_id, n.enrolment_id) IS DISTINCT FROM (o.name, o.batch_id, o.enrolment_id));
    END IF;
    IF cardinality(ids) > 0 AND TG_OP <> 'INSERT' THEN
        DELETE FROM registry_namepiece WHERE NOT registered AND subject = ANY(ids);
    END IF;
    IF cardinality(ids) > 0 AND TG_OP <> 'DELETE' THEN
        PERFORM registry_pieces_of_candidates(ids);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pieces_in AFTER INSERT ON registry_candidate REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_candidate_pieces();
CREATE TRIGGER pieces_moved AFTER UPDATE ON registry_candidate REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_candidate_pieces();
CREATE TRIGGER pieces_out AFTER DELETE ON registry_candidate REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_keep_candidate_pieces();
"""

UNDO = """
DROP TRIGGER pieces_in ON registry_enrolment;
DROP TRIGGER pieces_moved ON registry_enrolment;
DROP TRIGGER pieces_out ON registry_enrolment;
DROP TRIGGER pieces_named ON registry_keyfacts;
DROP TRIGGER pieces_renamed ON registry_keyfacts;
DROP TRIGGER pieces_nameless ON registry_keyfacts;
DROP TRIGGER pieces_in ON registry_candidate;
DROP TRIGGER pieces_moved ON registry_candidate;
DROP TRIGGER pieces_out ON registry_candidate;
DROP FUNCTION registry_keep_candidate_pieces();
DROP FUNCTION registry_rename_pieces();
DROP FUNCTION registry_move_enrolment_pieces();
DROP FUNCTION registry_keep_enrolment_pieces();
DROP FUNCTION registry_pieces_of_candidates(bigint[]);
DROP FUNCTION registry_pieces_of_enrolments(bigint[]);
DROP FUNCTION registry_name_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_search")]
    operations = [
        migrations.RunSQL(KEY + MAKE + KEEP, UNDO),
        migrations.RunSQL("ANALYZE registry_namepiece, registry_student, registry_candidate", migrations.RunSQL.noop),
    ]
