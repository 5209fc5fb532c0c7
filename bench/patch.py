"""From the running configuration to the intended one and back: CPU time beside hier_config and annet. Never a device."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.configurations import Pair, bindings, router, typed
from bench.race import Contender, Lap, Say, race, turn
from bench.table import Row

OURS = Contender("patch_ours")
RIVALS = {Contender("patch_hier_config", "hier-config"): 3.0, Contender("patch_annet", "annet"): 20.0}
FLAT = 1.5
"""How much longer a line of 100,000 may take than one of 1,000: Python's garbage collector looks at all that is alive."""


def run(say: Say, *, rounds: int, large: bool) -> Iterator[Row]:
    """Each size beside each rival; `large` adds the one for which annet needs minutes."""
    yield from compare("patch 1,001 → 1,401 lines", router(100), rounds, say)
    yield from compare("patch 20,000 bindings, a tenth new", bindings(20_000), rounds, say)
    if large:
        yield from compare("patch 50,001 → 70,001 lines", router(5_000), 1, say)
    yield from flat(rounds, say)


def compare(what: str, pair: Pair, rounds: int, say: Say) -> Iterator[Row]:
    """One size: everyone's patches, forward and reverse, timed and then tried."""
    return race(
        what,
        OURS,
        RIVALS,
        clock="cpu",
        rounds=rounds,
        task=lambda contender, number: pair._asdict(),
        wrong=lambda contender, number, lap: wrong(pair, lap),
        say=say,
    )


def flat(rounds: int, say: Say) -> Iterator[Row]:
    """Ever larger configurations: the time a line (of the two together) should not depend on how many there are."""
    limit: float | None = None
    for ports in (100, 1_000, 10_000):
        pair = router(ports)
        before, after = (sum(line != "#" for line in text.splitlines()) for text in pair)
        what = f"patch {before:,} → {after:,} lines, a line"
        say(what)
        laps = [turn(OURS, pair._asdict(), say) for _ in range(rounds)]
        micro = median(lap.cpu for lap in laps) * 1e6 / (before + after)
        fault = wrong(pair, laps[0])
        yield Row(what=what, unit="µs CPU", ours=None if fault else micro, limit=limit, note=fault)
        limit = limit or FLAT * micro


def wrong(pair: Pair, lap: Lap) -> str:
    """What is wrong with the patches of a run, if something is."""
    forward, reverse = lap.result
    for way, before, lines, after in (
        ("forward", pair.running, forward, pair.intended),
        ("reverse", pair.intended, reverse, pair.running),
    ):
        try:
            if typed(before, lines) != typed(after, ()):
                return f"the {way} patch does not lead there"
        except ValueError as error:
            return f"the {way} patch is wrong, {error}"
    return ""
