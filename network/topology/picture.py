"""The topology as a picture: SVG, and Mermaid for documents. The same every time; never says what is right.

Plane A is left, plane B right; the cores are on top, and every device stands as deep as its way to a core is long.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from yunwang.inventories.network import Device, Link, Plane
from yunwang.network.topology.graph import Topology

WIDTH, HEIGHT, GAP, ROW, MARGIN = 132, 46, 24, 130, 40
FILL = {Plane.A: "#dbe9f6", Plane.B: "#fbe5d0"}
EDGE = {Plane.A: "#2a6099", Plane.B: "#b35900"}
_HEAD = 46
_LEGEND = "line width: bandwidth; green: measured load up to 70 %, red: above, grey dots: not measured"


def svg(topology: Topology) -> str:
    """A picture of its own size, without scripts or fonts of its own."""
    places, width, depth, middle = _places(topology)
    height = _HEAD + (depth + 1) * ROW + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{escape(topology.workspace.settings.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<line x1="{middle}" y1="{MARGIN / 2}" x2="{middle}" y2="{height - MARGIN}" stroke="#bbb" stroke-dasharray="4 4"/>',
        *(
            f'<text x="{x}" y="24" text-anchor="middle" font-size="15" font-weight="bold" fill="{EDGE[plane]}">'
            f"plane {plane.upper()}</text>"
            for plane, x in ((Plane.A, middle / 2), (Plane.B, (middle + width) / 2))
        ),
        *(_line(link, places) for link in topology.links.values()),
        *(_box(topology.devices[name], topology, x, y) for name, (x, y) in places.items()),
        f'<text x="{MARGIN}" y="{height - 12}" fill="#555">{_LEGEND}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _depths(topology: Topology) -> dict[str, int]:
    """Steps to the nearest core; what reaches none stands below all others."""
    around: dict[str, set[str]] = {name: set() for name in topology.devices}
    for link in topology.links.values():
        if topology.devices[link.a_device].plane is topology.devices[link.b_device].plane:
            around[link.a_device].add(link.b_device)
            around[link.b_device].add(link.a_device)
    depth = dict.fromkeys(topology.cores, 0)
    todo = list(topology.cores)
    for name in todo:
        for other in sorted(around[name] - depth.keys()):
            depth[other] = depth[name] + 1
            todo.append(other)
    lowest = max(depth.values(), default=0) + 1
    return {name: depth.get(name, lowest) for name in topology.devices}


def _places(topology: Topology) -> tuple[dict[str, tuple[float, float]], int, int, float]:
    """The middle of each box; the picture's width; the deepest row; where the planes meet."""
    depths = _depths(topology)
    joining = {
        end
        for link in topology.links.values()
        if topology.devices[link.a_device].plane is not topology.devices[link.b_device].plane
        for end in (link.a_device, link.b_device)
    }
    rows: dict[tuple[Plane, int], list[str]] = {}
    order: dict[str, float] = {}
    for depth in range(max(depths.values(), default=0) + 1):
        for plane in Plane:
            here = [name for name, at in depths.items() if at == depth and topology.devices[name].plane is plane]
            inward = -1 if plane is Plane.B else 1  # what joins the planes stands where they meet
            keyed = sorted((_under(name, topology, order), inward * (name in joining), name) for name in here)
            rows[plane, depth] = [name for _, _, name in keyed]
            order |= {name: float(index) for index, name in enumerate(rows[plane, depth])}
    halves = {plane: max((len(row) for (its, _), row in rows.items() if its is plane), default=0) for plane in Plane}
    half = {plane: max(count, 1) * (WIDTH + GAP) for plane, count in halves.items()}
    middle = MARGIN + half[Plane.A]
    places: dict[str, tuple[float, float]] = {}
    for (plane, depth), row in rows.items():
        left = MARGIN if plane is Plane.A else middle + GAP
        for index, name in enumerate(row):
            x = left + half[plane] * (index + 0.5) / len(row)
            places[name] = (round(x, 1), _HEAD + depth * ROW + ROW / 2 - 20)
    return places, int(middle + GAP + half[Plane.B] + MARGIN), max(depths.values(), default=0), middle + GAP / 2


def _under(name: str, topology: Topology, order: dict[str, float]) -> float:
    """The mean place of the neighbours above."""
    above = [
        order[other]
        for link in topology.workspace.links_of(name)
        for other in (link.a_device, link.b_device)
        if other != name and other in order and topology.devices[other].plane is topology.devices[name].plane
    ]
    return sum(above) / len(above) if above else 0.0


def _line(link: Link, places: dict[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[link.a_device], places[link.b_device]
    share = None if link.load_mbps is None else link.load_mbps / link.bandwidth_mbps
    colour = "#888" if share is None else "#c00" if share > 0.7 else "#2a7a2a"
    stroke = 1.2 if link.bandwidth_mbps < 10_000 else 2.6 if link.bandwidth_mbps < 100_000 else 4
    dots = ' stroke-dasharray="2 3"' if share is None else ""
    tip = f"{link.name}: {link.bandwidth_mbps:,} Mbit/s" + (f", {link.load_mbps:,} measured" if share is not None else "")
    # neighbours in a row are joined by an arc under the boxes between them
    way = f"M{x1},{y1} L{x2},{y2}" if y1 != y2 else f"M{x1},{y1 + HEIGHT / 2} Q{(x1 + x2) / 2},{y1 + 70} {x2},{y2 + HEIGHT / 2}"
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{stroke}"{dots}><title>{escape(tip)}</title></path>'


def _box(device: Device, topology: Topology, x: float, y: float) -> str:
    site = next((site.title for site in topology.workspace.sites if site.name == device.site), device.site)
    return (
        f'<g><rect x="{x - WIDTH / 2}" y="{y - HEIGHT / 2}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
        f'fill="{FILL[device.plane]}" stroke="{EDGE[device.plane]}"/>'
        f'<text x="{x}" y="{y - 3}" text-anchor="middle" font-weight="bold">{escape(device.name)}</text>'
        f'<text x="{x}" y="{y + 14}" text-anchor="middle" font-size="11" fill="#444">{escape(site)}</text></g>'
    )


def mermaid(topology: Topology) -> str:
    """A flowchart with a box a site."""
    return "\n".join(["flowchart TD", *_sites(topology), *_lines(topology)]) + "\n"


def _sites(topology: Topology) -> Iterator[str]:
    titles = {site.name: site.title for site in topology.workspace.sites}
    for site, devices in topology.sites.items():
        yield f'  subgraph {site}["{_quoted(titles.get(site, site))}"]'
        yield from (f'    {name}["{name}"]:::{topology.devices[name].plane}' for name in devices)
        yield "  end"


def _lines(topology: Topology) -> Iterator[str]:
    for link in topology.links.values():
        size = f"{link.bandwidth_mbps / 1000:g}G" if link.bandwidth_mbps >= 1000 else f"{link.bandwidth_mbps}M"
        load = f" {100 * link.load_mbps / link.bandwidth_mbps:.0f}%" if link.load_mbps is not None else ""
        yield f"  {link.a_device} ---|{size}{load}| {link.b_device}"
    for plane in Plane:
        yield f"  classDef {plane} fill:{FILL[plane]},stroke:{EDGE[plane]}"


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")
