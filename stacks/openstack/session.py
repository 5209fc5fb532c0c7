"""One account's session with one cloud: every request with its retries, every failure as a sentence. Decides nothing.

Requests go through openstacksdk's proxies (catalog, versions, token renewal, private CA, proxies), as plain JSON: so only what we
name is ever sent, and a POST is only repeated after a look whether the first one had acted.
"""

from __future__ import annotations

import math
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import JsonValue

from yunwang.credentials.resolve import follow
from yunwang.inventories.secret import is_reference
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.inventories.workspace import SecretSettings
from yunwang.stacks.openstack.refusals import Silent, refusal, unreachable

Json = dict[str, Any]
Service = Literal["identity", "compute", "network", "block_storage", "image"]
_TITLES: dict[Service, str] = {
    "identity": "identity service (keystone)",
    "compute": "compute service (nova)",
    "network": "network service (neutron)",
    "block_storage": "volume service (cinder)",
    "image": "image service (glance)",
}
_PASSING = frozenset({429, 500, 502, 503, 504})
_LONGEST_PAUSE = 30.0
"""Seconds; a Retry-After that is longer is cut to it."""
_LOOK_SECONDS = 2.0
"""Between two looks for what a POST may still make."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a cloud is waited for. Seconds."""

    connect: float = 10.0
    """For a connection."""
    sign_in: float = 35.0
    """For each answer to a sign-in: it takes two."""
    answer: float = 60.0
    """For any other, unless clouds.yaml says `api_timeout`."""
    most: float = math.inf
    """For any, whatever clouds.yaml says."""
    tries: int = 5
    silences: int = 2
    """Answers that may fail to come: the third would cost a minute more, and nobody is there."""
    late: float = 60.0
    """For what a POST makes that nobody answered."""


HASTY = Patience(connect=5.0, sign_in=10.0, answer=10.0, most=10.0, tries=1, silences=1)
"""Of who only wants to know whether anybody is there."""


class OpenStack:
    """A cloud of clouds.yaml, signed in to as the account that stands there. May be shared by threads."""

    def __init__(
        self,
        name: str,
        config: Path | None = None,
        secure: Path | None = None,
        *,
        project_id: str | None = None,
        secrets: SecretSettings | None = None,
        account: tuple[str, str] | None = None,
        patience: Patience | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        """`account`: id and password of a user, in the place of the one that clouds.yaml names. `say`: told what is waited for."""
        self.name = name
        self._patience = patience or Patience()
        self._say = say or (lambda line: None)
        self._begun = False
        self._nobody: tuple[float, Fatal] | None = None
        self._account = account
        self._secrets = secrets or SecretSettings()
        self.project_id = project_id
        self._config = config or _from_environment("OS_CLIENT_CONFIG_FILE")
        self._secure = secure or _from_environment("OS_CLIENT_SECURE_FILE")
        if self._config and not self._secure and (beside := self._config.with_name("secure.yaml")).exists():
            self._secure = beside
        self._lock = threading.RLock()
        self._connection: Any = None
        self._scoped: dict[str, OpenStack] = {}
        self._known: dict[tuple[str, str], str] = {}
        self.newborn: set[str] = set()
        """Ids of what this session created itself just now: nothing of an earlier run can be in it, so nobody has to look."""

    def scoped(self, project_id: str) -> OpenStack:
        """The same account, signed in to another project: servers are made in the project of the token."""
        with self._lock:
            return self._scoped.setdefault(
                project_id, OpenStack(self.name, self._config, self._secure, project_id=project_id, secrets=self._secrets)
            )

    def signed_in_as(self, user_id: str, password: str, project_id: str) -> OpenStack:
        """Another user's session, in a project of theirs. Not kept: nor is the password."""
        return OpenStack(
            self.name, self._config, self._secure, project_id=project_id, secrets=self._secrets, account=(user_id, password)
        )

    def known(self, kind: str, name: str, find: Callable[[], str]) -> str:
        """The id (or name) of a thing of the operator's own, such as a role or an external network, asked for once."""
        if (kind, name) not in self._known:
            self._known[kind, name] = find()
        return self._known[kind, name]

    @property
    def user_id(self) -> str:
        """The account's own id."""
        with self._lock:
            return str(self._signed_in("identity").current_user_id)

    @property
    def own_project(self) -> str:
        """The id of the project that it is signed in to."""
        with self._lock:
            return str(self._signed_in("identity").current_project_id)

    @property
    def access(self) -> Any:
        """The account's token with its roles and the catalog, as keystoneauth has it. Signs in. Raises verdicts."""
        with self._lock:
            session = self._signed_in("sign in").session
            return session.auth.get_access(session)

    @property
    def reached(self) -> tuple[str, bool | str]:
        """The address that it signs in at; who answers for its certificate: a CA's file, True: the system's, False: nobody."""
        with self._lock:
            connection = self._signed_in("sign in")
        return str(connection.config.get_auth_args().get("auth_url") or connection.session.auth.auth_url), connection.session.verify

    def endpoint(self, service: Service, what: str) -> Any:
        """A service's address and versions, asked of it now (keystoneauth's EndpointData). Raises verdicts."""
        from keystoneauth1 import exceptions as failures
        from keystoneauth1.discover import EndpointData
        from openstack import exceptions as sdk

        try:
            with self._lock:
                proxy = getattr(self._signed_in(what), service)
            found = proxy.get_endpoint_data()
            if found is None and (url := proxy.get_endpoint()):  # it tells no versions
                found = EndpointData(service_url=url)
        except (failures.ClientException, sdk.SDKException) as error:
            raise unreachable(self.name, _TITLES[service], what, error) from None
        if found is None:
            raise unreachable(self.name, _TITLES[service], what, failures.EndpointNotFound())
        return found

    def get(self, service: Service, path: str, what: str, **query: str) -> Json:
        """What stands under `path`. Raises a verdict, Missing among them."""
        return self.send(service, "GET", path, what, query=query)

    def find(self, service: Service, path: str, what: str, **query: str) -> Json | None:
        """The same, or None where there is nothing."""
        try:
            return self.get(service, path, what, **query)
        except Missing:
            return None

    def list(self, service: Service, collection: str, what: str, *, path: str | None = None, **query: str) -> list[Json]:
        """All members of a collection, page after page."""
        return list(self._pages(service, path or f"/{collection}", collection, what, query))

    def _pages(self, service: Service, path: str, collection: str, what: str, query: Mapping[str, str]) -> Iterator[Json]:
        while True:
            answer = self.send(service, "GET", path, what, query=query)
            yield from answer[collection]
            links = answer.get(f"{collection}_links") or []
            following = next((link["href"] for link in links if link.get("rel") == "next"), None)
            if following is None:
                return
            path, query = following, {}

    def post(self, service: Service, path: str, what: str, json: Json, again: Callable[[], Json | None] | None = None) -> Json:
        """Create. After a failure that may have come too late, `again` looks for what the first try left; None: not there."""
        return self.send(service, "POST", path, what, json=json, again=again)

    def upload(self, service: Service, path: str, what: str, file: Path, again: Callable[[], Json | None]) -> None:
        """Send a file. After a failure that may have come too late, `again` looks whether all of it arrived."""
        self.send(service, "PUT", path, what, file=file, headers={"Content-Type": "application/octet-stream"}, again=again)

    def delete(self, service: Service, path: str, what: str) -> None:
        """Delete; what is gone already is fine."""
        try:
            self.send(service, "DELETE", path, what)
        except Missing:
            return

    def send(
        self,
        service: Service,
        method: str,
        path: str,
        what: str,
        *,
        json: JsonValue | Json = None,
        query: Mapping[str, str] | None = None,
        again: Callable[[], Json | None] | None = None,
        headers: Mapping[str, str] | None = None,
        file: Path | None = None,
    ) -> Json:
        """One request, repeated while its failure may pass. `what` says in words what it is for: `create network app`."""
        tries = 1 if method == "POST" and again is None else self._patience.tries
        for attempt in range(1, tries + 1):
            pause = min(_LONGEST_PAUSE, 0.5 * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311  spreads load, no secret
            try:
                response = self._answer(service, method, path, json, query, headers, what, file)
                if response.status_code == 404:
                    raise Missing(f"cloud {self.name} has nothing there to {what}", target=self.name)
                if response.status_code not in _PASSING or attempt == tries:
                    return self._content(response, service, what, attempt)
                if response.status_code == 504 and method == "POST" and again is not None:
                    return self._late(again, refusal(self.name, _TITLES[service], what, response, attempt))
                pause = _retry_after(response.headers.get("Retry-After"), pause)
            except Retryable as verdict:
                if isinstance(verdict, Silent) and method == "POST" and again is not None:
                    return self._late(again, verdict)
                if attempt == tries or (isinstance(verdict, Silent) and attempt == self._patience.silences):
                    raise Fatal(verdict.message, remedy=verdict.remedy, target=verdict.target) from None
                if isinstance(verdict, Silent):
                    self._say(f"{verdict.message}; asking again")
            time.sleep(pause)
            if again is not None and (left := again()) is not None:
                return left
        raise AssertionError("the last try returns or raises")

    def _late(self, again: Callable[[], Json | None], verdict: Verdict) -> Json:
        """What a POST made that nobody answered. It is not sent again: the service may be at it still. Raises Fatal."""
        self._say(f"{verdict.message}; looking whether it comes after all")
        deadline = time.monotonic() + self._patience.late
        while (left := again()) is None:
            if time.monotonic() > deadline:
                raise Fatal(verdict.message, remedy=verdict.remedy, target=verdict.target)
            time.sleep(_LOOK_SECONDS)
        return left

    def _answer(
        self,
        service: Service,
        method: str,
        path: str,
        json: Any,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        what: str,
        file: Path | None,
    ) -> Any:
        from keystoneauth1 import exceptions as failures
        from openstack import exceptions as sdk

        try:
            with self._lock:
                proxy = getattr(self._signed_in(what), service)
            with file.open("rb") if file else nullcontext() as content:
                return proxy.request(
                    path,
                    method,
                    **({"data": content} if content else {"json": json}),
                    params=dict(query or {}),
                    headers=dict(headers or {}),
                    raise_exc=False,
                    connect_retries=0,
                    status_code_retries=0,
                )
        except (failures.ClientException, sdk.SDKException) as error:
            raise unreachable(self.name, _TITLES[service], what, error) from None

    def _content(self, response: Any, service: Service, what: str, tries: int) -> Json:
        if response.status_code >= 400:
            raise refusal(self.name, _TITLES[service], what, response, tries)
        if response.status_code == 204 or not response.content:
            return {}
        try:
            content: Json = response.json()
        except ValueError:
            raise Retryable(
                f"the {_TITLES[service]} of cloud {self.name} cut its answer short: cannot {what}",
                remedy="run again: what was made is found",
            ) from None
        return content

    def _signed_in(self, what: str) -> Any:
        """The SDK's connection; signs in the first time. Call with the lock held. Raises Fatal.

        Who waits behind one that nobody answered is not made to wait as long again.
        """
        if self._connection is None:
            if self._nobody is not None and time.monotonic() < self._nobody[0]:
                raise self._nobody[1]
            if not self._begun:
                self._say(f"signing in to cloud {self.name}")
            self._begun = True
            try:
                self._connection = self._connect(what)
            except Silent as verdict:
                nobody = Fatal(verdict.message, remedy=verdict.remedy, target=verdict.target)
                self._nobody = time.monotonic() + self._patience.answer, nobody
                raise nobody from None
        return self._connection

    def _connect(self, what: str) -> Any:
        from keystoneauth1 import exceptions as failures
        from openstack.config import OpenStackConfig
        from openstack.config import exceptions as faults
        from openstack.connection import Connection

        if self._config and not self._config.exists():
            raise Fatal(
                f"there is no {self._config}, where cloud {self.name} should stand",
                remedy="write clouds.yaml (openstacksdk's format)",
            )
        try:
            loader = OpenStackConfig(
                config_files=[str(self._config)] if self._config else None,
                secure_files=[str(self._secure)] if self._secure else None,
                load_envvars=False,  # OS_USERNAME and the like of some other cloud must not creep in
            )
            loader.auth_config_hook = self._with_secrets  # type: ignore[method-assign]  # the SDK's own place for this
            region = loader.get_one(cloud=self.name)
            answer = min(float(region.config.get("api_timeout") or self._patience.answer), self._patience.most)
            connection = Connection(config=region)
            if self._account is not None:
                user_id, password = self._account
                connection = connection.connect_as(user_id=user_id, password=password, project_id=self.project_id)
            elif self.project_id is not None:
                connection = connection.connect_as(project_id=self.project_id)
            session, connect = connection.session, self._patience.connect
            session.timeout = (connect, min(answer, self._patience.sign_in))  # type: ignore[assignment]  # requests takes both
            session.get_token()
            session.timeout = (connect, answer)  # type: ignore[assignment]
        except faults.OpenStackConfigException as error:
            where = self._config or "clouds.yaml"
            raise Fatal(
                f"cloud {self.name} in {where} cannot be used: {error}", remedy=f"correct the entry {self.name} in {where}"
            ) from None
        except failures.ClientException as error:
            raise unreachable(self.name, _TITLES["identity"], what, error) from None
        return connection

    def _with_secrets(self, config: Json) -> Json:
        """A cloud's settings with what its references lead to."""
        root = self._config.parent if self._config else Path()
        auth = {key: follow(value, root, self._secrets) if is_reference(value) else value for key, value in config["auth"].items()}
        return config | {"auth": auth}


class Missing(Fatal):
    """It is not there (any more)."""


def _from_environment(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _retry_after(header: str | None, otherwise: float) -> float:
    """Seconds to wait: the server's word, a number or a date (RFC 9110, 10.2.3)."""
    if not header:
        return otherwise
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return otherwise
    return min(_LONGEST_PAUSE, max(0.0, seconds))
