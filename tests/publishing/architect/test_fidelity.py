"""Every JSON form of docs/measured.md#bytes around a timeout: outside the change no byte differs on the wire."""

import pytest

from tests.publishing.forms import FORMS
from tests.publishing.scenes import FLOW, NODE, Stage, configuration, duration
from timeouts.definitions import read_definition


def with_form(form: bytes, seconds: int) -> bytes:
    """The configuration with that form before, beside and after the timeout."""
    body = configuration(seconds)
    for key in (b'"description":', b'"inputs":', b'"variables":'):
        body = body.replace(key, b'"odd %b":%b,' % (key[1:4], form) + key)
    return body


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_json_around_the_timeout_survives_to_the_byte(stage: Stage, form: str) -> None:
    before, after = with_form(FORMS[form], 3), with_form(FORMS[form], 10)
    scene = stage(configuration=lambda _: before)

    outcome = scene.publish_and_verify(scene.order(fingerprint=read_definition(before).fingerprint))

    assert (outcome.outcome, outcome.notes) == ("published", ())
    assert scene.org.configuration(FLOW) == after
    assert after.count(duration(10).encode()) == 2
    assert NODE.encode() in after
