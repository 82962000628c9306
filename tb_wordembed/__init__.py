"""Logs an embedding table at every epoch and shows in TensorBoard how it drifts.

- ``tb_wordembed.keras.EmbeddingCallback``: one line in a Keras training script.
- ``tb_wordembed.summary.embedding``: in a custom loop, like ``tf.summary.histogram``.
- ``tb_wordembed.torch.EmbeddingLogger``: one line in a loop with PyTorch.
- ``tb_wordembed.lightning.EmbeddingCallback``, ``tb_wordembed.transformers
  .EmbeddingCallback``: one line with Lightning, or with the Trainer of Hugging Face.
- ``tb_wordembed.gensim.EmbeddingCallback``: one line with gensim.
- ``tb_wordembed.SnapshotWriter``: from anything else, without TensorFlow.
- ``tb_wordembed.import_tables``: logs the tables in files of other programs.
- ``tb_wordembed.open``: reads a log back.

Importing this package loads neither TensorFlow nor TensorBoard: its names are looked
up when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tb_wordembed import gensim, keras, lightning, summary, torch, transformers
    from tb_wordembed.read.log import open
    from tb_wordembed.read.reference import Reference
    from tb_wordembed.write.import_tables import import_tables
    from tb_wordembed.write.writer import SnapshotWriter

__version__ = "1.0.0"
__all__ = [
    "Reference",
    "SnapshotWriter",
    "__version__",
    "gensim",
    "import_tables",
    "keras",
    "lightning",
    "open",
    "summary",
    "torch",
    "transformers",
]

_HOMES = {
    "Reference": "read.reference",
    "SnapshotWriter": "write.writer",
    "import_tables": "write.import_tables",
    "open": "read.log",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
