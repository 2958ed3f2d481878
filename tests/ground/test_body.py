"""Too large a request is refused with its sentence; through the real web server in tests/setup/test_programs.py."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from linxia_xueji.body import LARGEST, MB, Bounded


def test_only_what_is_larger():
    served = Bounded(lambda request: HttpResponse())
    for size, status in ((LARGEST, 200), (LARGEST + 1, 413)):
        request = RequestFactory().generic("POST", "/", bytes(size), content_type="text/plain")
        assert served(request).status_code == status
    assert request.META["wsgi.input"].read() == b""


def test_it_says_how_large_and_what_to_do():
    answer = Client().generic("POST", "/admissions/", bytes(41 * MB + 1))
    assert (
        answer.status_code == 413
        and "上传的内容有42MB，超过40MB，没有接收。请减小文件后重新上传。" in answer.content.decode()
    )
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("length", ["", "x", "-1", "１００００００００００"])
def test_a_length_that_is_none_is_no_error(db, length):
    assert Client().generic("POST", reverse("login"), b"", CONTENT_LENGTH=length).status_code == 422
