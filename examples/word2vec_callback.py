"""gensim: word2vec on the texts that it carries. Then: tensorboard --logdir runs."""

from pathlib import Path

from gensim.models import Word2Vec
from gensim.test.utils import datapath
from gensim.utils import simple_preprocess

from tb_wordembed.gensim import EmbeddingCallback

texts = Path(datapath("lee_background.cor")).read_text("utf-8").splitlines()
sentences = [simple_preprocess(text) for text in texts]

Word2Vec(
    sentences,
    vector_size=50,
    epochs=5,
    workers=2,
    callbacks=[EmbeddingCallback("runs")],
)
