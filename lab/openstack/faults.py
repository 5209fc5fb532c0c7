"""Layers of a lab cloud that fail on purpose, for tests: the next matching requests are refused. Breaks nothing for good."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

from pydantic import Field, field_validator

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.lab.openstack.configuration import Service
from yunwang.lab.state import write


class Fault(Noun):
    """Requests to `service` whose path matches the regular expression get `status`, `times` times (None: until taken away)."""

    service: Service
    path: str = ""
    method: str | None = None
    status: int = Field(default=500, ge=400, le=599)
    times: int | None = Field(default=1, ge=1)

    @field_validator("path")
    @classmethod
    def _compiles(cls, path: str) -> str:
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"{path!r} is not a regular expression: {error}") from None
        return path


def fail(folder: Path, cloud: str, *faults: Fault) -> None:
    """Make a cloud of the lab in `folder` fail so from the next request on; without faults it works again. Raises Fatal."""
    home = folder / cloud
    if not home.is_dir():
        raise Fatal(f"there is no lab cloud {cloud} in {folder}", remedy="start the lab first")
    rules = [{"id": uuid.uuid4().hex, **fault.model_dump(mode="json")} for fault in faults]
    write(home / "faults.json", json.dumps(rules) + "\n")
