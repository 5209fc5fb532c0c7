"""Two configuration files and what leads from the one to the other: read, checked, framed as typed. Never talks to a device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Platform
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Refused
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.edit import Edit, removed
from yunwang.network.configuration.management import management_path
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.patch import Patch, PatchLine, from_edits
from yunwang.network.configuration.variant import variant
from yunwang.network.vendors import Vendor, vendor

MANY_LINES = 50
MANY_SHARE = 5
"""A patch that takes out more than 50 lines and more than a fifth of all is refused: the intended file may be a fragment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the operator answers for."""

    removals: bool = False
    disruption: bool = False
    management: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """All that is sent: configuration mode, the patch, `commit` where two-stage. Never a save. Empty where nothing changes."""

    lines: tuple[PatchLine, ...]

    def text(self) -> str:
        """A line each, as typed."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def to_json(self) -> list[JsonObject]:
        """As JSON, with views, questions and answers."""
        return [line.to_json() for line in self.lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two configurations of a platform, and how they differ."""

    vendor: Vendor
    running: Config
    intended: Config
    edits: tuple[Edit, ...]
    guarded: bool
    """Does nothing but the guard protect what the intended file does not mention?"""
    findings: tuple[Finding, ...] = ()

    def lines(self, *, management: str | None, allowed: Allowed) -> Lines:
        """What to send. Raises Refused for what the operator did not allow, and for an address that no interface has."""
        self._guard_removals(allowed)
        path = management_path(management, self.running, self.intended) if management else None
        if management and path is None:
            raise Refused(
                f"no interface has the management address {management}",
                remedy="give the address under which you reach the device, as its configuration has it, or leave --management out",
            )
        patch = from_edits(self.vendor.rules, self.edits, management=path)
        _guard("resets live sessions or interrupts service", "--allow-disruptive", patch.disruptive, allowed=allowed.disruption)
        _guard("may cut the way to the device", "--allow-management-change", patch.management, allowed=allowed.management)
        return self._framed(patch)

    def _guard_removals(self, allowed: Allowed) -> None:
        gone, all_lines = removed(self.edits), sum(1 for _ in self.running.lines())
        if self.guarded and not allowed.removals and gone > MANY_LINES and gone * MANY_SHARE > all_lines:
            raise Refused(
                f"the patch would take out {gone} of {all_lines} lines",
                remedy="if the intended file is complete, say --full; if it is a part, name what it owns with --owned RULES",
            )

    def _framed(self, patch: Patch) -> Lines:
        if not patch:
            return Lines(lines=())
        its = self.vendor
        dialect = variant(its.platform, its.session, self.running.header, (line for _, line in self.running.lines()))
        session = dialect.of(its.session)
        sent = tuple(line for line in patch.lines if session.commit or line.text != its.session.commit)
        commit = (PatchLine(session.commit),) if session.commit else ()
        return Lines(lines=(PatchLine(session.config_enter), *sent, *commit, PatchLine(session.config_leave)))


def compare(
    platform: Platform, running: tuple[str, str], intended: tuple[str, str], *, owned: Owned | None = None, reverse: bool = False
) -> Comparison:
    """Compare two files, each given by name and text; `reverse` swaps them. Raises Refused with findings for faulty ones."""
    its = vendor(platform)
    before, after = (parse(text, its.rules) for _, text in (running, intended))
    findings = [*_faults(before, *running), *_faults(after, *intended)]
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Refused(f"these are not two configurations of {platform}", findings=tuple(findings))
    if reverse:
        before, after = after, replace(before, header=before.header)
    return Comparison(
        vendor=its,
        running=replace(before, header=(*before.header, *after.header)),
        intended=after,
        edits=diff(before, after, owned=owned),
        guarded=owned is None,
        findings=tuple(findings),
    )


def _faults(config: Config, file: str, text: str) -> Iterator[Finding]:
    """What speaks against taking a text for a whole configuration of the platform."""
    if "\0" in text:
        yield Finding(code="config-unreadable", message="it is no text", remedy="is it the right file?", file=file)
    if not config.tree:
        yield Finding(
            code="config-empty", message="there is no configuration in it", remedy="give the whole configuration", file=file
        )
    negation = config.rules.negation
    foreign = "no " if negation == "undo" else "undo "
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(foreign):
            yield Finding(
                code="config-foreign",
                message=f"{line.strip()!r} is another platform's negation (here it is {negation!r})",
                remedy="is --platform right?",
                file=file,
                line=number,
            )
            return
    if config.header and config.tree and not config.complete:
        yield Finding(
            code="config-breaks-off",
            severity=Severity.WARNING,
            message=f"it begins as a device shows it, and the closing {' or '.join(sorted(config.rules.ends))!r} is missing",
            remedy="read it from the device again: what is missing would be taken out",
            file=file,
        )


def _guard(what: str, option: str, lines: tuple[PatchLine, ...], *, allowed: bool) -> None:
    if lines and not allowed:
        shown = "; ".join(" › ".join((*line.view, line.text)) for line in lines if not line.leaves_view)
        raise Refused(f"the patch {what}: {shown}", remedy=f"in a maintenance window, say {option}")
