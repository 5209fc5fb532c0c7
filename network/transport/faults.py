"""What can go wrong on the line, as verdicts that carry how far it came. Never a secret, never a device's whole output."""

from __future__ import annotations

from yunwang.inventories.verdict import Fatal


class LineRejected(Fatal):
    """The device refused a line; nothing was sent after it. `accepted`: the lines before it; `answer`: the device's words."""

    def __init__(self, target: str, *, line: str, view: str, answer: str, accepted: tuple[str, ...]) -> None:
        super().__init__(
            f"the device rejects {line!r} in {view}: {answer} ({len(accepted)} lines before it were accepted)",
            remedy="nothing was sent after it; look at the line, mend the workspace or the vendor's rules, and plan again",
            target=target,
        )
        self.line, self.view, self.answer, self.accepted = line, view, answer, accepted


class _Interrupted(Fatal):
    """The session broke inside a push: `accepted` is known to be there, `unknown` (the next line) may be, what follows is not."""

    word = ""
    remedy_text = "the line that was on its way may or may not be in force: read the device again before anything else"

    def __init__(self, target: str, *, accepted: tuple[str, ...], unknown: str, detail: str = "") -> None:
        last = f"last line known accepted: {accepted[-1]!r}" if accepted else "no line is known to be accepted"
        super().__init__(
            f"the device {self.word}{detail}; {last}; first unknown: {unknown!r}",
            remedy=self.remedy_text,
            target=target,
        )
        self.accepted, self.unknown = accepted, unknown


class HungUp(_Interrupted):
    """The device ended the session in mid-push."""

    word = "hung up in mid-push"


class Silent(_Interrupted):
    """The device did not answer a line in time."""

    word = "went silent in mid-push"


class UnexpectedQuestion(_Interrupted):
    """The device asked what the plan does not answer; the session was dropped without an answer."""

    word = "asked what the plan does not answer: "
    remedy_text = "the session was dropped unanswered; add the question to the vendor's rules with the answer that is right here"
