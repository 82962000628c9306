"""``tb-wordembed import``: logs the tables in files of other programs."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

import tb_wordembed
from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import printable
from tb_wordembed.format.metadata import TABLE_DTYPES

_FILES = """\
what is read:
  .weights.h5, .keras         Keras (needs h5py)
  .index, a SavedModel        checkpoints of TensorFlow (need tensorflow)
  .pt, .pth, .bin, .ckpt      checkpoints of PyTorch, tensors only (need torch)
  .safetensors, .index.json   models, also in several files
  .txt, .vec, .bin            word2vec, GloVe and fastText; .bin of word2vec only
  .npy, .npz                  NumPy
  .parquet, .feather, .arrow  a column of lists, or columns of floats (need pyarrow)
  a directory of zarr         an array, or arrays in a group (need zarr)
  projector_config.pbtxt      what the Projector shows, also logs of add_embedding
  a directory                 with one of these in it, such as checkpoint-500
A pickle is never executed.
"""


def add(commands: Commands) -> None:
    """Adds the command ``import``."""
    parser = commands.add_parser(
        "import",
        help="log the tables in checkpoints, word vectors and other files",
        description="Logs the tables in files as snapshots, one step for each file.",
        epilog=_FILES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_logdir(parser)
    parser.add_argument("files", nargs="+", metavar="FILE", help="see below")
    parser.add_argument(
        "--key",
        action="append",
        help="which table of a file, by its name in it or a part of that; needed if "
        "there are several",
    )
    parser.add_argument(
        "--tokens",
        metavar="FILE",
        help="the token of each row (those in the file, or in a tokenizer.json, "
        "vocab.txt or metadata.tsv beside it)",
    )
    parser.add_argument(
        "--rows",
        type=_rows,
        help="the rows to log: top:50000 for the most frequent ones, if the tokens "
        "have a column frequency or count; 0:50000 for a range; or numbers, such as "
        "3,17,29 (all)",
    )
    parser.add_argument(
        "--step-from",
        metavar="REGEX",
        help="finds the step in the path of a file, with a group around the number "
        "(the number in which the paths differ, or else 0, 1, 2, ...)",
    )
    parser.add_argument("--run", help="(imported, or imported-2 if that is taken)")
    parser.add_argument("--tag", help="the name of the table (its key, or the file's)")
    parser.add_argument("--dtype", choices=TABLE_DTYPES, help="(its own)")
    parser.set_defaults(command=_import)


def _rows(text: str) -> Any:
    """Returns rows as ``tb_wordembed.import_tables`` takes them."""
    if text.startswith("top:"):
        return text
    if re.fullmatch(r"\d+(,\d+)*", text):
        return [int(one) for one in text.split(",")]
    if re.fullmatch(r"\d*:\d*", text):
        return slice(*(int(one) if one else None for one in text.split(":")))
    raise argparse.ArgumentTypeError(
        f"{text!r}: expected top:50000, a range such as 0:50000, or numbers of rows "
        "such as 3,17,29"
    )


def _import(options: Options) -> int:
    key, *more = options.key or [None]
    if more:
        raise ValueError(
            f"--key names {1 + len(more)} tables, and an import logs one. Call the "
            "command once for each"
        )
    with common.progress() as show:

        def progress(share: float, message: str) -> None:
            if message:
                sys.stdout.write(f"{clear}{printable(message)}\n")
                sys.stdout.flush()
            show(share)

        clear = "\r\x1b[K" if sys.stderr.isatty() else ""
        done = tb_wordembed.import_tables(
            options.logdir,
            options.files,
            key=key,
            tokens=options.tokens,
            rows=options.rows,
            step_from=options.step_from,
            run=options.run,
            tag=options.tag,
            dtype=options.dtype,
            progress=progress,
        )
    sys.stdout.write(printable(f"Logged as {done.tag} to {done.directory}") + "\n")
    return 0
