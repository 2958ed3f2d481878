"""Signing PDFs with an office's certificate: the one module that knows pyHanko.

A signature that shows nowhere on the page (the seal's place stays free), PAdES baseline B-B: the certificate is named in
what is signed, no time stamp and no revocation data are asked for from outside. It certifies the file: any later change
breaks it.
"""

import io
from concurrent.futures import ThreadPoolExecutor

from linxia_xueji.models import OfficeCertificate
from linxia_xueji.secrets import decrypt

FIELD = "Signature"


def signed(content: bytes, certificate: OfficeCertificate) -> bytes:
    """The PDF with the signature appended: its own bytes are the beginning of what comes back.

    :raises ValueError: where the certificate can no longer be opened with its password.
    """
    # Two seconds and fifty megabytes that a process which never signs is spared.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    container, password = decrypt(bytes(certificate.container)), certificate.password.reveal().encode()
    signer = signers.SimpleSigner.load_pkcs12_data(container, other_certs=[], passphrase=password)
    if signer is None:
        raise ValueError(f"certificate {certificate.pk} cannot be opened")
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=certificate.organisation.name,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # pyHanko starts an event loop of its own, which it may not where one runs already: so in a thread that has none.
    with ThreadPoolExecutor(1) as alone:
        made = alone.submit(signers.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(content)), about, signer=signer)
        return made.result().getvalue()
