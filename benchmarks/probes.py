"""Probes give the scores that gensim gives for the same vectors, and sooner.

GloVe 6B, 400,000 x 50, with the files that gensim carries: WordSim-353, SimLex-999, and
the analogies of word2vec. Needs ``pip install gensim pyarrow``.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import packages
from measure import Target, ratio, scratch, seconds, skipped, start

import tb_wordembed

TARGET = Target("<=", 1.0)
RESTRICT = 300_000
"""The number of words that gensim looks at by default."""


def main() -> None:
    """Compares the scores, and the time of the analogies."""
    quick = start(__doc__ or "")
    if not all(map(importlib.util.find_spec, ("gensim", "pyarrow"))):
        skipped("probes", "gensim or pyarrow is not installed")
        return
    from gensim.models import KeyedVectors
    from gensim.test.utils import datapath

    table, words = packages.glove()
    theirs = KeyedVectors(table.shape[1])
    theirs.add_vectors(words, table)
    with scratch(2 * table.nbytes) as directory:
        with tb_wordembed.SnapshotWriter(directory) as writer:
            writer.embedding("glove", table, 0, tokens=words)
        series = tb_wordembed.open(directory).series()

        def ours(name: str, restrict_vocab: int | None = RESTRICT) -> Any:
            return series.probe(datapath(name), restrict_vocab=restrict_vocab)[0]

        for name in ("wordsim353.tsv", "simlex999.txt"):
            found = ours(name)
            peer = theirs.evaluate_word_pairs(datapath(name))[1].statistic
            whole = ours(name, None)
            print(
                f"  {name}: {found.value:.6f} of {found.used} pairs, gensim "
                f"{peer:.6f}; with all rows {whole.value:.4f} of {whole.used}"
            )
        name = "questions-words.txt"
        scores: dict[str, Any] = {}

        def own_analogies() -> None:
            scores["ours"] = ours(name)

        def their_analogies() -> None:
            scores["gensim"] = theirs.evaluate_word_analogies(datapath(name))[0]

        own_time = seconds(own_analogies)
        if quick:
            skipped("the analogies of gensim", "they take minutes; not with --quick")
        else:
            ratio(
                "19,544 analogies",
                [own_time] * 2,
                "gensim",
                [seconds(their_analogies)] * 2,
                TARGET,
            )
        print(f"  {name}: {scores}")


if __name__ == "__main__":
    main()
