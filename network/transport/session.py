"""A session with one device: read it, push lines one by one, commit, save. Never answers what was not foreseen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from yunwang.inventories.verdict import Fatal, Refused, Retryable, Verdict
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session as Platform
from yunwang.network.transport.conversation import Asked, Conversation, Reply
from yunwang.network.transport.driver import Closed, Quiet
from yunwang.network.transport.faults import HungUp, LineRejected, Silent, UnexpectedQuestion

RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Pushed:
    """Lines that a device accepted, in order, and what it remarked on them (`Info:`, `Warning:`), line by line."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()


class Session:
    """What `connect` gives. After a verdict of `push` or `commit` the candidate is thrown away and the session of no more use."""

    def __init__(self, target: str, platform: Platform, conversation: Conversation) -> None:
        self.target = target
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

    def prepare(self, enable_password: str) -> None:
        """Find the prompt, become privileged, turn paging off."""
        try:
            prompt = self._conversation.log_in(enable_password)
        except (Asked, Closed, Quiet) as event:
            raise self._lost(event, "log-in") from None
        if not prompt.privileged:
            raise Fatal(
                f"the account is not let in as an operator (the prompt is {prompt.text})",
                remedy="give the account the level that may configure, or set yunwang_enable_password",
                target=self.target,
            )
        for command in self._platform.paging_off:
            self.display(command)

    def running(self) -> str:
        """The running configuration, as the device prints it."""
        return self.display(self._platform.show.running)

    def display(self, command: str) -> str:
        """What a command of the user view prints. Raises Fatal where the device refuses it."""
        reply = self._say(command, asks=False)
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

        Stops at the first line that is refused: nothing of its view nor of any other follows. Lines that open a view must change
        the prompt. On a two-stage device nothing runs before `commit`; on a refusal the candidate is thrown away.
        Raises LineRejected, UnexpectedQuestion, Silent, HungUp; Refused where someone else's candidate is in the way.
        """
        accepted: list[str] = []
        remarks: list[str] = []
        line = self._platform.config_enter
        try:
            self._configure()
            for item in lines:
                line = item.text
                foreseen = (Question(ask=item.question, answer=item.answer or ""),) if item.question else ()
                reply = self._conversation.say(line, foreseen)
                refusal = reply.refusal(self._platform)
                if refusal is None and item.enters_view and not self._inside(reply):
                    refusal = " ".join(["the view was not entered, the prompt is", reply.prompt.text, *reply.text.split()])
                if refusal:
                    self._discard()
                    raise LineRejected(
                        self.target,
                        line=line,
                        view=" › ".join(item.view) or "the system view",
                        answer=refusal,
                        accepted=tuple(accepted),
                    )
                accepted.append(line)
                if reply.text.strip():
                    remarks.append(f"{line}: {' '.join(reply.text.split())}")
            self._leave()
        except Asked as event:
            raise UnexpectedQuestion(self.target, accepted=tuple(accepted), unknown=line, detail=str(event)) from None
        except Closed:
            raise HungUp(self.target, accepted=tuple(accepted), unknown=line) from None
        except Quiet:
            raise Silent(self.target, accepted=tuple(accepted), unknown=line) from None
        return Pushed(tuple(accepted), tuple(remarks))

    def commit(self) -> bool:
        """Make the candidate the running configuration, where the prompt proved that there is one; False where there is none.

        Raises Fatal, candidate thrown away, where the device refuses.
        """
        if not self._two_stage:
            return False
        assert self._platform.commit is not None
        reply = self._say(self._platform.commit)
        if (refusal := reply.refusal(self._platform)) or reply.prompt.uncommitted:
            self._discard()
            raise Fatal(
                f"the device does not commit: {refusal or reply.text.strip() or 'no reason given'}",
                remedy="the candidate was thrown away, the running configuration is as it was",
                target=self.target,
            )
        self._say(self._platform.config_leave)
        self._top, self._two_stage = "", False
        return True

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

    def _inside(self, reply: Reply) -> bool:
        return reply.prompt.configuring and reply.prompt.view != self._top

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
        words = "hung up" if isinstance(event, Closed) else "does not answer"
        return Retryable(
            f"the device {words} at {what}",
            remedy="look at its CPU and at its line; the wire log shows how far it came",
            target=self.target,
            delay=RETRY_SECONDS,
        )
