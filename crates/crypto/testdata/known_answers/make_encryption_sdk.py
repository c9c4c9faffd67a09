"""Makes `encryption_sdk.json`: messages of the AWS Encryption SDK that were encrypted by others.

`published` are the commitment vectors of the SDK for Python (`test/resources/commitment-test-vectors.json` of its source
distribution, Apache-2.0, Copyright Amazon.com, Inc. or its affiliates), in hexadecimal: all without a signature, and one with.
`made here` was encrypted by that SDK (aws-encryption-sdk 4.0.7), in every suite without a signature that derives a key.
Usage: make_encryption_sdk.py <directory of the unpacked source distribution>
"""

import base64
import json
import sys
from pathlib import Path

import aws_encryption_sdk
import attr
from aws_encryption_sdk import CommitmentPolicy
from aws_encryption_sdk.identifiers import AlgorithmSuite
from aws_encryption_sdk.key_providers.base import MasterKey, MasterKeyConfig
from aws_encryption_sdk.structures import DataKey

HERE = Path(__file__).parent
VECTORS = Path(sys.argv[1]) / "test/resources/commitment-test-vectors.json"
COMMITTING_UNSIGNED = bytes.fromhex("020478")
KEY_ARN = b"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PARAMETER = {"PARAMETER_ARN": "arn:aws:ssm:us-east-1:111122223333:parameter/app/prod/database-password"}
SUITES = {
    "0478": (AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY, 32),
    "0178": (AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA256, 32),
    "0146": (AlgorithmSuite.AES_192_GCM_IV12_TAG16_HKDF_SHA256, 24),
    "0114": (AlgorithmSuite.AES_128_GCM_IV12_TAG16_HKDF_SHA256, 16),
}
# Length of the plaintext, of the frames (none: 0), and the encryption context.
SHAPES = [
    (0, 4096, PARAMETER),
    (37, 4096, PARAMETER),
    (37, 0, PARAMETER),
    (256, 128, {}),
    (300, 128, {"ключ": "значение", "a": "", "": "b"}),
]


@attr.s(hash=True)
class GivenKeyConfig(MasterKeyConfig):
    """What `GivenKey` is made from."""

    provider_id = "aws-kms"


class GivenKey(MasterKey):
    """Gives out the data key that it was given, as if KMS had encrypted it."""

    provider_id = "aws-kms"
    _config_class = GivenKeyConfig
    data_key = b""

    def _generate_data_key(self, algorithm, encryption_context):
        return DataKey(self.key_provider, self.data_key, b"the data key, encrypted")

    def _encrypt_data_key(self, data_key, algorithm, encryption_context):
        raise NotImplementedError

    def _decrypt_data_key(self, encrypted_data_key, algorithm, encryption_context):
        raise NotImplementedError


def plaintext(length):
    """Bytes that count up."""
    return bytes(index % 251 for index in range(length))


def encrypt(suite, shape):
    """A message of this suite and shape, and what it was made from."""
    algorithm, key_bytes = SUITES[suite]
    length, frame_bytes, context = shape
    policy = (
        CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        if algorithm.is_committing()
        else CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    )
    key = GivenKey(key_id=KEY_ARN)
    key.data_key = bytes(range(key_bytes))
    message, _ = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy).encrypt(
        source=plaintext(length),
        key_provider=key,
        algorithm=algorithm,
        frame_length=frame_bytes,
        encryption_context=context,
    )
    return {
        "name": f"{suite}, {length} bytes, " + (f"frames of {frame_bytes}" if frame_bytes else "not framed"),
        "data_key": key.data_key.hex(),
        "context": context,
        "plaintext": plaintext(length).hex(),
        "message": message.hex(),
    }


def published():
    """The vectors of the SDK. One that has to be refused has no plaintext."""
    signed = 0
    for test in json.loads(VECTORS.read_text())["tests"]:
        message = base64.b64decode(test["ciphertext"])
        if not message.startswith(COMMITTING_UNSIGNED):
            signed += 1
            if signed > 1:
                continue
        text = "".join(test["plaintext-frames"]).encode().hex() if test["status"] else None
        yield {
            "name": test["comment"],
            "data_key": base64.b64decode(test["decrypted-dek"]).hex(),
            "context": test["encryption-context"],
            "plaintext": text,
            "message": message.hex(),
        }


answers = {
    "source": "aws-encryption-sdk 4.0.7, by make_encryption_sdk.py, which says what is whose; Apache-2.0",
    "published": list(published()),
    "made here": [encrypt(suite, shape) for suite in SUITES for shape in SHAPES]
    + [encrypt("0478", (8193, 4096, PARAMETER))],
}
(HERE / "encryption_sdk.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
