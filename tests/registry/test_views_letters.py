"""更正便函: signed out, stranger, success, refusal."""

import pytest
from django.urls import reverse

from approvals.models import Message
from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from linxia_xueji.secrets import Secret
from registry.batches import enter_reported, mark, open_batch
from registry.models import CorrectionLetter
from registry.papers import ask_for_letter
from tests.registry.typed import picture, reported, said, scan, url
from tests.world import COUNTY, OTHER_COUNTY, id_number

LETTER_POSTS = ("issue_letter", "decline_letter", "reveal_letter", "letter_paper")


@pytest.fixture
def person(world):
    return world.batch(3).candidates.order_by("exam_number").first()


@pytest.fixture
def letter(world):
    """Asked by the school of one county from another, where the student sat the examination."""
    world.plan(1)
    world.admit(1, exam_county=OTHER_COUNTY)

    registrar = world.registrar()
    batch = open_batch(school=world.organisation("3462990006"), year=2026, by=registrar, on=world.day)
    mark(batch=batch, candidates=list(batch.candidates.values_list("pk", flat=True)), arrival="reported", by=registrar)
    candidate = enter_reported(
        candidate=batch.candidates.get(), values={"id_number": Secret(id_number(88)), "ethnicity": "26"}, by=registrar
    )
    return ask_for_letter(candidate=candidate, note="以户口簿为准", by=registrar)


class TestLetter:
    @pytest.fixture
    def issuer(self, world):
        return world.user(Role.COUNTY_REVIEWER, OTHER_COUNTY)

    def test_the_school_asks(self, client, world, person):
        client.force_login(world.registrar())
        assert "不需要更正便函" in said(client.post(url("ask_letter", person.pk), {"note": ""}))
        client.post(url("reported", person.pk), reported(person, name="马海鑫"))
        page = client.get(url("candidate", person.pk)).content.decode()
        assert "申请更正便函" in page and "不一致，须更正便函" in page
        assert "已向" in said(client.post(url("ask_letter", person.pk), {"note": "户口簿"}))
        assert "尚未出具" in said(client.post(url("ask_letter", person.pk), {"note": ""}))
        assert CorrectionLetter.objects.get().issuer.code == COUNTY

    @pytest.mark.parametrize("name", [*LETTER_POSTS, "letter"])
    def test_asks_for_the_sign_in(self, client, letter, name):
        response = client.get(url(name, letter.pk)) if name == "letter" else client.post(url(name, letter.pk))
        assert response.status_code == 302 and response.url.startswith("/login/")

    @pytest.mark.parametrize("name", [*LETTER_POSTS, "letter"])
    def test_a_busy_stranger_gets_404(self, client, world, letter, name):
        world.batch(2, school="3462900001")
        client.force_login(world.registrar("3462900001"))
        response = (
            client.get(url(name, letter.pk))
            if name == "letter"
            else client.post(url(name, letter.pk), {"number": "1", "proof": scan(), "reason": "x"})
        )
        assert response.status_code == 404

    def test_who_may_see_it_and_only_masked(self, client, world, letter, issuer):
        for user in (issuer, world.registrar(), world.head(), world.county, world.centre):
            client.force_login(user)
            assert letter.candidate.name in client.get(reverse("registry:letters")).content.decode()
            page = client.get(url("letter", letter.pk)).content.decode()
            assert "东乡族" in page and id_number(88) not in page and "622924" in page
            assert ("出具更正便函</button>" in page) is (user == issuer)

    def test_the_county_of_the_examination_does_not_see_the_batch(self, client, letter, issuer):
        client.force_login(issuer)
        assert client.get(url("candidate", letter.candidate_id)).status_code == 404
        assert "查看学生页面" not in client.get(url("letter", letter.pk)).content.decode()

    def test_it_issues_with_number_and_proof(self, client, world, letter, issuer):
        told = Message.objects.filter(link=url("letter", letter.pk))
        assert issuer in {message.to for message in told}
        client.force_login(issuer)
        assert client.post(url("issue_letter", letter.pk), {"number": "", "proof": scan()}).status_code == 422
        assert client.post(url("issue_letter", letter.pk), {"number": "1号", "proof": scan(b"text")}).status_code == 422
        client.post(url("issue_letter", letter.pk), {"number": "永教更字1号", "proof": scan()})
        letter.refresh_from_db()
        assert (letter.number, letter.issued_by) == ("永教更字1号", issuer)
        assert told.get(to=world.registrar()).text.endswith("已出具")
        assert client.get(reverse("file", args=[letter.proof_id])).content == picture()
        assert "已出具" in said(client.post(url("issue_letter", letter.pk), {"number": "2号", "proof": scan()}))
        assert "已出具" in said(client.post(url("decline_letter", letter.pk), {"reason": "不符"}))
        client.force_login(world.registrar())
        assert client.get(reverse("file", args=[letter.proof_id])).status_code == 200
        assert "已有更正便函" in client.get(url("candidate", letter.candidate_id)).content.decode()

    def test_it_declines_with_reason(self, client, letter, issuer):
        client.force_login(issuer)
        assert client.post(url("decline_letter", letter.pk), {"reason": ""}).status_code == 422
        client.post(url("decline_letter", letter.pk), {"reason": "与报名档案一致，不予更正"})
        letter.refresh_from_db()
        assert letter.status == "不予出具"

    def test_nobody_else_issues_or_declines(self, client, world, letter):
        for user in (world.county, world.registrar(), world.centre):
            client.force_login(user)
            assert "中考报名所在" in said(
                client.post(url("issue_letter", letter.pk), {"number": "1号", "proof": scan()})
            )
            assert "中考报名所在" in said(client.post(url("decline_letter", letter.pk), {"reason": "x"}))
        letter.refresh_from_db()
        assert letter.status == "待出具"

    def test_the_whole_number_is_shown_on_record(self, client, letter, issuer):
        client.force_login(issuer)
        assert id_number(88) in client.post(url("reveal_letter", letter.pk)).content.decode()
        assert TrailEntry.objects.filter(action="显示完整身份证号", by=issuer).count() == 1

    def test_the_letter_on_paper(self, client, letter, issuer):
        import pypdfium2

        client.force_login(issuer)
        response = client.post(url("letter_paper", letter.pk))
        assert (
            response["Content-Type"] == "application/pdf" and TrailEntry.objects.filter(action="导出更正便函").exists()
        )
        text = pypdfium2.PdfDocument(response.content)[0].get_textpage().get_text_range()
        assert id_number(88) in text and "学生信息更正便函" in text and "东乡族" in text

    def test_the_menu_counts_what_waits(self, client, world, letter, issuer):
        client.force_login(issuer)
        assert '更正便函<span class="cnt hot">' in client.get(reverse("registry:letters")).content.decode()
        client.force_login(world.county)
        assert '更正便函<span class="cnt hot">' not in client.get(reverse("registry:letters")).content.decode()
        assert client.get(reverse("registry:letters"), {"state": "issued"}).status_code == 200
