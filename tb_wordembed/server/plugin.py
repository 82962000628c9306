"""The TensorBoard plugin: takes HTTP requests, has them answered, sends responses."""

from __future__ import annotations

import contextlib
import dataclasses
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

import threadpoolctl
from tensorboard import errors
from tensorboard.backend import http_util
from tensorboard.plugins import base_plugin
from werkzeug import wrappers

from tb_wordembed.contract import ROUTES
from tb_wordembed.contract.jobs import PAGE_HEADER
from tb_wordembed.contract.logged import (
    ImageRequest,
    IndexRequest,
    VectorsRequest,
    WebPageRequest,
)
from tb_wordembed.contract.route import Route
from tb_wordembed.errors import NotFoundError
from tb_wordembed.format.metadata import PLUGIN_NAME
from tb_wordembed.server import (
    live_log,
    projector_key,
    projector_page,
    projector_routes,
    wire,
)
from tb_wordembed.server.failures import explain
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.prefetch import FirstAnswers
from tb_wordembed.server.queries.answer import answer
from tb_wordembed.server.queries.context import NO_BOUND, Context
from tb_wordembed.server.queries.logged import image, vectors
from tb_wordembed.server.report.make_report import web_page_job

_HOUR_SECONDS = 60 * 60
_YEAR_SECONDS = 365 * 24 * _HOUR_SECONDS

# TensorBoard imports this from `data/`, in a document whose <base> is
# `data/plugin/wordembed/`. Safari resolves it against the document (WebKit bug 201692)
# and finds the page; other browsers resolve it against the base, and find the route of
# the same name, which imports the page.
_ENTRY = f"/plugin/{PLUGIN_NAME}/static/index.js"
_TO_STATIC = "../../../static/"

WsgiApp = Callable[..., Iterable[bytes]]


class WordEmbedPlugin(base_plugin.TBPlugin):  # type: ignore[misc]
    """Shows how embeddings drift from step to step."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: base_plugin.TBContext) -> None:
        super().__init__(context)
        # Beside a training that keeps all cores busy, threads of a matrix product wait
        # for each other: one by itself is several times as fast.
        threadpoolctl.threadpool_limits(1, user_api="blas")
        self._live = live_log.LiveLog(live_log.sources(context.flags, context.logdir))
        self._jobs = Jobs()
        self._most_rows = getattr(context.flags, "wordembed_most_rows", NO_BOUND)
        self._first_answers = FirstAnswers(self._live.log, self._most_rows)

    def is_active(self) -> bool:
        """Returns whether there is a snapshot. TensorBoard asks often, so the answer
        comes from the index."""
        is_active = self._live.has_snapshots()
        if is_active:
            self._first_answers.start()
        return is_active

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """Returns the address of the page and the name of its tab."""
        return base_plugin.FrontendMetadata(
            es_module_path=_ENTRY, tab_name="Word Embeddings"
        )

    def get_plugin_apps(self) -> dict[str, WsgiApp]:
        """Returns an application for each route of the contract and for the files."""
        answers: dict[str, Callable[[wrappers.Request], wrappers.Response]] = {
            **{f"/{route.name}": partial(self._ask, route) for route in ROUTES},
            _ENTRY: _to_entry,
            "/static/*": _static,
            "/web_page": self._web_page,
            "/image": self._image,
            "/vectors": self._vectors,
            "/projector/*": self._projector,
        }
        return {
            at: wrappers.Request.application(_public_errors()(one))
            for at, one in answers.items()
        }

    def _context(self, request: wrappers.Request, is_newest: bool = False) -> Context:
        """Returns the context of a question, once the log is indexed, or its newest
        state."""
        if is_newest or self._live.log.scanning:
            self._live.refresh()
        page = request.headers.get(PAGE_HEADER, "")[:64]
        return Context(self._live.log, self._jobs, page, self._most_rows)

    def _ask(self, route: Route, request: wrappers.Request) -> wrappers.Response:
        is_post = request.method == "POST"
        more = wire.body_parameters(request.stream) if is_post else {}
        question = wire.parse(route.request, request.args.to_dict() | more)
        context = self._context(request, is_newest=route.request is IndexRequest)
        body, content_type = wire.encode(answer(context, route, question))
        return _respond(request, body, content_type)

    def _image(self, request: wrappers.Request) -> wrappers.Response:
        """Answers with the image of a row; with 204 where it has none."""
        question = wire.parse(ImageRequest, request.args)
        content, kind = image(self._context(request), question)
        status = HTTPStatus.OK if content else HTTPStatus.NO_CONTENT
        expires = _HOUR_SECONDS if question.columns_id else 0
        return _respond(request, content, kind, status, expires=expires)

    def _vectors(self, request: wrappers.Request) -> wrappers.Response:
        """Answers with a file of vectors. The body of a POST names the rows: they may
        be more than an address can hold."""
        question = wire.parse(VectorsRequest, request.args)
        body = request.stream if request.method == "POST" else None
        file = vectors(self._context(request), question, body)
        response = _attachment(file.pieces, file.kind, file.name)
        response.headers["X-About-Bytes"] = str(file.about_bytes)
        return response

    def _web_page(self, request: wrappers.Request) -> wrappers.Response:
        """Answers with a web page in one file, or with the job that makes it."""
        question = wire.parse(WebPageRequest, request.args)
        job, page = web_page_job(self._context(request), question)
        if page is None:
            state = dataclasses.asdict(job)
            return _respond(request, state, wire.JSON, HTTPStatus.ACCEPTED)
        return _attachment(page, "application/octet-stream", "page.html")

    def _projector(self, request: wrappers.Request) -> wrappers.Response:
        """Answers with the standard Projector's page, and answers its requests."""
        key, _, name = request.path.rpartition("/projector/")[2].partition("/")
        encoding, expires = None, 0
        where = projector_key.parse(key)
        log = self._context(request).log
        found = projector_page.find()
        if isinstance(found, str):
            raise NotFoundError(found)
        if name == projector_page.HTML:
            body, kind = found.html, "text/html"
        elif name == projector_page.SCRIPT:
            body, kind, encoding = found.script, "text/javascript", "gzip"
        else:
            body, kind = projector_routes.answer(log, where, name)
            # A table with other numbers has another address.
            expires = _HOUR_SECONDS if name == "tensor" and where.content else 0
        return _respond(request, body, kind, content_encoding=encoding, expires=expires)


class _PublicError(errors.PublicError):  # type: ignore[misc]
    """An error that TensorBoard answers with a status and a message."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        # A path in it may hold what UTF-8 can't.
        super().__init__(message.encode("utf-8", "backslashreplace").decode())
        self.http_code = status.value


@contextlib.contextmanager
def _public_errors() -> Iterator[None]:
    """Turns errors whose messages are for users into answers of TensorBoard."""
    try:
        yield
    except Exception as error:
        found = explain(error)
        if found is None:
            raise
        raise _PublicError(*found) from error


def _respond(
    request: wrappers.Request,
    content: Any,
    kind: str,
    status: HTTPStatus = HTTPStatus.OK,
    **options: Any,
) -> wrappers.Response:
    """Returns an answer as TensorBoard sends it; ``options`` are those of
    ``http_util.Respond``."""
    response: wrappers.Response = http_util.Respond(
        request, content, kind, status.value, **options
    )
    return response


def _attachment(
    content: bytes | Iterable[bytes], kind: str, name: str
) -> wrappers.Response:
    """Returns a file to save, which is made anew each time, as other answers are."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache, must-revalidate",
    }
    return wrappers.Response(content, headers=headers, content_type=kind)


def _to_entry(request: wrappers.Request) -> wrappers.Response:
    """Answers with a module that imports the page. It also imports the files that the
    page imports first: the browser fetches them beside the page, not after it."""
    entry = _page_file("index.js").decode("utf-8")
    begins_with = re.findall(r'from *"\./([\w.-]+)"', entry)
    lines = [f'import "{_TO_STATIC}{name}";\n' for name in begins_with]
    lines.append(f'export {{ render }} from "{_TO_STATIC}index.js";\n')
    return _respond(request, "".join(lines), "text/javascript")


def _page_file(name: str) -> bytes:
    """Returns the content of a file of the page."""
    # Only names that the build makes: none leads to another directory.
    if re.fullmatch(r"([\w-][\w.-]{0,99}/){0,3}[\w-][\w.-]{0,99}", name):
        file = resources.files("tb_wordembed").joinpath("static", *name.split("/"))
        if file.is_file():
            return file.read_bytes()
    raise errors.NotFoundError(f"there is no page file {name[:80]!r}")


def _static(request: wrappers.Request) -> wrappers.Response:
    name = request.path.rpartition("/static/")[2]
    content = _page_file(name)
    kind = "text/javascript" if PurePosixPath(name).suffix == ".js" else None
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    # The build puts a hash of the content into every name but the entry's.
    expires = 0 if name == "index.js" else _YEAR_SECONDS
    return _respond(request, content, kind, expires=expires)
