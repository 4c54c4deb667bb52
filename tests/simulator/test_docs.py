from simulator.docs import PATH, page


def test_the_page_about_the_simulator_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == page(), "run python -m simulator.docs"
