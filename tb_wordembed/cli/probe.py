"""``tb-wordembed probe``: scores a table, step by step, against a file."""

from __future__ import annotations

from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.read.log import Log
from tb_wordembed.read.probe_files import read_probe

_FILES = """\
what a file holds is recognized by its lines:
  word word 7.3           how similar people find two words: rank correlation with the
                          cosines, spearman
  word word word word     a is to b as c is to d: the share of questions answered by
                          the token nearest to b - a + c, accuracy
  word class              the share of words nearest to the centroid of their own
                          class, accuracy
  name: word, word, ...   four lines, two sets of targets and two of attributes: the
                          effect_size of WEAT
"""


def add(commands: Commands) -> None:
    """Adds the command ``probe``."""
    summary = "score a table against what people know about words, step by step"
    probe = common.add_command(commands, "probe", _probe, summary, epilog=_FILES)
    probe.add_argument("file", help="see below")
    common.add_series(probe)
    probe.add_argument("--step", type=int, help="(all)")
    probe.add_argument(
        "--restrict-vocab",
        type=common.count,
        metavar="N",
        help="look at the first N rows only, as gensim does (all)",
    )


def _probe(log: Log, options: Options) -> None:
    asked = read_probe(options.file)
    scores = log.series(options.run, options.tag).probe(
        asked,
        None if options.step is None else [options.step],
        restrict_vocab=options.restrict_vocab,
    )
    common.write(
        options,
        [
            {"step": one.step, asked.measure: one.value, "used": one.used}
            for one in scores
        ],
    )
    common.remark(options, f"used of {len(asked.items):,} in the file")
