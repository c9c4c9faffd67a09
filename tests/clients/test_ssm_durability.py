"""The server is killed under writers of parameters, again and again: what was acknowledged is there, and nothing is torn."""

import random
import threading
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError

from harness import parameters
from harness.parameters import put, value
from harness.server import Server

ROUNDS = 5
WRITERS = 4
NAME = "/shared/counter"


def write(server: Server, account: str, writer: int, told: dict[int, str], own: dict[str, str]) -> None:
    """Overwrites one parameter that all write, and makes ones of its own, until the server is gone."""
    ssm = server.client("ssm", account)
    try:
        while True:
            mine = f"{writer}-{random.randrange(10**9)}"
            told[put(ssm, NAME, mine, Overwrite=True)] = mine
            name = f"/own/{mine}"
            put(ssm, name, mine, "SecureString")
            own[name] = mine
    except BotoCoreError:
        return


def test_what_was_acknowledged_survives_kills(tmp_path: Path, account: str):
    told: dict[int, str] = {}
    own: dict[str, str] = {}
    with Server(dev=True, data_dir=tmp_path / "data") as server:
        put(server.client("ssm", account), NAME, "first")
        for round_ in range(ROUNDS):
            writers = [
                threading.Thread(target=write, args=(server, account, writer, told, own)) for writer in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            time.sleep(0.2 + random.Random(round_).random() * 0.5)
            server.kill()
            for writer in writers:
                writer.join()
            server.start()
            ssm = server.client("ssm", account)
            kept = {version["Version"]: version["Value"] for version in parameters.history(ssm, NAME)}
            newest = max(kept)
            # One for each writer may have been written and not been acknowledged.
            assert max(told, default=1) <= newest <= max(told, default=1) + WRITERS
            assert list(kept) == list(range(max(1, newest - 99), newest + 1))
            assert all(kept[version] == text for version, text in told.items() if version in kept)
            described = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [NAME]}])["Parameters"]
            assert described[0]["Version"] == newest
        found = set(parameters.by_path(ssm, "/own"))
        assert set(own) <= found
        assert len(found) <= len(own) + ROUNDS * WRITERS
        for name, text in list(own.items())[:50]:
            assert value(ssm, name, WithDecryption=True) == text


def test_everything_of_a_parameter_is_there_after_a_restart(tmp_path: Path, account: str):
    with Server(dev=True, data_dir=tmp_path / "data") as server:
        def everything() -> list:
            ssm = server.client("ssm", account)
            return [
                ssm.describe_parameters()["Parameters"], parameters.history(ssm, "/a", WithDecryption=True),
                ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/a")["TagList"],
                ssm.get_service_setting(SettingId="/ssm/parameter-store/default-parameter-tier")["ServiceSetting"],
                ssm.get_parameters_by_path(Path="/", Recursive=True)["Parameters"],
            ]

        ssm = server.client("ssm", account)
        ssm.put_parameter(Name="/a", Value="1", Type="SecureString", Tags=[{"Key": "team", "Value": "red"}])
        put(ssm, "/a", "2", "SecureString", Overwrite=True, Tier="Advanced")
        ssm.label_parameter_version(Name="/a", ParameterVersion=1, Labels=["old"])
        ssm.update_service_setting(
            SettingId="/ssm/parameter-store/default-parameter-tier", SettingValue="Intelligent-Tiering"
        )
        before = everything()
        server.kill()
        server.start()
        assert everything() == before
        ssm = server.client("ssm", account)
        ssm.delete_parameter(Name="/a")
        server.kill()
        server.start()
        assert server.client("ssm", account).describe_parameters()["Parameters"] == []
