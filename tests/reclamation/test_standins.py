"""What stands in a row in the place of an attachment: a file of its type, that says which it stands for."""

import zlib

import pytest
from opencode_lifecycle.sql.reclamation import standin

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize("mime", [*standin.MAKERS, "text/plain", "text/x-c"])
def test_a_stand_in_is_a_file_of_its_type_that_says_which_file_it_stands_for(mime):
    made = standin.stand_in(mime, DIGEST)
    assert f"{mime}, sha256 {DIGEST}, moved".encode() in made
    assert standin.digest_of(mime, made) == DIGEST
    assert len(made) == len(standin.stand_in(mime, "f" * 64)) < 1_000
    assert standin.digest_of(mime, made + b" ") is None and standin.digest_of("image/avif", made) is None
    starts = {"image/png": b"\x89PNG\r\n\x1a\n", "image/gif": b"GIF89a", "image/jpeg": b"\xff\xd8\xff\xe0",
              "image/webp": b"RIFF", "application/pdf": b"%PDF-1.4\n", "image/svg+xml": b"<svg "}
    assert made.startswith(starts.get(mime, made[:1]))


def test_the_chunks_of_the_picture_hold_their_checksums():
    made, at, names = standin.stand_in("image/png", DIGEST), 8, []
    while at < len(made):
        size = int.from_bytes(made[at: at + 4], "big")
        chunk = made[at + 4: at + 8 + size]
        assert zlib.crc32(chunk) == int.from_bytes(made[at + 8 + size: at + 12 + size], "big")
        names.append(chunk[:4])
        at += 12 + size
    assert names[0] == b"IHDR" and b"tEXt" in names and names[-1] == b"IEND"


def test_the_table_of_the_document_says_where_its_objects_are():
    made = standin.stand_in("application/pdf", DIGEST)
    start = int(made.rsplit(b"startxref\n", 1)[1].split()[0])
    assert made[start:].startswith(b"xref\n")
    places = [int(line[:10]) for line in made[start:].splitlines()[3:8]]
    assert [made[place:].split(b" ", 1)[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]


@pytest.mark.parametrize("mime", ["video/mp4", "audio/mpeg", "application/zip", "image/avif", "", "text/", "TEXT/x",
                                  "text/x\n", "text/ü"])
def test_for_other_types_nothing_stands(mime):
    assert standin.stand_in(mime, DIGEST) is None
