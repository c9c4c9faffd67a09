"""The aliases that a customer made, without those of AWS.

AWS lists `alias/aws/…` for services of its own too, some of them without a key yet.
Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html
"""

AWS_PREFIX = "alias/aws/"


def customer_aliases(kms, **parameters: object) -> list[dict]:
    """All of them, page by page."""
    pages = kms.get_paginator("list_aliases").paginate(**parameters)
    return [alias for page in pages for alias in page["Aliases"] if not alias["AliasName"].startswith(AWS_PREFIX)]
