"""A world by a seed: operators, targets, misfortunes, and what must hold whatever happens. Decides nothing for the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from parts.simulation.faults import Faults
from parts.simulation.ground import Ground, Valves
from parts.simulation.people import People
from parts.simulation.scheduler import Clock, Pool, Process, Scheduler, Threading
from parts.simulation.stage import Stage, journal

from yunwang.inventories.plan import Change, Plan
from yunwang.inventories.verdict import Verdict
from yunwang.inventories.workspace import ApplySettings, FailureBudget, Settings, Workspace
from yunwang.journal import process as processes
from yunwang.journal import store
from yunwang.journal.chain import Algorithm
from yunwang.journal.leases import TTL
from yunwang.journal.records import Phase, Run, RunState, StepRecord, StepState
from yunwang.operations import leases, waves
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms

ROUNDS = 25
"""How often a run is resumed at most; after FAULTY of them no fault strikes any more."""
FAULTY = 6


@dataclass
class World:
    """One seed's world. `wrongs` is what it broke."""

    seed: int
    stage: Stage
    people: People | None = None
    """With whom plans are approved; None: nobody is asked in any world."""
    die_at: int | None = None
    """The first process dies at its pause of this number (0: at none), and nothing else happens."""
    outcomes: list[str] = field(default_factory=list)
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        random = self.random = Random(self.seed)
        self.scheduler = Scheduler(random)
        self.scheduler.on_pause = self._paused
        names = [f"{letter}{random.choice('xy')}" for letter in "abcde"[: random.randint(1, 5)]]
        cut = random.randint(1, len(names))
        self.waves = tuple(wave for wave in (tuple(names[:cut]), tuple(names[cut:])) if wave)
        self.parallel = random.randint(1, 3)
        self.ground = Ground({f"valve/{name}": 0 for name in names})
        self.wrongs, self.trace = self.ground.wrongs, self.ground.trace
        self.wanted = dict.fromkeys(names, 1)
        self.faults = Faults.of(random)
        self.asks = self.people is not None and random.random() < 0.2
        self.same_machine = random.random() < 0.5
        self.chain: Algorithm = "sha256" if random.random() < 0.8 else "sm3"
        self.settings = ApplySettings(
            undo=random.choice(("wave", "change")),
            canary=random.choice((0, 0, 1)),
            per_group=random.choice((None, None, 1)),
            failures=FailureBudget(wave=random.choice((0, 0, 1, 2)), run=random.choice((None, None, 1))),
            soak_seconds=random.choice((0, 0, 30)),
        )
        if self.die_at is not None:
            self.faults.left, self.asks = 0, False
        self.pauses = 0
        self.allowed: set[str] = set()
        self.revoked = False
        self.blow, self.blow_at = "", 0
        """What befalls the first process at its pause of that number (a freeze: as soon as it can), whatever else does."""
        self.plans: list[Plan] = []
        self.processes: dict[str, Process] = {}
        self.engines: dict[str, Engine] = {}
        auditor = Process("auditor")
        self.clock = Clock(self.scheduler, auditor)
        self.auditor = journal(self.stage, auditor, lambda what: None, str, self.clock.now, self.chain)

    # --- what happens

    def play(self) -> World:
        """Everything, to its end."""
        self.stage.reset()
        with self._stood_in():
            self._first_act()
            self._recover()
            self._second_thoughts()
            self._settled()
            if not self.wrongs:
                self._last_act()
        return self

    def _first_act(self) -> None:
        random = self.random
        self._start(self._plans_and_applies)
        if self.die_at is not None:
            self.blow, self.blow_at = "die" if self.die_at else "", self.die_at
        else:
            story = random.random()
            if story < 0.3:
                self.blow_at = random.randint(25, 70)
                self.blow, colleague = ("die", self._wants_another) if story < 0.15 else ("freeze", self._takes_over)
                self._start(colleague)
            for _ in range(random.choice((0, 0, 1, 1, 2))):
                self._start(random.choice((self._plans_and_applies, self._applies_it_too, self._takes_over, self._wants_another)))
        self.scheduler.run()

    def _recover(self) -> None:
        random = self.random
        for number in range(ROUNDS):
            left = [run for run in self.auditor.runs() if not run.state.ended]
            if not left:
                return
            if number >= FAULTY:
                self.faults.left = 0
                self.scheduler.wall = max(self.scheduler.wall, 0)  # before a clock is right again, the dead may look alive
            self.scheduler.now += random.choice((0, TTL.total_seconds() + 1)) if number < FAULTY else TTL.total_seconds() + 1
            if self.asks and random.random() < 0.3:
                self.revoked = True  # nobody may approve any more: what was begun can only be taken back, or given up
            plain = number >= FAULTY or self.die_at is not None
            last = self._takes_back if self.revoked else self._resumes
            how = last if plain else random.choice((self._resumes,) * 6 + (self._gives_up, self._takes_back))
            for run in left:
                self._start(partial(how, run.id))
            self.scheduler.run()
        self.wrongs.append("some run never ends, however often it is resumed")

    def _second_thoughts(self) -> None:
        """Somebody takes the newest run back, however it ended, and again where that was broken off or did not work."""
        runs = self.auditor.runs(limit=1)
        if not runs or self.die_at is not None or self.random.random() > 0.3:
            return
        for _ in range(3):
            self._start(partial(self._takes_back, runs[0].id))
            self.scheduler.run()
            self.scheduler.now += TTL.total_seconds() + 1
            self.scheduler.wall = max(self.scheduler.wall, 0)
            self.faults.left = 0

    def _last_act(self) -> None:
        """When all misfortune is over, a new plan makes everything as wanted, and then there is nothing to do."""
        self.faults.left = 0
        self.scheduler.now += TTL.total_seconds() + 1
        self.asks = self.revoked = False
        self._start(self._plans_and_applies)
        self.scheduler.run()
        if any(self.ground.valves[f"valve/{name}"] != number for name, number in self.wanted.items()):
            self.wrongs.append(f"a new plan does not get there: {self.ground.valves}; {self.outcomes[-1]}")
        self._start(self._plans_nothing)
        self.scheduler.run()
        self.wrongs.extend(f"audit: {finding.message}" for finding in self.auditor.audit.verify())
        if left := [lease.target for lease in self.auditor.leases.all() if lease.run in {run.id for run in self.auditor.runs()}]:
            self.wrongs.append(f"leases are left of runs that have ended: {', '.join(left)}")

    def _plans_and_applies(self, engine: Engine, job: Valves) -> Run | None:
        plan = engine.plan(job)
        self._approve(plan)
        self.plans.append(plan)
        return engine.apply(plan, job) if plan.changes else None

    def _applies_it_too(self, engine: Engine, job: Valves) -> Run | None:
        self.scheduler.block(lambda: bool(self.plans), 20.0)
        return engine.apply(self.plans[0], job) if self.plans else None

    def _wants_another(self, engine: Engine, job: Valves) -> Run | None:
        job.wanted = dict.fromkeys(list(job.wanted)[:2], 2)
        plan = engine.plan(job)
        self._approve(plan)
        self.scheduler.block(None, self.random.choice((0.0, 30.0)))
        return engine.apply(plan, job)

    def _takes_over(self, engine: Engine, job: Valves) -> Run | None:
        """An impatient colleague, who resumes whatever runs."""
        self.scheduler.block(None, self.random.choice((1.0, 100.0, 100.0)))
        left = [run for run in engine.journal.runs() if not run.state.ended]
        return engine.resume(left[0].id, job) if left else None

    def _resumes(self, run: str, engine: Engine, job: Valves) -> Run:
        return engine.resume(run, job)

    def _takes_back(self, run: str, engine: Engine, job: Valves) -> Run:
        return engine.rollback(run, job)

    def _gives_up(self, run: str, engine: Engine, job: Valves) -> None:
        engine.journal.leases.give_up(run, operator=engine.operator, reason="by the seed")

    def _plans_nothing(self, engine: Engine, job: Valves) -> None:
        if changes := engine.plan(job).changes:
            self.wrongs.append(f"a second plan is not empty: {changes}")

    def _approve(self, plan: Plan) -> None:
        if (
            not self.asks
            or self.people is None
            or self.people.answer(plan, self._workspace(), self.auditor, self.clock.now(), self.random)
        ):
            self.allowed.add(plan.digest)

    # --- how a process is made, and what befalls it

    def _start(self, does: Callable[[Engine, Valves], object]) -> None:
        random, process = self.random, Process(f"p{len(self.processes) + 1}")
        self.processes[process.name] = process
        clock = Clock(self.scheduler, process)
        engine = self.engines[process.name] = Engine(
            workspace=self._workspace(),
            journal=journal(self.stage, process, self._pause, partial(self._strike, "database"), clock.now, self.chain),
            operator="li-wei",
            host=process.name,
            command="yunwang apply",
            say=lambda line: self._note(process, f"  {line}"),
            terms=Terms(wait=random.choice((0.0, 0.0, 100.0))),
            clock=clock,
            pool=partial(Pool, self.scheduler, process),
        )
        job = Valves(
            self.ground,
            dict(self.wanted),
            self.waves,
            self.parallel,
            process,
            self.scheduler,
            self._strike,
            partial(self._watch, process),
        )
        self.scheduler.spawn(process, partial(self._main, process, partial(does, engine, job)))

    def _workspace(self) -> Workspace:
        workspace = Workspace(
            root=self.stage.folder,
            digest="sha256:intent",
            settings=Settings(version=1, name="waterworks", title="Waterworks", apply=self.settings),
        )
        return self.people.rule(workspace, revoked=self.revoked) if self.people is not None and self.asks else workspace

    def _main(self, process: Process, work: Callable[[], object]) -> None:
        try:
            done = work()
            told = f"{done.state}: {done.message}" if isinstance(done, Run) else "done"
        except Verdict as error:
            told = f"{type(error).__name__}: {error}"
            for finding in getattr(error, "findings", ()):
                told += f"\n          {finding.target}: {finding.message}"
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
            told = f"{type(error).__name__}: {error}"
            self.wrongs.append(f"{process.name} fell over {told}")
        self.outcomes.append(f"{process.name} {told}")
        self._note(process, f"ENDS {told}")

    def _pause(self, what: str) -> None:
        self.scheduler.pause(what)

    def _strike(self, place: str) -> str:
        fault = self.faults.strike(place)
        if fault and place == "database":
            self._note(self.scheduler.process, f"database: {fault}")
        return fault

    def _paused(self, process: Process, what: str) -> None:
        if process.name == "p1":
            self.pauses += 1
        struck = bool(self.blow) and process.name == "p1" and self.pauses >= self.blow_at
        fault = self.blow if struck else self.faults.strike("pause")
        if not fault:
            return
        if fault in ("freeze", "clock-forward") and self._in_flight():
            return  # a deed that goes on after its lease has lapsed: no journal can call it back (docs/reliability.md)
        if struck:
            self.blow = ""
        self._note(process, f"{fault} at {what}")
        match fault:
            case "die" | "ctrl-c-again":  # which ends the process at once (cli/session.py)
                process.dead = True
            case "freeze":
                process.frozen_until = self.scheduler.now + self.random.choice((10.0, 300.0, 300.0))
            case "clock-forward":
                self.scheduler.wall += self.random.choice((70.0, 100_000.0))
            case "clock-back":
                self.scheduler.wall -= self.random.choice((5.0, 70.0, 4000.0))
            case "ctrl-c":
                self.engines[process.name].stop.set()

    def _in_flight(self) -> bool:
        held = "SELECT 1 FROM steps JOIN leases USING (target, run) WHERE steps.state = 'started'"
        return bool(self.ground.hands or self.stage.look(held))

    def _dead(self, known: str) -> bool:
        return self.same_machine and (known not in self.processes or self.processes[known].dead)

    @contextmanager
    def _stood_in(self) -> Iterator[None]:
        """Time, threads, chance and process ids are the world's own."""
        threading = Threading(self.scheduler)
        token = SimpleNamespace(token_hex=lambda count: f"{self.random.getrandbits(8 * count):0{2 * count}x}")
        with (
            patch.object(leases, "threading", threading),
            patch.object(waves, "wait", threading.wait),
            patch.object(store, "secrets", token),
            patch.object(processes, "dead", self._dead),
        ):
            yield

    # --- what must hold

    def _watch(self, process: Process, deed: str, change: Change) -> None:
        """Before each deed: the journal knows, who does it holds the lease, the run may go on, the plan is approved."""
        look, target = self.stage.look, change.target
        step = look("SELECT run, phase, state FROM steps WHERE target = ? ORDER BY number DESC LIMIT 1", target)
        if not step or step[0][1:] != (deed, "started"):
            self.wrongs.append(f"{process.name} does {deed} at {target}, and the journal does not know")
            return
        if look("SELECT process FROM leases WHERE target = ?", target) != [(process.name,)]:
            self.wrongs.append(f"{process.name} does {deed} at {target} without its lease")
        digest, state = look("SELECT plan_digest, state FROM runs WHERE id = ?", step[0][0])[0]
        if deed == "apply" and state != RunState.RUNNING:
            self.wrongs.append(f"{process.name} applies {target}, of a run that is {state}")
        self._watch_the_others(process, deed, change, step[0][0])
        if digest not in self.allowed or (deed == "apply" and self.revoked):
            self.wrongs.append(f"{process.name} does {deed} at {target} without an approval")

    def _watch_the_others(self, process: Process, deed: str, change: Change, run: str) -> None:
        """So many at a time, so many of a group; and a rollback takes no wave back before it is through with those after it."""
        beside = [target for target, hands in self.ground.hands.items() if hands is process]
        if len(beside) >= self.parallel:
            self.wrongs.append(f"{process.name} does {deed} at {change.target} beside {', '.join(beside)}")
        if self.settings.per_group and any(target[-1] == change.group for target in beside):
            self.wrongs.append(f"{process.name} does {deed} at two of group {change.group}: {change.target}, {', '.join(beside)}")
        last = {step.change: step for step in self.auditor.steps(run)}
        if last[change.id].wave == "rollback":
            waves = [wave.changes for wave in self.auditor.plan_of(run).waves]
            mine = next(number for number, wave in enumerate(waves) if change.id in wave)
            for other in (one for wave in waves[mine + 1 :] for one in wave if one in last):
                if last[other].phase is not Phase.UNDO or last[other].state is StepState.STARTED:
                    self.wrongs.append(f"{process.name} takes {change.target} back before {other}, which came after it")

    def _settled(self) -> None:
        """Every target is new or old, and the journal says which."""
        if self.scheduler.stuck:
            self.wrongs.append("everybody waits for everybody")
        last: dict[str, tuple[Run, StepRecord, Change]] = {}
        digests = [run.plan_digest for run in self.auditor.runs()]
        if len(set(digests)) != len(digests):
            self.wrongs.append("a plan was applied twice")
        for run in self.auditor.runs():
            plan = self.auditor.plan_of(run.id)
            steps = self.auditor.steps(run.id)
            for step in steps:
                if step.target not in last or last[step.target][1].number < step.number:
                    last[step.target] = run, step, plan.change(step.change)
            if run.state is RunState.SUCCEEDED and not _all_verified(plan, steps):
                self.wrongs.append(f"run {run.id} succeeded without each change verified")
        for target, holds in self.ground.valves.items():
            says = _says(*last[target]) if target in last else 0
            if says is not None and says != holds:
                self.wrongs.append(f"{target} is at {holds}, and by the journal at {says}")

    def _note(self, process: Process, what: str) -> None:
        self.trace.append(f"{self.scheduler.now:8.2f} {process.name}: {what}")

    def told(self) -> str:
        """For who has to find the bug."""
        return "\n".join(
            ["", *self.trace[-150:], "", f"seed {self.seed} broke:", *self.wrongs, f"replay: {REPLAY.format(seed=self.seed)}"]
        )


REPLAY = "YUNWANG_SEEDS={seed} pytest -s tests/operations/simulation/test_seeds.py"


def _all_verified(plan: Plan, steps: tuple[StepRecord, ...]) -> bool:
    last = {step.change: (step.phase, step.state) for step in steps}
    return all(last.get(change.id) == (Phase.VERIFY, StepState.DONE) for change in plan.changes)


def _says(run: Run, step: StepRecord, change: Change) -> object:
    """Where a target is by the last step on it; None: the journal says that this is not known, and that a person has to look."""
    match step.phase, step.state:
        case Phase.VERIFY, StepState.DONE:
            return change.forward["to"]
        case Phase.UNDO, StepState.DONE:
            return change.reverse["to"]
        case _ if run.state is RunState.ABANDONED or change.target in run.message.partition("NOT taken back")[2]:
            return None
    return f"{step.phase} {step.state} in a run that is {run.state}"
