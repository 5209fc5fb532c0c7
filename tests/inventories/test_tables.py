"""CSV rows into nouns; every fault at its line and column."""

from __future__ import annotations

import pytest

from yunwang.inventories.finding import Finding
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.reading.tables import MAX_FINDINGS, read_table

HEADER = "name,title,department,site,racks,state\n"


def faults(text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in read_table(ServerRoom, "rooms.csv", text).findings]


def message(text: str) -> Finding:
    (finding,) = read_table(ServerRoom, "rooms.csv", text).findings
    return finding


def test_empty_cells_take_the_default_and_blank_lines_are_nothing() -> None:
    table = read_table(ServerRoom, "rooms.csv", HEADER + "\na, A ,d,s, 4 ,\n\n , , , , ,\n")
    assert table.findings == []
    assert table.rows == [ServerRoom(name="a", title="A", department="d", site="s", racks=4)]
    assert table.place((0, "racks")) == ("rooms.csv", 3, 11)


def test_columns_may_stand_in_any_order_and_quotes_hold_commas_and_lines() -> None:
    text = 'racks,title,name,site,department\n1,"A, the\nfirst",a,s,d\n2,B,b,s,d\n'
    table = read_table(ServerRoom, "rooms.csv", text)
    assert [room.title for room in table.rows] == ["A, the\nfirst", "B"]
    assert table.lines == [2, 4]
    assert table.place((1, "name")) == ("rooms.csv", 4, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("table-header", "rooms.csv:1:1")]),
        ("\n\n", [("table-header", "rooms.csv:1:1")]),
        ("name;title;site\n", [("table-header", "rooms.csv:1:1")]),
        ("name\ttitle\tsite\n", [("table-header", "rooms.csv:1:1")]),
        ("name,title,departement,site,racks\n", [("unknown-field", "rooms.csv:1:12"), ("missing-field", "rooms.csv:1:1")]),
        ("name,title,department,site,racks,name\n", [("table-header", "rooms.csv:1:34")]),
        (HEADER + "a,A,d,s,4\n", [("table", "rooms.csv:2:1")]),
        (HEADER + "a,A,d,s,4,in-use,\n", [("table", "rooms.csv:2:1")]),
        (HEADER + "a,A,d,s,four,in-use\n", [("wrong-value", "rooms.csv:2:9")]),
        (
            HEADER + "a,A,,s,-1,closed\n",
            [("missing-field", "rooms.csv:2:1"), ("wrong-value", "rooms.csv:2:8"), ("wrong-value", "rooms.csv:2:11")],
        ),
        (HEADER + 'a,"A,d,s,4,in-use\n', [("table", "rooms.csv:2:1")]),
        (HEADER + 'a,"A"x,d,s,4,in-use\n', [("table", "rooms.csv:2:1")]),
        (HEADER + f"a,{'x' * 200_000},d,s,4,in-use\n", [("table", "rooms.csv:2:1")]),
    ],
)
def test_faults_are_found_at_their_cell(text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(text) == expected


def test_a_cell_holds_several_names_with_spaces_between() -> None:
    plain = {name: "1" for name, field in System.model_fields.items() if field.is_required()}
    text = f"{','.join(plain)},security_groups\n{','.join(plain.values())},web  db web\n{','.join(plain.values())},\n"
    table = read_table(System, "systems.csv", text)
    assert [(system.security_groups, table.findings) for system in table.rows] == [(("web", "db"), []), ((), [])]


def test_messages_propose_what_was_meant() -> None:
    assert message(HEADER + "Room 1,A,d,s,4,in-use\n").remedy == 'write "room-1"'
    assert message(HEADER + "a,A,d,s,4,in-us\n").remedy == 'did you mean "in-use"?'


def test_the_names_of_faulty_rows_are_kept() -> None:
    table = read_table(ServerRoom, "rooms.csv", HEADER + "a,A,d,s,four,\nb,B,d,s\nc,C,d,s,1,\n")
    assert table.names == {"a", "b"}
    assert [room.name for room in table.rows] == ["c"]
    assert table.complete


def test_a_table_of_nothing_but_faults_is_cut_short() -> None:
    table = read_table(Dependency, "d.csv", "system,needs\n" + "a b,c\n" * 5000)
    assert MAX_FINDINGS < len(table.findings) <= MAX_FINDINGS + 1
    assert not table.complete
