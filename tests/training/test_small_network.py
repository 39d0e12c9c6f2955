"""The small network: repeatable, resumable, and its closed-form gradients those of autograd while it trains."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from checks.cli import main
from checks.training.command import parameters, train
from checks.training.gradients import closed_forms, largest_relative_error
from checks.training.network import PARAMETERS, SmallNetwork, sampled
from checks.training.run import Run, Settings
from derive.catalog import catalog

SHORT = Settings(noise=0.5, epochs=6, samples=96, batch=32)
PROBLEM = catalog["small-network"]


def weights(run: Run) -> list[torch.Tensor]:
    return [value.clone() for value in run.network.state_dict().values()]


def trained(settings: Settings) -> Run:
    run = Run(settings)
    for _ in run.epochs():
        pass
    return run


def test_the_parameters_counted_by_the_shapes_are_those_torch_has():
    assert parameters(PROBLEM) == sum(p.numel() for p in SmallNetwork(torch.Generator()).parameters()) == 4353


def test_the_same_seed_gives_the_same_network_bit_by_bit_and_another_seed_another():
    first, again = trained(SHORT), trained(SHORT)
    assert first.losses == again.losses
    assert all(torch.equal(a, b) for a, b in zip(weights(first), weights(again), strict=True))
    assert trained(Settings(noise=0.5, epochs=6, samples=96, batch=32, seed=1)).losses != first.losses


def test_an_interrupted_run_ends_as_one_that_was_not(tmp_path: Path):
    whole = trained(SHORT)
    stopped = Run(SHORT)
    for epoch in stopped.epochs():
        if epoch == 3:
            break
    stopped.save(tmp_path / "checkpoint.pt")
    resumed = Run(SHORT)
    assert resumed.resume(tmp_path / "checkpoint.pt")
    assert resumed.epoch == 3
    for _ in resumed.epochs():
        pass
    assert resumed.losses == whole.losses
    assert all(torch.equal(a, b) for a, b in zip(weights(resumed), weights(whole), strict=True))


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04"])
def test_a_file_that_is_no_checkpoint_starts_a_new_run(content, tmp_path: Path):
    (tmp_path / "checkpoint.pt").write_bytes(content)
    assert not Run(SHORT).resume(tmp_path / "checkpoint.pt")


def test_a_checkpoint_of_other_settings_is_not_gone_on_from(tmp_path: Path):
    Run(SHORT).save(tmp_path / "checkpoint.pt")
    assert not Run(Settings(noise=0.25, epochs=6, samples=96, batch=32)).resume(tmp_path / "checkpoint.pt")


def test_an_interrupt_leaves_a_checkpoint_to_go_on_from(tmp_path: Path):
    def stop(epoch: str) -> None:
        if epoch == "epoch 2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(PROBLEM, SHORT, tmp_path, stop)
    again = train(PROBLEM, SHORT, tmp_path, lambda _: None)
    assert again.resumed == 2
    assert again.run.losses == trained(SHORT).losses


def test_closed_forms_are_the_gradients_of_autograd_during_training(tmp_path: Path):
    found = train(PROBLEM, SHORT, tmp_path, lambda _: None)
    assert set(found.errors) == {1, 2, 5, 6}
    assert max(found.errors.values()) < 1e-12


def test_a_wrong_gradient_does_not_pass_for_the_right_one(monkeypatch):
    """The comparison tells: ∂L/∂W_2 transposed is far off."""
    network = SmallNetwork(torch.Generator().manual_seed(3))
    data = sampled(32, 0.0, torch.Generator().manual_seed(4))
    assert largest_relative_error(PROBLEM, network, data.x, data.y) < 1e-12
    found = closed_forms(PROBLEM, network, data.x, data.y)
    found["W_2"] = found["W_2"].mT
    monkeypatch.setattr("checks.training.gradients.closed_forms", lambda *_: found)
    assert set(found) == set(PARAMETERS)
    assert largest_relative_error(PROBLEM, network, data.x, data.y) > 1e-3


def test_the_command_prints_a_row_a_run_and_says_what_it_wrote(tmp_path: Path):
    done = CliRunner().invoke(
        main, ["train", "small-network", "--epochs", "2", "--noise", "0", "-o", str(tmp_path), "--json"]
    )
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["parameters"] == 4353
    assert data["runs"][0]["epochs"] == 2
    assert data["runs"][0]["largest_relative_gradient_error"] < 1e-12
    assert all(Path(path).exists() for path in data["pictures"])
