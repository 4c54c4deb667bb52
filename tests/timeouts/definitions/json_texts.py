"""JSON texts in every way of writing: white space, escapes, odd numbers, keys that stand twice."""

import json

from hypothesis import strategies as st

NUMBERS = ("0", "-0", "-1", "7", "1.0", "-0.0", "10.00", "1e3", "1E+2", "1e400", "18446744073709551616", "9" * 4_100)
STRINGS = (
    *('""', '"a"', '"é"', '"\x7f"', '"\u2028🙂"', '"-0"', '"x-0 "', '"[NaN,"', '"null"', r'"\u005fa"'),
    *(r'"\u00e9"', r'"\ud83d\ude42"', r'"\ud800"', r'"\""', r'"\u0022"', r'"\\u0022"', r'"\\"', r'"\/\b\u000b\u003c"'),
)
KEYS = ('"a"', '"b"', r'"\u0061"', '"é"', '"🙂"', '"\uffff"', '"a (occurrence 2)"', r'"\""')

_blank = st.sampled_from(("", "", "", " ", "\n\t\r "))


@st.composite
def _lists(draw: st.DrawFn, below: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(below, max_size=4))
    return f"[{draw(_blank)}{','.join(draw(_blank) + item + draw(_blank) for item in items)}]"


@st.composite
def _objects(draw: st.DrawFn, below: st.SearchStrategy[str]) -> str:
    members = draw(st.lists(st.tuples(st.sampled_from(KEYS), below), max_size=4))
    written = (f"{draw(_blank)}{key}{draw(_blank)}:{draw(_blank)}{value}{draw(_blank)}" for key, value in members)
    return f"{{{draw(_blank)}{','.join(written)}}}"


def json_texts() -> st.SearchStrategy[str]:
    """Texts that are JSON, most of them odd in some way."""
    plain = st.sampled_from((*NUMBERS, *STRINGS, "true", "false", "null")) | st.text(max_size=5).map(json.dumps)
    return st.recursive(plain, lambda below: _lists(below) | _objects(below), max_leaves=12)
