"""Key material made outside, wrapped and imported as AWS's guide shows it.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
"""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from harness.errors import refused
from harness.imports import DIRECT, INDIRECT, empty_key, import_material, imported_key, wrap, wrap_with_openssl
from harness.outside import MAKERS, pkcs8, spki

OAEP = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
KEY_WRAP = ["RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"]
BYTES = {"SYMMETRIC_DEFAULT": 32, "HMAC_224": 28, "HMAC_256": 32, "HMAC_384": 48, "HMAC_512": 64}
CURVES = ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"]
LONG = ["RSA_2048", "RSA_3072", "RSA_4096", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"]
ALGORITHMS = {
    **{spec: OAEP for spec in BYTES},
    **{spec: OAEP + KEY_WRAP for spec in CURVES},
    **{spec: KEY_WRAP for spec in LONG},
}
# Every material with every algorithm that takes it, and every size of wrapping key with every algorithm.
CASES = [
    ("RSA_3072" if spec == "ECC_NIST_P521" else "RSA_2048", algorithm, spec)
    for spec, algorithms in ALGORITHMS.items() for algorithm in algorithms
] + [
    (wrapping, algorithm, spec)
    for wrapping in ("RSA_3072", "RSA_4096")
    for algorithm, spec in zip(OAEP + KEY_WRAP, ("SYMMETRIC_DEFAULT", "ECC_NIST_P521", "RSA_4096", "ML_DSA_87"))
]


@pytest.fixture(scope="module")
def materials() -> dict[str, object]:
    """Material of each spec: bytes, or a private key."""
    return {spec: os.urandom(length) for spec, length in BYTES.items()} | {
        spec: MAKERS[spec]() for spec in CURVES + LONG
    }


def usage(spec: str) -> str:
    """The usage of the keys that this file makes."""
    if spec == "SYMMETRIC_DEFAULT":
        return "ENCRYPT_DECRYPT"
    return "GENERATE_VERIFY_MAC" if spec.startswith("HMAC") else "SIGN_VERIFY"


def exported(material: object) -> bytes:
    """Material as it is wrapped."""
    return material if isinstance(material, bytes) else pkcs8(material)


@pytest.mark.parametrize("wrapping, algorithm, spec", CASES)
def test_material_is_imported(shared_kms, materials, wrapping, algorithm, spec):
    key = empty_key(shared_kms, spec, usage(spec))
    assert (key["KeyState"], key["Origin"], key["Enabled"]) == ("PendingImport", "EXTERNAL", False)
    imported = import_material(shared_kms, key["KeyId"], exported(materials[spec]), wrapping, algorithm)
    assert imported["KeyId"] == key["Arn"]
    described = shared_kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (described["KeyState"], described["ExpirationModel"]) == ("Enabled", "KEY_MATERIAL_DOES_NOT_EXPIRE")
    if isinstance(materials[spec], bytes):
        return
    assert shared_kms.get_public_key(KeyId=key["KeyId"])["PublicKey"] == spki(materials[spec].public_key())


@pytest.mark.parametrize("wrapping, algorithm, spec", [
    ("RSA_2048", "RSAES_OAEP_SHA_1", "SYMMETRIC_DEFAULT"),
    ("RSA_3072", "RSAES_OAEP_SHA_256", "ECC_NIST_P256"),
    ("RSA_2048", "RSA_AES_KEY_WRAP_SHA_1", "RSA_2048"),
    ("RSA_2048", "RSA_AES_KEY_WRAP_SHA_256", "ECC_NIST_P521"),
])
def test_material_wrapped_with_openssl_is_imported(shared_kms, materials, tmp_path: Path, wrapping, algorithm, spec):
    key_id = empty_key(shared_kms, spec, usage(spec))["KeyId"]
    given = shared_kms.get_parameters_for_import(
        KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec=wrapping
    )
    shared_kms.import_key_material(
        KeyId=key_id, ImportToken=given["ImportToken"], ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
        EncryptedKeyMaterial=wrap_with_openssl(tmp_path, given["PublicKey"], algorithm, exported(materials[spec])),
    )
    assert shared_kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "Enabled"


def test_the_parameters_say_how_long_they_are_good_for(shared_kms):
    key = empty_key(shared_kms, "SYMMETRIC_DEFAULT")
    before = datetime.now(timezone.utc)
    given = shared_kms.get_parameters_for_import(
        KeyId=key["KeyId"], WrappingAlgorithm=DIRECT, WrappingKeySpec="RSA_2048"
    )
    assert given["KeyId"] == key["Arn"]
    assert abs(given["ParametersValidTo"] - before - timedelta(hours=24)) < timedelta(minutes=1)


def test_a_wrapping_algorithm_that_does_not_fit_the_material_is_refused(shared_kms):
    for spec, wrapping, algorithm in (
        ("RSA_2048", "RSA_4096", "RSAES_OAEP_SHA_256"),
        ("ECC_NIST_P521", "RSA_2048", "RSAES_OAEP_SHA_1"),
        ("ECC_NIST_P521", "RSA_2048", "RSAES_OAEP_SHA_256"),
        ("SYMMETRIC_DEFAULT", "RSA_2048", "RSAES_PKCS1_V1_5"),
    ):
        key_id = empty_key(shared_kms, spec, usage(spec))["KeyId"]
        with refused("ValidationException", "UnsupportedOperationException"):
            shared_kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec=wrapping)


def test_a_key_with_material_of_kms_takes_none(shared_kms):
    key_id = shared_kms.create_key()["KeyMetadata"]["KeyId"]
    with refused("UnsupportedOperationException"):
        shared_kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=DIRECT, WrappingKeySpec="RSA_2048")
    with refused("UnsupportedOperationException"):
        shared_kms.delete_imported_key_material(KeyId=key_id)


def test_a_token_fits_one_key_and_its_own_wrapping_key(shared_kms):
    first, second = (empty_key(shared_kms, "SYMMETRIC_DEFAULT")["KeyId"] for _ in range(2))
    how = {"WrappingAlgorithm": DIRECT, "WrappingKeySpec": "RSA_2048"}
    given, again, other = (shared_kms.get_parameters_for_import(KeyId=key, **how) for key in (first, first, second))

    def send(key_id: str, token: bytes, public: bytes) -> None:
        shared_kms.import_key_material(
            KeyId=key_id, ImportToken=token, EncryptedKeyMaterial=wrap(public, DIRECT, bytes(range(32))),
            ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
        )

    with refused("InvalidImportTokenException"):
        send(first, other["ImportToken"], other["PublicKey"])
    changed = bytearray(given["ImportToken"])
    changed[len(changed) // 2] ^= 1
    with refused("InvalidImportTokenException"):
        send(first, bytes(changed), given["PublicKey"])
    if again["PublicKey"] != given["PublicKey"]:
        with refused("InvalidCiphertextException"):
            send(first, given["ImportToken"], again["PublicKey"])
    with refused("InvalidCiphertextException"):
        shared_kms.import_key_material(
            KeyId=first, ImportToken=given["ImportToken"], EncryptedKeyMaterial=bytes(256),
            ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
        )
    assert shared_kms.describe_key(KeyId=first)["KeyMetadata"]["KeyState"] == "PendingImport"
    send(first, given["ImportToken"], given["PublicKey"])
    assert shared_kms.describe_key(KeyId=first)["KeyMetadata"]["KeyState"] == "Enabled"


def test_material_of_another_spec_is_refused(shared_kms, materials):
    for spec, wrong in (
        ("SYMMETRIC_DEFAULT", os.urandom(16)),
        ("HMAC_512", os.urandom(8)),
        ("ECC_NIST_P256", pkcs8(materials["ECC_NIST_P384"])),
        ("RSA_3072", pkcs8(materials["RSA_2048"])),
        ("ECC_NIST_P256", os.urandom(64)),
    ):
        key_id = empty_key(shared_kms, spec, usage(spec))["KeyId"]
        algorithm = INDIRECT if spec.startswith("RSA") else DIRECT
        with refused("IncorrectKeyMaterialException", "InvalidCiphertextException"):
            import_material(shared_kms, key_id, wrong, algorithm=algorithm)
        assert shared_kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "PendingImport"


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "HMAC_256"])
def test_only_the_same_material_is_imported_again(shared_kms, materials, spec):
    algorithm = DIRECT
    material = exported(materials[spec])
    key_id = imported_key(shared_kms, spec, material, usage(spec))
    shared_kms.delete_imported_key_material(KeyId=key_id)
    assert shared_kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "PendingImport"
    other = exported(MAKERS[spec]()) if spec in MAKERS else os.urandom(32)
    with refused("IncorrectKeyMaterialException"):
        import_material(shared_kms, key_id, other, algorithm=algorithm)
    import_material(shared_kms, key_id, material, algorithm=algorithm)
    assert shared_kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_symmetric_key_opens_its_ciphertexts_when_its_material_is_back(shared_kms):
    material = os.urandom(32)
    key_id = imported_key(shared_kms, "SYMMETRIC_DEFAULT", material)
    blob = shared_kms.encrypt(KeyId=key_id, Plaintext=b"secret")["CiphertextBlob"]
    shared_kms.delete_imported_key_material(KeyId=key_id)
    with refused("KMSInvalidStateException"):
        shared_kms.decrypt(CiphertextBlob=blob)
    with refused("IncorrectKeyMaterialException"):
        import_material(shared_kms, key_id, os.urandom(32), algorithm=DIRECT)
    import_material(shared_kms, key_id, material, algorithm=DIRECT)
    assert shared_kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_the_same_material_in_two_keys_opens_nothing_of_the_other(shared_kms):
    """Ciphertexts are bound to their key, however the material came.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html
    """
    material = os.urandom(32)
    first, second = (imported_key(shared_kms, "SYMMETRIC_DEFAULT", material) for _ in range(2))
    blob = shared_kms.encrypt(KeyId=first, Plaintext=b"secret")["CiphertextBlob"]
    with refused("IncorrectKeyException"):
        shared_kms.decrypt(CiphertextBlob=blob, KeyId=second)


def test_a_symmetric_key_rotates_to_more_imported_material(shared_kms):
    first, second = os.urandom(32), os.urandom(32)
    key_id = imported_key(shared_kms, "SYMMETRIC_DEFAULT", first)
    old = shared_kms.encrypt(KeyId=key_id, Plaintext=b"old")["CiphertextBlob"]
    import_material(shared_kms, key_id, second, algorithm=DIRECT, ImportType="NEW_KEY_MATERIAL")
    shared_kms.rotate_key_on_demand(KeyId=key_id)
    new = shared_kms.encrypt(KeyId=key_id, Plaintext=b"new")["CiphertextBlob"]
    opened = [shared_kms.decrypt(CiphertextBlob=blob) for blob in (old, new)]
    assert [one["Plaintext"] for one in opened] == [b"old", b"new"]
    assert opened[0]["KeyMaterialId"] != opened[1]["KeyMaterialId"]
    listed = shared_kms.list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert {one["KeyMaterialId"] for one in listed} == {one["KeyMaterialId"] for one in opened}


def test_a_token_is_good_for_a_day_and_material_for_as_long_as_was_said(own_server, account):
    kms = own_server.client("kms", account)
    key = empty_key(kms, "SYMMETRIC_DEFAULT")
    given = kms.get_parameters_for_import(
        KeyId=key["KeyId"], WrappingAlgorithm=DIRECT, WrappingKeySpec="RSA_2048"
    )
    own_server.advance_clock(24 * 60 * 60 + 1)
    material = os.urandom(32)
    with refused("ExpiredImportTokenException"):
        kms.import_key_material(
            KeyId=key["KeyId"], ImportToken=given["ImportToken"], ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
            EncryptedKeyMaterial=wrap(given["PublicKey"], DIRECT, material),
        )
    ends = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=3)
    import_material(kms, key["KeyId"], material, algorithm=DIRECT, ValidTo=ends)
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (described["ValidTo"], described["ExpirationModel"]) == (ends, "KEY_MATERIAL_EXPIRES")
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"secret")["CiphertextBlob"]
    own_server.advance_clock(3 * 24 * 60 * 60)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingImport"
    with refused("KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=blob)
    import_material(kms, key["KeyId"], material, algorithm=DIRECT)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
