"""DHCP pools and servers, time servers, what hosts hear and may not say: rows of the platforms' tables. Never a whole platform."""

from __future__ import annotations

from collections.abc import Callable

from yunwang.lab.devices import checks
from yunwang.lab.devices.tree import Edit, Refusal, Row, View

LIFETIMES = "<valid=0-4294967295> <preferred=0-4294967295> [ no-autoconfig ] [ off-link ]"


def _is_there(fact: str, value: str, text: str) -> Callable[[Edit], None]:
    """What a line names was made before."""

    def check(edit: Edit) -> None:
        if not edit.negated and all(node.values["name"] != edit.values[value] for node in edit.root.with_fact(fact)):
            raise Refusal(text)

    return check


def _lives(text: str) -> Callable[[Edit], None]:
    """RFC 4861, 4.6.2: preferred not longer than valid."""

    def check(edit: Edit) -> None:
        if not edit.negated and edit.int("preferred") > edit.int("valid"):
            raise Refusal(text)

    return check


def _prefix(words: str, text: str, *, after: Callable[[Edit], None] | None = None) -> Row:
    """A prefix's options in router advertisements."""
    lives = checks.adding(_lives(text))
    return Row(
        syntax=f"{words} <prefix=ipv6-prefix> {LIFETIMES}",
        slot=f"{words} {{prefix}}",
        undo=(f"{words} <prefix=ipv6-prefix> [ <rest...> ]",),
        check=checks.all_of(after, lives) if after else lives,
    )


# VRP

SNMP_COMMUNITY = Row(
    syntax="snmp-agent community <way=name> cipher <community=name> [ acl <acl=2000-2999> ]",
    slot="snmp-agent community {way} {community}",
    undo=("snmp-agent community <way=name> cipher <community=name>",),
    group="snmp",
)
"""On VRP and Comware the name is kept as ciphertext, and taken out by it."""
VRP_TOP = (
    SNMP_COMMUNITY,
    Row(syntax="ip pool <name>", slot="line", opens="pool4", prompt="ip-pool-{name}"),
    Row(syntax="dhcpv6 pool <name>", slot="line", opens="pool6", prompt="dhcpv6-pool-{name}", fact="pool6"),
    Row(syntax="ntp-service unicast-server ipv6 <server=ipv6>", slot="line", group="ntp"),
    Row(syntax="stelnet { ipv4 | ipv6 } server enable", slot="line", group="ssh"),
)
VRP_PORT = (Row(syntax="nd raguard role { host | router }", slot="nd raguard role", undo=("nd raguard role",)),)
VRP_VIEWS = {
    "pool4": View(
        Row(syntax="gateway-list <gateway=ipv4>"),
        Row(syntax="network <address=ipv4> mask <length=mask>", slot="network", undo=("network",)),
        Row(syntax="excluded-ip-address <low=ipv4> [ <high=ipv4> ]", slot="line"),
        Row(syntax="lease day <days=0-999>"),
        Row(syntax="dns-list <server=ipv4> [ <second=ipv4> ]", slot="dns-list", undo=("dns-list [ <server=ipv4> ]",)),
        Row(syntax="domain-name <domain=name>"),
        Row(syntax="static-bind ip-address <address=ipv4> mac-address <mac>", slot="line"),
    ),
    "pool6": View(
        Row(syntax="address prefix <prefix=ipv6-prefix>", slot="line"),
        Row(syntax="excluded-address <low=ipv6> [ to <high=ipv6> ]", slot="line"),
        Row(syntax="dns-server <server=ipv6>", slot="line"),
        Row(syntax="dns-domain-name <domain=name>"),
    ),
}


def vrp_interface(enabled: Callable[[Edit], None]) -> tuple[Row, ...]:
    """`enabled`: refuses where IPv6 is not enabled on the interface."""
    return (
        Row(
            syntax="dhcpv6 server <pool=name>",
            check=checks.adding(
                checks.all_of(
                    enabled,
                    checks.needs_globally("dhcp", "Error: Please enable DHCP first."),
                    _is_there("pool6", "pool", "Error: The DHCPv6 pool does not exist."),
                )
            ),
        ),
        _prefix("ipv6 nd ra prefix", "Error: The preferred lifetime exceeds the valid lifetime.", after=checks.adding(enabled)),
    )


# Comware

COMWARE_TOP = (
    SNMP_COMMUNITY,
    Row(syntax="dhcp server ip-pool <name>", slot="line", opens="pool4", prompt="dhcp-pool-{name}"),
    Row(syntax="ipv6 dhcp pool <name>", slot="line", opens="pool6", prompt="dhcp6-pool-{name}", fact="pool6"),
    Row(syntax="ntp-service ipv6 unicast-server <server=ipv6>", slot="line", group="ntp"),
)
COMWARE_INTERFACE = (
    Row(syntax="ipv6 dhcp server apply pool <pool=name>"),
    _prefix("ipv6 nd ra prefix", "The preferred lifetime cannot be longer than the valid lifetime."),
)
COMWARE_PORT = (Row(syntax="ipv6 nd raguard role { host | router }", slot="ipv6 nd raguard role", undo=("ipv6 nd raguard role",)),)
COMWARE_VIEWS = {
    "pool4": View(
        Row(syntax="gateway-list <gateway=ipv4>"),
        Row(syntax="network <address=ipv4> mask <length=dotted>", slot="network", undo=("network",)),
        Row(syntax="forbidden-ip <address=ipv4>", slot="line"),
        Row(syntax="dns-list <server=ipv4> [ <second=ipv4> ]", slot="dns-list", undo=("dns-list [ <server=ipv4> ]",)),
        Row(syntax="domain-name <domain=name>"),
    ),
    "pool6": View(
        Row(syntax="network <prefix=ipv6-prefix>", slot="network", undo=("network",)),
        Row(syntax="dns-server <server=ipv6>", slot="line"),
        Row(syntax="domain-name <domain=name>"),
    ),
}

# IOS and RGOS

CISCO_TOP = (
    Row(syntax="ip dhcp pool <name>", slot="line", opens="pool4", prompt="dhcp-config"),
    Row(syntax="ipv6 dhcp pool <name>", slot="line", opens="pool6", prompt="config-dhcpv6"),
    Row(syntax="ntp server <server=ipv6>", slot="line", group="ntp"),
)
IOS_TOP = (
    Row(
        syntax="snmp-server community <community=name> { RO | RW }",
        slot="snmp-server community {community}",
        undo=("snmp-server community <community=name> [ <rest...> ]",),
        group="snmp",
    ),
    Row(syntax="ipv6 nd raguard policy <name>", slot="line", opens="raguard", prompt="config-nd-raguard", fact="raguard-policy"),
)
CISCO_INTERFACE = (
    Row(syntax="ipv6 dhcp server <pool=name>"),
    _prefix("ipv6 nd prefix", "% Preferred lifetime cannot be longer than the valid lifetime"),
)
RAGUARD_POLICY = _is_there("raguard-policy", "policy", "% RA guard policy does not exist")
CISCO_VIEWS = {
    "pool4": View(
        Row(syntax="network <address=ipv4> <length=dotted>", slot="network", undo=("network",)),
        Row(syntax="default-router <gateway=ipv4>"),
        Row(syntax="dns-server <server=ipv4> [ <second=ipv4> ]", slot="dns-server", undo=("dns-server [ <rest...> ]",)),
        Row(syntax="domain-name <domain=name>"),
        Row(syntax="lease <days=0-365>"),
    ),
    "pool6": View(
        Row(syntax="address prefix <prefix=ipv6-prefix>", slot="line"),
        Row(syntax="dns-server <server=ipv6>", slot="line"),
        Row(syntax="domain-name <domain=name>"),
    ),
    "raguard": View(Row(syntax="device-role { host | router | monitor | switch }", slot="device-role", undo=("device-role",))),
}

# RGOS alone

RUIJIE_TOP = (
    Row(
        syntax="snmp-server community <kind=0-9> <community=name> { ro | rw }",
        slot="snmp-server community {community}",
        undo=("snmp-server community <kind=0-9> <community=name>",),
        group="snmp",
    ),
    Row(syntax="class-map <name>", slot="line", opens="class-map", prompt="config-cmap"),
)
RUIJIE_VIEWS = {
    **CISCO_VIEWS,
    "pool6": View(
        Row(syntax="iana-address prefix <prefix=ipv6-prefix>", slot="line"),
        Row(syntax="dns-server <server=ipv6>", slot="line"),
        Row(syntax="domain-name <domain=name>"),
    ),
    "class-map": View(Row(syntax="match access-group <acl=name>", slot="line")),
    "class": View(Row(syntax="set ip dscp <dscp=0-63>")),
}
