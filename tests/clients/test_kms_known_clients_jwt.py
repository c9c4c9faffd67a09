"""jwt-kms, unchanged: it signs JSON web tokens with KMS keys, and `cryptography` verifies them."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from jwt_kms import jwk, jws

from harness.outside import verifies

PAYLOAD = {"sub": "alice", "admin": False, "name": "☃"}
ALGORITHMS = {
    "RSA_2048": {
        "RS256": "RSASSA_PKCS1_V1_5_SHA_256", "RS384": "RSASSA_PKCS1_V1_5_SHA_384",
        "RS512": "RSASSA_PKCS1_V1_5_SHA_512", "PS256": "RSASSA_PSS_SHA_256",
        "PS384": "RSASSA_PSS_SHA_384", "PS512": "RSASSA_PSS_SHA_512",
    },
    "ECC_NIST_P256": {"ES256": "ECDSA_SHA_256"},
    "ECC_NIST_P384": {"ES384": "ECDSA_SHA_384"},
}


def decoded(part: str) -> bytes:
    """Base64 for URLs, without its padding."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("spec", ALGORITHMS)
def test_a_token_verifies_with_the_key_s_public_half(kms, spec):
    made = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    public = kms.get_public_key(KeyId=made["KeyId"])["PublicKey"]
    key = jwk.Key(kms, made["KeyId"])
    assert key.use == "sig"
    for name, algorithm in ALGORITHMS[spec].items():
        header, payload, signature = jws.JWS(PAYLOAD).add_signature(key, name).serialize(compact=True).split(".")
        assert json.loads(decoded(payload)) == PAYLOAD
        assert json.loads(decoded(header)) == {"typ": "JWS", "alg": name, "kid": key.public_key_jwk["kid"]}
        raw = decoded(signature)
        if spec.startswith("ECC"):
            half = len(raw) // 2
            raw = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
        signed = f"{header}.{payload}".encode()
        assert verifies(public, algorithm, signed, raw)
        assert not verifies(public, algorithm, signed + b"x", raw)


def test_a_key_that_does_not_sign_is_found_out_before_kms_is_asked(kms):
    made = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    with pytest.raises(jwk.JWKError):
        jws.JWS(PAYLOAD).add_signature(jwk.Key(kms, made["KeyId"]))
    signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    with pytest.raises(jwk.JWKError):
        jws.JWS(PAYLOAD).add_signature(jwk.Key(kms, signing["KeyId"]), "RS256")
