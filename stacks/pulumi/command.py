"""One call of the engine's program, in an environment of our making. Never passes on what the operator's environment holds.

The SDK's own runner gives every variable of ours to the engine, and the engine to its plugins; and it cannot answer a question.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO

from pulumi import automation as auto
from pulumi.automation.errors import create_command_error
from semver import VersionInfo  # the SDK's own; it has no other type for a version

from yunwang.stacks.pulumi.engine import Engine

Heed = Callable[[str], object]


class Command(auto.PulumiCommand):
    """The engine that was found, wherever it lies: the SDK looks in a folder named bin alone. Its version was looked at already."""

    def __init__(self, engine: Engine) -> None:
        self.command = str(engine.pulumi)
        self.version = VersionInfo.parse(engine.version)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Heed | None = None,
        on_error: Heed | None = None,
        *,
        answer: str = "",
    ) -> auto.CommandResult:
        """Runs `pulumi ARGS` with that environment and no other. `answer` is what it reads on stdin. Raises CommandError."""
        with subprocess.Popen(
            [self.command, "--non-interactive", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={**additional_env, "PULUMI_AUTOMATION_API": "true"},
            encoding="utf-8",
            process_group=0,  # a Ctrl-C at the terminal is ours to hear: what is in flight is drained
        ) as process:
            assert process.stdin is not None, "a pipe"
            assert process.stdout is not None, "a pipe"
            assert process.stderr is not None, "a pipe"
            said: tuple[list[str], list[str]] = ([], [])
            readers = [
                threading.Thread(target=_read, args=work)
                for work in ((process.stdout, on_output, said[0]), (process.stderr, on_error, said[1]))
            ]
            for reader in readers:
                reader.start()
            with suppress(BrokenPipeError):  # it ended without a question
                process.stdin.write(answer)
                process.stdin.close()
            for reader in readers:
                reader.join()
        result = auto.CommandResult(stdout="\n".join(said[0]), stderr="\n".join(said[1]), code=process.returncode)
        if result.code:
            raise create_command_error(result)
        return result


def _read(stream: IO[str], heed: Heed | None, said: list[str]) -> None:
    for line in stream:
        text = line.rstrip()
        if heed is not None:
            heed(text)
        said.append(text)
