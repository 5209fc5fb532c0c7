"""`python -m bench [patch] [push] [cloud] [demo] …`: run them, print one table. Never fails for being slow."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import cloud, demo, design, patch, push
from bench.table import Row, table
from yunwang.inventories.verdict import Verdict


def main() -> int:
    """The command line."""
    benches: dict[str, Callable[[], Iterator[Row]]] = {
        "patch": lambda: patch.run(say, rounds=asked.rounds, large=asked.large),
        "push": lambda: push.run(say, rounds=min(asked.rounds, 2), devices=asked.devices, large=asked.large),
        "design": lambda: design.run(say, devices=asked.extranet),
        "cloud": lambda: cloud.run(say, tenants=asked.tenants, large=asked.large),
        "demo": lambda: demo.run(say, empty_caches=asked.empty_caches),
    }
    parser = argparse.ArgumentParser(prog="python -m bench", description="The toolkit beside its rivals, in one table.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(benches)}; default: all")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="turns of each contender, of which the median counts")
    parser.add_argument("--devices", type=int, default=20, metavar="N", help="simulated devices to push to")
    parser.add_argument("--tenants", type=int, default=20, metavar="N", help="tenants to make on a cloud")
    parser.add_argument("--extranet", type=int, default=10_000, metavar="N", help="devices to design, a multiple of 50")
    parser.add_argument(
        "--large",
        action="store_true",
        help="also 50,001 → 70,001 lines, 100 and 1,000 devices, 100 and 1,000 tenants (minutes to an hour)",
    )
    parser.add_argument("--empty-caches", action="store_true", help="the demo also without what the user's caches hold")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(benches):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))} (there are {', '.join(benches)})")
    if min(asked.rounds, asked.devices, asked.tenants) < 1:
        parser.error("--rounds, --devices and --tenants are at least 1")
    rows: list[Row] = []
    for name in asked.names or benches:
        try:
            rows.extend(benches[name]())
        except Verdict as verdict:
            rows.append(Row(what=name, unit="s", ours=None, note=verdict.message))
    print(table(rows), end="")
    if asked.json:
        about = {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": os.getloadavg(),
            "time": time.strftime("%FT%TZ", time.gmtime()),
        }
        asked.json.write_text(json.dumps(about | {"rows": [row.json() for row in rows]}, indent=1, ensure_ascii=False) + "\n")
    return int(any(row.ours is None or (row.rival and row.theirs is None) for row in rows))


def say(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
