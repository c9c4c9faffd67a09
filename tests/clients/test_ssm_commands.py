"""The commands for people: `alcazar exec`, and `alcazar params export` and `import`."""

import json
import signal
import stat
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from harness.policies import allow, trust
from harness.server import COMMAND_SECONDS_MAX, REGION, Server, binary, environment, run

AWKWARD = "it's \"so\": $HOME `id` \\n\n\ttwo\\"
SECRET = "correct-horse-battery-staple"


class Commands:
    """The binary with the settings that AWS's clients take from the environment."""

    def __init__(self, url: str, account: str, directory: Path) -> None:
        self.variables = {
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(directory / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(directory / "credentials"),
        }

    def __call__(self, *arguments: str | Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs a command, whatever comes of it."""
        return run(*arguments, stdin=stdin, **(self.variables | extra))

    def succeed(self, *arguments: str | Path, stdin: str = "", **extra: str) -> str:
        """What a command that must end well prints."""
        finished = self(*arguments, stdin=stdin, **extra)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def fail(self, *arguments: str | Path, stdin: str = "", **extra: str) -> str:
        """What a command that must fail says."""
        finished = self(*arguments, stdin=stdin, **extra)
        assert finished.returncode != 0, finished.stdout
        assert "panicked" not in finished.stderr
        return finished.stderr

    def variables_of(self, *arguments: str, **extra: str) -> dict[str, str]:
        """The environment of a program that is run."""
        script = "import json, os; print(json.dumps(dict(os.environ)))"
        return json.loads(self.succeed("exec", *arguments, "--", sys.executable, "-c", script, **extra))


@pytest.fixture
def commands(server: Server, account: str, tmp_path: Path) -> Commands:
    """The commands as this test's administrator."""
    return Commands(server.url, account, tmp_path)


@pytest.fixture
def ssm(server: Server, account: str):
    """A client of this test's account."""
    return server.client("ssm", account)


def put(ssm, parameters: dict[str, str], **more: object) -> None:
    for name, value in parameters.items():
        ssm.put_parameter(Name=name, Value=value, **({"Type": "String"} | more))


def values(ssm, path: str) -> dict[str, str]:
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True, WithDecryption=True)
    return {found["Name"]: found["Value"] for page in pages for found in page["Parameters"]}


# exec


def test_a_program_has_the_parameters_below_a_path_as_its_variables(commands, ssm):
    put(ssm, {"/app/prod/db/pool-size": "5", "/app/prod/awkward": AWKWARD, "/app/production/no": "1"})
    put(ssm, {"/app/prod/db/password": SECRET}, Type="SecureString")
    found = commands.variables_of("--path", "/app/prod", INHERITED="yes")
    assert found["DB_POOL_SIZE"] == "5"
    assert found["DB_PASSWORD"] == SECRET
    assert found["AWKWARD"] == AWKWARD
    assert found["INHERITED"] == "yes"
    assert "NO" not in found


def test_more_parameters_than_a_page_holds_are_all_there(commands, ssm):
    put(ssm, {f"/many/n{number}": str(number) for number in range(25)})
    found = commands.variables_of("--path", "/many", "--pristine")
    assert {f"N{number}": str(number) for number in range(25)}.items() <= found.items()


def test_how_variables_are_named_and_which_there_are_is_chosen(commands, ssm):
    put(ssm, {"/app/name": "top", "/app/Deep/er": "down"})
    pristine = commands.variables_of("--path", "/app/", "--pristine", "--prefix", "MY_", INHERITED="yes")
    assert pristine["MY_NAME"] == "top" and pristine["MY_DEEP_ER"] == "down"
    assert "INHERITED" not in pristine and "AWS_ACCESS_KEY_ID" not in pristine
    kept = commands.variables_of("--path", "/app", "--preserve-case")
    assert kept["name"] == "top" and kept["Deep_er"] == "down"
    assert "DEEP_ER" not in commands.variables_of("--path", "/app", "--no-recursive")


def test_later_paths_and_parameters_win_unless_told_otherwise(commands, ssm):
    put(ssm, {"/common/x": "common", "/common/y": "common", "/prod/x": "prod"})
    both = ["--path", "/common", "--path", "/prod"]
    found = commands.variables_of(*both, Y="before")
    assert (found["X"], found["Y"]) == ("prod", "common")
    assert commands.variables_of(*both, "--no-override", Y="before")["Y"] == "before"
    refused = commands.fail("exec", *both, "--strict", "--", "true")
    assert "/common/x" in refused and "/prod/x" in refused
    assert "Y" in commands.fail("exec", "--path", "/common", "--strict", "--", "true", Y="before")


def test_what_cannot_be_a_variable_is_refused_and_the_program_not_run(commands, ssm, tmp_path):
    put(ssm, {"/one/db-host": "1", "/one/db/host": "2", "/two/1st": "3"})
    made = tmp_path / "made"
    refused = commands.fail("exec", "--path", "/one", "--", "touch", made)
    assert "/one/db-host" in refused and "/one/db/host" in refused and "DB_HOST" in refused
    assert "1ST" in commands.fail("exec", "--path", "/two", "--", "touch", made)
    assert not made.exists()


def test_a_path_without_parameters_gives_no_variables(commands):
    assert commands.succeed("exec", "--path", "/nothing", "--", "echo", "ran") == "ran\n"


@pytest.mark.parametrize("status", [0, 3, 255])
def test_the_programs_status_is_passed_on(commands, status):
    assert commands("exec", "--path", "/x", "--", "sh", "-c", f"exit {status}").returncode == status


def test_a_program_that_cannot_be_run_ends_as_in_a_shell(commands, tmp_path):
    assert commands("exec", "--path", "/x", "--", "/does/not/exist").returncode == 127
    assert commands("exec", "--path", "/x", "--", tmp_path).returncode == 126
    assert commands("exec", "--path", "x", "--", "true").returncode == 2


def test_the_program_takes_the_place_of_the_command(commands):
    script = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(60)"
    started = subprocess.Popen(
        [binary(), "exec", "--path", "/x", "--", sys.executable, "-c", script],
        env=environment(**commands.variables), stdout=subprocess.PIPE, text=True,
    )
    try:
        assert int(started.stdout.readline()) == started.pid
        started.send_signal(signal.SIGTERM)
        assert started.wait(COMMAND_SECONDS_MAX) == -signal.SIGTERM
    finally:
        started.kill()
        started.wait()
        started.stdout.close()


def test_the_program_finds_limits_and_umask_as_they_were(commands):
    script = ["sh", "-c", "umask; ulimit -c; ulimit -H -c; ulimit -l"]
    before = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert commands.succeed("exec", "--path", "/x", "--", *script) == before


# How AWS is reached


def test_a_profile_says_where_and_who(commands, ssm, account, server, tmp_path):
    put(ssm, {"/app/x": "here"})
    helper = tmp_path / "helper"
    keys = {"Version": 1, "AccessKeyId": account, "SecretAccessKey": "test"}
    helper.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(keys)}\nEND\n")
    helper.chmod(0o700)
    (tmp_path / "config").write_text(
        f"[profile mine]\nregion = {REGION}\nendpoint_url = {server.url}\ncredential_process = {helper}\n"
        f"[profile service]\nregion = {REGION}\nendpoint_url = http://127.0.0.1:1\nservices = here\n"
        f"credential_process = {helper}\n[services here]\nssm =\n  endpoint_url = {server.url}\n"
    )
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"]:
        del commands.variables[name]
    assert commands.variables_of("--path", "/app", "--profile", "mine")["X"] == "here"
    assert commands.variables_of("--path", "/app", AWS_PROFILE="service")["X"] == "here"
    elsewhere = commands.fail("exec", "--path", "/app", "--profile", "mine", "--endpoint-url", "http://127.0.0.1:1", "--", "true")
    assert "http://127.0.0.1:1" in elsewhere
    assert "none-such" in commands.fail("exec", "--path", "/app", "--profile", "none-such", "--", "true")


def test_the_server_on_this_machine_is_taken_where_nothing_is_set(durable_server, tmp_path):
    ssm = durable_server.administrator("ssm")
    put(ssm, {"/app/x": "local"})
    nothing = {
        "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = ["--", "sh", "-c", "echo $X"]
    for arguments, extra in [
        ([], {"ALCAZAR_DATA_DIR": str(durable_server.data_dir)}),
        (["--data-dir", str(durable_server.data_dir)], {}),
    ]:
        finished = run("exec", "--path", "/app", *arguments, *command, **nothing, **extra)
        assert finished.stdout == "local\n", finished.stderr
    # A profile that is set counts before it.
    (tmp_path / "config").write_text("[default]\nregion = eu-west-1\naws_access_key_id = A\naws_secret_access_key = B\n"
                                     "endpoint_url = http://127.0.0.1:1\n")
    finished = run("exec", "--path", "/app", *command, ALCAZAR_DATA_DIR=str(durable_server.data_dir), **nothing)
    assert "http://127.0.0.1:1" in finished.stderr
    with_other_files = nothing | {"AWS_CONFIG_FILE": str(tmp_path / "none")}
    durable_server.stop()
    finished = run("exec", "--path", "/app", *command, ALCAZAR_DATA_DIR=str(durable_server.data_dir), **with_other_files)
    assert finished.returncode == 1
    durable_server.start()


def test_a_role_is_assumed_as_a_profile_says(commands, ssm, home, tmp_path):
    put(ssm, {"/app/x": "by role"})
    alice = home.user("alice", allow("*"))
    role = home.role("reader", trust(alice.arn), allow("*"))
    (tmp_path / "config").write_text(
        f"[profile alice]\naws_access_key_id = {alice.access_key}\naws_secret_access_key = {alice.secret}\n"
        f"[profile reader]\nrole_arn = {role}\nsource_profile = alice\n"
    )
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]:
        del commands.variables[name]
    assert commands.variables_of("--path", "/app", "--profile", "reader")["X"] == "by role"


def test_a_denial_is_told_in_awss_words(commands, home):
    nobody = home.user("nobody")
    refused = commands.fail("exec", "--path", "/app", "--", "true", AWS_ACCESS_KEY_ID=nobody.access_key,
                            AWS_SECRET_ACCESS_KEY=nobody.secret)
    assert "AccessDeniedException" in refused and "ssm:GetParametersByPath" in refused


class Throttling(BaseHTTPRequestHandler):
    """Parameter Store that lets every third call through."""

    calls = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls += 1
        throttled = type(self).calls % 3 != 0
        body = b'{"__type":"ThrottlingException","message":"Rate exceeded"}' if throttled else b'{"Parameters":[]}'
        self.send_response(400 if throttled else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_throttled_calls_are_tried_again(commands):
    with ThreadingHTTPServer(("127.0.0.1", 0), Throttling) as throttling:
        threading.Thread(target=throttling.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{throttling.server_port}"
        assert commands.succeed("exec", "--path", "/x", "--", "echo", "ran", AWS_ENDPOINT_URL=url) == "ran\n"
        throttling.shutdown()
    assert Throttling.calls == 3


# export and import


@pytest.fixture
def tree(ssm) -> dict[str, str]:
    """Parameters with all that parameters have."""
    ssm.put_parameter(Name="/app/prod/db/host", Value="db.example.com", Type="String", Description="where: it # is",
                      AllowedPattern="^[a-z.]+$", Tags=[{"Key": "team", "Value": "yes"}])
    ssm.put_parameter(Name="/app/prod/db/password", Value=SECRET, Type="SecureString")
    ssm.put_parameter(Name="/app/prod/list", Value="a,b,c", Type="StringList")
    ssm.put_parameter(Name="/app/prod/awkward", Value=AWKWARD, Type="String")
    ssm.put_parameter(Name="/app/prod/number", Value="0777", Type="String")
    ssm.put_parameter(Name="/app/prod/advanced", Value="x" * 5000, Type="String", Tier="Advanced", Policies=json.dumps([
        {"Type": "NoChangeNotification", "Version": "1.0", "Attributes": {"After": "20", "Unit": "Days"}},
    ]))
    return values(ssm, "/app/prod")


def exported(commands: Commands, path: str, file: Path) -> str:
    commands.succeed("params", "export", "--path", path, "--decrypt", "--output", file)
    return file.read_text()


@pytest.mark.parametrize("name", ["tree.json", "tree.yaml"])
def test_a_tree_is_moved_with_all_that_there_is_to_know_of_it(commands, ssm, tree, tmp_path, name):
    text = exported(commands, "/app/prod", tmp_path / name)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    # JSON is YAML.
    document = yaml.safe_load(text)
    assert document["Path"] == "/app/prod"
    host = document["Parameters"]["db/host"]
    assert host == {"Type": "String", "Value": "db.example.com", "Description": "where: it # is", "Tier": "Standard",
                    "AllowedPattern": "^[a-z.]+$", "Tags": {"team": "yes"}}
    assert document["Parameters"]["db/password"]["Value"] == SECRET
    assert document["Parameters"]["db/password"]["KeyId"] == "alias/aws/ssm"
    assert document["Parameters"]["awkward"]["Value"] == AWKWARD
    assert document["Parameters"]["number"]["Value"] == "0777"
    assert [policy["Type"] for policy in document["Parameters"]["advanced"]["Policies"]] == ["NoChangeNotification"]

    assert "6 added" in commands.succeed("params", "import", tmp_path / name, "--path", "/copy")
    assert values(ssm, "/copy") == {name.replace("/app/prod", "/copy"): value for name, value in tree.items()}
    again = exported(commands, "/copy", tmp_path / f"again-{name}")
    assert again.replace("/copy", "/app/prod") == text
    assert "0 added, 0 changed, 0 removed, 6 as they were" in commands.succeed("params", "import", tmp_path / f"again-{name}")


def test_a_dotenv_file_is_read_as_it_was_written(commands, ssm, tree, tmp_path):
    text = exported(commands, "/app/prod", tmp_path / ".env")
    assert "DB_HOST=db.example.com\n" in text and f"DB_PASSWORD={SECRET}\n" in text
    shell = subprocess.run(["sh", "-c", f". {tmp_path}/.env; printf %s \"$AWKWARD\""], capture_output=True, text=True, check=True)
    assert shell.stdout == AWKWARD

    new = ["--path", "/copy", "--type", "String", "--tier", "Intelligent-Tiering"]
    assert "6 added" in commands.succeed("params", "import", tmp_path / ".env", *new)
    assert exported(commands, "/copy", tmp_path / "again.env") == text
    # Variables stand for the parameters that they came from.
    (tmp_path / ".env").write_text(text.replace("db.example.com", "other.example.com"))
    done = commands.succeed("params", "import", tmp_path / ".env", "--path", "/app/prod", "--overwrite")
    assert "0 added, 1 changed" in done
    assert values(ssm, "/app/prod") == tree | {"/app/prod/db/host": "other.example.com"}
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/app/prod/db/host"]}])["Parameters"][0]
    assert described["Description"] == "where: it # is"


@pytest.mark.parametrize("format", ["json", "yaml", "dotenv"])
def test_no_secret_is_written_unless_it_is_asked_for(commands, tree, format):
    finished = commands("params", "export", "--path", "/app/prod", "--format", format)
    assert finished.returncode == 0
    assert "db.example.com" in finished.stdout and SECRET not in finished.stdout
    assert "--decrypt" in finished.stderr
    # Nor onto a terminal by an oversight.
    assert commands("params", "export", "--path", "/app/prod", "--format", format, "--decrypt").returncode == 2
    assert SECRET in commands.succeed("params", "export", "--path", "/app/prod", "--format", format, "--decrypt", "--output", "-")


def test_a_dry_run_shows_what_would_change_and_changes_nothing(commands, ssm, tree, tmp_path):
    file = tmp_path / "tree.json"
    document = json.loads(exported(commands, "/app/prod", file))
    parameters = document["Parameters"]
    parameters["db/host"]["Value"] = "new.example.com"
    parameters["db/password"]["Value"] = "another-secret"
    parameters["new"] = {"Type": "SecureString", "Value": "third-secret"}
    del parameters["list"]
    file.write_text(json.dumps(document))
    shown = commands.succeed("params", "import", file, "--dry-run", "--delete")
    assert '~ /app/prod/db/host  Value "db.example.com" → "new.example.com"' in shown
    assert "~ /app/prod/db/password  Value (not shown)" in shown
    assert "+ /app/prod/new  SecureString" in shown
    assert "- /app/prod/list  StringList" in shown
    assert "1 added, 2 changed, 1 removed, 3 as they were" in shown
    for secret in [SECRET, "another-secret", "third-secret"]:
        assert secret not in shown
    assert values(ssm, "/app/prod") == tree

    # What is there is changed and deleted only if that is said.
    assert "--overwrite" in commands.fail("params", "import", file)
    assert values(ssm, "/app/prod") == tree
    commands.succeed("params", "import", file, "--overwrite")
    assert values(ssm, "/app/prod").keys() == tree.keys() | {"/app/prod/new"}
    assert "1 removed" in commands.succeed("params", "import", file, "--overwrite", "--delete")
    assert values(ssm, "/app/prod")["/app/prod/db/password"] == "another-secret"
    assert "/app/prod/list" not in values(ssm, "/app/prod")


def test_an_import_from_a_pipe_with_values_that_are_left_out(commands, ssm, tree):
    text = commands.succeed("params", "export", "--path", "/app/prod")
    assert "6 as they were" in commands.succeed("params", "import", "-", stdin=text)
    refused = commands.fail("params", "import", "-", "--path", "/copy", stdin=text)
    assert "/copy/db/password" in refused and "--decrypt" in refused
    assert values(ssm, "/copy") == {}


def test_a_file_that_is_none_is_refused_without_telling_what_is_in_it(commands, tmp_path):
    for name, text in [("a.json", '{"Parameters": {"a": "hunter2"}}'), ("a.yaml", "Parameters:\n  a: hunter2\n"),
                       ("a.env", "A='hunter2"), ("b.json", '{"Parameters": {"a": {"Value": "hunter2", "value": 1}}}')]:
        (tmp_path / name).write_text(text)
        refused = commands.fail("params", "import", tmp_path / name, "--path", "/x")
        assert name in refused and "hunter2" not in refused
    (tmp_path / "c.json").write_text('{"Parameters": {}}')
    assert "--path" in commands.fail("params", "import", tmp_path / "c.json")


def test_an_error_of_aws_names_the_parameter_and_what_was_done(commands, ssm, tmp_path):
    put(ssm, {"/app/a": "1"})
    file = tmp_path / "tree.yaml"
    file.write_text("Path: /app\nParameters:\n  a: {Type: String, Value: 1}\n"
                    "  b: {Type: String, Value: '1', AllowedPattern: '^[a-z]$'}\n")
    refused = commands.fail("params", "import", file)
    assert "/app/b" in refused and "ParameterPatternMismatchException" in refused and "0 of 1" in refused


def test_an_import_that_was_killed_goes_on(commands, ssm, tmp_path):
    count = 300
    file = tmp_path / "tree.json"
    file.write_text(json.dumps({"Path": "/big", "Parameters": {
        f"n{number:03}": {"Type": "String", "Value": str(number)} for number in range(count)
    }}))
    started = subprocess.Popen([binary(), "params", "import", file], env=environment(**commands.variables),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + COMMAND_SECONDS_MAX
    while not values(ssm, "/big") and time.monotonic() < deadline:
        time.sleep(0.01)
    started.kill()
    started.wait()
    done = commands.succeed("params", "import", file)
    assert "0 changed, 0 removed" in done
    assert values(ssm, "/big") == {f"/big/n{number:03}": str(number) for number in range(count)}
    pages = ssm.get_paginator("describe_parameters").paginate(
        ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": ["/big"]}])
    assert {found["Version"] for page in pages for found in page["Parameters"]} == {1}
