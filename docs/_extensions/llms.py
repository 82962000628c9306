"""The file ``llms.txt`` of the site: each page with its title and its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx


def _lines(app: Sphinx) -> Iterator[str]:
    first = app.env.get_doctree("index")
    yield f"# {app.config.project}\n\n> {_beginning(first)}\n"
    for name in sorted(app.env.found_docs - {"index"}):
        title = app.env.titles[name].astext()
        summary = _beginning(app.env.get_doctree(name))
        yield f"- [{title}]({app.builder.get_target_uri(name)}): {summary}"


def _beginning(page: nodes.document) -> str:
    paragraph = next(iter(page.findall(nodes.paragraph)), None)
    return "" if paragraph is None else " ".join(paragraph.astext().split())


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        Path(app.outdir, "llms.txt").write_text("\n".join(_lines(app)) + "\n", "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Writes the file when the pages are written."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
