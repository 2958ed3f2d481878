"""ID numbers: sealed in the database, found by keyed index, readable across a change of keys, masked in print."""

import base64
import hmac
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from linxia_xueji.dates import now
from linxia_xueji.secrets import Secret, decrypt, encrypt, indexes, keys, seal, seal_each
from registry.models import KeyFacts, Student

PLAIN = "622924201003050017"
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def old_key(settings):
    settings.FIELD_KEYS = {"old": OLD}


def person(number: str = PLAIN) -> KeyFacts:
    student = Student.objects.create(recorded_at=now(), national_number=f"G{number}" if number else "")
    return KeyFacts.objects.create(
        student=student,
        name="马海",
        sex="1",
        ethnicity="03",
        birth_date=date(2010, 3, 5),
        id_number=number,
        valid_from=date(2010, 3, 5),
        recorded_at=now(),
    )


def column(facts: KeyFacts) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM registry_keyfacts WHERE id = %s", [facts.pk])
        return cursor.fetchone()[0]


def test_the_column_holds_index_and_cipher_only(db):
    stored = column(person())
    assert PLAIN not in stored
    index, _, cipher = stored.partition("$")
    assert len(index) == 24 and base64.b64decode(cipher).startswith(b"old:")


def test_two_seals_of_one_number_share_the_index_and_nothing_else():
    first, second = seal(PLAIN), seal(PLAIN)
    assert first.split("$")[0] == second.split("$")[0]
    assert first.split("$")[1] != second.split("$")[1]


def test_it_is_found_by_the_whole_number_alone(db):
    facts = person()
    assert KeyFacts.objects.get(id_number=PLAIN) == facts
    assert KeyFacts.objects.get(id_number=Secret(PLAIN)) == facts
    assert KeyFacts.objects.get(id_number__in=[PLAIN, "622924201003050025"]) == facts
    assert not KeyFacts.objects.filter(id_number=PLAIN[:-1]).exists()
    assert not KeyFacts.objects.filter(id_number__in=[]).exists()


def test_reading_needs_a_word(db):
    read = KeyFacts.objects.get(pk=person().pk).id_number
    assert str(read) == f"{read}" == "622924********0017"
    assert PLAIN not in repr(read) and PLAIN not in f"{[read]}"
    assert read.reveal() == PLAIN
    assert read == Secret(PLAIN) and hash(read) == hash(Secret(PLAIN)) and read != PLAIN


@pytest.mark.parametrize("text", ["E12345678", "G1234567", "H123456789"])
def test_a_short_document_number_is_not_shown_whole(text):
    assert str(Secret(text)) != text
    assert "123456" not in str(Secret(text))


def test_empty_stays_empty(db):
    facts = person("")
    assert column(facts) == ""
    assert not KeyFacts.objects.get(pk=facts.pk).id_number


def test_one_student_an_id_number(db):
    person()
    with pytest.raises(IntegrityError), transaction.atomic():
        person()


def test_after_a_change_of_keys_old_rows_read_and_are_found_and_new_ones_use_the_new_key(db, settings):
    facts = person()
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    assert KeyFacts.objects.get(id_number=PLAIN) == facts
    assert KeyFacts.objects.get(id_number__in=[PLAIN]).id_number.reveal() == PLAIN
    old = column(facts)
    facts.refresh_from_db()
    facts.save()
    assert column(facts).split("$")[0] != old.split("$")[0]
    assert base64.b64decode(column(facts).split("$")[1]).startswith(b"new:")
    settings.FIELD_KEYS = {"new": NEW}
    assert KeyFacts.objects.get(id_number=PLAIN).id_number.reveal() == PLAIN


def test_without_its_key_nothing_is_read(settings):
    sealed = encrypt(b"x")
    settings.FIELD_KEYS = {"new": NEW}
    with pytest.raises(KeyError):
        decrypt(sealed)


def test_a_changed_cipher_is_not_believed():
    from cryptography.exceptions import InvalidTag

    sealed = bytearray(encrypt(b"secret"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(bytes(sealed))


def test_values_and_serialisation_stay_sealed(db):
    from django.core import serializers

    facts = person()
    assert isinstance(KeyFacts.objects.values_list("id_number", flat=True).get(), Secret)
    assert PLAIN not in serializers.serialize("json", [facts, facts.student])


def test_the_index_is_the_hmac_of_the_text():
    digest = hmac.digest(keys()["old"][1], PLAIN.encode(), "sha256")
    assert indexes(PLAIN) == [base64.urlsafe_b64encode(digest[:18]).decode()]


def test_many_are_sealed_as_one_is():
    first, empty, second = seal_each([PLAIN, "", PLAIN])
    assert empty == "" and first.split("$")[0] == second.split("$")[0] == indexes(PLAIN)[0]
    assert first != second
    assert {decrypt(base64.b64decode(sealed.split("$")[1])).decode() for sealed in (first, second)} == {PLAIN}
