"""Tokens that formats and command lines stumble over."""

from __future__ import annotations

HOSTILE = [
    *("", " ", "  ", "\t", "\n", "\r", "\r\n", "a\rb", "a\nb", "a\tb", "\ra", "a\r"),
    *(" a", "a ", "a b", "a_b", "_", "__", "\u00a0", "\u3000", "\u2028", "\u2029"),
    *("\x00", "a\x00", "a\x00b", "\x00\x00", r"a\x00", "\x01", "\x1b[31m", "\x7f"),
    *("\x85", "\x1c", "\x0b", "\x0c", "\ufeff", "\ufeffa", "\u200b", "\u200d"),
    *("#", "#0", "#1", "# a", "#²", "-", "--", "---", "-LRB-", "-k", "--format", "-1"),
    *("--run=x", "-h", "--help", "=cmd()", "=1+1", "+1", "@SUM(A1)", "'=a", "'"),
    *('"', '""', 'a"b', '"a"', "'a'", "`", "\\", "\\n", "\\t", "a,b", ",", ";"),
    *("&", "%", "%41", "?", "a/b", "..", ".", "+", "<b>", "&amp;", "<script>", "${x}"),
    *("good", "GOOD", "NaN", "nan", "null", "None", "true", "1", "1e3", "inf", "0x1"),
    *("(empty)", "(blank)", "café", "cafe\u0301", "日本", "😀", "👨\u200d👩\u200d👧"),
    *("\u202eabc", "\u200fא", "שלום", "مرحبا", "ｆｕｌｌ", "ß", "ẞ", "İ", "ﬁ"),
    *("\ufffd", "\ue000", "\U0010ffff", "\ufffe", "x" * 300, "é" * 70_000),
]
"""All that may be logged: lone surrogates become U+FFFD when they are."""
