"""Scanning a paper as an office does: each page drawn in grey at so many dots to the inch, its QR found and read."""

import pypdfium2
import zxingcpp

DPI = 150
"""What a plain office scanner is set to; a phone sees more."""


def scanned(data: bytes, dpi: int = DPI) -> list[list[str]]:
    """What the QR codes of each page say, wherever on it they stand."""
    pages = (page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(data))
    return [[found.text for found in zxingcpp.read_barcodes(page, zxingcpp.BarcodeFormat.QRCode)] for page in pages]
