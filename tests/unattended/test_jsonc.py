"""A file of the user's is edited, and keeps every comment, comma and line that is theirs."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencode_lifecycle.sql.unattended import jsonc

NEW = '["/x/tui.js", { "hours": 24 }]'
TEXTS = [
    "[]", "[ ]", "[\n]", "[\r\n]", "[\n  // none yet\n]", '["a"]', '["a",]', '["a" /* one */, "b"]', '["a", "b", ]',
    '[\n  "a"\n]', '[\n  "a",\n]', '[\n  "a", // first\n  "b" // second\n]', '[\r\n\t"a", // first\r\n\t"b",\r\n]',
    '[\n  "a", /* one */\n  ["b", { "x": [1, 2,], }], // two\n  // the end\n]', '[ // head\n "a"]',
    '["https://x//y", "/* no comment */"]', '[1, -2.5e3, true, null, {}]', "\ufeff[\n  1\n]\n",
]


def strict(text):
    """The value by the standard reader, once comments and trailing commas are gone."""
    text = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|\ufeff', lambda m: m[1] or "", text, flags=re.DOTALL)
    return json.loads(re.sub(r'("(?:[^"\\]|\\.)*")|,(?=\s*[\]}])', lambda m: m[1] or "", text))


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_put_in_is_there_and_cutting_it_gives_the_text_back(text):
    place = jsonc.read(text)
    assert place.value == strict(text)
    more = jsonc.put(text, place, NEW)
    assert strict(more) == [*place.value, json.loads(NEW)] == jsonc.read(more).value
    again = jsonc.read(more)
    assert jsonc.cut(more, again, again.children[-1]) == text


@pytest.mark.parametrize("text", TEXTS)
def test_any_item_can_be_cut_and_no_comment_is_lost(text):
    place = jsonc.read(text)
    for at, child in enumerate(place.children):
        rest = jsonc.cut(text, place, child)
        assert strict(rest) == [value for n, value in enumerate(place.value) if n != at]
        assert re.findall(r"// \w+", rest) == re.findall(r"// \w+", text)


def test_a_member_of_an_object_is_put_in_and_cut_in_the_same_way():
    text = '{\n  // mine\n  "theme": "dark", // night\n  "list": [1,\n  2]\n}\n'
    place = jsonc.read(text)
    more = jsonc.put(text, place, '"plugin": []')
    assert strict(more) == {"theme": "dark", "list": [1, 2], "plugin": []}
    assert more.startswith(text[:text.index("]") + 1])
    again = jsonc.read(more)
    assert again.member("plugin").value == [] and again.member("none") is None
    assert jsonc.cut(more, again, again.member("plugin")) == text


def test_an_item_is_replaced_in_its_place():
    text = '[ "a", ["b", {}], // mine\n "c" ]'
    assert jsonc.replace(text, jsonc.read(text).children[1], NEW) == f'[ "a", {NEW}, // mine\n "c" ]'


@pytest.mark.parametrize("text", ["", "{", "[1 2]", '{"a"}', '{a: 1}', "[1]]", '["a\n"]', "[,]", '{"a": }', "/* x",
                                  "[" * 5_000, '{"a": 1 "b": 2}', "'a'"])
def test_what_cannot_be_read_names_a_line(text):
    with pytest.raises(ValueError, match=r"^line \d+$"):
        jsonc.read(text)


BLANKS = st.sampled_from(["", " ", "\n", "\n  ", "\r\n\t", " /* c */ ", " // c\n  ", "\n\n    "])
PLAIN = st.sampled_from(['"a"', '"b // c"', "1", "null", "{}", "[ ]", '{"x": [1,],}'])


@st.composite
def arrays(draw):
    items = draw(st.lists(PLAIN, max_size=4))
    body = ",".join(f"{draw(BLANKS)}{item}{draw(BLANKS)}" for item in items)
    return f"[{body}{draw(st.sampled_from(['', ',', ', ']) if items else st.just(''))}{draw(BLANKS)}]"


@given(arrays())
@example('["a"\r\n,  // c\n]')  # ends of lines of both kinds
@example('["a"\r\n,  /* c */\n]')
@example('["a", // c\n  "a"]')  # what follows the last is no part of the comment before it
@example('["a", // c\n  "a",]')
@example('["a", /* c */ "a" /* c */ \n]')  # two comments in a line, and a value between them
def test_drawn_arrays_come_back_to_the_octet(text):
    place = jsonc.read(text)
    more = jsonc.put(text, place, NEW)
    again = jsonc.read(more)
    assert again.value == strict(more) == [*strict(text), json.loads(NEW)]
    assert jsonc.cut(more, again, again.children[-1]) == text
    for child in place.children:
        left = [value for one, value in zip(place.children, place.value, strict=True) if one is not child]
        assert strict(jsonc.cut(text, place, child)) == left
