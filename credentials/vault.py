"""vault://MOUNT/PATH#FIELD: a field of a key/value secret in HashiCorp Vault or OpenBao, through hvac. Never writes to it.

The server tells where a mount ends, and whether it is of version 1 or 2, as it tells the `vault` program.
A token that is logged in for is revoked at once: nothing is left to renew, to cache or to leak.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yunwang.credentials.scheme import Asked

if TYPE_CHECKING:
    import hvac  # type: ignore[import-untyped]

PASSING = (412, 429, 472, 473, 500, 502, 503)
"""Not yet replicated, too many requests, standbys of two kinds, and what passes while a cluster elects or unseals.

https://developer.hashicorp.com/vault/api-docs#http-status-codes, https://developer.hashicorp.com/vault/api-docs/system/health
"""
TRIES = 4
RETRY_AFTER = 30
TIMEOUT = 10.0
"""Seconds: the longest wait that a server may ask for; for one answer."""
Json = dict[str, Any]


def read(asked: Asked) -> str:
    """The field's text. Raises Fatal."""
    try:
        import hvac.exceptions  # type: ignore[import-untyped]
        import requests
    except ModuleNotFoundError:
        raise asked.fatal("needs the library hvac", "install yunwang with its extra: pip install 'yunwang[vault]'") from None
    path, _, field = asked.rest.partition("#")
    address = asked.settings.vault.address or os.environ.get("VAULT_ADDR", "")
    if not address:
        raise asked.fatal(
            "cannot be reached: no server is named", "set secrets.vault.address in yunwang.yaml, or export VAULT_ADDR"
        )
    try:
        with _client(asked, address) as client:
            secret = _secret(asked, client, path)
    except hvac.exceptions.Forbidden:
        raise asked.fatal(
            "may not be read with this token or AppRole", f"is there a mount for {path}, and a policy that allows reading it?"
        ) from None
    except hvac.exceptions.InvalidPath:
        raise asked.fatal("is not there", f"look: vault kv get {path}") from None
    except hvac.exceptions.VaultError as error:  # its text holds the server's answer
        raise asked.fatal(f"cannot be had: {address} answers {type(error).__name__}", "look at the server's audit log") from None
    except requests.exceptions.SSLError:
        remedy = "set secrets.vault.ca to the PEM file of the CA that signed it, or export VAULT_CACERT"
        raise asked.fatal(f"cannot be had: the certificate of {address} is not trusted", remedy) from None
    except requests.exceptions.RetryError:
        raise asked.fatal(
            f"cannot be had: {address} was not ready in {TRIES} tries", "wait until it has a leader; is it sealed?"
        ) from None
    except requests.exceptions.RequestException as error:
        raise asked.fatal(
            f"cannot be had: {address} cannot be reached ({type(error).__name__})", "is it up? is the address right?"
        ) from None
    value = secret.get(field)
    if value is None:
        raise asked.fatal(f"is not there: the secret has no field {field}", f"look: vault kv get {path}")
    if not isinstance(value, str):
        raise asked.fatal("is not text", "store text in the field")
    return value


@contextmanager
def _client(asked: Asked, address: str) -> Iterator[hvac.Client]:
    """A client that is signed in, and tries again what passes."""
    import hvac
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    said = asked.settings.vault
    session = requests.Session()
    session.proxies = requests.utils.get_environ_proxies(address)
    session.verify = str(asked.root / said.ca) if said.ca else os.environ.get("VAULT_CACERT") or True
    session.trust_env = False  # neither another CA by REQUESTS_CA_BUNDLE nor another password by ~/.netrc
    again = Retry(TRIES - 1, status_forcelist=PASSING, allowed_methods=None, backoff_factor=0.3, retry_after_max=RETRY_AFTER)
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    namespace = said.namespace or os.environ.get("VAULT_NAMESPACE")
    client = hvac.Client(url=address, token="", timeout=TIMEOUT, session=session, namespace=namespace)  # no token: hvac would look
    if said.approle_role_id is None:
        client.token = _token(asked)
        yield client
        return
    secret_id = asked.resolve(said.approle_secret_id) if said.approle_secret_id else None
    try:
        client.auth.approle.login(asked.resolve(said.approle_role_id), secret_id, mount_point=said.approle_mount)
    except hvac.exceptions.InvalidRequest:
        remedy = f"make a new secret_id, and put it where {said.approle_secret_id} points"
        raise asked.fatal(f"cannot be had: {address} refuses the AppRole {said.approle_role_id}", remedy) from None
    try:
        yield client
    finally:
        with suppress(hvac.exceptions.VaultError, requests.exceptions.RequestException):
            client.auth.token.revoke_self()


def _token(asked: Asked) -> str:
    if asked.settings.vault.token is not None:
        return asked.resolve(asked.settings.vault.token)
    if token := os.environ.get("VAULT_TOKEN"):
        return token
    with suppress(OSError, UnicodeDecodeError):
        return (Path.home() / ".vault-token").read_text().strip()
    remedy = "set secrets.vault.token or approle_role_id in yunwang.yaml, export VAULT_TOKEN, or run `vault login`"
    raise asked.fatal("needs a token for Vault", remedy)


def _secret(asked: Asked, client: hvac.Client, path: str) -> Json:
    """All fields of the secret. Raises hvac's errors."""
    mount: Json = client.adapter.get(f"/v1/sys/internal/ui/mounts/{path}")["data"]
    if mount.get("type") not in ("kv", "generic"):
        raise asked.fatal(
            "is not in a key/value store", f"vault://MOUNT/PATH#FIELD reads the engine kv; {mount.get('path')} is another"
        )
    at = str(mount["path"]).rstrip("/")
    within = path.removeprefix(f"{at}/")
    if (mount.get("options") or {}).get("version") == "2":
        answer = client.secrets.kv.v2.read_secret_version(within, mount_point=at, raise_on_deleted_version=True)
        fields: Json = answer["data"]["data"]
    else:
        fields = client.secrets.kv.v1.read_secret(within, mount_point=at)["data"]
    return fields
