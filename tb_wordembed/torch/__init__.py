"""Logs the embedding tables of a PyTorch model while it trains, with one line."""

try:
    import torch  # noqa: F401
except ImportError as error:
    raise ImportError(
        "tb_wordembed.torch needs PyTorch: pip install torch. Training loops without "
        "it log with tb_wordembed.SnapshotWriter"
    ) from error

from tb_wordembed.torch.logger import EmbeddingLogger as EmbeddingLogger
