"""``projector_config.pbtxt``: merges our entries with those of others."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from google.protobuf import text_format
from tensorboard.plugins.projector.projector_config_pb2 import (
    EmbeddingInfo,
    ProjectorConfig,
)

CONFIG = "projector_config.pbtxt"
FOLDER = "wordembed_projector"
"""The directory with the files of our entries, in the directory of the run."""

_BEGIN = "# From here on written by tb_wordembed, anew with every snapshot."
_END = "# To here. Everything else in this file is kept."
_OURS = re.compile(
    rf"^{re.escape(_BEGIN)}\n(.*?)^{re.escape(_END)}\n?", re.DOTALL | re.MULTILINE
)


class ConfigError(ValueError):
    """A config that is there can't be read, and is left as it is."""


def unreadable(error: Exception) -> ConfigError:
    """Returns the error for a config that can't be read."""
    return ConfigError(
        f"{CONFIG} can't be read ({error}); it is left as it is, and the Projector "
        "shows no new snapshots. Mend it, or remove it to have it written anew"
    )


def merged(text: str, entries: Sequence[EmbeddingInfo], stems: Collection[str]) -> str:
    """Returns a config with our entries in it.

    Args:
      text: the config that is there, or nothing.
      entries: the entries to add, with paths below the directory of the run.
      stems: the beginnings of the file names of the entries of ours that these take the
        place of.

    Raises:
      ConfigError: the config can't be read. Says where.
    """
    rest = _OURS.sub("", text)
    others = _parsed(rest)
    if any(map(_is_ours, others.embeddings)):
        # Another program wrote the whole file anew, and with it our entries.
        others = _parsed(text, exact=True)
        kept = [one for one in others.embeddings if not _is_ours(one)]
        del others.embeddings[:]
        others.embeddings.extend(kept)
        rest = text_format.MessageToString(others, as_utf8=True)
    replaced = tuple(f"{FOLDER}/{stem}." for stem in stems)
    ours = [
        one
        for one in _parsed(text).embeddings
        if _is_ours(one) and not one.tensor_path.startswith(replaced)
    ]
    taken = {_canonical(one.tensor_name) for one in (*others.embeddings, *ours)}
    for entry in entries:
        while _canonical(entry.tensor_name) in taken:
            entry.tensor_name += " (tb_wordembed)"
        taken.add(_canonical(entry.tensor_name))
        ours.append(entry)
    body = text_format.MessageToString(ProjectorConfig(embeddings=ours), as_utf8=True)
    before = f"{rest.rstrip()}\n\n" if rest.strip() else ""
    return f"{before}{_BEGIN}\n{body}{_END}\n"


def files(text: str) -> set[str]:
    """Returns the files that our entries of a config name. Raises ConfigError where the
    config can't be read."""
    ours = filter(_is_ours, _parsed(text).embeddings)
    return {path for one in ours for path in (one.tensor_path, one.metadata_path)}


def _is_ours(one: EmbeddingInfo) -> bool:
    return bool(one.tensor_path.startswith(f"{FOLDER}/"))


def _canonical(name: str) -> str:
    return name.removesuffix(":0")


def _parsed(text: str, *, exact: bool = False) -> ProjectorConfig:
    """Parses a config; unless ``exact``, fields of a newer TensorBoard are accepted."""
    config = ProjectorConfig()
    try:
        text_format.Parse(text, config, allow_unknown_field=not exact)
    except text_format.ParseError as error:
        raise unreadable(error) from error
    return config
