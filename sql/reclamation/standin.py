"""What stands in the place of an attachment that was moved out of the store: a tiny one of the same media type.

The client sends an attachment on to the model as it stands, under its media type. A provider refuses one that is
empty, or is no file of that type, and with it every further prompt of the session; 1.18's second runner and 2.x ask
for canonical base64 as well (`^data:([^;,]+);base64,...$`, the type twice the same). So a picture is replaced by a
picture, which says in words that it was moved, and every stand-in holds the digest of what it stands for.
"""

from __future__ import annotations

import base64
import re
import zlib

# 120 by 36 pixels with the words "attachment moved to disk".
PNG = base64.b64decode("""
iVBORw0KGgoAAAANSUhEUgAAAHgAAAAkAQAAAABqU8PzAAAAyklEQVR42mNgQAP1/5HBPyY0aarwf71geMLA8AtZXgBKszAwMPw3F/RdFMy23L8B4p4/
M5+rTHJUmQlzD1MDQ0KCyAO4+n8Ntgx8DBYMDgeg5hX73lvA4MHsAJVn/szQR1X3Y/D/O1xg+PniE9Q+BgZGBgYGFolfEPmfRSKyDFsUvnQIOEDUb67X
ZfA2+BKvD+EzNZgcYGBgYGC80AAzr4DhFwMDwwGI/39tfM8j/1j+AwOn/P9/LAwMrH4MnxkYHjD8p51/cPPRAQAaXUl7ZmTZewAAAABJRU5ErkJggg==
""")
GIF = base64.b64decode("""
R0lGODlheAAkAIEAAP///wAAAAAAAAAAACwAAAAAeAAkAEAI/wADCBxIsKDBgwgTKlzIsKHDhwEASJxIsaLFixgFUtSI0SLHjiAlfgxJ0mPEkihTqlzJ
smXFkSojygSgkeNAkQRpyjxpcmJNnht3+uSZ86ZLnEeTKl3KdGjTp1CjZgTK9CdSq0WFYp3JFahVnWChwpQa0mjPmB/H6qTaUi3Zt3BTuo1Lt+5Ltnbz
2p3r8uvItFoDgy04WHBYqXz1Ko6aeLHjpY2nAt4pdO1QtYQtS6ZM9ObXtnhLcsXpNajNnBeNmjXpsHBokpEfy2YZe7Zt0a9v60ZZe7fvoL+Dy83d9C/x
y0p7o0V82jNqs6qdQ99KWjlu5qeBX658dTRnw9Z5H1pfaZA08vLRB9Ncv9awZrHjhQcPL382/fqP7xcPbT2yfqSgOVfYgNSl1tlhwAFmXnVJ0eddZek5
5dZPnyV4oIX6/YefXhpuuFd8HtrWYYhxQWTiiSimqKJCAQEAOw==
""")
JPEG = base64.b64decode("""
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////////////////////////////////////
////wAALCAAkAHgBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAAAQACA//EACwQAAEDAgMHBAMBAQAAAAAAAAEAAhESITFBUQMTUnGRodEygbHBImHwwuH/
2gAIAQEAAD8A2xjSxv4jAZLVDeEdAqhvCOgVQ3hHQILWDFregVSyYpbPIJobwjoEUsmIbOkBNDeEdAqhvCOgQWsGLW9AmhvCOgVQ3hHQKobwjoFl7Ghj
vxGByWmehvIfCVIfNBpxXOl5aJBs6ccuuPM+6aXVh1OURVhfM6Rzv1RG1vjcajGeelrAfanNcYgG1Wdxa1/+nmkNfUDJyztlP+vpFO0g3M9pnnplACSx
xF5MOkXy6487ro2YEiPee6lIf6Hcj8KZ6G8h8JQ5waJcYRW218f7291B7Tnr2xVW2JB+c8P3fkljqmh0RKA8FzhERn/YfaWuDsCjaPDBqdE1iojQTn4i
P3KydoIBFwTE3H0tggiRgpD/AEO5H4Uz0N5D4ShzQ4Qf6xH2g7Np183n5TQ2omLkQVkbMARfLTL2v7ytNbS2ATCCwEk3viNUtYG4Tl2wQ/Zh+Mi0W6qo
/KqozEZeEbpv7xByy5BbAgRJPNSH+h3I/C4DbOAAgW/tVb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb92g7+Vb
92g7+Vb92g7+Vb92g7+VHbOIIgX/ALVf/9k=
""")
WEBP = base64.b64decode("""
UklGRrAAAABXRUJQVlA4TKMAAAAvd8AIAIXcSJIcSXL9lQ6ipgfP3QMmov8T4Lv76H99GBzBabxbr4YyMwsVBpkVIsp8GFFUUREREQ0REUWXXxaHYqtW
aXgVWjCgLQ5Vu3jaLFTIZuhAsAo968X/HcKKE1CxwHt0URt77wcVQhQqdpiFHRBUMLidiLaIaEdUxIKoBiroXmkVyrxVMHpedQIX1JYnhCpVUOYiFFo7
HOFOX/g/yWcDAA==
""")
TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
DIGEST = re.compile(rb"sha256 ([0-9a-f]{64})")


def stand_in(mime: str, digest: str) -> bytes | None:
    """The file that stands for the one with this SHA-256, always of one length for a media type; None for a type of
    which there is none (audio, video, archives)."""
    if not TYPE.fullmatch(mime):
        return None
    said = f"{mime}, sha256 {digest}, moved out of the store: invoke restore --attachments".encode()
    make = MAKERS.get(mime, _text if mime.startswith("text/") else None)
    return make(said) if make else None


def digest_of(mime: str, content: bytes) -> str | None:
    """The SHA-256 that a stand-in speaks of; None for any other file."""
    found = DIGEST.search(content)
    digest = found[1].decode() if found else ""
    return digest if digest and stand_in(mime, digest) == content else None


def _png(said: bytes) -> bytes:
    """A comment goes behind the header: 8 octets of signature, 25 of IHDR."""
    chunk = b"tEXtComment\0" + said
    return PNG[:33] + (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + PNG[33:]


def _gif(said: bytes) -> bytes:
    """A comment goes before the trailer, in blocks of at most 255 octets."""
    return GIF[:-1] + b"\x21\xfe" + bytes([len(said)]) + said + b"\0" + GIF[-1:]


def _jpeg(said: bytes) -> bytes:
    """A comment goes behind the first two segments: 2 octets of start, 18 of JFIF."""
    return JPEG[:20] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + JPEG[20:]


def _webp(said: bytes) -> bytes:
    """A comment is a chunk XMP behind the picture; the flag for one stands in the header, and lengths are even."""
    header = b"VP8X" + (10).to_bytes(4, "little") + b"\x04\0\0\0" + (119).to_bytes(3, "little") + \
        (35).to_bytes(3, "little")
    chunk = b"XMP " + len(said).to_bytes(4, "little") + said + b"\0" * (len(said) % 2)
    body = b"WEBP" + header + WEBP[12:] + chunk
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _pdf(said: bytes) -> bytes:
    """One page with the sentence on it."""
    shown = b"BT /F 9 Tf 20 40 Td (" + said + b") Tj ET"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 760 80]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    text, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return text + (b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                   % (table, len(text)))


def _svg(said: bytes) -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="36"><text x="8" y="22">%b</text></svg>' % said


def _text(said: bytes) -> bytes:
    return said + b"\n"


MAKERS = {"image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "image/jpg": _jpeg, "image/webp": _webp,
          "image/svg+xml": _svg, "application/pdf": _pdf}
