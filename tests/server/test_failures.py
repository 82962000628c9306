"""Errors of the machine, and the HTTP status and message that they become."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Any

import pytest
from golden_log import write_log
from plugins import getter, plugin_on

from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.snapshots.local_files import FileChangedError, RemoteError

DRIFT = {"run": "embeddings", "tag": "words", "from_step": 0, "to_step": 1}


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "a"), 404, "log changed"),
        (FileChangedError("a was replaced"), 404, "log changed"),
        (RemoteError("s3://a", "no access"), 404, "s3://a: no access"),
        (PermissionError(errno.EACCES, "Permission denied", "a"), 403, "not permitted"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507, "is full.*quota"),
        (OSError(errno.EIO, "Input/output error"), 500, "can't be read.*Input/output"),
        (ImportError("pip install it"), 501, "pip install it"),
        (ValueError("k is 0"), 400, "k is 0"),
    ],
)
def test_an_error_of_the_machine_says_what_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    message: str,
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise error

    write_log(tmp_path)
    get = getter(plugin_on(logdir=str(tmp_path)))
    monkeypatch.setattr(Series, "drift", fail)
    response = get("drift", **DRIFT)
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert re.search(message, response.text)
    assert Jobs().submit("key", fail).wait(30).error == response.text
