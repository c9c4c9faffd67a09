"""As much of an AWS client as setting up a measurement takes: signed requests, in AWS Query or AWS JSON 1.1."""

import datetime
import hashlib
import hmac
import http.client
import json
import re
import urllib.parse

from servers import REGION, BenchFailure


def call(server, credentials, service, action, parameters=None, version=None):
    """The answer's text. `credentials` are id, secret and perhaps a token. Query where there is a version, else JSON."""
    if version:
        fields = {"Action": action, "Version": version, **(parameters or {})}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(fields)
    else:
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": action}
        body = json.dumps(parameters or {})
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("POST", "/", body, signed(server.address, credentials, service, headers, body))
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise BenchFailure(f"{action}: {answer.status} {text[:400]}")
    return text


def signed(host, credentials, service, headers, body):
    """The headers with the signature's: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>"""
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {**headers, "host": host, "x-amz-date": date}
    if len(credentials) > 2:
        headers["x-amz-security-token"] = credentials[2]
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body.encode()).hexdigest()}"
    scope = f"{date[:8]}/{REGION}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{credentials[1]}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials[0]}/{scope}, SignedHeaders={names}, Signature={signature}")
    return headers


def element(xml, name):
    """The text of the first element of this name."""
    found = re.search(rf"<{name}>([^<]*)</{name}>", xml)
    if found is None:
        raise BenchFailure(f"no {name} in {xml[:400]}")
    return found[1]
