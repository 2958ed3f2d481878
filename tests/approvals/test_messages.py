"""Messages: whoever is next is told, and whoever sent it when it comes back, is struck from or is closed."""

from approvals.models import Message
from linxia_xueji.enums import Role
from tests.world import COUNTY, DAY, OTHER_COUNTY


def told() -> dict[str, str]:
    found = {m.to.username: m.text for m in Message.objects.select_related("to")}
    Message.objects.all().delete()
    return found


def test_each_move_tells_whoever_is_next(world):
    batch = world.to(world.batch(1), 0)
    assert set(told()) == {world.head().username}
    for (user, figures), (next_user, _) in zip(world.deciders(), world.deciders()[1:], strict=False):
        world.approve(batch, user, **figures)
        readers = told()
        assert next_user.username in readers and user.username not in readers
        assert batch.request.number in readers[next_user.username]


def test_reviewer_and_head_of_the_county_are_both_told_and_no_other_county(world):
    world.to(world.batch(1), 1)
    readers = told()
    assert {f"county_reviewer-{COUNTY}", f"county_head-{COUNTY}"} <= set(readers)
    assert not any(OTHER_COUNTY in r for r in readers)


def test_sending_back_tells_the_submitter_why(world):
    batch = world.to(world.batch(1), 1)
    told()
    world.advance(batch, "send_back", world.county, note="户口簿不清晰")
    assert "户口簿不清晰" in told()[world.registrar().username]


def test_a_strike_tells_the_submitter(world):
    batch = world.to(world.batch(2), 1)
    told()
    one = batch.candidates.first()
    world.advance(batch, "strike", world.county, note="重复注册", candidate=one.pk, rule="enrolment.duplicate")
    readers = told()
    assert set(readers) == {world.registrar().username}
    assert "重复注册" in readers[world.registrar().username]


def test_the_last_decision_tells_the_submitter(world):
    batch = world.to(world.batch(1), 3)
    told()
    world.approve(batch, world.province)
    assert set(told()) == {world.registrar().username}


def test_who_has_left_is_not_told(world):
    world.user(Role.COUNTY_HEAD, COUNTY).appointments.update(ends_on=DAY.replace(day=1))
    world.to(world.batch(1), 1)
    assert f"county_head-{COUNTY}" not in told()


def test_no_message_holds_an_id_number(world):
    batch = world.to(world.batch(2), 2)
    for message in Message.objects.all():
        assert not any(c.id_number.reveal() in message.text for c in batch.candidates.all())
