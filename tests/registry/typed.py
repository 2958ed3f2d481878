"""What the tests of the pages type into forms, and what the pages say back."""

import io

import pikepdf
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image


def said(response) -> str:
    return "；".join(str(m) for m in get_messages(response.wsgi_request))


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, 200).save(buffer, kind)
    return buffer.getvalue()


def document(password: str = "") -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner=password, user=password) if password else None)
    return buffer.getvalue()


def scan(content: bytes | None = None, name: str = "proof.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)


def deferral(**changes) -> dict:
    return {"kind": "deferral", "reason": "因病住院", "until": "20261020", "proof": scan()} | changes


def reported(person, **changes) -> dict:
    same = {
        "name": person.name,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "birth_date": "2010-03-05",
        "id_number": "",
        "score": "512.5",
    }
    return same | changes


def url(name: str, pk: int) -> str:
    return reverse(f"registry:{name}", args=[pk])
