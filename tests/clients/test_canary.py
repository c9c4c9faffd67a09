"""Nothing that should be sealed can be read anywhere that the server writes."""

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

from harness import queues, rules
from harness.errors import refused
from harness.identities import Caller
from harness.mfa import Device
from harness.policies import allow, policy, trust
from harness.raw import RawClient
from harness.server import Profile, Server, run

# Shorter runs of bytes could stand somewhere by chance.
CANARY_BYTES_MIN = 12


def canary() -> str:
    """A text that stands nowhere by chance."""
    return "canary" + secrets.token_hex(16)


def disguises(secret: bytes) -> Iterator[bytes]:
    """The secret as it is, in hexadecimal, and as any part of a base64 text."""
    assert len(secret) >= CANARY_BYTES_MIN
    yield secret
    yield secret[::-1]
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            # What stands before shifts the text; the first and last characters mix with the neighbours' bits.
            encoded = encode(bytes(before) + secret + b"\0\0")
            start = -(-before * 8 // 6)
            yield encoded[start:start + len(secret) * 8 // 6 - 1]
    yield secret.decode("latin-1").encode("utf-16-le")


def use_everything(server: Server) -> dict[str, bytes]:
    """Drives the server with canaries wherever a client may put one, and returns those that must stay sealed."""
    kms = server.administrator("kms")
    texts = {name: canary() for name in (
        "description", "new description", "tag value", "tag key", "alias", "context value", "context key", "plaintext",
        "policy id", "refused plaintext", "refused description", "wrong context",
    )}
    key = kms.create_key(
        Description=texts["description"], Tags=[{"TagKey": texts["tag key"], "TagValue": texts["tag value"]}]
    )["KeyMetadata"]["KeyId"]
    kms.update_key_description(KeyId=key, Description=texts["new description"])
    kms.create_alias(AliasName=f"alias/{texts['alias']}", TargetKeyId=key)
    policy = kms.get_key_policy(KeyId=key)["Policy"].replace("key-default-1", texts["policy id"])
    kms.put_key_policy(KeyId=key, Policy=policy)
    context = {texts["context key"]: texts["context value"]}
    plaintext = texts["plaintext"].encode()
    blob = kms.encrypt(KeyId=key, Plaintext=plaintext, EncryptionContext=context)["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
    kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=key,
                   DestinationEncryptionContext=context)
    with refused("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": texts["wrong context"]})
    with refused("ValidationException"):
        kms.encrypt(KeyId=key, Plaintext=texts["refused plaintext"].encode() * 200)
    with refused("ValidationException"):
        kms.update_key_description(KeyId=key, Description=texts["refused description"] * 500)
    sealed = {name: text.encode() for name, text in texts.items()}
    sealed["data key"] = kms.generate_data_key(KeyId=key, KeySpec="AES_256")["Plaintext"]
    sealed["long data key"] = kms.generate_data_key(KeyId=key, NumberOfBytes=64)["Plaintext"]
    without = kms.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=48)["CiphertextBlob"]
    sealed["data key opened later"] = kms.decrypt(CiphertextBlob=without)["Plaintext"]
    sealed["random bytes"] = kms.generate_random(NumberOfBytes=32)["Plaintext"]
    use_identities(server, sealed)
    use_messages(server, sealed)
    use_parameters(server, sealed)
    break_things(server, sealed)
    return sealed


def use_parameters(server: Server, sealed: dict[str, bytes]) -> None:
    """Puts parameters of every type and tier, over and over, reads and deletes them."""
    ssm = server.administrator("ssm")
    texts = {name: canary() for name in (
        "parameter's name", "parameter's path", "text parameter", "list parameter", "secure string", "advanced secure string",
        "older value", "parameter's description", "parameter's label", "parameter's tag key", "parameter's tag value",
        "deleted value", "refused value", "name of what is absent",
    )}
    sealed |= {name: text.encode() for name, text in texts.items()}
    above = "/" + texts["parameter's path"]
    path = f"{above}/" + texts["parameter's name"]
    for suffix, kind, tier, value in (("text", "String", "Standard", "text parameter"),
                                      ("list", "StringList", "Standard", "list parameter"),
                                      ("secure", "SecureString", "Standard", "secure string"),
                                      ("advanced", "SecureString", "Advanced", "advanced secure string")):
        name = f"{path}-{suffix}"
        ssm.put_parameter(Name=name, Value=texts["older value"], Type=kind, Tier=tier, Tags=[
            {"Key": texts["parameter's tag key"], "Value": texts["parameter's tag value"]},
        ])
        ssm.put_parameter(Name=name, Value=texts[value], Description=texts["parameter's description"], Overwrite=True)
        ssm.label_parameter_version(Name=name, ParameterVersion=1, Labels=[texts["parameter's label"]])
        for decrypted in (False, True):
            ssm.get_parameter(Name=name, WithDecryption=decrypted)
            ssm.get_parameter_history(Name=name, WithDecryption=decrypted)
    ssm.get_parameters_by_path(Path=above, WithDecryption=True)
    ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": [path]}])
    ssm.put_parameter(Name="/gone", Value=texts["deleted value"], Type="SecureString")
    ssm.delete_parameter(Name="/gone")
    with refused("ParameterNotFound"):
        ssm.get_parameter(Name=texts["name of what is absent"])
    with refused("ValidationException"):
        ssm.put_parameter(Name="/refused", Value="{{" + texts["refused value"] + "}}", Type="String")


def use_messages(server: Server, sealed: dict[str, bytes]) -> None:
    """Sends messages and events about: some are delivered, some wait, and an endpoint's secrets are kept."""
    sqs, sns, events = (server.administrator(name) for name in ("sqs", "sns", "events"))
    texts = {name: canary() for name in (
        "message", "message's attribute", "batch's message", "notification", "notification's subject",
        "notification's attribute", "event's detail", "event that waits", "API key", "basic password", "secret header",
        "target's input", "refused message",
    )}
    sealed |= {name: text.encode() for name, text in texts.items()}
    key = server.administrator("kms").create_key()["KeyMetadata"]["KeyId"]
    for name, encryption in (("managed", {}), ("of-a-key", {"KmsMasterKeyId": key}),
                             ("plain", {"SqsManagedSseEnabled": "false"})):
        url = queues.make(sqs, name, **encryption)
        sqs.send_message(QueueUrl=url, MessageBody=texts["message"], MessageAttributes={
            "a": {"DataType": "String", "StringValue": texts["message's attribute"]},
        })
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": texts["batch's message"]}])
        queues.take(sqs, url)
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.send_message(QueueUrl=url + "-absent", MessageBody=texts["refused message"])
    topic = sns.create_topic(Name="canary")["TopicArn"]
    queue_arn = queues.arn(sqs, url)
    rule = rules.put(events, "canary", {"source": ["canary"]})
    queues.policy(sqs, url, queues.accepts("sns.amazonaws.com", queue_arn, topic),
                  queues.accepts("events.amazonaws.com", queue_arn, rule))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    # Nothing listens there, so that what is to be delivered is kept for another try.
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/hook")
    sns.publish(
        TopicArn=topic, Message=texts["notification"], Subject=texts["notification's subject"], MessageAttributes={
            "a": {"DataType": "String", "StringValue": texts["notification's attribute"]},
        },
    )
    use_api_destinations(server, events, queue_arn, texts)


def use_api_destinations(server: Server, events, queue_arn: str, texts: dict[str, str]) -> None:
    """Puts events for a queue and for an endpoint that cannot be reached, with all kinds of secrets."""
    role = server.administrator("iam").create_role(RoleName="canary-invoke", AssumeRolePolicyDocument=policy({
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole",
    }))["Role"]["Arn"]
    fixed = json.dumps({"input": texts["target's input"]})
    targets = [{"Id": "queue", "Arn": queue_arn}, {"Id": "fixed", "Arn": queue_arn, "Input": fixed}]
    header = {"HeaderParameters": [{"Key": "X-Secret", "Value": texts["secret header"], "IsValueSecret": True}]}
    for name, kind, parameters in (
        ("key", "API_KEY", {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": texts["API key"]}}),
        ("basic", "BASIC", {"BasicAuthParameters": {"Username": "u", "Password": texts["basic password"]}}),
    ):
        connection = events.create_connection(
            Name=name, AuthorizationType=kind, AuthParameters=parameters | {"InvocationHttpParameters": header}
        )["ConnectionArn"]
        destination = events.create_api_destination(
            Name=name, ConnectionArn=connection, InvocationEndpoint="https://127.0.0.1:9/", HttpMethod="POST"
        )["ApiDestinationArn"]
        targets.append({"Id": name, "Arn": destination, "RoleArn": role})
    assert events.put_targets(Rule="canary", Targets=targets)["FailedEntryCount"] == 0
    for text in ("event's detail", "event that waits"):
        events.put_events(Entries=[
            {"Source": "canary", "DetailType": "t", "Detail": json.dumps({"text": texts[text]})},
        ])


def use_identities(server: Server, sealed: dict[str, bytes]) -> None:
    """Makes and uses the secrets of IAM and STS: access keys, session tokens, passwords and MFA devices' seeds."""
    iam, user = server.administrator("iam"), "canary"
    arn = iam.create_user(UserName=user)["User"]["Arn"]
    iam.put_user_policy(
        UserName=user, PolicyName="p", PolicyDocument=policy(allow("sts:*", "iam:ChangePassword", "iam:*LoginProfile"))
    )
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sealed["access key's secret"] = key["SecretAccessKey"].encode()
    device = Device(iam, user)
    sealed["MFA seed"] = device.seed.encode()
    sealed["MFA seed's bytes"] = base64.b32decode(device.seed)
    caller = Caller(server, arn, key["AccessKeyId"], key["SecretAccessKey"])
    use_sessions(caller, iam, device, sealed)
    passwords = {name: canary() + "-Aa1!" for name in ("password", "new password", "own password", "refused password")}
    sealed |= {name: text.encode() for name, text in passwords.items()}
    iam.create_login_profile(UserName=user, Password=passwords["password"])
    iam.update_login_profile(UserName=user, Password=passwords["new password"])
    caller.client("iam").change_password(
        OldPassword=passwords["new password"], NewPassword=passwords["own password"]
    )
    with refused("NoSuchEntity"):
        iam.update_login_profile(UserName="nobody", Password=passwords["refused password"])
    sealed["wrong old password"] = canary().encode()
    with refused("AccessDenied", message="The old password was incorrect."):
        caller.client("iam").change_password(
            OldPassword=sealed["wrong old password"].decode(), NewPassword=passwords["refused password"]
        )


def use_sessions(caller: Caller, iam, device: Device, sealed: dict[str, bytes]) -> None:
    """Begins sessions of every kind that a user may, and calls with them, rightly and with a broken token."""
    trusted = policy(trust(caller.arn))
    role = iam.create_role(RoleName="canary", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    sts = caller.client("sts")
    sessions = {
        "role session": caller.assume(role),
        "user's session": caller.session(caller.arn, sts.get_session_token(**device.code())),
        "federated user's session": caller.session(caller.arn, sts.get_federation_token(Name="Jill")),
    }
    for name, session in sessions.items():
        session.client("sts").get_caller_identity()
        with refused("AccessDeniedException"):
            session.client("kms").list_keys()
        sealed[f"secret of the {name}"] = session.secret.encode()
        sealed[f"token of the {name}"] = session.token.encode()
        # A log that cuts long texts short would show a part of it.
        sealed[f"middle of the token of the {name}"] = session.token[40:100].encode()
        broken = Caller(session.server, session.arn, session.access_key, session.secret, session.token[:-8] + "AAAAAAAA")
        with refused("InvalidClientTokenId"):
            broken.client("sts").get_caller_identity()


def break_things(server: Server, sealed: dict[str, bytes]) -> None:
    """Sends secrets in requests that cannot be read or are not signed, which a careless log would repeat."""
    credentials = Profile.find(server.data_dir).credentials
    sealed["unreadable body"] = canary().encode()
    sealed["unsigned body"] = canary().encode()
    client = RawClient(server, credentials.access_key, credentials.secret)
    client.json("Encrypt", b'{"KeyId":7,"Plaintext":"' + base64.b64encode(sealed["unreadable body"]))
    client.send(client.json_request("Encrypt", b'{"Plaintext":"' + base64.b64encode(sealed["unsigned body"]) + b'"}'))
    client.close()


def written(server: Server, backup: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that the server has written, by where."""
    assert server.data_dir is not None
    for path in server.data_dir.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(server.data_dir)), path.read_bytes()
            yield "a file's name", path.name.encode()
    yield "the log", server.logged()
    yield "the backup", backup.read_bytes()


def test_nothing_sealed_can_be_read_in_files_logs_metrics_or_backups(tmp_path: Path):
    backup = tmp_path / "backup"
    with Server(data_dir=tmp_path / "data", ALCAZAR_LOG="trace", RUST_LOG="trace") as server:
        sealed = use_everything(server)
        status, metrics = server.get("/_alcazar/metrics")
        assert status == 200 and b"# TYPE" in metrics
        running = list(written(server, Path("/dev/null")))
        # Killed and started again, so that what a recovery writes is seen too.
        server.kill()
        server.start()
        server.stop()
        finished = run("backup", backup, "--data-dir", tmp_path / "data")
        assert finished.returncode == 0, finished.stderr
        output = (finished.stdout + finished.stderr).encode()
        places = [*running, *written(server, backup), ("the metrics", metrics), ("the backup's output", output)]
        profile = Profile.find(tmp_path / "data")

    for name, secret in sealed.items():
        for disguise in disguises(secret):
            for place, content in places:
                assert disguise not in content, f"the {name} stands in {place} as {disguise!r}"
    for disguise in disguises(profile.credentials.secret.encode()):
        for place, content in places:
            if place != str(profile.path.relative_to(tmp_path / "data")):
                assert disguise not in content, f"the administrator's secret stands in {place} as {disguise!r}"


def test_no_secret_of_identities_stands_in_the_audit_log(durable_server: Server):
    """Unlike the files, it is read unsealed, and names who did what."""
    sealed: dict[str, bytes] = {}
    use_identities(durable_server, sealed)
    use_messages(durable_server, sealed)
    # What a target gets is part of its rule, and who reads the log may read the rule.
    del sealed["target's input"]
    finished = run("audit", "--data-dir", durable_server.data_dir)
    assert finished.returncode == 0, finished.stderr
    for event in ("CreateAccessKey", "AssumeRole", "GetSessionToken", "GetFederationToken", "EnableMFADevice",
                  "CreateVirtualMFADevice", "CreateLoginProfile", "UpdateLoginProfile", "ChangePassword", "SendMessage",
                  "ReceiveMessage", "Publish", "PutEvents", "CreateConnection"):
        assert f'"{event}"' in finished.stdout
    for name, secret in sealed.items():
        for disguise in disguises(secret):
            assert disguise not in finished.stdout.encode(), f"the {name} stands in the audit log as {disguise!r}"


def test_the_search_would_find_what_is_there():
    secret = secrets.token_bytes(20)
    for before in range(4):
        text = base64.b64encode(b"x" * before + secret + b"rest")
        assert any(disguise in text for disguise in disguises(secret))
    assert any(disguise in secret.hex().encode() for disguise in disguises(secret))
