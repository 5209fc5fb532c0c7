"""Simulated processes: of all their tasks one runs at a time, and a seed picks who goes on wherever one may wait. Knows no engine.

Each task has a thread, but only that with the baton runs. Time passes in sleeps, and a step from pause to pause.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent import futures
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

EPOCH = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
STEP_SECONDS = 0.01
"""What passes at each pause."""
PAUSES = 30_000
"""More than any run needs: a world that pauses more often is stuck."""


class Died(BaseException):
    """The process of this task is dead: nothing of it runs on, whatever it would like to tidy up."""


@dataclass(eq=False)
class Process:
    """One simulated process. `frozen_until`: in seconds; it is not scheduled before."""

    name: str
    dead: bool = False
    frozen_until: float = 0.0
    clock_off: float = 0.0
    """How far its machine's clock is off, in seconds."""


@dataclass(eq=False)
class Task:
    """One thread of a process. It may go on when `ready` says so, or at `wake`; with neither, at once."""

    process: Process
    work: Callable[[], None]
    ready: Callable[[], bool] | None = None
    wake: float | None = None
    ended: bool = False
    baton: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def may_go_on(self, now: float) -> bool:
        if self.ended:
            return False
        if self.process.dead:
            return True  # to unwind
        if self.process.frozen_until > now:
            return False
        if self.ready is None and self.wake is None:
            return True
        return (self.ready is not None and self.ready()) or (self.wake is not None and self.wake <= now)

    def next_at(self, now: float) -> float | None:
        """When it may go on by itself; None: never."""
        thaw = self.process.frozen_until
        if self.ended or (self.wake is None and thaw <= now):
            return None
        return max(self.wake or thaw, thaw)


class Scheduler:
    """Hands the baton on. `on_pause` may do something to a process each time a task of it pauses."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.now = 0.0
        self.wall = 0.0
        """By how much all clocks were turned, in seconds."""
        self.pauses = 0
        self.stuck = False
        self.tasks: list[Task] = []
        self.on_pause: Callable[[Process, str], None] = lambda process, what: None
        self._current: Task | None = None
        self._all_ended = threading.Semaphore(0)

    @property
    def process(self) -> Process:
        """Whose task runs."""
        assert self._current is not None
        return self._current.process

    def spawn(self, process: Process, work: Callable[[], None]) -> Task:
        """A task more; it runs when it is picked."""
        task = Task(process, work)
        self.tasks.append(task)
        threading.Thread(target=self._run, args=(task,), daemon=True).start()
        return task

    def run(self) -> None:
        """Let all tasks come to their end."""
        if first := self._pick():
            self._current = first
            first.baton.release()
            self._all_ended.acquire()
        self._current = None
        self.tasks.clear()

    def pause(self, what: str) -> None:
        """Anybody may go on now. Raises Died where this process has died by then."""
        task = self._current
        assert task is not None
        if not task.process.dead:
            self.on_pause(task.process, what)
        self._let_go(task)

    def block(self, ready: Callable[[], bool] | None, seconds: float | None = None) -> None:
        """Wait for something, or for a time. Raises Died."""
        task = self._current
        assert task is not None
        task.ready, task.wake = ready, None if seconds is None else self.now + seconds
        try:
            self._let_go(task)
        finally:
            task.ready = task.wake = None

    def _let_go(self, task: Task) -> None:
        self.pauses += 1
        self.now += STEP_SECONDS
        if self.pauses > PAUSES:
            self._give_up()
        following = self._pick()
        if following is not task:
            assert following is not None
            self._current = following
            following.baton.release()
            task.baton.acquire()
        if task.process.dead:
            raise Died

    def _pick(self) -> Task | None:
        left = [task for task in self.tasks if not task.ended]
        if not left:
            return None
        if not any(task.may_go_on(self.now) for task in left):
            times = [at for task in left if (at := task.next_at(self.now)) is not None]
            if times:
                self.now = max(self.now, min(times))
        able = [task for task in left if task.may_go_on(self.now)]
        if not able:
            self._give_up()
            able = left
        if self._current in able and self.random.random() < 0.4:
            return self._current
        return self.random.choice(able)

    def _give_up(self) -> None:
        """Everybody waits for everybody: all of them die, and the seed has failed."""
        self.stuck = True
        for task in self.tasks:
            task.process.dead = True

    def _run(self, task: Task) -> None:
        task.baton.acquire()
        task.ready = None  # what it had to wait for to begin
        try:
            if not task.process.dead:
                task.work()
        except Died:
            pass
        finally:
            task.ended = True
            following = self._pick()
            self._current = following
            (following.baton if following else self._all_ended).release()


@dataclass(frozen=True)
class Clock:
    """operations.clock.Clock, as one process's machine has it."""

    scheduler: Scheduler
    process: Process

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=round(self.scheduler.now + self.scheduler.wall + self.process.clock_off, 3))

    def sleep(self, seconds: float) -> None:
        self.scheduler.block(None, seconds)


class Promise(futures.Future[Any]):
    """A future that is waited for in simulated time."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            self._scheduler.block(self.done, timeout)
        return super().result(0)


class Pool(futures.Executor):
    """A process's threads, `size` of them."""

    def __init__(self, scheduler: Scheduler, process: Process, size: int) -> None:
        self._scheduler, self._process, self._free = scheduler, process, size
        self._tasks: list[Task] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Promise:
        promise = Promise(self._scheduler)

        def work() -> None:
            if not promise.set_running_or_notify_cancel():
                return
            self._free -= 1
            try:
                promise.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 -- as ThreadPoolExecutor does
                promise.set_exception(error)
            finally:
                self._free += 1

        task = self._scheduler.spawn(self._process, work)
        task.ready = lambda: self._free > 0
        self._tasks.append(task)
        return promise

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if wait and not all(task.ended for task in self._tasks):
            self._scheduler.block(lambda: all(task.ended for task in self._tasks))


class Threading:
    """What of the module `threading` the engine uses for its heartbeat, in simulated time."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def Thread(self, *, target: Callable[[], None], name: str, daemon: bool) -> _Thread:
        return _Thread(self._scheduler, target)

    def Event(self) -> _Event:
        return _Event(self._scheduler)

    def wait(self, fs: Iterable[futures.Future[Any]], return_when: str) -> None:
        """concurrent.futures.wait, for the first."""
        assert return_when == futures.FIRST_COMPLETED
        waited = list(fs)
        self._scheduler.block(lambda: any(one.done() for one in waited))


class _Thread:
    def __init__(self, scheduler: Scheduler, target: Callable[[], None]) -> None:
        self._scheduler, self._target = scheduler, target
        self._task: Task | None = None

    def start(self) -> None:
        self._task = self._scheduler.spawn(self._scheduler.process, self._target)

    def join(self) -> None:
        task = self._task
        if task is not None and not task.ended:
            self._scheduler.block(lambda: task.ended)


class _Event:
    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler, self._set = scheduler, False

    def set(self) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, timeout: float) -> bool:
        if not self._set:
            self._scheduler.block(self.is_set, timeout)
        return self._set
