"""What SSH may use: today's algorithms, and the old ones that a device is allowed by name. Never weakens what another one gets.

paramiko 5 offers CBC ciphers and MD5 to everybody and has no key exchange and no RSA signature with SHA-1 at all.
Of its ciphers those that authenticate themselves (GCM) go first, as in OpenSSH: they need no MAC, which it compares byte by byte.
Sources: RFC 4253, 4419, 2409 (group 1), 8332, 9142.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha1
from typing import Any, get_args

import paramiko
from cryptography.hazmat.primitives import hashes
from paramiko.kex_gex import KexGexSHA256
from paramiko.kex_group14 import KexGroup14SHA256

from yunwang.inventories.reach import LegacyAlgorithm

LEGACY: tuple[str, ...] = get_args(LegacyAlgorithm)


class Sha1Key(paramiko.RSAKey):
    """An RSA key that signs and verifies with SHA-1 too (`ssh-rsa`)."""

    HASHES = {**paramiko.RSAKey.HASHES, "ssh-rsa": hashes.SHA1}  # type: ignore[misc]  # noqa: RUF012  # it is final only to mypy


class _Group14Sha1(KexGroup14SHA256):
    name = "diffie-hellman-group14-sha1"
    hash_algo = sha1


class _Group1Sha1(_Group14Sha1):
    name = "diffie-hellman-group1-sha1"
    P = int(
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
        "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
        "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
        16,
    )


class _GroupExchangeSha1(KexGexSHA256):
    name = "diffie-hellman-group-exchange-sha1"
    hash_algo = sha1


_OLD_KEX = {kex.name: kex for kex in (_Group14Sha1, _GroupExchangeSha1, _Group1Sha1)}


@lru_cache(64)
def transport(legacy: tuple[str, ...], known: tuple[str, ...]) -> Any:
    """The class of a transport that offers today's algorithms, then those of `legacy`; of keys, first what a host is `known` by."""
    base: Any = paramiko.Transport

    def offered(names: Sequence[str], old: Sequence[str] = ()) -> tuple[str, ...]:
        return (*(name for name in names if name not in LEGACY), *(name for name in (*names, *old) if name in legacy))

    keys = offered(base._preferred_keys, ("ssh-rsa",))
    kinds = [kind for kind in keys if kind in known or ("ssh-rsa" in known and kind.startswith("rsa-sha2"))]
    body = {
        "_preferred_kex": offered(base._preferred_kex, tuple(_OLD_KEX)),
        "_preferred_keys": (*kinds, *(kind for kind in keys if kind not in kinds)),
        "_preferred_pubkeys": offered(base._preferred_pubkeys, ("ssh-rsa",)),
        "_preferred_ciphers": offered(sorted(base._preferred_ciphers, key=lambda name: "-gcm@" not in name)),
        "_preferred_macs": offered(base._preferred_macs),
        "_kex_info": {**base._kex_info, **_OLD_KEX},
        "_key_info": {**base._key_info, "ssh-rsa": Sha1Key},
    }
    return type("Transport", (paramiko.Transport,), body)
