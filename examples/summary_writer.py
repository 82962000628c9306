"""A SummaryWriter and add_embedding, as in PyTorch. Then: tensorboard --logdir runs."""

import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tb_wordembed.torch import EmbeddingLogger

TEXTS = ["good fun", "great fun", "good story", "bad story", "dull plot", "awful plot"]
RATINGS = torch.tensor([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
words = sorted({word for text in TEXTS for word in text.split()})
rows = torch.tensor([[words.index(word) for word in text.split()] for text in TEXTS])

model = nn.Sequential(nn.EmbeddingBag(len(words), 8), nn.Linear(8, 1), nn.Flatten(0))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
with SummaryWriter("runs") as writer, EmbeddingLogger(writer) as embeddings:
    for epoch in range(10):
        embeddings.add_embedding(model[0].weight, words, global_step=epoch)
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(model(rows), RATINGS)
        loss.backward()
        optimizer.step()
        writer.add_scalar("loss", loss.item(), epoch)
