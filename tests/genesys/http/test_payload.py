"""What is made of an answer's text: everything can be stored, and nothing of it is lost."""

import json

import pytest

from genesys.http.payload import Accepted


@pytest.mark.parametrize("half", ["\\ud800", "\\uD83D", "\\udc00"])
def test_half_a_surrogate_pair_stands_as_its_escape(half: str) -> None:
    """One in a name, which no file or database takes, failed every audit of the org."""
    body = f'{{"name": "Main {half} line", "steps": [{{"{half}": 1}}]}}'.encode()

    document = Accepted(body, is_object=True).document

    shown = half.lower()
    assert document == {"name": f"Main {shown} line", "steps": [{shown: 1}]}
    assert json.dumps(document, ensure_ascii=False).encode()


def test_whole_pairs_and_plain_text_are_as_they_were() -> None:
    body = b'{"name": "\\ud83d\\udea8 St\xc3\xb6rung", "n": 1.5, "none": null}'

    assert Accepted(body, is_object=True).document == {"name": "🚨 Störung", "n": 1.5, "none": None}
