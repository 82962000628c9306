"""``projector_config.pbtxt``: merges our entries with those of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from google.protobuf import text_format
from tensorboard.plugins.projector.projector_config_pb2 import (
    EmbeddingInfo,
    ProjectorConfig,
)

CONFIG = "projector_config.pbtxt"
FOLDER = "wordembed_projector"
"""Where the files of our entries are, in the directory of the run."""

_BEGIN = "# From here on written by tb_wordembed, anew with every snapshot."
_END = "# To here. Everything else in this file is kept."
_OURS = re.compile(
    rf"^{re.escape(_BEGIN)}\n(.*?)^{re.escape(_END)}\n?", re.DOTALL | re.MULTILINE
)


class ConfigError(ValueError):
    """A config that is there can't be read, and is left as it is."""


@dataclass(frozen=True)
class Entry:
    """A tensor for the Projector to show. Paths are below the directory of the run."""

    tensor_name: str
    shape: tuple[int, int]
    tensor_path: str
    metadata_path: str


def merged(
    text: str, entries: Sequence[Entry], is_replaced: Callable[[str], bool]
) -> str:
    """A config with our entries in it.

    Args:
      text: the config that is there, or nothing.
      entries: to be in it from now on.
      is_replaced: whether these take the place of one of ours, told by its
        ``tensor_path``.

    Raises:
      ConfigError: it can't be read. Says where.
    """
    config = _parsed(text)
    rest = _OURS.sub("", text)
    others = _parsed(rest)
    if any(map(_is_ours, others.embeddings)):
        # Somebody else wrote the whole file anew, and with it our entries.
        rest = _without_ours(text)
        others = _parsed(rest)
    ours = [
        one
        for one in config.embeddings
        if _is_ours(one) and not is_replaced(one.tensor_path)
    ]
    taken = {_canonical(one.tensor_name) for one in (*others.embeddings, *ours)}
    for entry in entries:
        name = entry.tensor_name
        while _canonical(name) in taken:
            name += " (tb_wordembed)"
        taken.add(_canonical(name))
        ours.append(
            EmbeddingInfo(
                tensor_name=name,
                tensor_shape=entry.shape,
                tensor_path=entry.tensor_path,
                metadata_path=entry.metadata_path,
            )
        )
    body = text_format.MessageToString(ProjectorConfig(embeddings=ours), as_utf8=True)
    before = f"{rest.rstrip()}\n\n" if rest.strip() else ""
    return f"{before}{_BEGIN}\n{body}{_END}\n"


def files(text: str) -> set[str]:
    """The files that our entries of a config name."""
    ours = filter(_is_ours, _parsed(text).embeddings)
    return {path for one in ours for path in (one.tensor_path, one.metadata_path)}


def _is_ours(one: EmbeddingInfo) -> bool:
    return bool(one.tensor_path.startswith(f"{FOLDER}/"))


def _canonical(name: str) -> str:
    return name.removesuffix(":0")


def _parsed(text: str) -> ProjectorConfig:
    config = ProjectorConfig()
    try:
        # A newer TensorBoard may know more fields.
        text_format.Parse(text, config, allow_unknown_field=True)
    except text_format.ParseError as error:
        raise ConfigError(
            f"{CONFIG} can't be read ({error}); it is left as it is, and the Projector "
            "shows no new snapshots. Mend it, or remove it to have it written anew"
        ) from error
    return config


def _without_ours(text: str) -> str:
    config = ProjectorConfig()
    try:
        text_format.Parse(text, config)
    except text_format.ParseError as error:
        raise ConfigError(
            f"{CONFIG} has fields that this TensorBoard doesn't know ({error}); it is "
            "left as it is, and the Projector shows no new snapshots"
        ) from error
    kept = [one for one in config.embeddings if not _is_ours(one)]
    del config.embeddings[:]
    config.embeddings.extend(kept)
    return str(text_format.MessageToString(config, as_utf8=True))
