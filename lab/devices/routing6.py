"""BGP, IS-IS, IPv6 access lists and marking, as VRP and Comware have them and as IOS and its likes do. Never a whole platform."""

from __future__ import annotations

from collections.abc import Callable

from yunwang.lab.devices.tree import Edit, Refusal, Row, View

NO_PEER = "Error: The peer does not exist."
NO_NEIGHBOR = "% Specify remote-as or peer-group commands first"
DSCP = "<dscp=name>"


def _declared(text: str) -> Callable[[Edit], None]:
    """A session is declared before a family enables it."""

    def check(edit: Edit) -> None:
        process = edit.root.first("bgp")
        peers = list(process.with_fact("peer")) if process else []
        if not edit.negated and all(peer.values["peer"] != edit.values["peer"] for peer in peers):
            raise Refusal(text)

    return check


def policy_is_there(text: str) -> Callable[[Edit], None]:
    """A policy is made before an interface names it."""

    def check(edit: Edit) -> None:
        if not edit.negated and all(node.values["name"] != edit.values["policy"] for node in edit.root.with_fact("policy")):
            raise Refusal(text)

    return check


def _ports(name: str) -> str:
    return f"{{ eq <{name}eq=name> | range <{name}low=name> <{name}high=name> | gt <{name}gt=name> | lt <{name}lt=name> }}"


# VRP and Comware

RULES6 = (
    Row(syntax="step <step=1-20>", default="step 5"),
    Row(syntax="description <text...>", fact="description"),
    Row(
        syntax=(
            "rule <rule=0-4294967294> { permit | deny } [ ipv6 | tcp | udp | icmpv6 | ospf ] "
            "[ source { any | <src=ipv6-prefix> } ] [ destination { any | <dst=ipv6-prefix> } ] "
            f"[ source-port {_ports('s')} ] [ destination-port {_ports('d')} ]"
        ),
        slot="rule {rule}",
        undo=("rule <rule=0-4294967294>",),
        missing="Error: The rule does not exist.",
        order=lambda node: (int(str(node.values["rule"])),),
    ),
)
"""An IPv6 list takes IPv6 alone."""

HUAWEI_TOP = (
    Row(syntax="isis <process=1-65535>", slot="line", opens="isis", prompt="isis-{process}"),
    Row(syntax="bgp <asn=1-4294967295>", slot="line", undo=("bgp",), opens="bgp", prompt="bgp", fact="bgp"),
    Row(
        syntax="traffic classifier <name> [ operator { and | or } ]",
        slot="traffic classifier {name}",
        opens="classifier",
        prompt="classifier-{name}",
    ),
    Row(syntax="traffic behavior <name>", slot="line", opens="behavior", prompt="behavior-{name}"),
)


def _forget(edit: Edit) -> str:
    """With a peer goes what else is said of it, in every family."""
    if edit.negated:
        for view in (edit.node, *(child for child in edit.node.children.values() if child.row.opens == "bgp-family")):
            for slot, child in list(view.children.items()):
                if child.values.get("peer") == edit.values["peer"] and child.row.fact != "peer":
                    del view.children[slot]
    return ""


def _same_as(edit: Edit) -> None:
    """A peer that is there keeps its AS (annet's cases quote the message)."""
    known = edit.node.children.get(f"peer {edit.values['peer']} as")
    if known and not edit.negated and known.values["as"] != edit.values["as"]:
        raise Refusal(f"Error: The peer already exists in AS {known.values['as']}.")


_PEER = "<peer=ipv4> | <peer=ipv6>"
_SESSION = (
    Row(
        syntax=f"peer {{ {_PEER} }} as-number <as=1-4294967295>",
        slot="peer {peer} as",
        undo=(f"peer {{ {_PEER} }}",),
        fact="peer",
        check=_same_as,
        then=_forget,
    ),
    Row(
        syntax=f"peer {{ {_PEER} }} connect-interface <interface>",
        slot="peer {peer} connect",
        undo=(f"peer {{ {_PEER} }} connect-interface",),
    ),
)
_FAMILY = (
    Row(syntax="network <address=ipv4> [ <length=mask> ]", slot="line"),
    Row(syntax="network <address=ipv6> <length=0-128>", slot="line"),
    Row(syntax=f"peer {{ {_PEER} }} enable", slot="line", check=_declared(NO_PEER)),
)
_ISIS = (
    Row(syntax="is-level { level-1 | level-2 | level-1-2 }", slot="is-level", undo=("is-level",)),
    Row(syntax="cost-style { wide | narrow | compatible }", slot="cost-style", undo=("cost-style",)),
    Row(syntax="network-entity <net=name>", slot="line"),
)
HUAWEI_VIEWS = {
    "acl6": View(*RULES6),
    "classifier": View(Row(syntax="if-match any")),
    "behavior": View(Row(syntax=f"remark dscp {DSCP}")),
    "policy": View(
        Row(
            syntax="classifier <classifier=name> behavior <behavior=name>",
            slot="classifier {classifier}",
            undo=("classifier <classifier=name>",),
        )
    ),
}
VRP_VIEWS = {
    **HUAWEI_VIEWS,
    "bgp": View(
        Row(syntax="router-id <router=ipv4>"),
        *_SESSION,
        Row(syntax="ipv4-family unicast", opens="bgp-family", prompt="bgp-af-ipv4"),
        Row(syntax="ipv6-family unicast", opens="bgp-family", prompt="bgp-af-ipv6"),
    ),
    "bgp-family": View(*_FAMILY),
    "isis": View(
        *_ISIS, Row(syntax="ipv6 enable [ topology { ipv6 | standard | compatible } ]", slot="ipv6 enable", undo=("ipv6 enable",))
    ),
}
COMWARE_VIEWS = {
    **HUAWEI_VIEWS,
    "bgp": View(
        Row(syntax="router-id <router=ipv4>"),
        *_SESSION,
        Row(syntax="address-family { ipv4 | ipv6 } [ unicast ]", slot="line", opens="bgp-family", prompt="bgp-default"),
    ),
    "bgp-family": View(*_FAMILY),
    "isis": View(
        *_ISIS, Row(syntax="address-family { ipv4 | ipv6 } [ unicast ]", slot="line", opens="isis-family", prompt="isis-af")
    ),
    "isis-family": View(Row(syntax="multi-topology")),
}

# IOS, RGOS, FRR

CISCO_TOP = (
    Row(syntax="policy-map <name>", slot="line", opens="policy", prompt="config-pmap", fact="policy"),
    Row(syntax="router isis [ <tag=name> ]", slot="line", opens="isis", prompt="config-router"),
    Row(syntax="router bgp <asn=1-4294967295>", slot="line", opens="bgp", prompt="config-router", fact="bgp"),
)


def cisco_views(unicast: str = "", leave: tuple[Row, ...] = ()) -> dict[str, View]:
    """Views of routing; `unicast` is the word after `address-family ipv6` where it is needed, `leave` what ends a family."""
    session = (
        Row(
            syntax=f"neighbor {{ {_PEER} }} remote-as <as=1-4294967295>",
            slot="neighbor {peer} as",
            undo=(f"neighbor {{ {_PEER} }} [ <rest...> ]",),
            fact="peer",
            then=_forget,
        ),
        Row(syntax=f"neighbor {{ {_PEER} }} update-source <interface>", slot="neighbor {peer} source"),
    )
    family = (
        Row(syntax="network <address=ipv4> mask <length=mask>", slot="line"),
        Row(syntax="network <prefix=ipv6-prefix>", slot="line"),
        Row(syntax=f"neighbor {{ {_PEER} }} activate", slot="line", check=_declared(NO_NEIGHBOR)),
        *leave,
    )
    return {
        "bgp": View(
            Row(syntax="bgp router-id <router=ipv4>"),
            *session,
            *family[:1],
            Row(
                syntax=f"address-family {{ ipv4 | ipv6 }} {unicast}".strip(),
                slot="line",
                opens="bgp-family",
                prompt="config-router-af",
            ),
        ),
        "bgp-family": View(*family),
        "isis": View(
            Row(syntax="net <net=name>", slot="line"),
            Row(syntax="metric-style { wide | narrow | transition }", slot="metric-style", undo=("metric-style [ <rest...> ]",)),
            Row(syntax="topology ipv6-unicast"),
            Row(syntax="address-family ipv6", opens="isis-family", prompt="config-router-af"),
        ),
        "isis-family": View(Row(syntax="multi-topology"), *leave),
        "policy": View(Row(syntax="class <class=name>", slot="line", opens="class", prompt="config-pmap-c")),
        "class": View(Row(syntax=f"set dscp {DSCP}")),
    }
