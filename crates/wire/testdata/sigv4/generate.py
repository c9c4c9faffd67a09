"""Writes cases.json: requests that botocore signed, with the canonical request and the string to sign it made.

The requests named after AWS's published Signature Version 4 test suite (in AWS's documentation, and in
https://github.com/awslabs/aws-c-auth, Apache-2.0) are rebuilt here, and the signatures published for them must
come out. The others are made by botocore's own clients. Run with botocore installed, in this directory.
"""

import datetime
import json
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ACCESS_KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
NOW = datetime.datetime(2015, 8, 30, 12, 36, 0, tzinfo=datetime.timezone.utc)
# Headers that differ from machine to machine and from run to run, and are not signed.
UNTOLD = ("User-Agent", "amz-sdk-invocation-id")
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FORM = [("Content-Type", "application/x-www-form-urlencoded")]
VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
POST_VANILLA = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"

# name, method, path, query, headers, body, published signature
PUBLISHED = [
    ("get-vanilla", "GET", "/", "", [], "", VANILLA),
    ("get-vanilla-query", "GET", "/", "", [], "", VANILLA),
    ("get-vanilla-empty-query-key", "GET", "/", "Param1=value1", [], "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    ("get-vanilla-query-order-key", "GET", "/", "Param1=value2&Param1=Value1", [], "",
     "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
    ("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", [], "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-query-order-value", "GET", "/", "Param1=value2&Param1=value1", [], "",
     "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
    ("get-vanilla-query-order-encoded", "GET", "/", "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", [], "",
     "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
    ("get-vanilla-query-unreserved", "GET", "/", f"{UNRESERVED}={UNRESERVED}", [], "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    ("get-vanilla-utf8-query", "GET", "/", "ሴ=bar", [], "",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ("get-utf8", "GET", "/ሴ", "", [], "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("get-unreserved", "GET", "/" + UNRESERVED, "", [], "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    ("get-relative", "GET", "/example/..", "", [], "", VANILLA),
    ("get-relative-relative", "GET", "/example1/example2/../..", "", [], "", VANILLA),
    ("get-slash", "GET", "//", "", [], "", VANILLA),
    ("get-slash-dot-slash", "GET", "/./", "", [], "", VANILLA),
    ("get-slash-pointless-dot", "GET", "/./example", "", [], "",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
    ("get-slashes", "GET", "//example//", "", [], "",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
    ("get-space", "GET", "/example space/", "", [], "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ("get-header-key-duplicate", "GET", "/", "",
     [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")], "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
    ("get-header-value-order", "GET", "/", "",
     [("My-Header1", v) for v in ("value4", "value1", "value3", "value2")], "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
    ("get-header-value-trim", "GET", "/", "",
     [("My-Header1", " value1"), ("My-Header2", ' "a   b   c"')], "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("post-vanilla", "POST", "/", "", [], "", POST_VANILLA),
    ("post-header-key-case", "POST", "/", "", [], "", POST_VANILLA),
    ("post-header-key-sort", "POST", "/", "", [("My-Header1", "value1")], "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    ("post-header-value-case", "POST", "/", "", [("My-Header1", "VALUE1")], "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    ("post-vanilla-query", "POST", "/", "Param1=value1", [], "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ("post-x-www-form-urlencoded", "POST", "/", "", FORM, "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ("post-x-www-form-urlencoded-parameters", "POST", "/", "",
     [("Content-Type", "application/x-www-form-urlencoded; charset=utf8")], "Param1=value1",
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
    ("post-sts-header-before", "POST", "/", "", [("X-Amz-Security-Token", TOKEN)], "",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
    ("post-sts-header-after", "POST", "/", "", [], "", POST_VANILLA),
]

# Requests to sign with botocore's signer alone: name, method, path, query, headers, body.
SIGNED = [
    ("date-header", "POST", "/", "", [("Date", "")], "{}"),
    ("tabs-and-spaces", "GET", "/", "", [("My-Header1", "\t a \t b  c ")], ""),
    ("utf8-header", "GET", "/", "", [("My-Header1", "grün  ሴ")], ""),
    ("encoded-path", "GET", "/a%20b/%E1%88%B4/%2e%2e/c%2Fd", "", [], ""),
    ("encoded-query", "GET", "/", "b=%2B%20%2F%26&a=%E1%88%B4&a=&a-b=1&a=1&%3D=%25", [], ""),
    ("dots-beyond-the-root", "GET", "/../../a/./b/../c/", "", [], ""),
]

recorded = {}


def record(method):
    original = getattr(SigV4Auth, method)

    def wrapped(self, *arguments, **named):
        recorded[method] = original(self, *arguments, **named)
        return recorded[method]

    return mock.patch.object(SigV4Auth, method, wrapped)


def case(name, source, method, url, headers, body, service, region, unsigned_payload_allowed=False):
    parts = urlsplit(url)
    if not any(key.lower() == "host" for key, _ in headers):
        headers = [("Host", parts.netloc), *headers]
    return {
        "name": name,
        "source": source,
        "method": method,
        "path": parts.path,
        "query": parts.query,
        "headers": [[key, value] for key, value in headers],
        "body": body,
        "service": service,
        "region": region,
        "unsigned_payload_allowed": unsigned_payload_allowed,
        "canonical_request": recorded["canonical_request"],
        "string_to_sign": recorded["string_to_sign"],
        "signature": recorded["signature"],
    }


def sign(name, source, method, path, query, headers, body):
    url = f"https://example.amazonaws.com{path}"
    request = AWSRequest(method=method, url=url + (f"?{query}" if query else ""), data=body.encode())
    if not query.isascii():
        key, _, value = query.partition("=")
        request = AWSRequest(method=method, url=url, params=[(key, value)], data=body.encode())
    for key, value in headers:
        request.headers[key] = value
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET), "service", "us-east-1").add_auth(request)
    url = url + (f"?{query}" if query else "")
    return case(name, source, method, url, list(request.headers.items()), body, "service", "us-east-1")


def client(service, region, token=None, **config):
    session = botocore.session.Session()
    made = session.create_client(
        service, region, aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET,
        aws_session_token=token, config=Config(request_checksum_calculation="when_required", **config),
        endpoint_url=f"http://{service}.{region}.example:4566",
    )
    made.meta.events.register("before-send", lambda request, **_: keep(request))
    return made


class Sent(Exception):
    """Ends a call once its request is made."""


def keep(request):
    recorded["sent"] = request
    raise Sent


def text(value):
    return value.decode() if isinstance(value, bytes) else value or ""


def called(name, service, region, operation, token=None, **arguments):
    try:
        getattr(client(service, region, token), operation)(**arguments)
    except Sent:
        pass
    sent = recorded["sent"]
    body = sent.body.read() if hasattr(sent.body, "read") else sent.body
    headers = [(key, text(value)) for key, value in sent.headers.items() if key not in UNTOLD]
    return case(name, "botocore", sent.method, sent.url, headers, text(body), service, region)


def presigned(name, service, region, operation, headers, token=None, **arguments):
    maker = client(service, region, token, signature_version="s3v4" if service == "s3" else "v4")
    url = maker.generate_presigned_url(operation, Params=arguments, ExpiresIn=600, HttpMethod="GET")
    return case(name, "botocore", "GET", url, headers, "", service, region, service == "s3")


def cases():
    for name, *request, signature in PUBLISHED:
        made = sign(name, "AWS Signature Version 4 test suite", *request)
        assert made["signature"] == signature, name
        yield made
    for name, *request in SIGNED:
        yield sign(name, "botocore", *request)
    yield called("kms-encrypt", "kms", "eu-central-1", "encrypt", KeyId="alias/ключ", Plaintext=b"0" * 100,
                 EncryptionContext={"purpose": "größe  and spaces"})
    yield called("kms-with-session-token", "kms", "us-west-2", "list_keys", TOKEN)
    yield called("sts-get-caller-identity", "sts", "us-east-1", "get_caller_identity")
    yield called("iam-create-user", "iam", "us-east-1", "create_user", UserName="a+b=c,d.@e-f_g", Path="/ü ü/")
    yield called("s3-put-object", "s3", "eu-west-1", "put_object", Bucket="bucket-of-mine",
                 Key="a b/./../ü//c+d%20e~'()*!", Body=b"content", Metadata={"note": "two  words"})
    yield called("s3-list-objects", "s3", "eu-west-1", "list_objects_v2", Bucket="bucket-of-mine",
                 Prefix="a b/ü+&=", Delimiter="/")
    yield presigned("sts-presigned", "sts", "us-east-1", "get_caller_identity", [])
    yield presigned("sts-presigned-with-session-token", "sts", "us-east-1", "get_caller_identity", [], TOKEN)
    kms_headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "TrentService.DescribeKey")]
    yield presigned("kms-presigned", "kms", "us-east-1", "describe_key", kms_headers, KeyId="alias/ключ und schloss")
    yield presigned("s3-presigned", "s3", "eu-west-1", "get_object", [], TOKEN, Bucket="bucket-of-mine",
                    Key="a b/../ü//c+d%20e", ResponseContentDisposition='attachment; filename="a b+c.txt"')


with record("canonical_request"), record("string_to_sign"), record("signature"), mock.patch.object(
    botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: NOW.replace(tzinfo=None)
):
    document = {
        "source": "Written by generate.py; the cases named so are from AWS's Signature Version 4 test suite "
        "(AWS documentation; awslabs/aws-c-auth, Apache-2.0)",
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET,
        "signed_at": NOW.strftime("%Y%m%dT%H%M%SZ"),
        "cases": list(cases()),
    }
with open("cases.json", "w", encoding="utf-8") as file:
    json.dump(document, file, ensure_ascii=False, indent=1)
    file.write("\n")
