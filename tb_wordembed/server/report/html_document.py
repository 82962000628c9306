"""The HTML file of a web page: the script, and the data as text."""

from __future__ import annotations

import base64
import hashlib
import html
from importlib import resources

from tb_wordembed.errors import NotFoundError

SCRIPT = "web_page.js"
"""The script in ``static/`` that shows the data; ``frontend/`` is built into it."""

DATA_ID = "wordembed-data"

_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
)
"""No network, and no script but ours, whatever is in the data."""

_DOCUMENT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<script type="text/plain" id="{data_id}">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def page_script() -> bytes:
    """Returns the script, as it can stand between the tags of an HTML file. Raises
    NotFoundError if it was not built."""
    file = resources.files("tb_wordembed") / "static" / SCRIPT
    if not file.is_file():
        raise NotFoundError(
            f"the page is missing: there is no {SCRIPT} in this installation. Build "
            "it with `npm run build` in frontend/, or install the wheel"
        )
    # Escapes that mean the same in strings and expressions: these end a script in HTML.
    script = file.read_bytes().replace(b"\r\n", b"\n")
    return script.replace(b"</script", rb"\x3c/script").replace(b"<!--", rb"\x3c!--")


def document(script: bytes, title: str, data: bytes) -> bytes:
    """Returns the file, from a title that is untrusted text and a frame of answers, as
    ``make`` lays it out."""
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    made = _DOCUMENT.format(
        policy=_POLICY.format(digest=digest),
        title=html.escape(title),
        data_id=DATA_ID,
        data=base64.b64encode(data).decode(),
        script=script.decode("utf-8"),
    )
    return made.encode("utf-8", "xmlcharrefreplace")
