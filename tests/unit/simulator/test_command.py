"""``python -m simulator``: where it runs, and where it refuses to."""

import re
import subprocess
import urllib.request

import pytest
from click.testing import CliRunner

from simulator.__main__ import main
from tests.processes import child_environment, python

CHANNEL = ["--channel-id", "1", "--channel-secret", "s"]


@pytest.mark.parametrize("host", ("0.0.0.0", "::", "::1", "192.0.2.1", "example.com"))
def test_it_refuses_to_be_reached_from_other_machines(host: str) -> None:
    result = CliRunner().invoke(main, [*CHANNEL, "--host", host], env={"APP_ENV": "development"})

    assert result.exit_code == 1
    assert "--allow-remote" in result.output


def test_it_refuses_to_run_in_production() -> None:
    result = CliRunner().invoke(main, CHANNEL, env={"APP_ENV": "production"})

    assert result.exit_code == 1
    assert "APP_ENV=production" in result.output


@pytest.mark.parametrize("host", ("127.0.0.1", "localhost"))
def test_it_prints_its_address_and_nothing_else(host: str) -> None:
    command, environment = python("-m", "simulator", *CHANNEL, "--host", host), child_environment()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        address = run.stdout.readline().strip() if run.stdout else ""
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                page = answer.read().decode()
        finally:
            run.terminate()
        rest = run.communicate(timeout=5)

    assert re.fullmatch(rf"http://{re.escape(host)}:\d+/", address)
    assert "โทรศัพท์จำลอง" in page
    assert rest == ("", "")
