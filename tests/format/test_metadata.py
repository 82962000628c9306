"""The plugin content: what is ours, what is too new, what is neither."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.format import metadata
from tb_wordembed.format.metadata import ColumnRole, FormatError, Part, TableRole


def test_a_table_says_so() -> None:
    content = metadata.encode(TableRole())
    assert json.loads(content) == {"format_version": 1, "kind": "table"}
    assert metadata.decode(content) == TableRole()


def test_a_part_of_a_table_says_of_how_many_rows() -> None:
    content = metadata.encode(TableRole(1_000_000))
    assert json.loads(content)["full_vocab_size"] == 1_000_000
    assert metadata.decode(content) == TableRole(1_000_000)


@pytest.mark.parametrize("ranges", [(), ((0, 1),), ((0, 3), (3, 4), (9, 2**62))])
def test_a_table_names_the_rows_that_training_must_not_change(
    ranges: metadata.RowRanges,
) -> None:
    content = metadata.encode(TableRole(None, ranges))
    assert json.loads(content)["fixed_rows"] == [list(one) for one in ranges]
    assert metadata.decode(content) == TableRole(None, ranges)


@given(table=st.text(), column=st.text(min_size=1))
def test_a_column_names_its_table(table: str, column: str) -> None:
    role = ColumnRole(table, column)
    content = metadata.encode(role)
    assert content.isascii()
    assert metadata.decode(content) == role


def test_a_column_of_images_says_so_and_older_readers_take_it_for_text() -> None:
    role = ColumnRole("words", "picture", has_images=True)
    content = json.loads(metadata.encode(role))
    assert content.pop("images") is True
    assert content == json.loads(metadata.encode(ColumnRole("words", "picture")))
    assert metadata.decode(metadata.encode(role)) == role
    # Tokens label the rows: they are always text.
    tokens = ColumnRole("words", "token", has_images=True)
    assert metadata.decode(metadata.encode(tokens)) == ColumnRole("words", "token")


def test_unknown_fields_are_for_later_writers_of_the_same_version() -> None:
    content = b'{"format_version":1,"kind":"table","unit":"m"}'
    assert metadata.decode(content) == TableRole()


def test_a_newer_version_is_refused_with_the_remedy() -> None:
    with pytest.raises(FormatError, match=r"version 3; .* up to 2\. Upgrade: pip"):
        metadata.decode(b'{"format_version":3,"kind":"table"}')


@pytest.mark.parametrize("part", [Part(0, 1), Part(7, 9), Part(2**62, 2**63 - 1)])
def test_a_part_names_its_first_row_and_the_rows_of_the_whole(part: Part) -> None:
    for role in (TableRole(None, None, part), ColumnRole("words", "token", part)):
        content = metadata.encode(role)
        assert json.loads(content)["part"] == list(part)
        assert metadata.decode(content) == role


def test_a_reader_of_version_1_refuses_parts_and_reads_whole_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = metadata.encode(TableRole(9, ((0, 1),)))
    part = metadata.encode(TableRole(9, ((0, 1),), Part(0, 5)))
    monkeypatch.setattr(metadata, "FORMAT_VERSION", 1)
    assert metadata.decode(whole) == TableRole(9, ((0, 1),))
    with pytest.raises(FormatError, match=r"version 2; .* up to 1\. Upgrade: pip"):
        metadata.decode(part)


def test_the_field_of_parts_has_no_meaning_in_version_1() -> None:
    content = b'{"format_version":1,"kind":"table","part":[4,9]}'
    assert metadata.decode(content) == TableRole()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"{}", "format_version is None"),
        (b'{"format_version":true}', "format_version is True"),
        (b'{"format_version":0}', "format_version is 0"),
        (b'{"format_version":"1"}', "format_version is '1'"),
        (b'{"format_version":1}', "kind is None"),
        (b'{"format_version":1,"kind":"row"}', 'expected "table" or "column"'),
        (
            b'{"format_version":1,"kind":"table","full_vocab_size":"9"}',
            "full_vocab_size is '9'; expected an integer",
        ),
        (b'{"format_version":1,"kind":"table","full_vocab_size":0}', "from 1"),
        (b'{"format_version":1,"kind":"column"}', "names no table and column"),
        *(
            (b'{"format_version":1,"kind":"table","fixed_rows":%s}' % rows, "fixed_row")
            for rows in (
                *(b"0", b"[0]", b"[[1,1]]", b"[[-1,1]]", b"[[0,2],[1,3]]"),
                *(b"[[0,1.5]]", b"[[0,true]]", b"[[0,9223372036854775808]]"),
                json.dumps([[2 * at, 2 * at + 1] for at in range(65)]).encode(),
            )
        ),
        *(
            (b'{"format_version":2,"kind":"table","part":%s}' % part, "part is")
            for part in (
                *(b"0", b"[]", b"[1]", b"[1,2,3]", b"[9,9]", b"[-1,9]", b"[0,0]"),
                *(b"[0,1.5]", b"[0,true]", b"[0,9223372036854775808]", b'["0",9]'),
            )
        ),
        (
            b'{"format_version":1,"kind":"column","table":"t","column":""}',
            "names no table and column",
        ),
    ],
)
def test_other_content_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        metadata.decode(content)


@given(st.binary(max_size=200))
def test_arbitrary_content_is_read_or_refused(content: bytes) -> None:
    try:
        role = metadata.decode(content)
    except FormatError:
        return
    assert metadata.decode(metadata.encode(role)) == role


def test_tensorboard_is_told_to_keep_nothing_of_the_value() -> None:
    summary_metadata = metadata.summary_metadata(TableRole(), description="*words*")
    assert summary_metadata.data_class == 0
    assert summary_metadata.plugin_data.plugin_name == "wordembed"
    assert summary_metadata.summary_description == "*words*"
