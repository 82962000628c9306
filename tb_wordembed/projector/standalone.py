"""Files for the Projector's web site: a config that its ``?config=`` loads, and the
tables and columns that this names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote

from tb_wordembed.projector.files import Prepared, Shown, prepare
from tb_wordembed.projector.labels import tsv
from tb_wordembed.projector.names import file_stem, tensor_names

CONFIG = "projector_config.json"
SITE = "https://projector.tensorflow.org/?config="


def write(
    directory: Path, url: str, tables: Mapping[str, Mapping[str, Sequence[Shown]]]
) -> str:
    """Writes a config and what it names, to be served below an address.

    The site reads them in the browser of whoever looks, so the server must allow other
    origins (``Access-Control-Allow-Origin``), and an ``https`` site loads no ``http``.
    It takes a tensor whose path ends in ``.bytes`` for raw float32, any other for text.

    Args:
      directory: to write to; made if need be. Files of the same names are replaced.
      url: where the files of the directory will be found.
      tables: by run and tag, those to show; the first is opened.

    Returns:
      The address of the Projector on them.

    Raises:
      ValueError: the address is none, or the Projector can't show a table.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(
            f"{url!r}: expected the address where the files will be served, such as "
            "https://example.com/embeddings"
        )
    base = url.rstrip("/")
    directory.mkdir(parents=True, exist_ok=True)
    embeddings = []
    for run, by_tag in tables.items():
        for tag, shown in by_tag.items():
            names = tensor_names(tag, [one.step for one in shown])
            # The site opens the first; by name that is the latest step.
            for name, one in sorted(zip(names, shown, strict=True), key=itemgetter(0)):
                found = prepare(tag, one)
                stem = f"{file_stem(f'{run}/{tag}')}.step{one.step}"
                _put(directory, stem, found)
                embeddings.append(
                    {
                        "tensorName": name if len(tables) == 1 else f"{run}: {name}",
                        "tensorShape": list(found.numbers.shape),
                        "tensorPath": f"{base}/{quote(stem)}.bytes",
                        "metadataPath": f"{base}/{quote(stem)}.tsv",
                    }
                )
    text = json.dumps({"embeddings": embeddings}, indent=2, ensure_ascii=False)
    (directory / CONFIG).write_text(f"{text}\n", "utf-8")
    return f"{SITE}{quote(f'{base}/{CONFIG}', safe='')}"


def _put(directory: Path, stem: str, found: Prepared) -> None:
    (directory / f"{stem}.bytes").write_bytes(found.numbers.data)
    (directory / f"{stem}.tsv").write_bytes(tsv(found.columns))
