"""The wire contract, which lists all HTTP routes: what the page asks, what it gets.

This package is the only place where the contract is written. A module holds the
requests, responses and routes of one subject; the functions that answer them are in the
module of the same name in ``tb_wordembed.server.queries``. ``scripts/generate``
derives the JSON Schema (docs/contract.schema.json), the TypeScript types
(frontend/src/api/contract.gen.ts) and docs/http_api.md from this package, and the tests
fail when they are out of date.

A request's fields are query parameters; a field with a default may be left out.
A response is JSON, unless one of its fields is an array: then it is a frame (see
``tb_wordembed.server.frames``), with the other fields as JSON in its header.
Non-finite numbers are ``null`` in JSON and NaN in arrays.
"""

from __future__ import annotations

from tb_wordembed.contract import (
    axes,
    drift,
    findings,
    groups,
    health,
    jobs,
    large_tables,
    layouts,
    logged,
    neighbors,
    noise,
    projector,
)

SUBJECTS = (
    logged,
    layouts,
    drift,
    noise,
    groups,
    health,
    neighbors,
    axes,
    findings,
    jobs,
    projector,
    large_tables,
)
"""The modules of the contract, in the order of docs/http_api.md."""

ROUTES = tuple(route for subject in SUBJECTS for route in subject.ROUTES)
ROUTES_BY_NAME = {route.name: route for route in ROUTES}
