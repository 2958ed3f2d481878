"""What is in a certificate file is read in the sandbox; keys that may not sign are told apart."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from linxia_xueji.certificate_opening import refuse_unfit
from linxia_xueji.certificates import look
from linxia_xueji.refusal import Refusal
from tests.ground.keys import NOON, PASSWORD, YEAR, certificate_file


@pytest.fixture(autouse=True)
def on_that_day(settings):
    settings.DEMO_TODAY = NOON.date()


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)])
def test_subject_and_dates_are_read(key):
    found = look(certificate_file("积石山县教育局", key=key), PASSWORD)
    assert found["subject"] == "CN=积石山县教育局,C=CN" and found["issuer"] == "CN=示例证书机构,C=CN"
    assert (found["valid_from"], found["valid_to"]) == (NOON - YEAR, NOON + YEAR)
    assert len(found["fingerprint"]) == 64 and int(found["serial"], 16)


def test_without_a_password():
    assert look(certificate_file(password=None), "")["subject"]


def test_a_key_of_another_certificate_is_refused():
    _, certificate, _ = pkcs12.load_key_and_certificates(certificate_file(), PASSWORD.encode())
    with pytest.raises(Refusal, match="不是一对"):
        refuse_unfit(ec.generate_private_key(ec.SECP256R1()), certificate)
