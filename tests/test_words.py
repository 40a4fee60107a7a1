"""Foreign text is shown on one line, and ends no comment."""

from hypothesis import example, given
from hypothesis import strategies as st
from opencode_lifecycle.sql.words import printable


@given(
    text=st.text() | st.text(alphabet="-*/ \n\r\t\x1b\x00\x85\u2028\u2029\u202e\ud83d[]\\{}';a"),
    limit=st.sampled_from((80, 80, 40, 3)),
)
@example(text="\n.shell touch X", limit=80)
@example(text="--/**/" * 30, limit=80)
@example(text="-" * 200, limit=80)
@example(text="*/*" * 40, limit=40)
@example(text="\x1b]0;x\x07\u2028\u2029\x9b", limit=80)
def test_foreign_text_stays_on_its_line_and_inside_its_comment(text, limit):
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable() and len(shown.splitlines()) <= 1
    assert not any(mark in shown for mark in ("*/", "/*", "--"))
    assert not set(shown) & set("\n\r\x1b\x00\x85\u2028\u2029")


@given(
    text=st.text(
        alphabet=st.characters(codec="ascii", min_codepoint=32, exclude_characters="-*/\x7f"), max_size=80
    )
)
def test_plain_text_is_shown_as_it_is(text):
    assert printable(text) == text
