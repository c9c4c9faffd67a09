"""The AWS Encryption SDK for Python: keyrings across regions, discovery filters, other kinds of keys, and caching."""

from collections import Counter
from collections.abc import Callable

import aws_encryption_sdk
import pytest
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders, models
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.references import IClientSupplier
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.key_providers.kms import (
    DiscoveryFilter, MRKAwareDiscoveryAwsKmsMasterKeyProvider, MRKAwareStrictAwsKmsMasterKeyProvider,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from harness.server import Server

CONTEXT = {"document": "contract", "tenant": "a"}
HERE, THERE, ELSEWHERE = "us-east-1", "eu-west-1", "ap-southeast-2"

SDK = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
PROVIDERS = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


class Supplier(IClientSupplier):
    """Gives keyrings a client in each region that they ask for."""

    def __init__(self, clients: Callable[[str], object]) -> None:
        self._clients = clients

    def get_client(self, param: models.GetClientInput):
        return self._clients(param.region)


@pytest.fixture
def clients(server: Server, account: str) -> Callable[[str], object]:
    """This account's client in a region, always the same one."""
    made: dict[str, object] = {}

    def client(region: str):
        if region not in made:
            made[region] = server.client("kms", account, region=region)
        return made[region]

    return client


@pytest.fixture
def multi_region(clients) -> tuple[str, str]:
    """The ARNs of a primary key and of its replica in another region."""
    primary = clients(HERE).create_key(MultiRegion=True)["KeyMetadata"]
    assert primary["KeyId"].startswith("mrk-")
    replica = clients(HERE).replicate_key(KeyId=primary["KeyId"], ReplicaRegion=THERE)["ReplicaKeyMetadata"]
    assert replica["Arn"] == primary["Arn"].replace(HERE, THERE)
    return primary["Arn"], replica["Arn"]


def keyring(client, arn: str):
    return PROVIDERS.create_aws_kms_keyring(models.CreateAwsKmsKeyringInput(kms_key_id=arn, kms_client=client))


def mrk_keyring(client, arn: str):
    return PROVIDERS.create_aws_kms_mrk_keyring(models.CreateAwsKmsMrkKeyringInput(kms_key_id=arn, kms_client=client))


def encrypt(with_keyring, plaintext: bytes = b"secret") -> bytes:
    return SDK.encrypt(source=plaintext, keyring=with_keyring, encryption_context=CONTEXT)[0]


def decrypt(with_keyring, sealed: bytes) -> bytes:
    return SDK.decrypt(source=sealed, keyring=with_keyring, encryption_context=CONTEXT)[0]


def test_what_was_encrypted_in_one_region_is_decrypted_in_another(clients, multi_region):
    primary, replica = multi_region
    for (region, arn), (other_region, other_arn) in (
        ((HERE, primary), (THERE, replica)), ((THERE, replica), (HERE, primary)),
    ):
        sealed = encrypt(mrk_keyring(clients(region), arn))
        assert decrypt(mrk_keyring(clients(other_region), other_arn), sealed) == b"secret"
        with pytest.raises(Exception):
            decrypt(keyring(clients(other_region), other_arn), sealed)


def test_after_a_failover_the_new_primary_goes_on(clients, multi_region):
    primary, replica = multi_region
    sealed = encrypt(mrk_keyring(clients(HERE), primary))
    clients(HERE).update_primary_region(KeyId=primary, PrimaryRegion=THERE)
    configuration = clients(THERE).describe_key(KeyId=replica)["KeyMetadata"]["MultiRegionConfiguration"]
    assert configuration["PrimaryKey"] == {"Arn": replica, "Region": THERE}
    assert decrypt(mrk_keyring(clients(THERE), replica), sealed) == b"secret"
    clients(HERE).disable_key(KeyId=primary)
    assert decrypt(mrk_keyring(clients(THERE), replica), sealed) == b"secret"
    with pytest.raises(Exception):
        decrypt(mrk_keyring(clients(HERE), primary), sealed)


def test_a_multi_keyring_of_regions_encrypts_under_each_key(clients, multi_region):
    primary, _ = multi_region
    single = clients(ELSEWHERE).create_key()["KeyMetadata"]["Arn"]
    both = PROVIDERS.create_aws_kms_mrk_multi_keyring(models.CreateAwsKmsMrkMultiKeyringInput(
        generator=primary, kms_key_ids=[single], client_supplier=Supplier(clients),
    ))
    sealed = encrypt(both)
    assert decrypt(keyring(clients(ELSEWHERE), single), sealed) == b"secret"
    assert decrypt(mrk_keyring(clients(HERE), primary), sealed) == b"secret"
    stranger = clients(HERE).create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(Exception):
        decrypt(keyring(clients(HERE), stranger), sealed)


def test_a_discovery_keyring_opens_what_its_filter_and_its_region_let_it(clients, account, new_account):
    key = clients(HERE).create_key()["KeyMetadata"]["Arn"]
    sealed = encrypt(keyring(clients(HERE), key))

    def discovery(account_id: str | None, region: str = HERE):
        only = models.DiscoveryFilter(account_ids=[account_id], partition="aws") if account_id else None
        return PROVIDERS.create_aws_kms_discovery_keyring(
            models.CreateAwsKmsDiscoveryKeyringInput(kms_client=clients(region), discovery_filter=only)
        )

    assert decrypt(discovery(None), sealed) == b"secret"
    assert decrypt(discovery(account), sealed) == b"secret"
    for wrong in (discovery(new_account()), discovery(account, THERE)):
        with pytest.raises(Exception):
            decrypt(wrong, sealed)


def test_a_discovery_keyring_that_knows_of_replicas_opens_with_the_one_of_its_region(
    clients, multi_region, account, new_account
):
    sealed = encrypt(mrk_keyring(clients(HERE), multi_region[0]))

    def discovery(account_id: str, region: str):
        return PROVIDERS.create_aws_kms_mrk_discovery_keyring(models.CreateAwsKmsMrkDiscoveryKeyringInput(
            kms_client=clients(region), region=region,
            discovery_filter=models.DiscoveryFilter(account_ids=[account_id], partition="aws"),
        ))

    assert decrypt(discovery(account, THERE), sealed) == b"secret"
    for wrong in (discovery(new_account(), THERE), discovery(account, ELSEWHERE)):
        with pytest.raises(Exception):
            decrypt(wrong, sealed)


def test_a_discovery_keyring_of_many_regions_finds_the_key(clients, account):
    key = clients(THERE).create_key()["KeyMetadata"]["Arn"]
    sealed = encrypt(keyring(clients(THERE), key))
    found = PROVIDERS.create_aws_kms_discovery_multi_keyring(models.CreateAwsKmsDiscoveryMultiKeyringInput(
        regions=[HERE, THERE], client_supplier=Supplier(clients),
        discovery_filter=models.DiscoveryFilter(account_ids=[account], partition="aws"),
    ))
    assert decrypt(found, sealed) == b"secret"


def test_an_rsa_keyring_encrypts_with_the_public_key_alone(clients):
    kms = clients(HERE)
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    rings = [
        PROVIDERS.create_aws_kms_rsa_keyring(models.CreateAwsKmsRsaKeyringInput(
            kms_key_id=key, encryption_algorithm="RSAES_OAEP_SHA_256", **with_what,
        ))
        for with_what in ({"public_key": pem}, {"kms_client": kms, "public_key": pem})
    ]
    # Without a signing algorithm suite, as this keyring wants it.
    suite = aws_encryption_sdk.Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
    sealed = SDK.encrypt(source=b"secret", keyring=rings[0], encryption_context=CONTEXT, algorithm=suite)[0]
    assert decrypt(rings[1], sealed) == b"secret"


def test_two_keys_that_agree_share_a_message(clients):
    kms = clients(HERE)
    sender, recipient = (
        kms.create_key(KeySpec="ECC_NIST_P384", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["Arn"] for _ in range(2)
    )
    public = {key: kms.get_public_key(KeyId=key)["PublicKey"] for key in (sender, recipient)}
    agreed = PROVIDERS.create_aws_kms_ecdh_keyring(models.CreateAwsKmsEcdhKeyringInput(
        kms_client=kms, curve_spec="ECC_NIST_P384",
        key_agreement_scheme=models.KmsEcdhStaticConfigurationsKmsPrivateKeyToStaticPublicKey(
            models.KmsPrivateKeyToStaticPublicKeyInput(
                sender_kms_identifier=sender, recipient_public_key=public[recipient], sender_public_key=public[sender],
            )
        ),
    ))
    found = PROVIDERS.create_aws_kms_ecdh_keyring(models.CreateAwsKmsEcdhKeyringInput(
        kms_client=kms, curve_spec="ECC_NIST_P384",
        key_agreement_scheme=models.KmsEcdhStaticConfigurationsKmsPublicKeyDiscovery(
            models.KmsPublicKeyDiscoveryInput(recipient_kms_identifier=recipient)
        ),
    ))
    assert decrypt(found, encrypt(agreed)) == b"secret"


@pytest.fixture
def as_anyone_would(server: Server, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a program that makes its own clients."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", HERE)


def test_the_caching_materials_manager_asks_kms_for_one_data_key(as_anyone_would, clients, multi_region, account):
    primary, _ = multi_region
    strict = MRKAwareStrictAwsKmsMasterKeyProvider(key_ids=[primary])
    calls = Counter()
    strict.master_key(primary).config.client.meta.events.register(
        "before-call.kms", lambda model, **_: calls.update([model.name])
    )
    cache = aws_encryption_sdk.LocalCryptoMaterialsCache(100)
    cached = aws_encryption_sdk.CachingCryptoMaterialsManager(
        master_key_provider=strict, cache=cache, max_age=60.0, max_messages_encrypted=100
    )
    messages = [b"first", b"second", b"third"]
    sealed = [
        SDK.encrypt(source=message, materials_manager=cached, encryption_context=CONTEXT)[0] for message in messages
    ]
    assert calls == {"GenerateDataKey": 1}
    opened = [SDK.decrypt(source=one, materials_manager=cached)[0] for one in sealed]
    assert opened == messages
    assert calls == {"GenerateDataKey": 1, "Decrypt": 1}

    discovering = MRKAwareDiscoveryAwsKmsMasterKeyProvider(
        discovery_region=THERE, discovery_filter=DiscoveryFilter(account_ids=(account,), partition="aws")
    )
    assert SDK.decrypt(source=sealed[0], key_provider=discovering)[0] == b"first"
