"""Starting and stopping, as far as no OpenStack is needed for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from yunwang.inventories.lab import LabCloud
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.lab.openstack import CloudEndpoint, down, status, up
from yunwang.lab.state import alone


def test_only_one_up_or_down_at_a_time(tmp_path: Path, small: LabCloud) -> None:
    told: list[str] = []
    with alone(tmp_path):
        with pytest.raises(Retryable, match="starting or stopping this lab"):
            up((small,), tmp_path, told.append)
        with pytest.raises(Retryable, match="starting or stopping this lab"):
            down(tmp_path, told.append)
    assert not told
    assert not (tmp_path / "small").exists()


def test_a_folder_that_openstack_cannot_name_is_refused(tmp_path: Path, small: LabCloud) -> None:
    with pytest.raises(Fatal, match=r"has \$ in its name"):
        up((small,), tmp_path / "$lab", list[str]().append)
    assert not (tmp_path / "$lab").exists()


def test_nothing_is_there_before_the_first_up(tmp_path: Path) -> None:
    told: list[str] = []
    down(tmp_path / "never", told.append)
    assert status(tmp_path / "never") == ()
    assert not told
    assert not (tmp_path / "never").exists()


def test_an_endpoint_does_not_show_its_password() -> None:
    endpoint = CloudEndpoint(auth_url="http://127.0.0.1:1/v3", region="r", password="hidden")
    assert "hidden" not in repr(endpoint)
    assert "hidden" not in str(endpoint)
