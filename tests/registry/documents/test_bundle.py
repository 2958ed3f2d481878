"""The package of papers: what is in it, and what must not be in its names."""

import hashlib
import io
import zipfile

import openpyxl
import pytest

from registry.documents.annex1 import annex1_pdf
from registry.documents.bundle import LIST_NAME, bundle_zip


def test_list_names_pages_and_checksums(annex1):
    form, proof = annex1_pdf(annex1), b"\xff\xd8\xff\xe0 not really a picture"
    items = [("附件1.pdf", form), ("证明材料/01.jpg", proof), ("附件2.xlsx", b"PK"), ("坏文件.pdf", b"%PDF-broken")]
    data = bundle_zip(items)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.namelist() == ["附件1.pdf", "证明材料/01.jpg", "附件2.xlsx", "坏文件.pdf", LIST_NAME]
        assert package.read("附件1.pdf") == form
        lines = list(openpyxl.load_workbook(io.BytesIO(package.read(LIST_NAME))).active.iter_rows(values_only=True))
    assert lines[0] == ("序号", "文件名", "页数", "字节数", "SHA-256")
    assert lines[1] == ("1", "附件1.pdf", "1", str(len(form)), hashlib.sha256(form).hexdigest())
    assert [line[2] for line in lines[2:]] == ["1", None, None]


@pytest.mark.parametrize(
    "names",
    [["a.pdf", "a.pdf"], [LIST_NAME], ["../a.pdf"], ["/a.pdf"], ["a//b.pdf"], ["a\\b.pdf"], [""]]
    + [["便函_62292720100503001X.pdf"], ["261304010001.pdf"], ["20100503.jpg"]],
)
def test_refused_names(names):
    with pytest.raises(ValueError, match="材料包内文件名"):
        bundle_zip([(name, b"") for name in names])


def test_number_of_a_batch_is_no_personal_data():
    assert bundle_zip([("ZC-622924-2025-0001/附件1.pdf", b"")])
