from bench.figures import Section, Table, at_most, exactly, plain
from bench.page import page


def rows_of(*tables: Table) -> list[str]:
    text = page([("machine", "a small one")], [Section("Title", "How.", tables)], latency_ms=200, repeats=3)
    return [line for line in text.splitlines() if line.startswith("|")][5:]


def test_a_figure_is_shown_by_its_median_and_its_spread() -> None:
    assert rows_of(Table((plain("wall", [3.0, 1.0, 20.0], "s"),))) == ["| wall |  | 3.00 s | 1.00 s to 20.0 s |  |"]


def test_a_target_is_met_by_the_median_alone_and_missed_in_bold() -> None:
    met = at_most("wall", [1.0, 2.0, 9.0], "s", 2.0)
    missed = at_most("wall", [1.0, 2.0, 9.0], "s", 1.9, "1.9 x that")
    assert rows_of(Table((met, missed))) == [
        "| wall | ≤ 2.00 s | 2.00 s | 1.00 s to 9.00 s | yes |",
        "| wall | ≤ 1.9 x that = 1.90 s | 2.00 s | 1.00 s to 9.00 s | **no** |",
    ]


def test_an_exact_number_has_to_be_there_every_time() -> None:
    assert rows_of(Table((exactly("requests", [12, 12], 12), exactly("refused", [0, 1, 0], 0)))) == [
        "| requests | 12 | 12 | always | yes |",
        "| refused | 0 | 0 | 0 to 1 | **no** |",
    ]


def test_a_page_says_how_it_came_about() -> None:
    section = Section("Growth", "How.", (), "images/growth.png")
    text = page([("machine", "a small one")], [section], latency_ms=200, repeats=3)
    assert text.startswith("# Benchmarks\n")
    assert "median of 3 repeats" in text
    assert "| machine | a small one |" in text
    assert text.endswith("## Growth\n\nHow.\n\n![Growth](images/growth.png)\n")
