"""The static table of sentence-transformers is found by PyTorch's logger."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
sentence_transformers = pytest.importorskip("sentence_transformers")

from sentence_transformers.models import StaticEmbedding  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

import tb_wordembed  # noqa: E402
from tb_wordembed.torch import EmbeddingLogger  # noqa: E402

WORDS = ["good", "bad", "story", "plot"]


def test_a_static_embedding_is_logged_with_its_tokens(tmp_path: Path) -> None:
    rows = {word: row for row, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(rows))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    static = StaticEmbedding(tokenizer, embedding_dim=3)
    model = sentence_transformers.SentenceTransformer(modules=[static], device="cpu")
    with EmbeddingLogger(tmp_path, model, tokens=static.tokenizer) as embeddings:
        static.embedding.weight.data += 1
        embeddings.step()
    series = tb_wordembed.open(tmp_path).series()
    assert series.tokens == WORDS
    assert np.array_equal(series.table(1), static.embedding.weight.detach().numpy())
    encoded = model.encode(["good plot"])[0]
    np.testing.assert_allclose(series.table(1)[[0, 3]].mean(0), encoded, rtol=1e-5)
