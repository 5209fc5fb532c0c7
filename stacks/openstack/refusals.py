"""What a cloud's no means, in a sentence with a remedy. Never sends anything; never repeats a secret."""

from __future__ import annotations

import re
from typing import Any

from yunwang.inventories.verdict import Fatal, Retryable, Verdict

_QUOTA = re.compile(r"quota|limit exceeded|exceeds allowed", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


class Silent(Retryable):
    """It took the request and did not answer in time."""


class Denied(Fatal):
    """The account may not."""


class Taken(Fatal):
    """Something is in the way of it."""


def refusal(cloud: str, service: str, what: str, response: Any, tries: int) -> Verdict:
    """The verdict over an answer of 400 or more."""
    status: int = response.status_code
    words = _words(response)
    request = response.headers.get("x-openstack-request-id") or response.headers.get("x-compute-request-id") or ""
    trace = f" (request {request})" if request else ""
    said = f": {words}" if words else ""
    if status == 401:
        return Fatal(
            f"the {service} of cloud {cloud} no longer accepts our token: cannot {what}",
            remedy=f"check the entry {cloud} in clouds.yaml and secure.yaml; a token that was put there has expired: sign in again",
        )
    if status in (403, 409, 413) and _QUOTA.search(words):
        return Fatal(
            f"a quota on cloud {cloud} is full: cannot {what}{said}",
            remedy="raise the tenant's quota (an approved request), or free what it no longer needs, then run again",
        )
    if status == 403:
        return Denied(
            f"the account for cloud {cloud} may not {what}{said}",
            remedy="give the account in clouds.yaml the role that this needs (usually admin), or let an administrator run it",
        )
    if status == 409:
        return Taken(
            f"cloud {cloud} cannot {what}: something is in the way{said}",
            remedy="remove or import what is there already, then run again",
        )
    if status == 429:
        return Fatal(
            f"cloud {cloud} takes no more requests for now: cannot {what}, tried {tries} times",
            remedy="wait, or lower the parallelism; then run again",
        )
    if status >= 500:
        return Fatal(
            f"the {service} of cloud {cloud} failed with {status}{trace}: cannot {what}, tried {_times(tries)}",
            remedy="have the service's log looked at, then run again: what was made is kept",
        )
    return Fatal(
        f"the {service} of cloud {cloud} refused with {status} to {what}{said}{trace}",
        remedy="correct what it names, then run again",
    )


def unreachable(cloud: str, service: str, what: str, error: Exception) -> Verdict:
    """The verdict over a request that got no answer. Connection failures may pass, a wrong password does not."""
    from keystoneauth1 import exceptions as failures

    # keystone answers 404 to a sign-in with a token that it no longer knows
    stale = isinstance(error, failures.NotFound) and "token" in str(error).lower()
    if stale or isinstance(error, failures.Unauthorized):
        return Fatal(
            f"cloud {cloud} refuses the account's {'token' if stale else 'name or password'}: cannot {what}",
            remedy="correct username and password in clouds.yaml and secure.yaml; a token that was put there has expired",
        )
    if isinstance(error, failures.SSLError):
        return Fatal(
            f"the certificate of the {service} of cloud {cloud} is not trusted: cannot {what}: {_short(str(error))}",
            remedy=f"name the private CA's PEM file as cacert of {cloud} in clouds.yaml",
        )
    if isinstance(error, failures.ConnectTimeout):
        return Silent(
            f"the {service} of cloud {cloud} does not answer: cannot {what}",
            remedy="look at the service, or give it more time (api_timeout in clouds.yaml); then run again: what was made is kept",
        )
    if isinstance(error, failures.ConnectionError | failures.DiscoveryFailure):
        return Retryable(
            f"the {service} of cloud {cloud} cannot be reached: cannot {what}: {_short(str(error))}",
            remedy="check the address, the network and the service, then run again: what was made is kept",
        )
    status = getattr(error, "http_status", None) or getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 500:
        return Retryable(
            f"the {service} of cloud {cloud} failed with {status}: cannot {what}",
            remedy="have the service's log looked at, then run again: what was made is kept",
        )
    if isinstance(error, failures.CatalogException):
        return Fatal(
            f"cloud {cloud} has no {service} in its catalog: cannot {what}", remedy="check region_name and interface in clouds.yaml"
        )
    if isinstance(error, failures.MissingRequiredOptions | failures.NoMatchingPlugin):
        return Fatal(
            f"the entry {cloud} in clouds.yaml is not complete: {_short(str(error))}",
            remedy="is secure.yaml there, with auth_url and password?",
        )
    return Fatal(f"cloud {cloud} cannot {what}: {_short(str(error))}", remedy="correct what it names, then run again")


def _words(response: Any) -> str:
    """What the service says about it: each OpenStack service wraps its message differently."""
    try:
        content = response.json()
    except ValueError:
        return ""
    for part in [content, *(content.values() if isinstance(content, dict) else ())]:
        if isinstance(part, dict) and isinstance(part.get("message"), str):
            return _short(part["message"])
    return ""


def _short(text: str) -> str:
    return _SPACE.sub(" ", text).strip().rstrip(".")[:300]


def _times(tries: int) -> str:
    return "once" if tries == 1 else f"{tries} times"
