"""The options that every plan and every apply has, said once and handed over as one value. No behaviour of its own."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, get_type_hints

from yunwang.cli import changing
from yunwang.cli.options import (
    ApprovedOption,
    BreakGlassOption,
    DeletesOption,
    DetailedOption,
    ExecutorOption,
    JsonOption,
    OutputOption,
    PauseOption,
    PlanOption,
    QuietOption,
    VerboseOption,
    WaitOption,
    WorkspaceOption,
    YesOption,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was said in them."""

    workspace: WorkspaceOption = None
    output: OutputOption = None
    plan: PlanOption = None
    approved: ApprovedOption = False
    yes: YesOption = False
    json: JsonOption = False
    quiet: QuietOption = False
    verbose: VerboseOption = 0
    detailed_exitcode: DetailedOption = False
    allow_deletes: DeletesOption = None
    wait: WaitOption = 0
    pause: PauseOption = False
    break_glass: BreakGlassOption = None
    executor: ExecutorOption = None

    def asked(self, switched: Mapping[str, bool] | None = None, **own: Any) -> changing.Asked:
        """What the operator asked for. `switched`: see changing.terms; `own`: what else is asked, by field of Asked."""
        asked = changing.Asked(
            self.workspace,
            as_json=self.json,
            quiet=self.quiet,
            verbose=self.verbose,
            detailed=self.detailed_exitcode,
            terms=changing.terms(wait=self.wait, pause=self.pause, allow_deletes=self.allow_deletes, switched=switched),
            break_glass=self.break_glass,
            executor=self.executor,
        )
        return dataclasses.replace(asked, **own)

    def carry_out(self, job: str, **own: Any) -> None:
        """Plan a job, and apply it too unless the plan is to be written."""
        if self.output is not None:
            changing.plan([job], self.asked(**own), output=self.output)
        else:
            changing.apply([job], self.asked(**own), plan=self.plan, approved=self.approved, yes=self.yes)


TO_LOOK: Collection[str] = ("workspace", "json", "quiet", "verbose")
TO_PLAN: Collection[str] = (*TO_LOOK, "output", "detailed_exitcode")
TO_APPLY: Collection[str] = tuple(one.name for one in dataclasses.fields(Given) if one.name != "output")
ALL: Collection[str] = (*TO_APPLY, "output")


def takes(names: Collection[str], further: Mapping[str, Any] | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command these options, which it gets as its argument `given`; and `further` ones (None where nobody says them)."""
    hints = get_type_hints(Given, include_extras=True)
    common = {one.name: (hints[one.name], one.default) for one in dataclasses.fields(Given) if one.name in names}
    options = common | {name: (kind, None) for name, kind in (further or {}).items()}
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=one, annotation=kind)
        for name, (kind, one) in options.items()
    ]

    def give(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = [
            one for one in signature.parameters.values() if one.name != "given" and one.kind is not inspect.Parameter.VAR_KEYWORD
        ]

        @wraps(command)
        def called(**said: Any) -> None:
            given = Given(**{name: said.pop(name) for name in common})
            command(**said, given=given)

        called.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]  # what typer goes by
        return called

    return give
