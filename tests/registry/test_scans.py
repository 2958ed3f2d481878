"""A proof as it is uploaded: type by content, size, opened in the sandbox, cleaned and measured."""

import io
import time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry.proof_judgement import Measures
from registry.scans import PROOF_HINT, Proof, ProofField, read_proof
from tests.hostile.scans import PROOFS
from tests.registry.proof_pictures import file
from tests.registry.typed import document, picture


def test_a_proof_comes_back_cleaned_with_its_measures():
    content = file("scan", 1, 900)
    proof = read_proof("户口簿.jpg", content)
    assert (proof.content_type, proof.name) == ("image/jpeg", "户口簿.jpg")
    assert proof.content_cleaned.startswith(b"\xff\xd8") and len(proof.content_cleaned) <= len(content) + 20
    assert min(Measures.of(proof.measures).width, Measures.of(proof.measures).height) == 900


def test_what_a_name_says_counts_for_nothing():
    assert read_proof("证明.pdf", picture("PNG")).content_type == "image/png"
    with pytest.raises(ValidationError, match="“证明.jpg”是PDF，证明材料须为图片"):
        read_proof("证明.jpg", document())


@pytest.mark.parametrize(
    "kind",
    ["text", "svg renamed", "gif", "picture of 3 MB", "half a jpeg", "20,000 pixels", "script in a jpeg's comment"],
)
def test_what_is_no_sound_picture_is_refused_with_its_sentence(kind):
    make, words = PROOFS[kind]
    with pytest.raises(ValidationError, match=words):
        read_proof("证明.png", make())


def test_a_picture_of_two_megabytes_takes_half_a_second_and_none_of_it_here():
    page = Image.effect_noise((1000, 1400), 60).resize((2480, 3472), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=45)
    assert 1.2 < len(buffer.getvalue()) / 2**20 <= 2
    began = time.process_time()
    read_proof("大.jpg", buffer.getvalue())
    assert time.process_time() - began < 0.1


def test_a_large_photograph_is_kept_smaller_and_measured_as_it_is_kept():
    page = Image.effect_noise((1500, 2000), 60).resize((3000, 4000), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=85)
    assert len(buffer.getvalue()) > 3 * 2**20
    proof = read_proof("手机.jpg", buffer.getvalue())
    with Image.open(io.BytesIO(proof.content_cleaned)) as kept:
        assert len(proof.content_cleaned) <= 2 * 2**20 and kept.size == (
            proof.measures["width"],
            proof.measures["height"],
        )
    with pytest.raises(ValidationError, match=r"图片有11\.0 MB，超过10 MB"):
        read_proof("大.jpg", b"\xff\xd8\xff" + bytes(11 * 2**20 - 3))


class Form(forms.Form):
    proof = ProofField()


def test_the_field_reads_a_proof_and_refuses_by_size_before_it_reads():
    sent = Form({}, {"proof": SimpleUploadedFile("a.png", picture())})
    assert sent.is_valid() and isinstance(sent.cleaned_data["proof"], Proof)
    assert sent.fields["proof"].help_text == PROOF_HINT and ".pdf" not in str(sent["proof"])
    large = Form({}, {"proof": SimpleUploadedFile("a.png", bytes(11 * 2**20))})
    assert large.errors == {"proof": ["文件有11.0 MB，超过10 MB，请降低分辨率后重新上传"]}
    assert Form({}, {}).errors.keys() == {"proof"}
