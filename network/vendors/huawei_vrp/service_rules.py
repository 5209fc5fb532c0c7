"""How a VRP device is run: terminal lines, SSH, SNMP, time, logs, as rows of its rule table. Never what it forwards."""

from __future__ import annotations

from yunwang.network.configuration.rule import Rule, held
from yunwang.network.vendors.huawei_vrp.igp_rules import CONTINUE

OF_SNMP_USER = ("snmp-agent usm-user v3 {user} ",)
SNMP_VERSIONS = Rule(
    "snmp-agent sys-info version <versions...>", order=75, undo="{line}", bag=True, words="snmp-agent sys-info version {}"
)

SERVICES = (
    Rule("header {what} information <text...>", order=75, undo="header {what}"),
    Rule("user-interface maximum-vty <lines>", order=74, lifeline="login"),
    Rule(  # emptied before `maximum-vty` leaves fewer
        "user-interface {lines...}", opens="line", order=75, permanent=True, cut="range", first_out=True, lifeline="login"
    ),
    *(
        Rule(f"{server} server enable", order=74, undo_asks=CONTINUE, lifeline="login" if server != "http" else "")
        for server in ("ssh", "http")
    ),
    Rule("ssh server-source -i <interface>", order=74, undo="ssh server-source", lifeline="login"),
    Rule("ssh user {user} assign {kind} <key>", order=75, lifeline="login"),
    *(
        Rule(f"{server} server {what} <value...>", order=74, lifeline="guard" if "acl" in what else "login")
        for server in ("ssh", "telnet")
        for what in (
            *("ipv6 acl", "acl", "port", "timeout", "authentication-retries", "rekey-interval"),
            *("cipher", "hmac", "key-exchange", "dh-exchange", "publickey"),
        )
    ),
    Rule("ssh user {user}", order=74, undo_wipes=("ssh user {user} ",), lifeline="login"),
    Rule("ssh user {user} {what:name} <value...>", order=75, lifeline="login"),
    Rule("ssh {what...}", order=74, lifeline="login"),
    Rule("stelnet {what...}", order=74, lifeline="login"),
    Rule("telnet {what...}", order=74, lifeline="login"),
    Rule("snmp-agent group v3 {name} {level} [<views...>]", order=76),
    Rule("snmp-agent group {version} {name} [<views...>]", order=76),
    *(
        Rule(f"snmp-agent usm-user v3 {{user}} {what} <value...>", order=77)
        for what in ("group", "authentication-mode", "privacy-mode", "acl")
    ),
    Rule("snmp-agent usm-user v3 {user} [<old_form...>]", order=77, undo="snmp-agent usm-user v3 {user}", undo_wipes=OF_SNMP_USER),
    SNMP_VERSIONS,
    *held("", "snmp-agent sys-info {what}", "snmp-agent trap source", "snmp-agent packet max-size", order=75),
    *(Rule(f"snmp-agent community {kind} [<options...>]", order=76) for kind in ("{way} cipher {name}", "{way} {name}")),
    *(
        Rule(f"snmp-agent target-host {host} params securityname {name} [<options...>]", order=77, change="undo-first")
        for host in ("{kind} ipv6 address udp-domain {to...}", "{kind} address udp-domain {to...}")
        for name in ("cipher {name}", "{name}")
    ),
    *(
        Rule(f"{ntp} {peer} {address}{vpn} [<options...>]", order=76)
        for ntp in ("ntp-service", "ntp")
        for peer in ("unicast-server", "unicast-peer")
        for address in ("ipv6 {address}", "{address:address}")
        for vpn in (" vpn-instance {vpn}", "")
    ),
    *(
        rule
        for ntp in ("ntp-service", "ntp")
        for rule in held("", f"{ntp} source-interface", f"{ntp} authentication-keyid {{id}}", order=75)
    ),
    *held("", "info-center loghost source", "info-center timestamp {what}", "info-center source {module} channel {id}", order=75),
    *held("", "info-center {what} channel", "info-center {what} size", order=75),
    *(
        Rule(f"info-center loghost {host}{vpn} [<options...>]", order=76)
        for host in ("ipv6 {address}", "{address:address}")
        for vpn in (" vpn-instance {vpn}", "")
    ),
    Rule("configuration file auto-save backup-to-server server <value...>", order=76),
    Rule("configuration file auto-save interval <value...>", order=75, undo="configuration file auto-save"),
)
