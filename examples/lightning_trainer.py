"""Lightning: a callback. Then: tensorboard --logdir lightning_logs."""

import lightning
import torch
from torch import nn

from tb_wordembed.lightning import EmbeddingCallback


class Movies(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.movies = nn.Embedding(50, 8)

    def training_step(self, seen_together, _):
        one, other = self.movies(seen_together).unbind(1)
        return nn.functional.mse_loss((one * other).sum(1), torch.ones(len(one)))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


callback = EmbeddingCallback(tokens=[f"movie {row}" for row in range(50)])
trainer = lightning.Trainer(max_epochs=3, accelerator="cpu", callbacks=[callback])
trainer.fit(Movies(), torch.utils.data.DataLoader(torch.randint(50, (200, 2)), 20))
