"""What devices print of their load, of who is logged in and of their lock, as the tester sets it. Never measures anything."""

from __future__ import annotations

from yunwang.lab.devices.tree import Call, Row


def vrp5_cpu(call: Call) -> str:
    """`display cpu-usage`."""
    used = call.shell.knobs.faults.cpu
    return (
        f"CPU Usage Stat. Cycle: 60 (Second)\nCPU Usage            : {used}% Max: 99%\n"
        "CPU Usage Stat. Time : 2026-11-22  10:00:00\n"
        f"CPU utilization for five seconds: {used}%: one minute: {used}%: five minutes: {used}%\n"
    )


def vrp5_memory(call: Call) -> str:
    """`display memory-usage`."""
    return (
        " Memory utilization statistics at 2026-11-22 10:00:00+08:00\n System Total Memory Is: 453246976 bytes\n"
        f" Total Memory Used Is: 118923264 bytes\n Memory Using Percentage Is: {call.shell.knobs.faults.memory}%\n"
    )


def vrp8_cpu(call: Call) -> str:
    """`display cpu`."""
    used = call.shell.knobs.faults.cpu
    return (
        f"CPU utilization statistics at 2026-11-22 10:00:00 510 ms\nSystem CPU Using Percentage :  {used}%\n"
        f"CPU utilization for five seconds: {used}%, one minute: {used}%, five minutes: {used}%.\n"
    )


def vrp8_memory(call: Call) -> str:
    """`display memory`."""
    return (
        "Memory utilization statistics at 2026-11-22 10:00:00 370 ms\nSystem Total Memory: 3894752 Kbytes\n"
        f"Total Memory Used: 1553728 Kbytes\nMemory Using Percentage: {call.shell.knobs.faults.memory}%\n"
    )


def vrp8_lock(call: Call) -> str:
    """`display configuration-occupied user`."""
    holder = call.shell.knobs.faults.locked_by
    return f"  User ID: 21\n  User Name: {holder}\n" if holder else "Info: The configuration is not occupied by any user.\n"


def huawei_users(call: Call) -> str:
    """`display users`: VRP's and Comware's."""
    lines = ["  User-Intf    Delay    Type   Network Address     AuthenStatus    AuthorcmdFlag"]
    for number in range(1 + call.shell.knobs.faults.logins):
        mark = "+" if not number else " "
        lines += [
            f"{mark} {34 + number} VTY {number}   00:00:00  SSH    10.99.0.{number + 1}            pass",
            "  Username : yunwang",
        ]
    return "\n".join(lines) + "\n"


def comware_cpu(call: Call) -> str:
    """`display cpu-usage`."""
    used, spans = call.shell.knobs.faults.cpu, ("5 seconds", "1 minute", "5 minutes")
    return "\n".join(["Slot 1 CPU 0 CPU usage:", *(f"      {used}% in last {span}" for span in spans)]) + "\n"


def comware_memory(call: Call) -> str:
    """`display memory`."""
    free = 100 - call.shell.knobs.faults.memory
    return (
        "Memory statistics are measured in KB:\nSlot 1:\n"
        "             Total      Used      Free    Shared   Buffers    Cached   FreeRatio\n"
        f"Mem:        984560    456128    528432         0       928    151200       {free}.0%\n"
        "-/+ Buffers/Cache:    304000    680560\nSwap:            0         0         0\n"
    )


def ios_cpu(call: Call) -> str:
    """`show processes cpu`."""
    used = call.shell.knobs.faults.cpu
    return (
        f"CPU utilization for five seconds: {used}%/0%; one minute: {used}%; five minutes: {used}%\n"
        " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process\n"
        "   1           0          16          0  0.00%  0.00%  0.00%   0 Chunk Manager\n"
    )


def ios_memory(call: Call) -> str:
    """`show processes memory`."""
    used = call.shell.knobs.faults.memory * 1000000
    return (
        f"Processor Pool Total:  100000000 Used:   {used} Free:  {100000000 - used}\n\n"
        " PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process\n"
        "   0   0  120000000   40000000   80000000          0          0 *Init*\n"
    )


def ios_users(call: Call) -> str:
    """`show users`: IOS's and RGOS's."""
    lines = ["    Line       User       Host(s)              Idle       Location"]
    for number in range(1 + call.shell.knobs.faults.logins):
        lines.append(
            f"{' ' if number else '*'}{2 + number:>3} vty {number}     yunwang    idle                 00:00:00   10.99.0.9"
        )
    return "\n".join([*lines, "", "  Interface    User               Mode         Idle     Peer Address"]) + "\n"


def ios_lock(call: Call) -> str:
    """`show configuration lock`."""
    holder = call.shell.knobs.faults.locked_by
    owner = f"Owner PID         : 210\nUser              : {holder}\nTTY               : 2\nType              : EXCLUSIVE"
    nobody = "Owner PID         : -1\nUser              : unknown\nTTY               : -1\nType              : NO LOCK"
    state = "LOCKED" if holder else "FREE"
    return f"Parser Configure Lock\n---------------------\n{owner if holder else nobody}\nState             : {state}\n"


def rgos_cpu(call: Call) -> str:
    """`show cpu`."""
    used = call.shell.knobs.faults.cpu
    return (
        "=======================================\n     CPU Using Rate Information\n"
        f"CPU utilization in five seconds: {used}.00%\nCPU utilization in one minute: {used}.00%\n"
        f"CPU utilization in five minutes: {used}.00%\n"
    )


def rgos_memory(call: Call) -> str:
    """`show memory`."""
    used = call.shell.knobs.faults.memory
    return f"System Memory Statistic:\n  System Total Memory : 512MB, Current Free Memory : 300MB\n  Used Rate : {used}%\n"


USERS = Row(syntax="display users [ all ]", do=huawei_users)
VRP5 = (Row(syntax="display cpu-usage", do=vrp5_cpu), Row(syntax="display memory-usage", do=vrp5_memory), USERS)
VRP8 = (
    Row(syntax="display cpu", do=vrp8_cpu),
    Row(syntax="display memory", do=vrp8_memory),
    Row(syntax="display configuration-occupied user", do=vrp8_lock),
    USERS,
)
COMWARE = (Row(syntax="display cpu-usage", do=comware_cpu), Row(syntax="display memory", do=comware_memory), USERS)
IOS = (
    Row(syntax="show processes cpu", do=ios_cpu),
    Row(syntax="show processes memory", do=ios_memory),
    Row(syntax="show users", do=ios_users),
    Row(syntax="show configuration lock", do=ios_lock),
)
RGOS = (Row(syntax="show cpu", do=rgos_cpu), Row(syntax="show memory", do=rgos_memory), Row(syntax="show users", do=ios_users))
