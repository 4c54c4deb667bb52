"""What a program said last before it ended."""

import pytest

from timeouts.text.last_words import last_raised, last_words

TRACEBACK = """\
Traceback (most recent call last):
  File "a.py", line 1, in <module>
httpx.ConnectError: All connection attempts failed

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "b.py", line 2, in <module>
prefect.exceptions.ApplyError: Validation failed for field 'env'
An exception occurred.
"""


def test_below_a_traceback_it_is_what_was_raised_last() -> None:
    assert last_words(TRACEBACK) == "prefect.exceptions.ApplyError: Validation failed for field 'env'"
    assert last_raised(TRACEBACK) == last_words(TRACEBACK)


def test_without_one_it_is_the_last_lines_that_stand_together() -> None:
    said = "Deploying audit\n\nThere is no work pool named so: make\none first.\n\n"

    assert last_words(said) == "There is no work pool named so: make one first."
    assert last_raised(said) == ""


@pytest.mark.parametrize("said", ["", "\n\n"])
def test_who_said_nothing_has_no_last_words(said: str) -> None:
    assert last_words(said) == ""
