"""Files for the Projector's web site: a config for its ``?config=``, and tables."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote

from tb_wordembed.format.paths import replace_file
from tb_wordembed.projector.names import file_stem, tensor_names
from tb_wordembed.projector.tab_files import Shown, prepare

CONFIG = "projector_config.json"
SITE = "https://projector.tensorflow.org/?config="

_OUR_TENSOR = re.compile(r"-[0-9a-f]{8}\.step-?\d+\.bytes$")
"""The end of each ``tensorPath`` in a config of ours."""


def write(
    directory: Path, url: str, tables: Mapping[str, Mapping[str, Sequence[Shown]]]
) -> str:
    """Writes a config and the files that it names, to be served below an address.

    The site reads them in the user's browser, so the server must allow other origins
    (``Access-Control-Allow-Origin``), and an ``https`` site loads no ``http``. The site
    takes a tensor whose path ends in ``.bytes`` for raw float32, any other for text.

    Args:
      directory: the local directory to write to, made if need be. Files of an
        earlier export are replaced.
      url: the address at which the files of the directory will be served.
      tables: the tables to show, by run and tag; the site opens the first.

    Returns:
      The address of the Projector with these tables.

    Raises:
      FileExistsError: the directory holds a config that was not exported by us.
      ValueError: the address is none, or the Projector can't show a table.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(
            f"{url!r}: expected the address where the files will be served, such as "
            "https://example.com/embeddings"
        )
    base = url.rstrip("/")
    _check_is_ours(directory / CONFIG)
    directory.mkdir(parents=True, exist_ok=True)
    embeddings = []
    for run, by_tag in tables.items():
        for tag, shown in by_tag.items():
            names = tensor_names(tag, [one.step for one in shown])
            # The site opens the first; by name that is the latest step.
            for name, one in sorted(zip(names, shown, strict=True), key=itemgetter(0)):
                _, numbers, labels = prepare(tag, one)
                stem = f"{file_stem(f'{run}/{tag}')}.step{one.step}"
                content = numbers.reshape(-1).view("u1").data
                replace_file(directory / f"{stem}.bytes", content)
                replace_file(directory / f"{stem}.tsv", labels)
                embeddings.append(
                    {
                        "tensorName": name if len(tables) == 1 else f"{run}: {name}",
                        "tensorShape": list(numbers.shape),
                        "tensorPath": f"{base}/{quote(stem)}.bytes",
                        "metadataPath": f"{base}/{quote(stem)}.tsv",
                    }
                )
    text = json.dumps({"embeddings": embeddings}, indent=2, ensure_ascii=False)
    replace_file(directory / CONFIG, f"{text}\n".encode())
    return f"{SITE}{quote(f'{base}/{CONFIG}', safe='')}"


def _check_is_ours(path: Path) -> None:
    """Raises FileExistsError if there is a config that an export did not write."""
    if not os.path.lexists(path):
        return
    try:
        listed = json.loads(path.read_bytes())["embeddings"]
        is_ours = all(_OUR_TENSOR.search(one["tensorPath"]) for one in listed)
    except (OSError, ValueError, LookupError, TypeError):
        is_ours = False
    if path.is_symlink() or not is_ours or not listed:
        raise FileExistsError(
            f"{path} is there already and was not written by tb-wordembed export; name "
            "another directory with -o, or remove that file"
        )
