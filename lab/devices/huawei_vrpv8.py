"""Huawei VRP8 (CE switches): its table and its two stages. Never runs what is typed before `commit` (but `immediately`)."""

from __future__ import annotations

import difflib
import time
from datetime import UTC, datetime

from yunwang.lab.devices import health_display, huawei, timers
from yunwang.lab.devices import huawei_display as show
from yunwang.lab.devices import huawei_edits as edits
from yunwang.lab.devices import huawei_session as session
from yunwang.lab.devices.device import Commit
from yunwang.lab.devices.render import alike, configuration
from yunwang.lab.devices.shell import Shell
from yunwang.lab.devices.tree import Call, Refusal, Row, View

TYPES = session.types("GE", "GE", "10GE", "10GE")
FAILED = "Error: Failed to generate committed configuration."
ON_TRIAL = "Error: The system is in trial configuration mode, and the operation is not allowed."


def machine_mode(_call: Call) -> str:
    """`[ undo ] mmi-mode enable`: whether a program types, which is asked nothing. What configures asks nothing here anyway."""
    return ""


def system_view(call: Call) -> str:
    """`system-view [ immediately ]`: a candidate of one's own, or none."""
    shell = call.shell
    shell.path = []
    if "immediately" not in call.line and not shell.knobs.faults.one_stage:
        shell.candidate = call.device.running.copy()
        shell.edits = []
    return "Enter system view, return user view with return command."


def _uncommitted(shell: Shell) -> bool:
    if shell.candidate is None or not shell.edits:
        return False
    return not alike(shell.device, shell.candidate, shell.device.running)


async def leave(call: Call) -> str:
    """`quit`: what is not committed asks before the system view is left."""
    return session.leave(call) if call.shell.path else await back(call)


async def leave_user(call: Call) -> str:
    """`quit` in the user view."""
    return session.leave(call)


async def back(call: Call) -> str:
    """`return`: asks what to do with what is not committed."""
    shell = call.shell
    if _uncommitted(shell):
        question = (
            "Warning: Uncommitted configurations found. Are you sure to commit them before exiting? [Y(yes)/N(no)/C(cancel)]:"
        )
        answer = (await shell.terminal.line(question)).strip().lower()
        if answer.startswith("y"):
            commit(call)
        elif not answer.startswith("n"):
            return ""
    shell.path, shell.candidate, shell.edits = None, None, []
    return ""


def _commit(call: Call) -> Commit | None:
    """Replay the session's edits on what runs now: another session may have committed since."""
    shell, device = call.shell, call.device
    if shell.candidate is None or not shell.edits:
        return None
    before, root = device.running, device.running.copy()
    for path, line in shell.edits:
        node = root
        for slot in path:
            following = node.children.get(slot)
            if following is None:
                raise Refusal(f"{FAILED}\nThe view of {line!r} does not exist any more.")
            node = following
        try:
            device.configure(root, node, line)
        except Refusal as refusal:
            raise Refusal(f"{refusal}\n{FAILED}") from None
    device.running = root
    device.touched()
    done = Commit(id=1000000001 + len(device.commits), at=time.time(), user=shell.user, before=before)
    device.commits.append(done)
    shell.candidate, shell.edits = root.copy(), []
    return done


def _stands_aside(call: Call) -> None:
    """While a trial runs, only its session, or who names its mark, may say how it ends."""
    timer = call.device.timer
    if timer and (timer.mark != call.get("mark") if timer.mark else timer.session is not call.shell):
        raise Refusal(ON_TRIAL)
    if call.get("mark") and not timer:
        raise Refusal("Error: The persist ID does not exist.")


def commit(call: Call) -> str:
    """`commit [ persist ID ]`; it also keeps a trial for good."""
    _stands_aside(call)
    _commit(call)
    call.device.timer = None
    return ""


def commit_trial(call: Call) -> str:
    """`commit trial [ SECONDS ] [ persist ID ]`: taken back unless confirmed in time; without ID, at the session's end."""
    device, mark = call.device, call.get("mark")
    if call.shell.knobs.faults.no_timer:
        raise Refusal(session.ERRORS["wrong"])
    seconds = int(call.get("seconds") or 600)
    if device.timer:
        _stands_aside(call)
    before = device.running
    if _commit(call) is None and device.timer is None:
        raise Refusal("Error: No configuration to be committed.")
    timers.start(device, seconds, before, mark=mark, session=None if mark else call.shell)
    return (
        "Info: The system enters the trial configuration mode.\n"
        f"The system will revert to previous configuration if the trial configuration is not confirmed in {seconds} seconds."
    )


async def abort_trial(call: Call) -> str:
    """`abort trial [ persist ID ]`."""
    if call.device.timer is None:
        raise Refusal("Error: The system is not in trial configuration mode.")
    _stands_aside(call)
    if not await call.shell.ask("Warning: The trial configuration will be rolled back. Continue? [Y/N]:"):
        return ""
    timers.expire(call.device)
    call.shell.candidate, call.shell.edits = call.device.running.copy(), []
    return "Info: The trial configuration rollback succeeded."


def trial_status(call: Call) -> str:
    """`display configuration trial status`."""
    timer = call.device.timer
    if timer is None:
        return "Trial status: INACTIVE\nTrial time left (sec): 0\n"
    marked = f"Persist id: {timer.mark}\n" if timer.mark else ""
    return f"Trial status: ACTIVE\n{marked}Trial time left (sec): {max(int(timer.ends - call.device.now), 0)}\n"


def clear(call: Call) -> str:
    """`clear configuration candidate`: forget what was typed."""
    call.shell.candidate, call.shell.edits = call.device.running.copy(), []
    return ""


def changes(call: Call) -> str:
    """`display configuration candidate changes`: what a commit would change, with + and -, and the views around it."""
    if call.shell.candidate is None:
        return ""
    before = configuration(call.device, call.device.running)
    after = configuration(call.device, call.shell.candidate)
    lines: list[str] = []
    view = shown = ""
    for entry in difflib.ndiff(before, after):
        mark, line = entry[0], entry[2:]
        if mark == "?":
            continue
        if not line.startswith(" "):
            view = line
        if mark in "+-" and line != "#":
            if line.startswith(" ") and view != shown:
                lines.append(f"  {view}")
            shown = view
            lines.append(f"{mark} {line}")
    return "Building configuration\n" + "\n".join(lines) + "\n" if lines else ""


def candidate(call: Call) -> str:
    """`display configuration candidate`."""
    return "\n".join(configuration(call.device, call.shell.root)) + "\n"


def commits(call: Call) -> str:
    """`display configuration commit list`."""
    rule = "-" * 70
    lines = [rule, "No.  CommitId    Label         User              TimeStamp", rule]
    for number, one in enumerate(reversed(call.device.commits), start=1):
        lines.append(f"{number:<5}{one.id:<12}{'-':<14}{one.user:<18}{datetime.fromtimestamp(one.at, UTC):%Y-%m-%d %H:%M:%S}+00:00")
    return "\n".join([*lines, rule]) + "\n"


async def rollback(call: Call) -> str:
    """`rollback configuration { to commit-id ID | last N }`: as before that many commits, or as right after that one."""
    device = call.device
    known = device.commits
    if device.timer:
        raise Refusal(ON_TRIAL)
    if "last" in call.values:
        last = int(call.get("last"))
        target = known[-last].before if last <= len(known) else None
    else:
        later = [one for one in known if one.id > int(call.get("id"))]
        there = any(one.id == int(call.get("id")) for one in known)
        target = (later[0].before if later else device.running) if there else None
    if target is None:
        raise Refusal("Error: The commit point does not exist.")
    if not await call.shell.ask(
        "Warning: This operation will revert configuration changes to the previous state. Continue? [Y/N]:"
    ):
        return ""
    device.commits.append(Commit(id=1000000001 + len(known), at=time.time(), user=call.shell.user, before=device.running))
    device.running = target.copy()
    device.touched()
    return ""


async def save(call: Call) -> str:
    """`save`."""
    if not await call.shell.ask(
        "Warning: The current configuration will be written to the device.\nAre you sure to continue? [Y/N]:"
    ):
        return ""
    session.refuse_when_full(call)
    call.device.save()
    return "Now saving the current configuration to the slot 1 .\nInfo: Save the configuration successfully."


LAYER3 = huawei.layer3(
    Row(syntax="ipv6 enable", fact="ip6-enable", then=edits.no_ipv6),
    (Row(syntax="ipv6 nd ra halt disable", fact="ra-sends"),),
)
SOURCE_CHECK = (
    Row(syntax="ipv4 source check user-bind enable", fact="source-check"),
    Row(syntax="arp anti-attack check user-bind enable"),
)
SHARED = {
    "vlan": View(Row(syntax="description <text...>"), Row(syntax="name <name>"), *SOURCE_CHECK, Row(syntax="dhcp snooping enable")),
    "if-port": View(*huawei.PORT, *SOURCE_CHECK),
    "if-routed": View(huawei.PORTSWITCH, *LAYER3),
    "if-vlan": View(*LAYER3),
    "if-loopback": View(*LAYER3),
    **huawei.VIEWS,
}
VIEWS = {
    "user": View(
        Row(syntax="system-view [ immediately ]", do=system_view),
        Row(syntax="mmi-mode enable", do=machine_mode),
        Row(syntax="undo mmi-mode enable", do=machine_mode),
        *session.USER,
        Row(syntax="save", do=save),
        Row(syntax="rollback configuration { to commit-id <id=1-4294967295> | last <last=1-80> }", do=rollback),
        Row(syntax="quit", do=leave_user),
    ),
    "any": View(
        *session.ANYWHERE,
        Row(syntax="display user-bind static all", do=show.user_bind),
        *health_display.VRP8,
        Row(syntax="display configuration candidate", do=candidate),
        Row(syntax="display configuration candidate changes", do=changes),
        Row(syntax="display configuration commit list", do=commits),
        Row(syntax="display configuration trial status", do=trial_status),
    ),
    "inside": View(
        Row(syntax="quit", do=leave),
        Row(syntax="return", do=back),
        Row(syntax="commit [ persist <mark=name> ]", do=commit),
        Row(syntax="commit trial [ <seconds=60-65535> ] [ persist <mark=name> ]", do=commit_trial),
        Row(syntax="abort trial [ persist <mark=name> ]", do=abort_trial),
        Row(syntax="clear configuration candidate", do=clear),
    ),
    "system": View(
        huawei.SYSTEM_NAME,
        edits.BATCH,
        *huawei.AFTER_NAME,
        huawei.user_bind("ip-address <address=ipv4>"),
        *huawei.ACLS,
        huawei.VPN,
        huawei.VLAN,
        huawei.AAA_VIEW,
        huawei.OSPFV3,  # shown before the interfaces, which name its process
        huawei.INTERFACE,
        huawei.OSPF,
        *huawei.AFTER_ROUTING,
    ),
    **SHARED,
}


def _prompt(shell: Shell) -> str:
    name = shell.device.hostname
    if shell.path is None:
        return f"<{name}>"
    mark = "" if shell.candidate is None else "*" if _uncommitted(shell) else "~"
    return f"[{mark}{name}{session.prompt_of(shell)}]"


PLATFORM = session.platform("huawei_vrpv8", VIEWS, TYPES, prompt=_prompt, everywhere=("inside", "any"), two_stage=True)
