"""A cleaned picture is the same picture, upright, and holds nothing else."""

import io
import struct
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from linxia_xueji.refusal import Refusal
from registry.proof_opening import open_proof
from tests.hostile.scans import PROOFS, chunk, jpeg_with, png
from tests.hostile.test_mutations import mutated
from tests.registry.proof_pictures import form
from tests.registry.typed import picture

LIMIT = 2 * 1024 * 1024
SECRETS = (b"HUAWEI", b"2026:09:16", b"GPSDATA", b"remark", b"preview", b"profile")


def page() -> Image.Image:
    return form(Random(3), 320)  # noqa: S311


def written(image: Image.Image, kind: str, orientation: int = 1, **options) -> bytes:
    """With all that a camera and a program write beside the pixels."""
    notes = Image.Exif()
    notes[0x010F], notes[0x0132], notes[0x0112] = "HUAWEI", "2026:09:16 08:00:00", orientation
    notes[0x8825] = {1: "N", 2: (35.0, 36.0, 4.0), 29: "GPSDATA"}
    buffer = io.BytesIO()
    beside = {"comment": b"remark", "quality": 88} if kind == "JPEG" else {}
    image.save(buffer, kind, exif=notes, icc_profile=b"profile" * 40, **beside | options)
    content = buffer.getvalue()
    if kind == "JPEG":
        return jpeg_more(content, b"\xff\xed", b"preview") + b"preview after the end"
    at = 8 + 25
    return content[:at] + chunk(b"tEXt", b"Comment\0remark") + content[at:] + b"preview after the end"


def jpeg_more(content: bytes, marker: bytes, data: bytes) -> bytes:
    return content[:2] + marker + struct.pack(">H", len(data) + 2) + data + content[2:]


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_beside_the_pixels_is_left_and_no_pixel_is_changed(kind):
    content = written(page(), kind)
    assert all(secret in content for secret in (b"HUAWEI", b"remark", b"preview"))
    clean, _ = open_proof(content, LIMIT)
    assert not any(secret in clean for secret in SECRETS)
    assert opened(clean).format == kind and not opened(clean).getexif()
    assert difference(opened(clean), opened(content)) == 0
    assert open_proof(clean, LIMIT)[0] == clean


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_is_set_upright(orientation):
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that lays it as the camera did
    for kind, most in (("JPEG", 3), ("PNG", 0)):
        content = written(page().transpose(Image.Transpose(back[orientation])), kind, orientation)
        clean, measures = open_proof(content, LIMIT)
        assert difference(opened(clean), page()) <= most
        assert (measures["width"], measures["height"]) == page().size
        assert not any(secret in clean for secret in SECRETS) and not opened(clean).getexif()


def test_what_turning_would_make_too_large_is_made_coarser():
    noise = Image.frombytes("L", (600, 600), Random(1).randbytes(360_000))  # noqa: S311
    content = written(noise, "JPEG", 6, quality=98)
    clean, _ = open_proof(content, 250_000)
    assert len(clean) <= 250_000 < len(content)


def test_a_progressive_jpeg_and_one_in_the_colours_of_print():
    content = written(page(), "JPEG", progressive=True)
    assert difference(opened(open_proof(content, LIMIT)[0]), opened(content)) == 0
    buffer = io.BytesIO()
    page().convert("CMYK").save(buffer, "JPEG", quality=90)
    clean = opened(open_proof(buffer.getvalue(), LIMIT)[0])
    assert clean.mode == "RGB" and difference(clean, page()) < 4


def test_transparent_and_sixteen_bit_pages_are_measured_as_they_look():
    grey = page().convert("L")
    clear = Image.merge("LA", [Image.new("L", grey.size, 0), ImageChops.invert(grey)])
    deep = grey.convert("I").point(lambda level: level * 256).convert("I;16")
    plain, *others = (open_proof(written(image, "PNG"), LIMIT)[1] for image in (grey, clear, deep))
    assert plain["ink"] > 10 and others == [plain, plain]


def test_notes_that_cannot_be_read_turn_nothing():
    clean, _ = open_proof(jpeg_with(b"\xff\xe1", b"Exif\0\0II*\0\xff\xff\xff\xff"), LIMIT)
    assert difference(opened(clean), opened(picture("JPEG"))) == 0


def test_a_chunk_of_ones_own_is_left_out():
    content = png(9, 9, chunk(b"prVt", b"hidden"))
    assert b"hidden" in content and b"hidden" not in open_proof(content, LIMIT)[0]


def test_files_with_bytes_changed_are_refused_or_come_out_sound():
    whole = [written(page().resize((90, 120)), kind, turn) for kind in ("JPEG", "PNG") for turn in (1, 6)]
    ends = set()
    for number in range(60):
        random = Random(number)  # noqa: S311
        try:
            clean, _ = open_proof(mutated(whole[number % 4], random), LIMIT)
        except Refusal as refusal:
            ends.add(refusal.message[:2])
        else:
            opened(clean)
            ends.add("sound")
    assert {"sound", "文件"} <= ends


def test_the_hostile_kinds_know_a_proofs_sentence():
    assert PROOFS["pdf with a script"][1] == "是PDF" and PROOFS["gif"][1] == "不是JPEG"
