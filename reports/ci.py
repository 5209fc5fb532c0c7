"""Plans and runs as CI systems show them: a comment in Markdown, test results as JUnit's XML. Reads values; decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from xml.etree import ElementTree as Xml

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Action, Change, Plan
from yunwang.journal.records import Phase, Run, StepRecord, StepState

COMMENT = 60_000
"""Characters of a comment: GitHub takes 65,536, GitLab a million."""
_SIGNS = {Action.CREATE: "create", Action.UPDATE: "change", Action.DELETE: "delete", Action.REPLACE: "replace", Action.RUN: "run"}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not; devices print such characters."""


def markdown(plans: Sequence[Plan], *, limit: int = COMMENT) -> str:
    """Plans for a comment on a merge request, at most `limit` characters: what does not fit is counted, never cut through."""
    return _fitted([part for plan in plans for part in _plan_parts(plan)], limit)


def run_markdown(run: Run, steps: Sequence[StepRecord], *, limit: int = COMMENT) -> str:
    """A run for a comment: how it ended, and each target's last step."""
    parts = [
        f"### {_text(run.title)}: {run.state}\n\n{_text(run.message)}\n\n",
        f"Run {_code(run.id)} by {_text(run.operator)}: {_code(run.command)}\n",
    ]
    if last := list({step.target: step for step in steps}.values()):
        parts.append("\n| target | step | state | outcome |\n|---|---|---|---|\n")
    for step in last:
        state = str(step.state) if step.state.known else "**UNKNOWN**"
        parts.append(f"| {_text(step.target)} | {step.phase} | {state} | {_text(step.outcome)} |\n")
    return _fitted(parts, limit)


def junit(plans: Sequence[Plan]) -> str:
    """A suite for each plan: its findings, and a case for each target that was looked at. Errors are failures."""
    return _document(_plan_suite(plan) for plan in plans)


def run_junit(run: Run, steps: Sequence[StepRecord]) -> str:
    """A suite for the run, a case for each step; what failed is a failure, what is unknown an error."""
    return _document([_suite(run.title, [_step_case(run, step) for step in steps])])


def _plan_parts(plan: Plan) -> Iterator[str]:
    counts = ", ".join(f"{count} to {_SIGNS[action]}" for action, count in plan.count().items())
    faults = [finding for finding in plan.findings if finding.severity is not Severity.INFO]
    told = f"{counts}; {len(plan.changes)} targets in {len(plan.waves)} waves" if plan.changes else "nothing to do"
    yield f"### {_text(plan.title)}: {told}\n\n"
    for finding in faults:
        where = f" {_code(finding.place)}" if finding.place else ""
        yield f"- **{finding.severity}** {_text(finding.message)}{where}: {_text(finding.remedy)}\n"
    for number, wave in enumerate(plan.waves, 1):
        yield f"\n**Wave {number}: {_text(wave.name)}**\n\n"
        for change in wave.changes:
            yield _change(plan.change(change))
    if plan.changes:
        name = plan.digest.removeprefix("sha256:")[:12]
        yield f"\nPlan `{name}` by {_text(plan.operator)}, good until {plan.expires:%Y-%m-%d %H:%M} UTC. To approve it: "
        yield f"`yunwang approve {name}`\n\n"


def _change(change: Change) -> str:
    body = change.text.rstrip() or "\n".join(f"{step.action} {step.what}" for step in change.steps)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    summary = f"<code>{change.action} {escape(change.target)}</code> {escape(change.summary)}"
    return f"<details><summary>{summary}</summary>\n\n{fence}text\n{body}\n{fence}\n\n</details>\n"


def _fitted(parts: Sequence[str], limit: int) -> str:
    """As many parts as fit, and how many did not."""
    kept, length = list[str](), 0
    for number, part in enumerate(parts):
        more = f"\n… and {len(parts) - number} more parts: the stored plan and the journal have them whole.\n"
        if length + len(part) + (len(more) if number < len(parts) - 1 else 0) > limit:
            return "".join([*kept, more])
        kept.append(part)
        length += len(part)
    return "".join(kept)


def _text(words: str) -> str:
    """Words that stay words in Markdown."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(words.split()))


def _code(words: str) -> str:
    """Words as they are, in a span of code."""
    return f"`{words.replace('`', chr(39))}`"


def _plan_suite(plan: Plan) -> Xml.Element:
    changes = {change.target: change for change in plan.changes}
    errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    targets = list(dict.fromkeys([*(seen.target for seen in plan.observations), *changes]))
    cases = [_finding_case(plan, finding) for finding in errors if finding.target not in targets]
    for target in targets:
        case = _case(f"plan {plan.job}", target)
        for finding in errors:
            if finding.target == target:
                _fault(case, "failure", finding.code, f"{finding.message}. {finding.remedy}")
        if target in changes:
            change = changes[target]
            _child(case, "system-out").text = _clean("\n".join([f"{change.action} {change.summary}", change.text]))
        cases.append(case)
    return _suite(plan.title, cases)


def _finding_case(plan: Plan, finding: Finding) -> Xml.Element:
    case = _case(f"plan {plan.job}", " ".join(filter(None, (finding.place, finding.message))))
    _fault(case, "failure", finding.code, f"{finding.message}. {finding.remedy}")
    return case


def _step_case(run: Run, step: StepRecord) -> Xml.Element:
    case = _case(f"{run.job}.{step.phase}", step.target)
    if step.ended is not None:
        case.set("time", f"{(step.ended - step.started).total_seconds():.3f}")
    if step.state is StepState.FAILED:
        _fault(case, "failure", step.phase, step.outcome)
    elif not step.state.known:
        _fault(case, "error", "unknown", "nobody knows how it came out: yunwang resume " + run.id)
    elif step.phase is Phase.UNDO:
        _fault(case, "failure", "taken-back", step.outcome)
    else:
        _child(case, "system-out").text = _clean(step.outcome)
    return case


def _case(of: str, name: str) -> Xml.Element:
    return Xml.Element("testcase", {"classname": _clean(of), "name": _clean(name)})


def _fault(case: Xml.Element, kind: str, code: str, message: str) -> None:
    _child(case, kind, message=_clean(message), type=code)


def _child(parent: Xml.Element, name: str, **attributes: str) -> Xml.Element:
    return Xml.SubElement(parent, name, attributes)


def _suite(name: str, cases: Sequence[Xml.Element]) -> Xml.Element:
    counted = {f"{kind}s": str(sum(case.find(kind) is not None for case in cases)) for kind in ("failure", "error")}
    suite = Xml.Element("testsuite", {"name": _clean(name), "tests": str(len(cases)), **counted})
    suite.extend(cases)
    return suite


def _document(suites: Iterable[Xml.Element]) -> str:
    root = Xml.Element("testsuites", {"name": "yunwang"})
    root.extend(suites)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
