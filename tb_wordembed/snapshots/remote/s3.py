"""Reads S3 through boto3, as TensorBoard does without TensorFlow."""

from __future__ import annotations

import os
from typing import Any

from tb_wordembed.format.paths import join
from tb_wordembed.snapshots.local_files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote.range_reads import Ranges


class S3:
    """S3, with the credentials that boto3 finds."""

    def __init__(self) -> None:
        import boto3

        # A session of our own: the default one must not be used by several threads.
        self._client = boto3.session.Session().client(
            "s3", endpoint_url=os.environ.get("S3_ENDPOINT")
        )

    def listing(self, directory: str) -> Listing:
        """Lists all event files below a directory, a thousand files per request."""
        bucket, prefix = _bucket_and_key(join(directory, ""))
        pages = self._client.get_paginator("list_objects_v2")
        listing = Listing()
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            for one in page.get("Contents", []):
                if is_event_file(one["Key"].rpartition("/")[2]):
                    modified = int(one["LastModified"].timestamp() * 1e9)
                    stat = Stat(0, 0, one["Size"], modified, one["ETag"])
                    listing.files.append((one["Key"][len(prefix) :], stat))
        return listing

    def open(self, path: str, end: int) -> Ranges:
        """Opens a file to read it up to ``end``."""
        return _File(self._client, path, end)


class _File(Ranges):
    def __init__(self, client: Any, path: str, end: int) -> None:
        super().__init__(path, end)
        self._client = client
        self._bucket, self._key = _bucket_and_key(path)

    def fetch(self, offset: int, length: int) -> bytes:
        errors = self._client.exceptions
        bytes_range = f"bytes={offset}-{offset + length - 1}"
        try:
            found = self._client.get_object(
                Bucket=self._bucket, Key=self._key, Range=bytes_range
            )
            data: bytes = found["Body"].read()
            return data
        except errors.NoSuchKey as error:
            raise FileNotFoundError(self.path) from error
        except errors.ClientError as error:
            if error.response["Error"]["Code"] == "InvalidRange":
                # The file ends before the offset.
                return b""
            raise


def _bucket_and_key(path: str) -> tuple[str, str]:
    bucket, _, key = path.partition("://")[2].partition("/")
    return bucket, key
