"""Importing key material as AWS's guide shows it: parameters, wrapping, import.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html
"""

import os
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

from harness.outside import oaep

# What the algorithms that wrap directly take no more of than the wrapping key allows.
DIRECT = "RSAES_OAEP_SHA_256"
INDIRECT = "RSA_AES_KEY_WRAP_SHA_256"


def wrap(public_der: bytes, algorithm: str, material: bytes) -> bytes:
    """Wraps with `cryptography`."""
    public, padding = load_der_public_key(public_der), oaep(algorithm.rpartition("_")[2])
    if algorithm.startswith("RSAES_OAEP"):
        return public.encrypt(material, padding)
    aes_key = os.urandom(32)
    return public.encrypt(aes_key, padding) + aes_key_wrap_with_padding(aes_key, material)


def wrap_with_openssl(directory: Path, public_der: bytes, algorithm: str, material: bytes) -> bytes:
    """Wraps with the commands that the guide gives."""
    (directory / "public").write_bytes(public_der)
    bits = algorithm.rpartition("_")[2]
    encrypt = [
        "pkeyutl", "-encrypt", "-inkey", "public", "-keyform", "DER", "-pubin",
        "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:sha{bits}", "-pkeyopt", f"rsa_mgf1_md:sha{bits}",
    ]
    if algorithm.startswith("RSAES_OAEP"):
        return openssl(directory, *encrypt, stdin=material)
    aes_key = os.urandom(32)
    sealed = openssl(
        directory, "enc", "-id-aes256-wrap-pad", "-iv", "A65959A6", "-K", aes_key.hex(), stdin=material
    )
    return openssl(directory, *encrypt, stdin=aes_key) + sealed


def openssl(directory: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What an openssl command prints; it must end well."""
    finished = subprocess.run(
        ["openssl", *arguments], input=stdin, capture_output=True, cwd=directory, timeout=60, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode(errors="replace")
    return finished.stdout


def empty_key(kms, spec: str, usage: str = "", **more: object) -> dict:
    """The metadata of a key without material."""
    usage = {"KeyUsage": usage} if usage else {}
    return kms.create_key(Origin="EXTERNAL", KeySpec=spec, **usage, **more)["KeyMetadata"]


def import_material(kms, key_id: str, material: bytes, wrapping_spec: str = "RSA_2048", algorithm: str = INDIRECT,
                    **more: object) -> dict:
    """Imports material into a key, which does not expire unless `more` says so."""
    given = kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec=wrapping_spec)
    more = more if "ValidTo" in more else {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", **more}
    return kms.import_key_material(
        KeyId=key_id, ImportToken=given["ImportToken"],
        EncryptedKeyMaterial=wrap(given["PublicKey"], algorithm, material), **more,
    )


def imported_key(kms, spec: str, material: bytes, usage: str = "", **more: object) -> str:
    """The id of a new key that holds this material."""
    key_id = empty_key(kms, spec, usage, **more)["KeyId"]
    short = spec == "SYMMETRIC_DEFAULT" or spec.startswith("HMAC_")
    import_material(kms, key_id, material, algorithm=DIRECT if short else INDIRECT)
    return key_id
