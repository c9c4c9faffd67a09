"""Messages of SNS as a subscriber reads and verifies them."""

import base64
import ssl
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


def fetch(url: str, ca: Path | None = None) -> bytes:
    """What a link in a message leads to, without credentials."""
    context = ssl.create_default_context(cafile=ca) if ca else None
    with urllib.request.urlopen(url, timeout=30, context=context) as answer:
        return answer.read()


def verify(message: dict) -> None:
    """Checks a message's signature against the certificate that it names, as AWS's guide says.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    """
    names = NOTIFICATION if message["Type"] == "Notification" else CONFIRMATION
    signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    certificate = x509.load_pem_x509_certificate(fetch(message["SigningCertURL"]))
    algorithm = {"1": hashes.SHA1(), "2": hashes.SHA256()}[message["SignatureVersion"]]
    certificate.public_key().verify(
        base64.b64decode(message["Signature"]), signed.encode(), padding.PKCS1v15(), algorithm
    )
