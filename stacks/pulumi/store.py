"""A backend's files as they lie, where the engine cannot read them itself: locks, checkpoints, their backups. Only reads.

Their layout is that of Pulumi's self-managed backends (.pulumi/meta.yaml, version 1).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from yunwang.inventories.verdict import Fatal, Refused, Retryable
from yunwang.stacks.pulumi.reach import Reach


class Store(Protocol):
    """Files by their keys, `.pulumi/stacks/tenants/zhengwu.finance.json`. Both raise verdicts."""

    def keys(self, prefix: str) -> tuple[str, ...]:
        """All keys that begin so, sorted."""

    def read(self, key: str) -> bytes | None:
        """What stands under a key; None: nothing."""


def store_at(reach: Reach) -> Store:
    """The store of a backend. Raises Refused for a kind whose files we cannot read."""
    match reach.scheme:
        case "file":
            return Folder(Path(urlsplit(reach.url).path))
        case "postgres":
            return Postgres(reach)
        case "s3":
            return Bucket(reach)
        case other:
            raise Refused(
                f"the files of a backend at {other}:// cannot be read by yunwang", remedy="use pulumi cancel, pulumi state repair"
            )


class Folder:
    """Files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keys(self, prefix: str) -> tuple[str, ...]:
        """See Store."""
        folder = self._root / prefix.rpartition("/")[0]
        found = (str(path.relative_to(self._root)) for path in folder.rglob("*") if path.is_file())
        return tuple(sorted(key for key in found if key.startswith(prefix)))

    def read(self, key: str) -> bytes | None:
        """See Store."""
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Fatal(f"{self._root / key} cannot be read: {error.strerror}", remedy="mend its permissions") from None


class Postgres:
    """Rows of one table; the engine puts the database's name before each key."""

    def __init__(self, reach: Reach) -> None:
        parts = urlsplit(reach.url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._table = query.pop("table", "pulumi_state")
        self._folder = parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        self._url = parts._replace(query=urlencode(query)).geturl()
        self._password = reach.password or None
        self._psycopg = _needed("psycopg", "postgres")

    def keys(self, prefix: str) -> tuple[str, ...]:
        """See Store."""
        rows = self._rows("SELECT key FROM {} WHERE starts_with(key, %s) ORDER BY key", self._folder + prefix)
        return tuple(str(key).removeprefix(self._folder) for (key,) in rows)

    def read(self, key: str) -> bytes | None:
        """See Store."""
        rows = self._rows("SELECT decode(data->>'data', 'base64') FROM {} WHERE key = %s", self._folder + key)
        return bytes(rows[0][0]) if rows else None

    def _rows(self, query: str, value: str) -> list[Any]:
        sql = import_module("psycopg.sql")
        try:
            with self._psycopg.connect(self._url, password=self._password, connect_timeout=15) as connection:
                found = connection.execute("SELECT to_regclass(%s)", [self._table]).fetchone()
                if found[0] is None:  # no engine has used it yet
                    return []
                table = sql.Identifier(*self._table.lower().split("."))
                return list(connection.execute(sql.SQL(query).format(table), [value]).fetchall())
        except self._psycopg.Error as error:
            raise Retryable(
                f"the stacks' database does not answer: {str(error).splitlines()[0]}", remedy="see that it runs", delay=5
            ) from None


class Bucket:
    """Objects of S3, and of what speaks as it does."""

    def __init__(self, reach: Reach) -> None:
        parts = urlsplit(reach.url)
        said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        boto3, config = _needed("boto3", "s3"), _needed("botocore.config", "s3")
        self._failed = _needed("botocore.exceptions", "s3")
        plain = said.get("disableSSL", said.get("disable_https", "")).lower() in ("true", "1", "t")
        endpoint = said.get("endpoint")
        if endpoint and "://" not in endpoint:
            endpoint = f"{'http' if plain else 'https'}://{endpoint}"
        by_path = said.get("s3ForcePathStyle", said.get("use_path_style", "")).lower() in ("true", "1", "t")
        self._bucket, self._folder = parts.netloc, parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        own = {"aws_access_key_id": reach.user, "aws_secret_access_key": reach.password} if reach.password else {}
        try:
            self._client = boto3.session.Session(profile_name=said.get("profile")).client(
                "s3",
                endpoint_url=endpoint,
                region_name=said.get("region"),
                config=config.Config(s3={"addressing_style": "path" if by_path else "auto"}, retries={"max_attempts": 3}),
                **own,
            )
        except self._failed.BotoCoreError as error:
            raise self._silent(error) from None

    def keys(self, prefix: str) -> tuple[str, ...]:
        """See Store."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._folder + prefix)
            return tuple(one["Key"].removeprefix(self._folder) for page in pages for one in page.get("Contents", ()))
        except (self._failed.BotoCoreError, self._failed.ClientError) as error:
            raise self._silent(error) from None

    def read(self, key: str) -> bytes | None:
        """See Store."""
        try:
            return bytes(self._client.get_object(Bucket=self._bucket, Key=self._folder + key)["Body"].read())
        except self._client.exceptions.NoSuchKey:
            return None
        except (self._failed.BotoCoreError, self._failed.ClientError) as error:
            raise self._silent(error) from None

    def _silent(self, error: Exception) -> Retryable:
        return Retryable(f"bucket {self._bucket} does not answer: {error}", remedy="see that it can be reached", delay=5)


def _needed(module: str, extra: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError:
        remedy = f"install it: pip install 'yunwang[{extra}]'"
        raise Refused(f"this backend's files are read with {module}", remedy=remedy) from None
