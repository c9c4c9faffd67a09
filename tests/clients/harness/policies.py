"""Policies in a line, and the words in which AWS denies what they do not allow.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import refused

IDENTITY = "an identity-based policy"
RESOURCE = "a resource-based policy"
BOUNDARY = "a permissions boundary"
SESSION = "a session policy"
SERVICE_CONTROL = "a service control policy"
RESOURCE_CONTROL = "a resource control policy"
TRUST = "the role trust policy"


def allow(*actions: str, on: str | list[str] = "*", when: dict | None = None, **more: object) -> dict:
    """A statement that allows these actions."""
    return _statement("Allow", actions, on, when, more)


def deny(*actions: str, on: str | list[str] = "*", when: dict | None = None, **more: object) -> dict:
    """A statement that denies these actions."""
    return _statement("Deny", actions, on, when, more)


def trust(principal: str | list[str], *actions: str, when: dict | None = None) -> dict:
    """A statement of a role's trust policy."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions) or "sts:AssumeRole"}
    return statement | ({"Condition": when} if when else {})


def _statement(effect: str, actions: tuple[str, ...], on: str | list[str], when: dict | None, more: dict) -> dict:
    statement = {"Effect": effect, **more}
    if "NotAction" not in more:
        statement["Action"] = list(actions)
    if "NotResource" not in more:
        statement["Resource"] = on
    return statement | ({"Condition": when} if when else {})


def policy(*statements: dict) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@contextmanager
def denied(who: object, action: str, resource: str, *, missing: str = "", by: str = "") -> Iterator[None]:
    """The block must be denied to `who`, in AWS's words to the letter.

    `missing` is the type of policies of which none allows it, `by` the one of which one denies it.
    """
    message = f"User: {getattr(who, 'arn', who)} is not authorized to perform: {action} on resource: {resource}"
    if missing:
        message += f" because no {missing.partition(' ')[2]} allows the {action} action"
    if by:
        message += f" with an explicit deny in {by}"
    with refused("AccessDenied", "AccessDeniedException", message=message) as refusal:
        yield
    # AWS Query and AWS JSON have a status of their own for it.
    assert (refusal.code, refusal.status) in (("AccessDenied", 403), ("AccessDeniedException", 400))
