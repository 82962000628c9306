"""Labels from files as people have them, and what is said about each."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_wordembed.write.columns import as_columns

WORDS = ["the", "cat", "sat"]
Columns = dict[str, list[Any]]


def columns(path: Path, rows: int) -> Columns:
    """The columns that are written beside a table of so many rows, by name."""
    return {
        column.name: [None if value != value else value for value in column.values]
        if isinstance(column.values, np.ndarray)
        else [value.decode() for value in column.values]
        for column in as_columns(path, None, rows)
    }


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


COUNTS = [10, 3, 2]
RIGHT: list[tuple[str, str, str | bytes, Columns]] = [
    # Name of the case, file name, content, and the columns that are right.
    ("header of one column", "t.txt", "word\nthe\ncat\nsat\n", {"token": WORDS}),
    ("pandas Series", "t.csv", "0\nthe\ncat\nsat\n", {"token": WORDS}),
    ("camel case", "t.txt", "itemName\nthe\ncat\nsat\n", {"token": WORDS}),
    ("no header", "t.txt", "the\ncat\nsat", {"token": WORDS}),
    (
        "a word like a header",
        "t.txt",
        "word\ncat\nsat\n",
        {"token": ["word", *WORDS[1:]]},
    ),
    ("blank last lines", "t.txt", "the\ncat\nsat\n\n\n", {"token": WORDS}),
    ("CRLF", "t.txt", "the\r\ncat\r\nsat\r\n", {"token": WORDS}),
    ("CR", "t.txt", "the\rcat\rsat\r", {"token": WORDS}),
    ("an empty token", "t.txt", "\ncat\nsat\n", {"token": ["", "cat", "sat"]}),
    ("UTF-8 mark", "t.txt", codecs.BOM_UTF8 + b"the\ncat\nsat\n", {"token": WORDS}),
    ("UTF-16", "t.txt", "the\r\ncat\r\nsat\r\n".encode("utf-16"), {"token": WORDS}),
    (
        "UTF-16 big",
        "t.txt",
        codecs.BOM_UTF16_BE + "the\ncat\nsat".encode("utf-16-be"),
        {"token": WORDS},
    ),
    ("quotes as words", "t.txt", '"\n""\nsat\n', {"token": ['"', '""', "sat"]}),
    (
        "quotes of R",
        "t.txt",
        '"the"\n"a ""b"""\n"sat"',
        {"token": ["the", 'a "b"', "sat"]},
    ),
    ("commas as words", "t.txt", ",\n.\n,,\n", {"token": [",", ".", ",,"]}),
    (
        "phrases",
        "t.txt",
        "new york\nwindows 95\nin\n",
        {"token": ["new york", "windows 95", "in"]},
    ),
    ("numbers", "t.txt", "007\n1.10\n1e5\n", {"token": ["007", "1.10", "1e5"]}),
    (
        "blank first line",
        "t.txt",
        "\nthe\ncat\nsat\n",
        {"token": WORDS},
    ),
    ("blank line inside", "t.txt", "the\n\ncat\nsat\n", {"token": WORDS}),
    ("blank after a header", "t.txt", "word\n\nthe\ncat\nsat\n", {"token": WORDS}),
    ("last line of spaces", "t.txt", "the\ncat\nsat\n  \n", {"token": WORDS}),
    ("an empty last token", "t.txt", "the\ncat\n\n", {"token": ["the", "cat", ""]}),
    ("mixed line ends", "t.txt", "the\r\ncat\nsat\r\n", {"token": WORDS}),
    (
        "numbers in phrases",
        "t.txt",
        "windows 95\nwindows 98\nipod 5\n",
        {"token": ["windows 95", "windows 98", "ipod 5"]},
    ),
    # Several columns.
    (
        "Projector",
        "t.tsv",
        "token\tcount\nthe\t10\ncat\t3\nsat\t2\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "codes with zeros before them",
        "t.tsv",
        "token\tcode\nthe\t00501\ncat\t10001\nsat\t\n",
        {"token": WORDS, "code": ["00501", "10001", ""]},
    ),
    (
        "trailing tabs",
        "t.tsv",
        "token\tcount\t\nthe\t10\t\ncat\t3\t\nsat\t2\t\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "missing last cells",
        "t.tsv",
        "token\tcount\tnote\nthe\t10\tarticle\ncat\t3\nsat\t2\tverb\n",
        {"token": WORDS, "count": COUNTS, "note": ["article", "", "verb"]},
    ),
    (
        "no header, numbers",
        "t.tsv",
        "the\t10\ncat\t3\nsat\t2\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "no header, as many lines as rows",
        "t.tsv",
        "the\tdet\ncat\tnoun\nsat\tverb\n",
        {"token": WORDS, "column 2": ["det", "noun", "verb"]},
    ),
    (
        "unknown header, a line more than rows",
        "t.tsv",
        "mot\tgenre\nthe\tdet\ncat\tnoun\nsat\tverb\n",
        {"token": WORDS, "genre": ["det", "noun", "verb"]},
    ),
    (
        "CSV",
        "t.csv",
        'token,count\nthe,10\n"cat",3\n"sat",2\n',
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "CSV with commas, quotes and line ends",
        "t.csv",
        'title,year\n"Crash, the",1996\n"say ""hi""",\n"two\nlines",2001\n',
        {"token": ["Crash, the", 'say "hi"', "two\nlines"], "year": [1996, None, 2001]},
    ),
    (
        "CSV of a spreadsheet in Europe",
        "t.csv",
        "token;share\nthe;0.5\ncat;0.25\nsat;0.25\n",
        {"token": WORDS, "share": [0.5, 0.25, 0.25]},
    ),
    (
        "CSV named TXT",
        "t.txt",
        "token,count\nthe,10\ncat,3\nsat,2\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "tabs in quotes",
        "t.tsv",
        'token\tnote\n"a\tb"\tx\ncat\t"y\nz"\nsat\tw\n',
        {"token": ["a\tb", "cat", "sat"], "note": ["x", "y\nz", "w"]},
    ),
    (
        "R's write.table",
        "t.tsv",
        '"word"\t"n"\n"1"\t"the"\t10\n"2"\t"cat"\t3\n"3"\t"sat"\t2\n',
        {"token": WORDS, "n": COUNTS},
    ),
    (
        "R's write.csv",
        "t.csv",
        '"","word","n"\n"1","the",10\n"2","cat",3\n"3","sat",2\n',
        {"token": WORDS, "n": COUNTS},
    ),
    (
        "empty last rows and columns of a spreadsheet",
        "t.tsv",
        "token\tcount\t\t\nthe\t10\t\t\ncat\t3\t\t\nsat\t2\t\t\n\t\t\t\n\t\t\t\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "CSV with empty last rows",
        "t.csv",
        "token,count,\nthe,10,\ncat,3,\nsat,2,\n,,\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "decimal commas",
        "t.txt",
        "the;0,5\ncat;0,25\nsat;0,25\n",
        {"token": WORDS, "column 2": ["0,5", "0,25", "0,25"]},
    ),
    (
        "commas in fields between semicolons",
        "t.csv",
        "Crash, the, again;1996\nHeat;1995\nUp;2009\n",
        {"token": ["Crash, the, again", "Heat", "Up"], "count": [1996, 1995, 2009]},
    ),
    (
        "MovieLens movies.csv",
        "movies.csv",
        'movieId,title,genres\n1,Jumanji,A|B\n2,"Heat, The",A\n7,Up,A\n',
        {
            "token": ["Jumanji", "Heat, The", "Up"],
            "movieId": [1, 2, 7],
            "genres": ["A|B", "A", "A"],
        },
    ),
    (
        "MovieLens u.item",
        "u.item",
        "1|Jumanji|1995||0\n2|Heat, The|1995||1\n3|Up|1995||0\n",
        {
            "token": ["Jumanji", "Heat, The", "Up"],
            "column 1": [1, 2, 3],
            "column 3": [1995] * 3,
            "column 4": [0, 1, 0],
        },
    ),
    (
        "MovieLens movies.dat",
        "movies.dat",
        "1::Jumanji::A|B\n2::Heat::A\n7::Up::A\n",
        {
            "token": ["Jumanji", "Heat", "Up"],
            "column 1": [1, 2, 7],
            "column 3": ["A|B", "A", "A"],
        },
    ),
    (
        "value_counts of pandas",
        "t.csv",
        ",word\nthe,10\ncat,3\nsat,2\n",
        {"token": WORDS, "word": COUNTS},
    ),
    (
        "ids from 1 on",
        "t.tsv",
        "id\ttoken\n1\tthe\n2\tcat\n3\tsat\n",
        {"token": WORDS, "id": [1, 2, 3]},
    ),
    (
        "Excel's line about the separator",
        "t.csv",
        "sep=;\ntoken;count\nthe;10\ncat;3\nsat;2\n",
        {"token": WORDS, "count": COUNTS},
    ),
    ("numbered lines", "labels.txt", "0 the\n1 cat\n2 sat\n", {"token": WORDS}),
    ("lines from 1", "labels.txt", "1: the\n2: cat\n3: sat\n", {"token": WORDS}),
    (
        "numbers in names",
        "labels.txt",
        "7 up\n12 monkeys\n3 idiots\n",
        {"token": ["7 up", "12 monkeys", "3 idiots"]},
    ),
    (
        "vectors of the words 0 to 2",
        "t.txt",
        "0 0.1 0.2\n1 -0.3 0.4\n2 1 1\n",
        {"token": ["0", "1", "2"]},
    ),
    ("R's vector", "t.csv", '"x"\n"the"\n"cat"\n"sat"\n', {"token": WORDS}),
    # Columns that number the rows.
    (
        "index out of order",
        "t.tsv",
        "index\ttoken\n2\tsat\n0\tthe\n1\tcat\n",
        {"token": WORDS},
    ),
    (
        "pandas with index",
        "t.csv",
        ",token,count\n2,sat,2\n0,the,10\n1,cat,3\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "word and row",
        "t.txt",
        "sat\t2\nthe\t0\ncat\t1\n",
        {"token": WORDS, "column 2": [0, 1, 2]},
    ),
    (
        "row and word",
        "t.txt",
        "0\tthe\n1\tcat\n2\tsat\n",
        {"token": WORDS, "column 1": [0, 1, 2]},
    ),
    # Which column is the name.
    (
        "a label that repeats",
        "t.tsv",
        "label\ttitle\nfilm\tthe\nfilm\tcat\nbook\tsat\n",
        {"token": WORDS, "label": ["film", "film", "book"]},
    ),
    (
        "items with a genre",
        "t.csv",
        "item_id,genre\n57,Horror\n06,Drama\n15,Drama\n",
        {"token": ["57", "06", "15"], "genre": ["Horror", "Drama", "Drama"]},
    ),
    (
        "words that repeat beside counts",
        "t.tsv",
        "word\tcount\nbank\t10\nbank\t3\nsat\t2\n",
        {"token": ["bank", "bank", "sat"], "count": COUNTS},
    ),
    # Words with a count or a vector.
    (
        "word and count",
        "t.txt",
        "the 10\ncat 3\nsat 2\n",
        {"token": WORDS, "count": COUNTS},
    ),
    (
        "GloVe",
        "t.txt",
        "the 0.1 -2\ncat 1e-3 .5\nnew york 3 4\n",
        {"token": ["the", "cat", "new york"]},
    ),
    (
        "spaces and numbers as words of GloVe",
        "t.txt",
        "1 0.1 -2\n\xa0 1e-3 nan\n. . . 3 4\n",
        {"token": ["1", "\xa0", ". . ."]},
    ),
    ("word2vec", "t.vec", "3 2\nthe 0.1 -2\ncat 1 0.5\nsat 3 4 \n", {"token": WORDS}),
    (
        "SentencePiece .vocab",
        "t.vocab",
        "the\t0\ncat\t-1.5\nsat\t-2\n",
        {"token": WORDS, "column 2": [0, -1.5, -2]},
    ),
    (
        "write.table of R",
        "t.txt",
        '"x"\n"1" "the"\n"2" "cat"\n"3" "sat"\n',
        {"token": WORDS},
    ),
    (
        "write.table of a frame of R",
        "t.txt",
        '"word" "n"\n"1" "the" 5\n"2" "cat" 3\n"3" "sat" 1\n',
        {"token": WORDS, "n": [5, 3, 1]},
    ),
    (
        "a number that R lacks",
        "t.tsv",
        "mot\teffectif\nthe\t10\ncat\tNA\nsat\t2\n",
        {"token": WORDS, "effectif": [10, None, 2]},
    ),
    (
        "numbers for Python alone",
        "t.tsv",
        "word\tcode\nthe\t1_0\ncat\t2_0\nsat\t3_0\n",
        {"token": WORDS, "code": ["1_0", "2_0", "3_0"]},
    ),
    # JSON
    ("JSON list", "t.json", '["the", "cat", "sat"]', {"token": WORDS}),
    ("JSON dict", "t.json", '{"sat": 2, "the": 0, "cat": 1}', {"token": WORDS}),
    (
        "JSON row to word",
        "t.json",
        '{"2": "sat", "0": "the", "1": "cat"}',
        {"token": WORDS},
    ),
    (
        "JSON lines",
        "t.jsonl",
        '{"word": "the"}\n{"word": "cat"}\n{"word": "sat"}\n',
        {"token": WORDS},
    ),
    (
        "JSON inside JSON",
        "t.json",
        json.dumps(json.dumps({"the": 0, "cat": 1, "sat": 2})),
        {"token": WORDS},
    ),
    (
        "JSON records",
        "t.json",
        '[{"word": "the", "n": 10}, {"word": "cat"}, {"word": "sat", "n": 2}]',
        {"token": WORDS, "n": [10, None, 2]},
    ),
    (
        "looks like JSON",
        "t.txt",
        "[PAD]\n[UNK]\nthe\n",
        {"token": ["[PAD]", "[UNK]", "the"]},
    ),
    (
        "tokenizer.json",
        "tokenizer.json",
        json.dumps(
            {
                "model": {"type": "BPE", "vocab": {"Ġcaf": 0, "Ã©": 1}},
                "added_tokens": [{"id": 2, "content": "<|end|>"}],
                "decoder": {"type": "ByteLevel"},
            }
        ),
        {"token": [" caf", "é", "<|end|>"]},
    ),
    (
        "tokenizer.json of pieces",
        "tokenizer.json",
        json.dumps(
            {
                "model": {
                    "type": "Unigram",
                    "vocab": [["the", 0], ["cat", -1], ["sat", -2]],
                }
            }
        ),
        {"token": WORDS},
    ),
    (
        "Keras Tokenizer",
        "t.json",
        json.dumps({"config": {"word_index": json.dumps({"the": 1, "cat": 2})}}),
        {"token": ["#0", "the", "cat"]},
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "right"),
    [case[1:] for case in RIGHT],
    ids=[case[0] for case in RIGHT],
)
def test_a_file_is_understood(
    tmp_path: Path, name: str, content: str | bytes, right: Columns
) -> None:
    assert columns(put(tmp_path, name, content), 3) == right


WRONG: list[tuple[str, str, str | bytes, str]] = [
    (
        "a header of an unknown name",
        "t.txt",
        "mot\nthe\ncat\nsat\n",
        "Line 1 looks like a header: 'mot'",
    ),
    (
        "a row too few",
        "t.txt",
        "the\ncat\n",
        "One token is missing: often that for padding",
    ),
    (
        "a header is no token",
        "t.tsv",
        "token\tn\nthe\t1\ncat\t2\n",
        "has 2 entries.*line 1 is a header",
    ),
    (
        "a count is no header",
        "t.tsv",
        "the\t9\ncat\t7\nsat\t5\non\t3\n",
        "has 4 entries.*line 1 is no header",
    ),
    (
        "Latin-1",
        "t.txt",
        b"the\ncaf\xe9\nsat\n",
        r"line 2, byte 4 of the line is 0xE9.*latin-1",
    ),
    (
        "UTF-16 without a mark",
        "t.txt",
        "the\ncat\n".encode("utf-16-le"),
        "byte of value 0 in line 1",
    ),
    ("gzip", "t.txt", b"\x1f\x8b\x08\x00\xff", "is compressed by gzip. Unpack it"),
    (
        "a spreadsheet",
        "t.xlsx",
        b"PK\x03\x04\x00",
        "zip archive.*Save a spreadsheet as",
    ),
    ("a pickle", "t.pkl", b"\x80\x04\x95", "is a pickle or other binary data"),
    ("Parquet", "t.parquet", b"PAR1\x15", r"Parquet file. Pass pandas\.read_parquet"),
    ("merges", "merges.txt", "#version: 0.2\nt h\nth e\n", "merges.*vocab.json"),
    ("a lone CR", "t.txt", "the\rcat\nsat\n", "line 1 has a carriage return inside"),
    ("JSON number", "t.json", "3", "holds 3; expected a list or dict"),
    ("members", "t.json", '{"idx2word": {"0": "the"}}', r"pass it: d\['idx2word'\]"),
    (
        "a comment above a table",
        "t.csv",
        "# word counts\nword,count\nthe,1\ncat,2\nsat,3\n",
        "2 fields in line 2 and 1 in line 1",
    ),
    (
        "commas without quotes",
        "t.csv",
        "title,year\nHeat, The,1995\nNet, The,1996\nCrash, The,1996\n",
        "3 fields in line 2 and 2 in line 1.*is put in quotes",
    ),
    (
        "a name per line with commas",
        "t.csv",
        "name\nSmith, John\nDoe, Jane\nRoe, Ann\n",
        "2 fields in line 2",
    ),
    (
        "header or blank line",
        "t.txt",
        "word\n\nthe\ncat\n",
        "in two ways.*blank lines are",
    ),
    (
        "two orders from 1 on",
        "t.tsv",
        "id\ttoken\n3\tsat\n1\tthe\n2\tcat\n",
        "in two ways.*'id' is not used.*'id' numbers the rows from 1 on",
    ),
    ("an open quote", "t.csv", 'token,n\n"the,1\ncat,2\n', r"line 3: .*quote"),
    ("broken JSON", "t.json", '["the", "cat"', "no valid JSON: .*line 1"),
    ("deep JSON", "t.json", "[" * 100_000, "no valid JSON: .*recursion"),
    ("a long number", "t.json", '{"the": ' + "9" * 5000 + "}", "no valid JSON: "),
    (
        "two orders",
        "t.tsv",
        "id\ttoken\n2\tsat\n0\tthe\n1\tcat\n",
        "in two ways.*'id' is not used.*'id' numbers",
    ),
    (
        "rows beyond the table",
        "t.tsv",
        "index\ttoken\n0\tthe\n1\tcat\n5\tsat\n",
        "rows 0 to 2, the tokens have 0 to 5",
    ),
    (
        "too many fields",
        "t.tsv",
        "token\tn\nthe\t1\t2\ncat\t3\nsat\t4\n",
        "3 fields in line 2 and 2 in line 1",
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [case[1:] for case in WRONG],
    ids=[case[0] for case in WRONG],
)
def test_a_file_is_refused_in_words(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(ValueError, match=f"(?s){message}"):
        columns(put(tmp_path, name, content), 3)


def test_an_index_from_one_is_right_with_and_without_a_row_for_padding(
    tmp_path: Path,
) -> None:
    path = put(tmp_path, "t.tsv", "index\ttoken\n3\tsat\n1\tthe\n2\tcat\n")
    assert columns(path, 3) == {"token": WORDS}
    assert columns(path, 4) == {"token": ["#0", *WORDS]}


def test_ids_from_one_leave_the_first_row_to_padding(tmp_path: Path) -> None:
    path = put(tmp_path, "t.tsv", "id\ttoken\n1\tthe\n2\tcat\n3\tsat\n")
    assert columns(path, 4)["token"] == ["#0", *WORDS]


def test_arrays_of_numpy_are_read_and_objects_are_not(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.array(WORDS))
    assert columns(tmp_path / "t.npy", 3) == {"token": WORDS}
    np.save(tmp_path / "o.npy", np.array(WORDS, object), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects, which are not read"):
        columns(tmp_path / "o.npy", 3)
