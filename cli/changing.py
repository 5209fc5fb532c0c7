"""`plan`, `apply`, `verify` as every group has them: the same steps, questions and exit codes for every job."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer
from pydantic import ValidationError

from yunwang.cli import jobs, session, show, signing
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Plan
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import ApprovalKind, Run, RunState
from yunwang.operations.terms import Terms

if TYPE_CHECKING:
    from yunwang.operations.engine import Engine

CHANGES = 2
"""Exit code of --detailed-exitcode when there is something to do, as Terraform's users expect."""
LARGEST_PLAN = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that the operator gave, beyond the command itself. `options` are the job's own."""

    workspace: Path | None
    as_json: bool = False
    quiet: bool = False
    verbose: int = 0
    detailed: bool = False
    targets: Sequence[str] = ()
    options: JsonObject = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    break_glass: str | None = None
    executor: str | None = None


def terms(
    *, wait: float = 0, pause: bool = False, allow_deletes: int | None = None, switched: Mapping[str, bool] | None = None
) -> Terms:
    """The terms of an apply, as its options say. `switched`: those that a group has of its own; `allow_x_y` allows `x-y`."""
    given = (name for name, on in (switched or {}).items() if on)
    allow = frozenset(name.removeprefix("allow_").replace("_", "-") for name in given if name.startswith("allow_"))
    return Terms(wait=wait, allow=allow, allow_deletes=allow_deletes, go_on=_go_on if pause else None)


def plan(names: Sequence[str], asked: Asked, *, output: Path | None) -> None:
    """Plan jobs and show the plans; with `output`, write them, one JSON document a line. Changes nothing."""
    session.verbosity(asked.verbose)
    workspace = session.load(asked.workspace)
    with session.engine(workspace, quiet=asked.quiet) as engine:
        plans = [engine.plan(jobs.build(name, engine, asked.options), asked.targets) for name in names]
        if output is not None:
            _write(output, "".join(made.to_json() for made in plans))
            for made in plans:
                engine.journal.plans.keep(made)
    if asked.as_json:
        documents = [made.model_dump(mode="json") | {"digest": made.digest} for made in plans]
        show.as_json(documents[0] if len(documents) == 1 else documents)
    else:
        for made in plans:
            show.plan(made, verbose=asked.verbose > 0)
    if any(errors_of(made) for made in plans):
        raise typer.Exit(1)
    if asked.detailed and any(made.changes for made in plans):
        raise typer.Exit(CHANGES)


def apply(names: Sequence[str], asked: Asked, *, plan: str | None, approved: bool, yes: bool) -> list[Run]:
    """Apply stored plans, or plan, show, ask and apply each job in turn. Stops at the first that does not succeed."""
    session.verbosity(asked.verbose)
    if (plan is not None or approved) and asked.targets:
        raise typer.BadParameter("a stored plan is applied as it is: --target goes with planning")
    if plan is not None and approved:
        raise typer.BadParameter("--plan names the plan, --approved looks for it: one of them")
    work: list[tuple[str, Plan | None]] = [(name, None) for name in names]
    if plan is not None:
        work = [(made.job, made) for made in stored(plan, names, asked.workspace)]
    workspace = session.load(asked.workspace)
    ended: list[Run] = []
    with session.engine(workspace, quiet=asked.quiet, terms=asked.terms, executor=asked.executor) as engine:
        if approved:
            work = [(made.job, made) for made in _from_these_files(engine, names)]
        for name, made in work:
            run = _one(engine, name, asked, made, yes=yes)
            if run is not None:
                ended.append(run)
                if run.state is not RunState.SUCCEEDED:
                    break
    finish(ended, asked)
    return ended


def finish(ended: Sequence[Run], asked: Asked) -> None:
    """The last word of a command that ran something: JSON where asked, and the exit code."""
    if asked.as_json:
        show.as_json([run.model_dump(mode="json") for run in ended])
    if any(run.state not in (RunState.SUCCEEDED, RunState.ROLLED_BACK) for run in ended):
        raise typer.Exit(1)
    if asked.detailed and ended:
        raise typer.Exit(CHANGES)


def _one(engine: Engine, name: str, asked: Asked, stored: Plan | None, *, yes: bool) -> Run | None:
    if stored is not None:
        _made_so(stored, asked.options)
    job = jobs.build(name, engine, stored.options if stored is not None else asked.options)
    plan = stored if stored is not None else engine.plan(job, asked.targets)
    if not asked.as_json:
        show.plan(plan, verbose=asked.verbose > 0)
    if errors := errors_of(plan):
        raise Refused("the plan has errors", remedy="mend what they name, or leave it out with --target", findings=errors)
    if not plan.changes:
        return None
    if not yes:
        confirm(f"Apply these {len(plan.changes)} changes as {engine.operator}?")
    signing.vouch(engine, plan, glass=asked.break_glass)
    run = engine.apply(plan, job)
    if not asked.as_json:
        show.run(run)
    return run


def _made_so(plan: Plan, asked: JsonObject) -> None:
    """Return if a stored plan was made in the manner that is asked for now. Raises Refused."""
    manners = {name: plan.options.get(name, default) for name, default in jobs.MANNERS.items()}
    if differ := [f"{name} {manner}" for name, manner in manners.items() if name in asked and asked[name] != manner]:
        made = ", ".join(differ).replace("_", "-")
        raise Refused(f"the plan was made for {made}", remedy="apply it as it is, or make a new plan")


def verify(name: str, asked: Asked) -> None:
    """Look whether what the last successful run of a job did still holds, and whether intent asks for anything more."""
    session.verbosity(asked.verbose)
    workspace = session.load(asked.workspace)
    with session.engine(workspace, quiet=asked.quiet) as engine:
        found: list[Finding] = []
        last = next((run for run in engine.journal.runs(job=name) if run.state is RunState.SUCCEEDED), None)
        if last is not None:
            applied = engine.journal.plan_of(last.id)
            job = jobs.build(name, engine, applied.options)
            engine.say(f"verifying what run {last.id} did")
            found += [finding for change in applied.changes for finding in job.verify(change)]
        plan = engine.plan(jobs.build(name, engine, asked.options), asked.targets)
    found += plan.findings
    found += [
        Finding(code="not-as-intended", message=change.summary, remedy="plan and apply", target=change.target)
        for change in plan.changes
    ]
    if asked.as_json:
        show.as_json([finding.model_dump(mode="json") for finding in found])
    else:
        show.out(f"{plan.title}: {len(plan.observations)} targets looked at", bold=True)
        show.findings(found)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def again(run_id: str, asked: Asked, what: Literal["resume", "rollback"], *, yes: bool) -> None:
    """Resume a run, or take it back."""
    session.verbosity(asked.verbose)
    workspace = session.load(asked.workspace)
    with session.engine(workspace, quiet=asked.quiet, terms=asked.terms, executor=asked.executor) as engine:
        former = engine.journal.run(run_id)
        plan = engine.journal.plan_of(former.id)
        if not yes:
            show.run(former)
            confirm(f"Take back {len(plan.changes)} changes as {engine.operator}?")
        signing.vouch(engine, plan, ApprovalKind(what), asked.break_glass)
        job = jobs.build(former.job, engine, plan.options)
        ended = engine.resume(former.id, job) if what == "resume" else engine.rollback(former.id, job)
    if not asked.as_json:
        show.run(ended)
    finish([ended], asked)


def errors_of(plan: Plan) -> tuple[Finding, ...]:
    """What in a plan forbids its application."""
    return tuple(finding for finding in plan.findings if finding.severity is Severity.ERROR)


def _go_on(question: str) -> bool:
    """Between waves: yes or no; no where nobody can answer."""
    return sys.stdin.isatty() and typer.confirm(question, err=True)


def confirm(question: str) -> None:
    """Ask; anything but yes ends the command with nothing done. Where nobody can answer, --yes is needed."""
    if not sys.stdin.isatty():
        raise Refused("nobody is there to say yes", remedy="read the plan, then run again with --yes")
    if not typer.confirm(question, err=True):
        raise Refused("you said no", remedy="nothing was changed")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        raise Fatal(f"{path} cannot be written: {error.strerror}", remedy="name another file with -o") from None


def _from_these_files(engine: Engine, names: Sequence[str]) -> Iterator[Plan]:
    """For each job the newest stored plan of exactly this intent, but what a run applied already, which is told."""
    for name in names:
        made = engine.journal.plans.newest(name, engine.workspace.digest)
        if made is None:
            raise Refused(
                f"no stored plan of {name} was made from exactly these files",
                remedy="`plan -o` stores one; a plan of other files, or of a merge that changed them, is not taken",
            )
        run = next(iter(engine.journal.runs(plan_digest=made.digest, limit=1)), None)
        if run is not None and run.state is RunState.SUCCEEDED:
            engine.say(f"{made.title}: run {run.id} by {run.operator} has applied the plan of these files already")
        else:
            yield made


def stored(name: str, names: Sequence[str], workspace: Path | None = None) -> list[Plan]:
    """The plans of a file, or the one in the journal whose digest begins so. `names`: jobs that it may be of. Raises Verdict."""
    if (path := Path(name)).exists() or not re.fullmatch(r"(sha256:)?[0-9a-f]{6,64}", name):
        return _of_these(read(path), names, name)
    with session.journal(session.load(workspace)) as journal:
        return _of_these([journal.plans.named(name)], names, name)


def read(path: Path) -> list[Plan]:
    """The plans in a file, one JSON document a line. Raises Refused with what is wrong with it."""
    remedy = "name a file that `plan -o` wrote"
    try:
        if path.stat().st_size > LARGEST_PLAN:
            raise Refused(f"{path} is too large to be a plan", remedy=remedy)
        plans = [Plan.model_validate(json.loads(line)) for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}", remedy=remedy) from None
    except (ValidationError, ValueError, RecursionError) as error:
        raise Refused(f"{path} is not a plan: {str(error).splitlines()[0]}", remedy=remedy) from None
    return plans


def _of_these(plans: list[Plan], names: Sequence[str], where: str) -> list[Plan]:
    strangers = [plan.job for plan in plans if plan.job not in names]
    if strangers or not plans:
        raise Refused(
            f"{where} holds {', '.join(strangers) or 'no plan'}, this command applies {', '.join(names)}",
            remedy="apply it with the command it was made with",
        )
    return plans
