"""Huawei VRP5 (S-V200R switches, AR routers): its table. Never a candidate: what is typed runs."""

from __future__ import annotations

from yunwang.lab.devices import checks, health_display, huawei, reboots
from yunwang.lab.devices import huawei_display as show
from yunwang.lab.devices import huawei_edits as edits
from yunwang.lab.devices import huawei_session as session
from yunwang.lab.devices.shell import Shell
from yunwang.lab.devices.tree import Call, Edit, Node, Row, View

TYPES = session.types("GigabitEthernet", "GE", "XGigabitEthernet", "XGE")
GLOBAL = checks.adding(checks.needs_globally("ip6-global", "Error: Please enable IPv6 in the system view first."))


def _undo_ipv6(edit: Edit) -> str:
    """`undo ipv6` takes IPv6 off every interface."""
    if edit.negated:
        for interface in edit.root.with_fact("interface"):
            interface.drop(*edits.IPV6_FACTS)
        edit.node.drop("ip6-global")
    else:
        edit.node.children["ipv6"] = Node(row=edit.row, values={}, line="ipv6")
    return ""


def _asks(edit: Edit) -> str:
    used = edit.negated and edit.root.first("ip6-global")
    return "Warning: This operation will interrupt all IPv6 services. Continue?[Y/N]:" if used else ""


async def save(call: Call) -> str:
    """`save [ force ]`."""
    if "force" not in call.line:
        question = "The current configuration will be written to the device.\nAre you sure to continue?[Y/N]:"
        if not await call.shell.ask(question):
            return ""
    session.refuse_when_full(call)
    call.device.save()
    return "Now saving the current configuration to the slot 0..\nSave the configuration successfully."


IPV6_ENABLE = Row(syntax="ipv6 enable", fact="ip6-enable", check=GLOBAL, then=edits.no_ipv6)
RA = (Row(syntax="ipv6 nd ra halt", flag_on=True, fact="ra", check=checks.needs("ip6-enable", huawei.NO_IPV6)),)
SOURCE_CHECK = (
    Row(syntax="arp anti-attack check user-bind enable", fact="source-check"),
    Row(syntax="ip source check user-bind enable", fact="source-check"),
    Row(syntax="nd snooping check na enable", fact="source-check"),
)
LAYER3 = huawei.layer3(IPV6_ENABLE, RA)
SYSTEM = View(
    huawei.SYSTEM_NAME,
    edits.BATCH,
    Row(syntax="ipv6", fact="ip6-global", apply=_undo_ipv6, question=_asks),
    *huawei.AFTER_NAME,
    huawei.user_bind("ip-address <address=ipv4> | ipv6-address <address=ipv6>"),
    *huawei.ACLS,
    huawei.VPN,
    huawei.VLAN,
    huawei.AAA_VIEW,
    huawei.OSPFV3,  # shown before the interfaces, which name its process
    huawei.INTERFACE,
    huawei.OSPF,
    *huawei.AFTER_ROUTING,
)
VIEWS = {
    "user": View(
        Row(syntax="system-view", do=session.system_view),
        *session.USER,
        Row(syntax="save [ force ]", do=save),
        *reboots.VRP_USER,
    ),
    "any": View(
        Row(syntax="quit", do=session.leave),
        *session.ANYWHERE,
        Row(syntax="display dhcp static user-bind all", do=show.user_bind),
        *health_display.VRP5,
        reboots.VRP_SHOWN,
    ),
    "inside": View(Row(syntax="return", do=session.back)),
    "system": SYSTEM,
    "vlan": View(
        Row(syntax="description <text...>"),
        Row(syntax="name <name>"),
        *SOURCE_CHECK,
        Row(syntax="dhcp snooping enable"),
    ),
    "if-port": View(*huawei.PORT, *SOURCE_CHECK),
    "if-routed": View(huawei.PORTSWITCH, *LAYER3),
    "if-wan": View(*LAYER3),
    "if-vlan": View(*LAYER3),
    "if-loopback": View(*LAYER3),
    **huawei.VIEWS,
}


def _prompt(shell: Shell) -> str:
    name = shell.device.hostname
    return f"<{name}>" if shell.path is None else f"[{name}{session.prompt_of(shell)}]"


PLATFORM = session.platform("huawei_vrp", VIEWS, TYPES, prompt=_prompt, everywhere=("any", "inside"))
