"""A store in UTF-16 is copied to a server like the same store in UTF-8."""

import command
import pytest
import wide
import worlds


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_mirror_of_a_store_in_utf_16_holds_the_same_texts(tmp_path, url, encoding):
    """Sessions with a text that no server takes (half a surrogate pair, a NUL) stay out by name."""
    (tmp_path / "store").mkdir()
    store = wide.planted(command.grove(trees=6, parts=2, pad=100, fresh=1), tmp_path / "store" / "s.db", "1.18.33",
                         encoding)
    left = worlds.load(store, url).left
    assert len(left) == sum("\0" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in wide.ODD)
    expected, found = worlds.file_dump(store), worlds.dump(url)
    for table in ("message", "part", "event"):
        kept = [row for row in expected[table] if not any(id in str(row) for id in left)]
        assert found[table] == kept, table
