"""A Keras callback that logs every embedding table of a model while it trains.

The callback of another framework is a module or folder of its own beside this one. What
they share is in ``tb_wordembed/training``.
"""

try:
    import keras  # noqa: F401
except ImportError as error:
    raise ImportError(
        "tb_wordembed.keras needs Keras and a backend for it: pip install tensorflow "
        "(or tensorflow-cpu). Training loops without Keras log with "
        "tb_wordembed.SnapshotWriter"
    ) from error

from tb_wordembed.keras.callback import EmbeddingCallback as EmbeddingCallback
from tb_wordembed.keras.training_state import is_chief as is_chief
