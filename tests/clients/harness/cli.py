"""The AWS CLI as a command."""

import copy
import json
import subprocess
import sys
from pathlib import Path

from harness.server import COMMAND_SECONDS_MAX, REGION, Profile, Server, environment

AWS = Path(sys.executable).parent / "aws"


class Cli:
    """The CLI with the profile file that a server's first start left."""

    def __init__(self, server: Server, directory: Path) -> None:
        profile = Profile.find(server.data_dir)
        self._url = server.url
        self._environment = environment(
            AWS_SHARED_CREDENTIALS_FILE=str(profile.path),
            AWS_CONFIG_FILE=str(directory / "no-config"),
            AWS_PROFILE=profile.name,
            AWS_DEFAULT_REGION=REGION,
            AWS_DEFAULT_OUTPUT="json",
            AWS_PAGER="",
            AWS_EC2_METADATA_DISABLED="true",
            AWS_MAX_ATTEMPTS="1",
        )

    def configured(self, credentials: Path, config: Path) -> "Cli":
        """The CLI with these files in place of the profile. What it asks STS by itself goes to the server too."""
        other = copy.copy(self)
        other._environment = self._environment | {
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
            "AWS_CONFIG_FILE": str(config),
            "AWS_ENDPOINT_URL": self._url,
        }
        del other._environment["AWS_PROFILE"]
        return other

    def __call__(self, *arguments: str, fails_with: str = "") -> dict:
        """What a command printed; it must end well, or with an error that says `fails_with`."""
        finished = subprocess.run(
            [AWS, "--endpoint-url", self._url, *arguments],
            capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, env=self._environment, check=False,
        )
        if fails_with:
            assert finished.returncode != 0
            assert fails_with in finished.stderr
            return {}
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout) if finished.stdout.strip() else {}
