"""What is computed without the server: keys, signatures and secrets by `cryptography`, PyCryptodome and hashlib."""

import hashlib
from collections.abc import Callable

from Crypto.Hash import SHA512
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat, load_der_private_key, load_der_public_key,
)

# A private key of each asymmetric spec, by what makes it.
MAKERS: dict[str, Callable] = {
    "RSA_2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA_3072": lambda: rsa.generate_private_key(65537, 3072),
    "RSA_4096": lambda: rsa.generate_private_key(65537, 4096),
    "ECC_NIST_P256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ECC_NIST_P384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ECC_NIST_P521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ECC_SECG_P256K1": lambda: ec.generate_private_key(ec.SECP256K1()),
    "ECC_NIST_EDWARDS25519": ed25519.Ed25519PrivateKey.generate,
    "ML_DSA_44": mldsa.MLDSA44PrivateKey.generate,
    "ML_DSA_65": mldsa.MLDSA65PrivateKey.generate,
    "ML_DSA_87": mldsa.MLDSA87PrivateKey.generate,
}

# Which message types each signing algorithm takes.
RSA_ALGORITHMS = [f"RSASSA_{scheme}_SHA_{bits}" for scheme in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]
SIGNING = {
    **{spec: RSA_ALGORITHMS for spec in ("RSA_2048", "RSA_3072", "RSA_4096")},
    "ECC_NIST_P256": ["ECDSA_SHA_256"],
    "ECC_NIST_P384": ["ECDSA_SHA_384"],
    "ECC_NIST_P521": ["ECDSA_SHA_512"],
    "ECC_SECG_P256K1": ["ECDSA_SHA_256"],
    "ECC_NIST_EDWARDS25519": ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
    "ML_DSA_44": ["ML_DSA_SHAKE_256"],
    "ML_DSA_65": ["ML_DSA_SHAKE_256"],
    "ML_DSA_87": ["ML_DSA_SHAKE_256"],
}
SIGNING_CASES = [(spec, algorithm) for spec, algorithms in SIGNING.items() for algorithm in algorithms]


def message_types(algorithm: str) -> list[str]:
    """The message types that an algorithm takes."""
    return {"ED25519_SHA_512": ["RAW"], "ED25519_PH_SHA_512": ["DIGEST"], "ML_DSA_SHAKE_256": ["RAW", "EXTERNAL_MU"]}.get(
        algorithm, ["RAW", "DIGEST"]
    )


def pkcs8(private) -> bytes:
    """A private key as KMS imports it: PKCS #8 in DER."""
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def spki(public) -> bytes:
    """A public key as GetPublicKey answers it: SubjectPublicKeyInfo in DER."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def form(message: bytes, message_type: str, algorithm: str, public_der: bytes) -> bytes:
    """What is sent as Message for a message of this type."""
    if message_type == "DIGEST":
        return hashlib.new(f"sha{algorithm.rpartition('_')[2]}", message).digest()
    if message_type == "EXTERNAL_MU":
        # FIPS 204, algorithm 7, line 6, with an empty context.
        public = load_der_public_key(public_der).public_bytes_raw()
        return hashlib.shake_256(hashlib.shake_256(public).digest(64) + b"\0\0" + message).digest(64)
    return message


def _hash(algorithm: str) -> hashes.HashAlgorithm:
    return {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}[algorithm.rpartition("_")[2]]()


def _rsa_padding(algorithm: str) -> padding.AsymmetricPadding:
    if algorithm.startswith("RSASSA_PSS"):
        return padding.PSS(padding.MGF1(_hash(algorithm)), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()


def _hashed_twice(message: bytes):
    """Ed25519ph's hash of what KMS is given, which is the message's digest already: so the message is hashed twice.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
    """
    return SHA512.new(SHA512.new(message).digest())


def sign(private_der: bytes, algorithm: str, message: bytes) -> bytes:
    """A signature of a whole message."""
    if algorithm == "ED25519_PH_SHA_512":
        return eddsa.new(ECC.import_key(private_der), "rfc8032").sign(_hashed_twice(message))
    private = load_der_private_key(private_der, None)
    if algorithm.startswith("RSASSA"):
        return private.sign(message, _rsa_padding(algorithm), _hash(algorithm))
    if algorithm.startswith("ECDSA"):
        return private.sign(message, ec.ECDSA(_hash(algorithm)))
    return private.sign(message)


def verifies(public_der: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
    """Whether a signature is one of this whole message."""
    try:
        _verify(public_der, algorithm, message, signature)
    except (InvalidSignature, ValueError):
        return False
    return True


def _verify(public_der: bytes, algorithm: str, message: bytes, signature: bytes) -> None:
    if algorithm == "ED25519_PH_SHA_512":
        eddsa.new(ECC.import_key(public_der), "rfc8032").verify(_hashed_twice(message), signature)
        return
    public = load_der_public_key(public_der)
    if algorithm.startswith("RSASSA"):
        public.verify(signature, message, _rsa_padding(algorithm), _hash(algorithm))
    elif algorithm.startswith("ECDSA"):
        utils.decode_dss_signature(signature)
        public.verify(signature, message, ec.ECDSA(_hash(algorithm)))
    else:
        public.verify(signature, message)


def oaep(bits: str) -> padding.OAEP:
    """OAEP with one hash for both of its uses, as KMS has it."""
    chosen = {"1": hashes.SHA1, "256": hashes.SHA256}[bits]()
    return padding.OAEP(padding.MGF1(chosen), chosen, None)
