"""Maps errors to an HTTP status and a message for the user."""

from __future__ import annotations

import errno
from http import HTTPStatus

from tb_wordembed.errors import NotFoundError
from tb_wordembed.snapshots.local_files import FileChangedError, RemoteError
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

# Without the name of the file: the page shows equal messages only once.
_CHANGED = (
    "the log changed: a file was deleted, moved, replaced or cut short since it was "
    "indexed; reload to see what is there"
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def explain(error: BaseException) -> tuple[HTTPStatus, str] | None:
    """Returns the status and the message of an error whose message is for users; None
    for any other error, which is a defect of ours."""
    if isinstance(error, (NotFoundError, DamagedSnapshotError, RemoteError)):
        return HTTPStatus.NOT_FOUND, str(error)
    if isinstance(error, ValueError):
        return HTTPStatus.BAD_REQUEST, str(error)
    if isinstance(error, ImportError):
        return HTTPStatus.NOT_IMPLEMENTED, str(error)
    if isinstance(error, (FileNotFoundError, FileChangedError)):
        return HTTPStatus.NOT_FOUND, _CHANGED
    if isinstance(error, PermissionError):
        return HTTPStatus.FORBIDDEN, f"TensorBoard is not permitted to do this: {error}"
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        full = f"the disk of the machine that runs TensorBoard is full: {error}"
        return HTTPStatus.INSUFFICIENT_STORAGE, full
    if isinstance(error, OSError):
        return HTTPStatus.INTERNAL_SERVER_ERROR, f"the log can't be read: {error}"
    return None
