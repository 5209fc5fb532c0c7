"""What a device's terminal does to lines: wraps them, echoes them early, throws log lines between. Read in pieces of any size."""

from __future__ import annotations

import pytest

from yunwang.inventories.network import Platform
from yunwang.network.transport.conversation import Asked, Conversation, Reply
from yunwang.network.transport.driver import Closed, Line
from yunwang.network.transport.prompt import Prompt
from yunwang.network.vendors import vendor

PIECES = (1, 2, 7, 10_000)


class Recorded(Line):
    """What a device once sent, in pieces; what is said to it goes nowhere."""

    def __init__(self, text: str, piece: int) -> None:
        self._pieces = [text[at : at + piece] for at in range(0, len(text), piece)]

    def receive(self, deadline: float) -> str:
        if not self._pieces:
            raise Closed
        return self._pieces.pop(0)

    def send(self, text: str) -> None:
        pass


def talk(text: str, piece: int, platform: Platform = Platform.HUAWEI_VRP) -> Conversation:
    """With a device that was logged into, and stands in a view."""
    its = vendor(platform).session
    conversation = Conversation(Recorded(text, piece), its, 30)
    conversation.prompts = conversation.prompts.named(Prompt("<H>" if platform is Platform.HUAWEI_VRP else "H#", configuring=False))
    return conversation


def replies(text: str, piece: int, *lines: str, platform: Platform = Platform.HUAWEI_VRP) -> list[tuple[str, str]]:
    return [(reply.text, reply.prompt.text) for reply in talk(text, piece, platform).say_all(lines)]


@pytest.mark.parametrize("piece", PIECES)
def test_each_answer_stands_between_its_echo_and_the_next(piece: int) -> None:
    text = "description a\n[H-Vlanif10]shutdown\nInfo: it is down.\n[H-Vlanif10]quit\n[H]"
    assert replies(text, piece, "description a", "shutdown", "quit") == [
        ("", "[H-Vlanif10]"),
        ("Info: it is down.", "[H-Vlanif10]"),
        ("", "[H]"),
    ]


@pytest.mark.parametrize("piece", PIECES)
def test_wrapped_echoes_and_log_lines_in_between_are_no_answer(piece: int) -> None:
    log = "Nov 22 2026 03:11:22+08:00 H %%01IFNET/4/LINK_STATE(l)[0]:The line protocol on Vlanif10 is down.\n"
    text = f"description lo\nng one\n[H-Vlanif10]{log}[H-Vlanif10]descrip\ntion two\n{log}Error: no.\n{log}[H-Vlanif10]quit\n[H]"
    answers = replies(text, piece, "description long one", "description two", "quit")
    assert [(answer.removeprefix("[H-Vlanif10]"), prompt) for answer, prompt in answers] == [
        ("", "[H-Vlanif10]"),
        ("Error: no.", "[H-Vlanif10]"),
        ("", "[H]"),
    ]


@pytest.mark.parametrize("piece", PIECES)
def test_what_a_terminal_echoes_before_its_turn_is_not_taken_for_the_echo(piece: int) -> None:
    text = "description a\nip ospf cost 5\nexit\nH(config-if)# ip ospf cost 5\n% no\nH(config-if)# exit\nH(config)# "
    lines = ("description a", "ip ospf cost 5", "exit")
    assert [prompt for _, prompt in replies(text, piece, *lines, platform=Platform.FRR)] == [
        "H(config-if)#",
        "H(config-if)#",
        "H(config)#",
    ]
    assert replies(text, piece, *lines, platform=Platform.FRR)[1][0] == "% no"


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("swallowed", ["", "b\n[H]c\n[H]"])
def test_a_question_stops_at_its_line_also_where_the_next_line_was_taken_for_the_answer(piece: int, swallowed: str) -> None:
    conversation = talk(f"a\nSure? [Y/N]:{swallowed}", piece)
    seen: list[Reply] = []
    with pytest.raises(Asked, match="Sure"):
        seen.extend(conversation.say_all(["a", "b", "c"]))
    assert seen == []


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_that_ends_like_a_question_is_none(piece: int) -> None:
    text = "description a\n[H-Vlanif10]description is it [Y/N]:\n[H-Vlanif10]quit\n[H]"
    assert [prompt for _, prompt in replies(text, piece, "description a", "description is it [Y/N]:", "quit")][-1] == "[H]"


def test_a_hang_up_ends_at_the_line_whose_turn_it_is() -> None:
    seen: list[Reply] = []
    with pytest.raises(Closed):
        seen.extend(talk("a\n[H]b\n[H", 3).say_all(["a", "b", "c"]))
    assert len(seen) == 1
