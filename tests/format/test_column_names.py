"""Which column says how often each token occurs."""

from __future__ import annotations

import pytest

from tb_wordembed.format.column_names import frequency_column


@pytest.mark.parametrize("name", ["frequency", "Count", "FREQ", "counts"])
def test_columns_that_say_how_often_tokens_occur(name: str) -> None:
    assert frequency_column(["length", name, "frequency"]) == name


def test_other_columns_say_nothing_of_it() -> None:
    assert frequency_column(["length", "frequencies", "account"]) is None
