"""One service of a lab cloud: `python lab_service.py CLOUD_FOLDER SERVICE`. Never leaves this machine, never outlives its folder.

nova's API, scheduler, conductor and computes share one process, and so do cinder's API, scheduler and volume: oslo.messaging's
in-process `fake://` transport then replaces a message broker.
"""
# mypy: disable-error-code="import-not-found, import-untyped, misc, no-untyped-call"
# Reason: OpenStack's services are not installed where mypy runs, and have no types.

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

ORPHAN_CHECK_SECONDS = 5.0
SERIALISED = ("keystone", "neutron", "placement")
"""Services whose writes go one after the other: on SQLite two at once end as `database is locked`, in keystone as a 500."""

KEPT: list[Any] = []  # service objects that must outlive their start

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def main(cloud: Path, service: str) -> None:
    """Serve until told to end."""
    settings = json.loads((cloud / "cloud.json").read_text())
    sys.argv = [service]  # the services parse it
    treat_locks_as_deadlocks()
    if service in ("nova", "cinder"):  # work goes on in them after the request: it cannot be let in one by one as in SERIALISED
        reserve_writes()
    application = {
        "keystone": keystone,
        "placement": placement,
        "glance": glance,
        "neutron": neutron,
        "nova": nova,
        "cinder": cinder,
    }
    front = Front(application[service](cloud, settings), cloud / "faults.json", service)
    threading.Thread(target=end_with_folder, args=(cloud,), daemon=True).start()
    import waitress

    waitress.serve(
        front, host="127.0.0.1", port=settings["ports"][service], ident=None, threads=4, clear_untrusted_proxy_headers=True
    )


class Front:
    """Stands before a service: says whose process answers, fails requests that a test wants to fail, lets writes in one by one."""

    def __init__(self, application: Application, faults: Path, service: str) -> None:
        self.application = application
        self.faults = faults
        self.service = service
        self.failed: dict[str, int] = {}
        self.counting = threading.Lock()
        self.writing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == "/.lab":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(os.getpid()).encode()]
        if status := self.fault(path, method):
            return refuse(status, start_response)
        if self.service not in SERIALISED or method in ("GET", "HEAD") or path.endswith("/auth/tokens"):
            return self.application(environ, start_response)
        with self.writing:
            return self.application(environ, start_response)

    def fault(self, path: str, method: str) -> int | None:
        """The status that the next matching rule of the faults file wants."""
        try:
            rules = json.loads(self.faults.read_text())
        except (OSError, ValueError):
            return None
        for rule in rules:
            if rule["service"] != self.service or rule["method"] not in (None, method) or not re.search(rule["path"], path):
                continue
            with self.counting:
                done = self.failed.get(rule["id"], 0)
                if rule["times"] is None or done < rule["times"]:
                    self.failed[rule["id"]] = done + 1
                    return int(rule["status"])
        return None


def refuse(status: int, start_response: Callable[..., Any]) -> list[bytes]:
    """An error as OpenStack's services word it."""
    phrase = HTTPStatus(status).phrase
    body = json.dumps({"error": {"code": status, "title": phrase, "message": f"{phrase} (the lab was told to fail this request)"}})
    start_response(f"{status} {phrase}", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body.encode()]


def end_with_folder(cloud: Path) -> None:
    """A lab whose folder was deleted can no longer be found and stopped: end by ourselves."""
    while cloud.exists():
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(0)


def treat_locks_as_deadlocks() -> None:
    """SQLite's 'database is locked' becomes oslo.db's DBDeadlock, which the services' own decorators try again."""
    from oslo_db import exception
    from oslo_db.sqlalchemy import exc_filters
    from sqlalchemy import exc

    def locked(error: Exception, match: object, engine_name: str, is_disconnect: bool) -> None:
        raise exception.DBDeadlock(error)

    exc_filters.filters("sqlite", exc.OperationalError, r"(?i).*database is locked")(locked)


def reserve_writes() -> None:
    """A transaction that will write says so as it begins, and waits its turn.

    SQLite refuses at once, whatever the timeout, when a transaction that has read turns to writing after another has written; nova
    does not try again everywhere, and a server then stays in BUILD for good.
    """
    from oslo_db.sqlalchemy import enginefacade
    from sqlalchemy import event, orm

    create = enginefacade._TransactionFactory._create_session

    def create_session(factory: Any, mode: Any, bind: Any = None) -> Any:
        session = create(factory, mode, bind=bind)
        session.info["writes"] = mode is enginefacade._WRITER
        return session

    @event.listens_for(orm.Session, "after_begin")
    def begin(session: Any, transaction: Any, connection: Any) -> None:
        if session.info.get("writes") and not transaction.nested and connection.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            if raw.in_transaction:  # oslo.db has just begun a deferred one, in which nothing was done yet
                raw.execute("COMMIT")
            raw.execute("BEGIN IMMEDIATE")

    enginefacade._TransactionFactory._create_session = create_session


def keystone(cloud: Path, settings: dict[str, Any]) -> Application:
    """The application; and, before it listens, the administrator, the services' user and a catalog that has today's ports."""
    from keystone.common.sql import core

    core.enable_sqlite_foreign_key()  # else a deleted user's credentials leave rows behind, on which the next ones stumble
    from keystone.cmd.bootstrap import Bootstrapper
    from keystone.common.provider_api import ProviderAPIs
    from keystone.exception import Conflict
    from keystone.server import backends
    from keystone.wsgi.api import application
    from oslo_db.exception import DBDuplicateEntry

    backends.load_backends = dict  # the application has loaded them; Bootstrapper would again, which keystone refuses
    bootstrap = Bootstrapper()
    bootstrap.admin_username, bootstrap.admin_password = "admin", settings["password"]
    bootstrap.project_name, bootstrap.admin_role_name, bootstrap.region_id = "admin", "admin", settings["region"]
    bootstrap.bootstrap()  # finds what is already there

    def ensure(create: Callable[..., Any], *arguments: object) -> bool:
        try:
            create(*arguments)
        except (Conflict, DBDuplicateEntry):  # its catalog lets the database's own error through
            return False
        return True

    project = {"id": "service", "name": "service", "domain_id": "default", "enabled": True}
    ensure(ProviderAPIs.resource_api.create_project, "service", project)
    users, password = ProviderAPIs.identity_api, settings["service_password"]
    ensure(users.create_user, {"name": "service", "domain_id": "default", "password": password, "enabled": True})
    user_id = users.get_user_by_name("service", "default")["id"]
    try:
        users.driver.authenticate(user_id, password)
    except AssertionError:  # the lab was given a new password
        users.update_user(user_id, {"password": password})
    for role in (bootstrap.admin_role_id, bootstrap.service_role_id):  # neutron lets only a `service` role delete a server's port
        ensure(ProviderAPIs.assignment_api.add_role_to_user_and_project, user_id, "service", role)
    catalog = ProviderAPIs.catalog_api
    for name, entry in settings["catalog"].items():
        place = {"region_id": settings["region"], "url": entry["url"], "enabled": True}
        endpoint = {"id": name, "service_id": name, "interface": "public", **place}
        ensure(catalog.create_service, name, {"id": name, "name": name, "type": entry["type"], "enabled": True})
        if not ensure(catalog.create_endpoint, name, endpoint):
            catalog.update_endpoint(name, place)
    return application  # type: ignore[no-any-return]


def placement(cloud: Path, settings: dict[str, Any]) -> Application:
    """placement as it is."""
    from placement.wsgi.api import application

    return application  # type: ignore[no-any-return]


def glance(cloud: Path, settings: dict[str, Any]) -> Application:
    """glance as it is."""
    from glance.wsgi.api import application

    return application  # type: ignore[no-any-return]


def neutron(cloud: Path, settings: dict[str, Any]) -> Application:
    """neutron's API; ports are bound by `lab_ports`."""
    from neutron.wsgi.api import application

    return application  # type: ignore[no-any-return]


def nova(cloud: Path, settings: dict[str, Any]) -> Application:
    """nova whole: one compute service per host of the cloud."""
    from nova import monkey_patch

    monkey_patch.patch("threading")
    from nova.api.openstack import wsgi_app

    wsgi_app.init_global_data(wsgi_app._get_config_files(), "osapi_compute", "nova-api")
    import nova.conf
    import nova.virt.node
    import os_vif
    from nova import context, service
    from nova.compute import rpcapi
    from nova.objects import host_mapping

    admin = context.get_admin_context()
    nova.virt.__path__.append(str(Path(__file__).parent))  # nova loads drivers from its own package: there is `lab_compute`
    map_cells(admin, nova.conf.CONF.database.connection)
    from nova.wsgi.osapi_compute import application

    os_vif.initialize()
    nova.virt.node.get_local_node_uuid()  # nova-compute insists on this file at its second start, though our hosts have their own
    for name in ("keystone", "placement"):  # nova-compute reports to placement as it starts
        wait_for(f"http://127.0.0.1:{settings['ports'][name]}/.lab")
    start = service.Service.create
    KEPT.extend((start(binary="nova-conductor", topic="conductor"), start(binary="nova-scheduler", topic="scheduler")))
    for running in KEPT:
        running.start()
    for host in settings["hosts"]:
        compute = start(host=host["name"], binary="nova-compute", topic=rpcapi.RPC_TOPIC, topic_alt=rpcapi.RPC_TOPIC_ALT)
        compute.start()
        KEPT.append(compute)
    host_mapping.discover_hosts(admin)
    return application  # type: ignore[no-any-return]


def map_cells(admin: Any, connection: str) -> None:
    """What nova-manage cell_v2 map_cell0 and create_cell do; again where the folder has moved."""
    from nova.objects.cell_mapping import CellMapping, CellMappingList

    known = {cell.uuid: cell for cell in CellMappingList.get_all(admin)}
    for uuid, name, database, transport in (
        (CellMapping.CELL0_UUID, "cell0", connection.replace("nova_cell1", "nova_cell0"), "none:///"),
        ("11111111-1111-1111-1111-111111111111", "cell1", connection, "fake://"),
    ):
        if uuid not in known:
            CellMapping(admin, uuid=uuid, name=name, database_connection=database, transport_url=transport, disabled=False).create()
        elif known[uuid].database_connection != database:
            known[uuid].database_connection = database
            known[uuid].save()


def cinder(cloud: Path, settings: dict[str, Any]) -> Application:
    """cinder whole; volumes exist in its database only (`lab_volumes`)."""
    from cinder import monkey_patch

    monkey_patch.patch("threading")
    sys.argv += ["--config-file", str(cloud / "etc/cinder.conf")]
    import os_brick
    from cinder import service
    from cinder.cmd import volume  # noqa: F401  (registers command-line options: before the application parses them)
    from cinder.wsgi.api import application
    from oslo_config import cfg

    os_brick.setup(cfg.CONF)
    backend = {"host": "lab@lab", "service_name": "lab", "coordination": True}
    for running in (
        service.Service.create(binary="cinder-scheduler"),
        service.Service.create(binary="cinder-volume", **backend),
    ):
        running.start()
        KEPT.append(running)
    return application  # type: ignore[no-any-return]


def wait_for(address: str, seconds: float = 300) -> None:
    """Until a service of the lab answers there."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            direct.open(address, timeout=10).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    logging.getLogger(__name__).error("%s does not answer", address)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except Exception:
        logging.getLogger(__name__).exception("the service ended")
    finally:
        os._exit(1)  # threads of a service that failed half-way would keep its process alive
