"""What must hold whatever the code does: seats are counted by the database, and a withdrawn enrolment never lives again."""

from django.db import migrations

COUNT_SEATS = """
CREATE FUNCTION registry_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE registry_intake i SET held = i.held + n.seats
          FROM (SELECT school_id, year, count(*) AS seats FROM new_rows WHERE seat GROUP BY 1, 2) n
         WHERE i.school_id = n.school_id AND i.year = n.year;
        IF EXISTS (SELECT FROM new_rows c WHERE c.seat
                   AND NOT EXISTS (SELECT FROM registry_intake i WHERE i.school_id = c.school_id AND i.year = c.year)) THEN
            RAISE check_violation USING MESSAGE = 'no plan for this school and year', CONSTRAINT = 'seats_within_plan';
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE registry_intake i SET held = i.held - n.seats
          FROM (SELECT school_id, year, count(*) AS seats FROM old_rows WHERE seat GROUP BY 1, 2) n
         WHERE i.school_id = n.school_id AND i.year = n.year;
    ELSE
        UPDATE registry_intake i SET held = i.held + n.seats
          FROM (SELECT school_id, year, sum(seats) AS seats FROM (
                    SELECT school_id, year, count(*) AS seats FROM new_rows WHERE seat GROUP BY 1, 2
                    UNION ALL
                    SELECT school_id, year, -count(*) FROM old_rows WHERE seat GROUP BY 1, 2) both_sides
                GROUP BY 1, 2 HAVING sum(seats) <> 0) n
         WHERE i.school_id = n.school_id AND i.year = n.year;
        IF EXISTS (SELECT FROM new_rows c WHERE c.seat
                   AND NOT EXISTS (SELECT FROM registry_intake i WHERE i.school_id = c.school_id AND i.year = c.year)) THEN
            RAISE check_violation USING MESSAGE = 'no plan for this school and year', CONSTRAINT = 'seats_within_plan';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_seats_in AFTER INSERT ON registry_candidate REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_count_seats();
CREATE TRIGGER count_seats_out AFTER DELETE ON registry_candidate REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_count_seats();
CREATE TRIGGER count_seats_moved AFTER UPDATE ON registry_candidate REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION registry_count_seats();
"""

NO_REVIVAL = """
CREATE FUNCTION registry_no_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = '凡退学、除名的学生，一律不得复学', CONSTRAINT = 'no_revival';
END $$;
CREATE TRIGGER no_revival BEFORE UPDATE ON registry_enrolment FOR EACH ROW
    WHEN (OLD.ending IN ('withdrawn', 'expelled', 'voided') AND (NEW.ends_on IS NULL OR NEW.ending <> OLD.ending))
    EXECUTE FUNCTION registry_no_revival();
CREATE FUNCTION registry_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'an issued number is never changed, reused or deleted', CONSTRAINT = 'number_stays';
END $$;
CREATE TRIGGER number_stays BEFORE DELETE ON registry_issuednumber FOR EACH ROW EXECUTE FUNCTION registry_number_stays();
CREATE TRIGGER number_keeps BEFORE UPDATE ON registry_issuednumber FOR EACH ROW
    WHEN (NEW.number <> OLD.number OR NEW.enrolment_id <> OLD.enrolment_id OR (OLD.voided_on IS NOT NULL AND NEW.voided_on IS NULL))
    EXECUTE FUNCTION registry_number_stays();
"""

UNDO = """
DROP TRIGGER count_seats_in ON registry_candidate;
DROP TRIGGER count_seats_out ON registry_candidate;
DROP TRIGGER count_seats_moved ON registry_candidate;
DROP FUNCTION registry_count_seats();
DROP TRIGGER no_revival ON registry_enrolment;
DROP FUNCTION registry_no_revival();
DROP TRIGGER number_stays ON registry_issuednumber;
DROP TRIGGER number_keeps ON registry_issuednumber;
DROP FUNCTION registry_number_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(COUNT_SEATS + NO_REVIVAL, UNDO)]
