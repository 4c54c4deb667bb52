"""Patterns of paths: within a name, across folders, and never slow."""

import pytest

from files.globs import fits, is_chosen


@pytest.mark.parametrize(
    ("pattern", "path", "is_fitting"),
    [
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "flows/deep/a.yaml", True),
        ("*.yaml", "a.yml", False),
        ("flows", "flows/a.yaml", True),
        ("flows/", "x/flows/a.yaml", True),
        ("/flows", "x/flows/a.yaml", False),
        ("flows/*.yaml", "flows/a.yaml", True),
        ("flows/*.yaml", "flows/deep/a.yaml", False),
        ("flows/*.yaml", "x/flows/a.yaml", False),
        ("flows/**", "flows/deep/a.yaml", True),
        ("flows/**", "flows.yaml", False),
        ("**/deep/*.yaml", "deep/a.yaml", True),
        ("**/deep/*.yaml", "x/y/deep/a.yaml", True),
        ("a/**/b/**/c", "a/1/b/2/3/c", True),
        ("./flows/*", "flows/a", True),
        ("?.yaml", "ab.yaml", False),
        ("[ab].yaml", "a.yaml", False),
        ("[ab].yaml", "[ab].yaml", True),
        ("A.yaml", "a.yaml", False),
    ],
)
def test_a_pattern_fits_a_path_or_a_folder_on_the_way_to_it(pattern: str, path: str, is_fitting: bool) -> None:
    assert fits(pattern, path.split("/")) is is_fitting


def test_what_is_excluded_is_left_out_of_what_is_included() -> None:
    assert is_chosen(("flows", "a.yaml"), ["flows"], ["*.yml"])
    assert not is_chosen(("flows", "a.yml"), ["flows"], ["*.yml"])
    assert not is_chosen(("b", "a.yaml"), ["flows"], [])
    assert is_chosen(("b", "a.yaml"), [], [])


def test_many_stars_come_to_an_end() -> None:
    assert not fits("*a" * 240 + "b", ["a" * 250])
    assert not fits("**/a/" * 90 + "b", ["a"] * 500)
