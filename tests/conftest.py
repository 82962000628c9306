"""Settings that must be made before TensorFlow is imported."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile

# Errors only, and the same numbers whatever the CPU can do.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# Nothing is kept in the caches of whoever runs the tests, nor taken from there.
_CACHE = tempfile.mkdtemp(prefix="wordembed-tests-")
os.environ["TB_WORDEMBED_CACHE_DIR"] = _CACHE
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)

# The browser tests run without it.
with contextlib.suppress(ImportError):
    import hypothesis

    # Machines are shared and noisy: no test fails by the clock.
    hypothesis.settings.register_profile("short", deadline=None, max_examples=40)
    hypothesis.settings.register_profile("long", deadline=None, max_examples=1000)
    # pytest --hypothesis-profile=long takes the other one.
    hypothesis.settings.load_profile("short")
