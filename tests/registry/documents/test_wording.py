"""The blank forms against the notice, character by character."""

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from registry.documents.annex1 import Annex1, Annex1Sheet, annex1_sheet
from registry.documents.annex2 import Annex2, annex2_sheet, stretch

PLACEHOLDER = "XXX县（市）"


def bare(text: str) -> str:
    """Without white space, which in the notice stands for blanks and line breaks."""
    return "".join(text.split())


def said(sheet: Annex1Sheet) -> str:
    """All words of 附件1 in reading order."""
    words = [sheet.mark, sheet.heading, sheet.school]
    for box in sheet.boxes:
        words += [*box.label, *(part.text for sentence in box.sentences for part in sentence), box.signer, box.seal]
    return bare("".join(words))


def test_annex1_is_the_notices_word_for_word(notice):
    in_notice = bare(notice[notice.index("附表1") : notice.rindex("附件2")])
    assert said(annex1_sheet(Annex1(2022, PLACEHOLDER, ""))) == in_notice


def test_annex2_is_the_notices_word_for_word(notice):
    sheet = annex2_sheet(Annex2(2022, "XXX市（州）", "", (), proposed=False))
    in_notice = bare(notice[notice.rindex("附件2") :]).replace("2213XXXXXXXX", "")
    assert bare(sheet.mark + sheet.heading + sheet.unit + "".join(sheet.columns) + sheet.note) == in_notice
    assert sheet.margin == ""


def test_preview_says_the_same_and_who_fills_a_blank():
    sheet = annex1_sheet(Annex1(2022, PLACEHOLDER, ""))
    page = render_to_string("registry/documents/_annex1_sheet.html", {"sheet": sheet})
    words = bare(strip_tags(page)).replace(sheet.caption, "", 1).replace(sheet.caption, "", 1)
    assert words.replace("待填", "").replace("州级填", "") == said(sheet).replace(sheet.caption, "")
    assert page.count("待填") == 5 + 3
    assert page.count("州级填") == 3
    assert "style=" not in page


def test_preview_of_the_list(annex2):
    sheet = annex2_sheet(annex2)
    page = render_to_string("registry/documents/_annex2_sheet.html", stretch(sheet))
    words = [sheet.margin, sheet.mark, sheet.heading, sheet.unit, sheet.caption, *sheet.columns]
    words += [value for row in sheet.rows for value in row]
    assert bare(strip_tags(page)) == bare("".join([*words, sheet.note]))
    assert "style=" not in page


def test_school_of_the_prefecture_has_no_county():
    sheet = annex1_sheet(Annex1(2026, None, "临夏中学"))
    assert sheet.heading == "2026届临夏州直属普通高中新生学籍注册审批表"
    county = sheet.boxes[1]
    assert "".join(county.label) == "县(市)教育局审批意见"
    assert [p.hint for s in county.sentences for p in s if p.gap] == ["", "", ""]


def test_figures_stand_in_their_fields(annex1):
    sentences = ["".join(p.text for p in s) for box in annex1_sheet(annex1).boxes for s in box.sentences]
    assert sentences == [
        "州、县下达普通高中招生计划: 600",
        "学校实际招生人数: 598",
        "学校申请注册学籍人数: 597",
        "申请注册学号: 自261304010001号起, 至261304010597号终",
        "初中毕业生总人数: 2146",
        "教育局下达普通高中招生计划: 1000",
        "同意申请注册学籍人数: 596",
        "经审核, 同意595名学生注册甘肃省普通高中学籍, 学号自261304010001号起, 至261304010595号终。",
    ]
