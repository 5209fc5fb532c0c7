"""A session with one device: read it, push lines, commit, save. Never answers what was not foreseen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from yunwang.inventories.verdict import Fatal, Refused, Retryable, Verdict
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session as Platform
from yunwang.network.transport.batch import batches
from yunwang.network.transport.conversation import Asked, Conversation, Reply
from yunwang.network.transport.driver import Closed, Quiet
from yunwang.network.transport.faults import HungUp, LineRejected, Sent, Silent, UnexpectedQuestion

RETRY_SECONDS = 5.0
_UNKNOWN = re.compile(r"'\^'|[Uu]nrecognized|[Uu]nknown command")
"""How every platform says that a line is none."""


class NotUnderstood(Exception):
    """The device's release does not know a line; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Lines that a device accepted, in order, and what it remarked on them (`Info:`, `Warning:`), line by line."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class Session:
    """What `connect` gives. After a verdict of `push` or `commit` the candidate is thrown away and the session of no more use."""

    def __init__(self, target: str, platform: Platform, conversation: Conversation, *, console: bool = False) -> None:
        self.target = target
        self._console = console
        """Is it a serial line behind it, that loses what comes too fast, and stays logged in when nobody logs out?"""
        self._platform = platform
        self._conversation = conversation
        self._top = ""
        """The configuration view's own prompt, "" while not configuring."""
        self._two_stage = False

    @property
    def host(self) -> str:
        """The name that the device calls itself."""
        return self._conversation.prompts.host

    @property
    def two_stage(self) -> bool:
        """Did the prompt prove that lines go to a candidate? Known once lines were pushed."""
        return self._two_stage

    def prepare(self, enable_password: str, log_in: Sequence[Question] = (), *, wake: str = "") -> None:
        """Find the prompt, become privileged, turn paging off.

        `log_in`: what a line without a log-in of its own asks. `wake`: the prompt was shown before, and comes again at this key.
        """
        commands = self._platform.paging_off
        try:
            prompt, replies = self._conversation.log_in(log_in, enable_password, commands, wake=wake or "\n" * self._console)
        except Asked as event:
            if not any(re.search(question.ask, str(event)) for question in log_in):
                raise self._lost(event, "log-in") from None
            raise Fatal(
                "the device refuses the username or the password",
                remedy="put the right ones into ansible_user and where yunwang_password points",
                target=self.target,
            ) from None
        except (Closed, Quiet) as event:
            raise self._lost(event, "log-in") from None
        if not prompt.privileged:
            raise Fatal(
                f"the account is not let in as an operator (the prompt is {prompt.text})",
                remedy="give the account the level that may configure, or point yunwang_enable_password to the right secret",
                target=self.target,
            )
        for command, reply in zip(commands, replies, strict=True):
            self._shown(command, reply)

    def running(self) -> str:
        """The running configuration, as the device prints it."""
        return self.display(self._platform.show.running)

    def display(self, command: str) -> str:
        """What a command of the user view prints. Raises Fatal where the device refuses it."""
        return self._shown(command, self._say(command, asks=False))

    def _shown(self, command: str, reply: Reply) -> str:
        if refusal := reply.refusal(self._platform, shown=True):
            raise Fatal(
                f"the device refuses {command!r}: {refusal}",
                remedy="the account may not run it, or this software version words it differently",
                target=self.target,
            )
        return reply.text

    def alive(self, address: IPv4Address | IPv6Address) -> bool:
        """Does a host answer the device's own ping, at least once?"""
        form = self._platform.ping6 if address.version == 6 else self._platform.ping4
        ping = form.format(address=address)
        try:
            return self._conversation.probe(ping, self._platform.ping_alive)
        except (Asked, Closed, Quiet) as event:
            raise self._lost(event, repr(ping)) from None

    def push(self, lines: Sequence[PatchLine]) -> Pushed:
        """Send configuration lines, each only after the one before was echoed, answered and not refused.

        Where `batches` lets several go in one write, each still has its own echo and answer. Nothing goes after a write in which a
        line was refused, nothing into a view whose entry was not confirmed by its prompt. On a two-stage device nothing runs before
        `commit`; on a refusal the candidate is thrown away.
        Raises LineRejected, UnexpectedQuestion, Silent, HungUp; Refused where someone else's candidate is in the way.
        """
        accepted: list[str] = []
        remarks: list[str] = []
        batch: tuple[PatchLine, ...] = (PatchLine(self._platform.config_enter),)
        sent: list[Sent] = []
        try:
            self._configure()
            view = self._top
            together = batches(lines, commit=self._platform.commit if self._two_stage else None)
            for batch in ((line,) for line in lines) if self._console else together:
                sent = []
                for item, reply in zip(batch, self._replies(batch), strict=True):
                    refusal, view = self._refusal(item, reply, view), reply.prompt.view
                    sent.append(Sent(item.text, refusal or ""))
                    if not refusal and reply.text.strip():
                        remarks.append(f"{item.text}: {' '.join(reply.text.split())}")
                self._settle(batch, sent, accepted)
            batch = (PatchLine(self._platform.config_leave),)
            sent = []
            self._leave()
        except (Asked, Closed, Quiet) as event:
            unknown = [Sent(item.text) for item in batch[len(sent) :]]
            self._settle(batch, sent, accepted, unknown)
            kind = UnexpectedQuestion if isinstance(event, Asked) else HungUp if isinstance(event, Closed) else Silent
            first, *after = unknown
            raise kind(self.target, accepted=tuple(accepted), unknown=first.line, detail=str(event), after=tuple(after)) from None
        return Pushed(tuple(accepted), tuple(remarks))

    def _replies(self, batch: tuple[PatchLine, ...]) -> Iterator[Reply]:
        if len(batch) > 1:
            return self._conversation.say_all([item.text for item in batch])
        item = batch[0]
        foreseen = (Question(ask=item.question, answer=item.answer or ""),) if item.question else ()
        return iter((self._conversation.say(item.text, foreseen),))

    def _refusal(self, item: PatchLine, reply: Reply, view: str) -> str | None:
        """Why a line does not count as accepted: the device's words, or a prompt that it must not lead to from `view`, its own."""
        refusal, now = reply.refusal(self._platform), reply.prompt
        if refusal is None and item.enters_view and not (now.configuring and now.view != self._top):
            refusal = " ".join(["the view was not entered, the prompt is", now.text, *reply.text.split()])
        if refusal is None and item.independent and not item.enters_view and now.view != view:
            refusal = f"the view was left, the prompt is {now.text}"
        return refusal

    def _settle(
        self, batch: tuple[PatchLine, ...], sent: Sequence[Sent], accepted: list[str], unknown: Sequence[Sent] = ()
    ) -> None:
        """Count a write's lines as accepted up to the first refusal. Raises LineRejected there, with what was sent after it."""
        for number, (item, one) in enumerate(zip(batch, sent, strict=False)):
            if one.answer:
                self._discard()
                raise LineRejected(
                    self.target,
                    line=one.line,
                    view=" › ".join(item.view) or "the system view",
                    answer=one.answer,
                    accepted=tuple(accepted),
                    after=(*sent[number + 1 :], *unknown),
                ) from None
            accepted.append(one.line)

    def commit(self, line: str | None = None) -> bool:
        """Make the candidate the running configuration, where the prompt proved that there is one; False where there is none.

        `line`: one to commit with in place of the platform's own. Raises NotUnderstood, with the candidate as it is, where the
        device's release has no such line; Fatal, candidate thrown away, where the device refuses.
        """
        if not self._two_stage:
            return False
        assert self._platform.commit is not None
        reply = self._say(line or self._platform.commit)
        refusal = reply.refusal(self._platform)
        if line and refusal and _UNKNOWN.search(refusal):
            raise NotUnderstood(refusal)
        if refusal or (reply.prompt.uncommitted and not line):
            self._discard()
            raise Fatal(
                f"the device does not commit: {refusal or reply.text.strip() or 'no reason given'}",
                remedy="the candidate was thrown away, the running configuration is as it was",
                target=self.target,
            )
        self.leave()
        return True

    def enter(self, line: str | None = None) -> str:
        """Enter the configuration view, by another line than the usual one if given; the device's words where it refuses that one.

        Raises as `push`.
        """
        if line:
            reply = self._say(line)
            if (refusal := reply.refusal(self._platform)) or not reply.prompt.configuring:
                return refusal or f"the prompt is {reply.prompt.text}"
            self._top, self._two_stage = reply.prompt.view, reply.prompt.two_stage
            return ""
        try:
            self._configure()
        except (Asked, Closed, Quiet) as event:
            raise self._lost(event, repr(self._platform.config_enter)) from None
        return ""

    def leave(self) -> None:
        """Back to the user view. Nothing uncommitted may be left, or the device asks about it."""
        if self._top:
            self._say(self._platform.config_leave)
            self._top, self._two_stage = "", False

    def discard(self) -> None:
        """Throw the candidate away and go back to the user view."""
        self._discard()
        self.leave()

    def tell(self, line: str, questions: Sequence[Question] = ()) -> tuple[str, str]:
        """Say a line that is no part of a change, where the session stands: what was printed; the device's words if it refused."""
        reply = self._say(line, questions)
        return reply.text, reply.refusal(self._platform) or ""

    def shell(self, script: str) -> bool:
        """Run a script in a shell of the account; False where that did not end well, or the account has no shell."""
        try:
            return self._conversation.shell(script)
        except (Closed, Quiet) as event:
            raise self._lost(event, "a shell") from None

    def save(self) -> None:
        """Make the running configuration the one that the device boots from. Raises Fatal where the device does not say so."""
        reply = self._say(self._platform.save, self._platform.save_questions)
        refusal = reply.refusal(self._platform)
        if refusal or not re.search(self._platform.save_done, reply.text):
            raise Fatal(
                f"the configuration was not saved: {refusal or ' '.join(reply.text.split()) or 'the device said nothing'}",
                remedy="look at the device's storage, then save by hand; what runs is right",
                target=self.target,
            )

    def log_out(self, word: str) -> None:
        """Leave a console as we found it: its session would outlive ours. Elsewhere the session ends with the connection."""
        if not self._console:
            return
        self._discard()
        for line in (*([self._platform.config_leave] if self._top else []), word):
            self._conversation.type(line)

    def _configure(self) -> None:
        """Enter the configuration view; two-stage or not is read from its prompt, not from the model."""
        if self._top:
            return
        reply = self._conversation.say(self._platform.config_enter)
        if (refusal := reply.refusal(self._platform)) or not reply.prompt.configuring:
            raise Fatal(
                f"the configuration view was not entered: {refusal or reply.prompt.text}",
                remedy="someone may hold the configuration lock, or the account may not configure",
                target=self.target,
            )
        self._top, self._two_stage = reply.prompt.view, reply.prompt.two_stage
        if reply.prompt.uncommitted:
            raise Refused(
                "someone's uncommitted changes stand in the device's candidate",
                remedy="have them committed or cleared first; nothing was sent",
                target=self.target,
            )

    def _leave(self) -> None:
        """Back to the user view, but not with a candidate that waits for its commit: leaving would ask about it."""
        if not self._two_stage:
            self._conversation.say(self._platform.config_leave)
            self._top = ""

    def _discard(self) -> None:
        """Throw a candidate away. Never hides the verdict on its way: a lost session drops the candidate as well."""
        if self._two_stage and self._platform.discard:
            try:
                self._conversation.say(self._platform.discard, (Question(ask=r"\[Y/N\]:? ?\Z", answer="Y"),))
            except (Asked, Closed, Quiet):
                return

    def _say(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True) -> Reply:
        try:
            return self._conversation.say(line, questions, asks=asks)
        except (Asked, Closed, Quiet) as event:
            raise self._lost(event, repr(line)) from None

    def _lost(self, event: Exception, what: str) -> Verdict:
        """The verdict for a session that broke outside a push."""
        if isinstance(event, Asked):
            return Fatal(
                f"the device asks what nobody foresaw at {what}: {event}",
                remedy="answer it once by hand, or add it to the vendor's rules",
                target=self.target,
            )
        words = "hung up" if isinstance(event, Closed) else f"does not answer{event}"
        return Retryable(
            f"the device {words} at {what}",
            remedy="look at its CPU, its line and, at log-in, its free VTYs; the wire log shows how far it came",
            target=self.target,
            delay=RETRY_SECONDS,
        )
