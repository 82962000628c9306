"""The demo: a Keras sentiment classifier that learns from real movie reviews.

``tb-wordembed demo`` trains it and leaves a log for ``tensorboard --logdir runs``.
"""

from tb_wordembed.demo.train import add_arguments, run

__all__ = ["add_arguments", "run"]
