"""The options of `cloud drift`, and the files that it edits."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from yunwang.cli import cloud
from yunwang.cli.cloud_drift import _written
from yunwang.inventories.verdict import Refused


@pytest.mark.parametrize(
    "words", [["--revert", "--adopt"], ["-o", "x.plan"], ["--plan", "x.plan"], ["--revert", "--approved"]], ids=" ".join
)
def test_options_that_mean_nothing_together_are_refused(words: list[str]) -> None:
    called = CliRunner().invoke(cloud.app, ["drift", *words])
    assert called.exit_code != 0
    assert "Traceback" not in called.output
    assert "--" in called.output


def test_a_refused_adoption_leaves_the_files_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "finance.yaml"
    file.write_text("cores: 4 # enough\n")

    def end(by: Exception) -> None:
        assert file.read_text() == "cores: 6 # enough\n"
        raise by

    with pytest.raises(Refused), _written({file: "cores: 6 # enough\n"}, planning=False, quiet=False):
        end(Refused("you said no"))
    assert file.read_text() == "cores: 4 # enough\n"
    with pytest.raises(typer.Exit), _written({file: "cores: 6 # enough\n"}, planning=True, quiet=True):
        end(typer.Exit(1))
    assert file.read_text() == "cores: 4 # enough\n", "the plan had errors"
    shown = capsys.readouterr().err.splitlines()
    assert "-cores: 4 # enough" in shown
    assert "+cores: 6 # enough" in shown
    with pytest.raises(typer.Exit), _written({file: "cores: 6 # enough\n"}, planning=False, quiet=True):
        end(typer.Exit(1))
    assert file.read_text() == "cores: 6 # enough\n", "a run that was begun is resumed with these files, or rolled back"
