"""What can go wrong on the line, as verdicts that carry how far it came. Never a secret, never a device's whole output."""

from __future__ import annotations

from typing import Any, NamedTuple

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Fatal, Refused, Retryable, Verdict
from yunwang.network.transport.wire import mask


class Sent(NamedTuple):
    """A line that went out in one write behind one that failed. `answer`: "" accepted, the device's refusal, None unknown."""

    line: str
    answer: str | None = None

    def __str__(self) -> str:
        """For the report."""
        fate = "unknown" if self.answer is None else f"rejected ({self.answer})" if self.answer else "accepted"
        return f"{mask(self.line)!r} {fate}"


class LineRejected(Fatal):
    """The device refused a line. `accepted`: the lines before it; `answer`: the device's words; `after`: what was sent with it.

    Nothing else was sent after it.
    """

    def __init__(
        self, target: str, *, line: str, view: str, answer: str, accepted: tuple[str, ...], after: tuple[Sent, ...] = ()
    ) -> None:
        super().__init__(
            f"the device rejects {mask(line)!r} in {view}: {answer} ({len(accepted)} lines before it were accepted)"
            + _beside(after),
            remedy=("nothing else" if after else "nothing")
            + " was sent after it; look at the line, mend the workspace or the vendor's rules, and plan again",
            target=target,
        )
        self.line, self.view, self.answer, self.accepted, self.after = line, view, answer, accepted, after

    def __reduce__(self) -> tuple[Any, ...]:
        return from_json, (to_json(self),)


class _Interrupted(Fatal):
    """The session broke inside a push: `accepted` is in force, `unknown` and what was sent `after` it may be, the rest is not."""

    word = ""
    remedy_text = "the line that was on its way may or may not be in force: read the device again before anything else"

    def __init__(
        self, target: str, *, accepted: tuple[str, ...], unknown: str, detail: str = "", after: tuple[Sent, ...] = ()
    ) -> None:
        last = f"last line known accepted: {mask(accepted[-1])!r}" if accepted else "no line is known to be accepted"
        super().__init__(
            f"the device {self.word}{detail}; {last}; first unknown: {mask(unknown)!r}" + _beside(after),
            remedy=self.remedy_text,
            target=target,
        )
        self.accepted, self.unknown, self.detail, self.after = accepted, unknown, detail, after

    def __reduce__(self) -> tuple[Any, ...]:
        return from_json, (to_json(self),)


class HungUp(_Interrupted):
    """The device ended the session in mid-push."""

    word = "hung up in mid-push"


class Silent(_Interrupted):
    """The device did not answer a line in time, or no longer with its prompt."""

    word = "went silent in mid-push"


class UnexpectedQuestion(_Interrupted):
    """The device asked what the plan does not answer. What was sent with the line, if anything, it took for the answer."""

    word = "asked what the plan does not answer: "
    remedy_text = "the session was dropped without an answer; add the question to the vendor's rules with the right one"


_KINDS: dict[str, type[Verdict]] = {
    one.__name__: one for one in (Fatal, Refused, Retryable, LineRejected, HungUp, Silent, UnexpectedQuestion)
}


def to_json(verdict: Verdict) -> JsonObject:
    """A verdict of a session, for another process to raise (`from_json`)."""
    if isinstance(verdict, LineRejected):
        fields = ["line", "view", "answer", "accepted", "after"]
    elif isinstance(verdict, _Interrupted):
        fields = ["unknown", "detail", "accepted", "after"]
    else:
        fields = ["message", "remedy", *(["delay"] if isinstance(verdict, Retryable) else [])]
    return {"kind": type(verdict).__name__, **{name: getattr(verdict, name) for name in ["target", *fields]}}


def from_json(told: JsonObject) -> Verdict:
    """The same verdict again."""
    fields: dict[str, Any] = {**told}
    kind = _KINDS[fields.pop("kind")]
    if "after" in fields:
        fields |= {"accepted": tuple(fields["accepted"]), "after": tuple(Sent(*one) for one in fields["after"])}
    return kind(**fields)


def _beside(after: tuple[Sent, ...]) -> str:
    return f"; sent with it: {', '.join(map(str, after))}" if after else ""
