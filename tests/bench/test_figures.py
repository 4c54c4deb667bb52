from bench.figures import at_most, exactly


def test_a_target_is_met_by_the_median_and_not_by_the_best_repeat() -> None:
    assert at_most("wall", [1.0, 2.0, 9.0], "s", 2.0).is_met
    assert not at_most("wall", [1.0, 2.0, 9.0], "s", 1.9).is_met


def test_an_exact_number_has_to_be_there_every_time() -> None:
    assert exactly("requests", [12, 12], 12).is_met
    assert not exactly("refused", [0, 1, 0], 0).is_met
