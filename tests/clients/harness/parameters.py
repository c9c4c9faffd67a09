"""Parameters as the examples of AWS's guides use them."""

from harness.server import REGION


def arn(account: str, name: str) -> str:
    """A parameter's ARN."""
    return f"arn:aws:ssm:{REGION}:{account}:parameter/{name.removeprefix('/')}"


def put(ssm, name: str, value: str = "value", kind: str = "String", **more: object) -> int:
    """Puts a parameter, and gives back its version."""
    return ssm.put_parameter(Name=name, Value=value, Type=kind, **more)["Version"]


def value(ssm, name: str, **more: object) -> str:
    """A parameter's value."""
    return ssm.get_parameter(Name=name, **more)["Parameter"]["Value"]


def names(parameters: list[dict]) -> list[str]:
    """The names of parameters, in order."""
    return [parameter["Name"] for parameter in parameters]


def by_path(ssm, path: str, **more: object) -> list[str]:
    """The names below a path, sorted, walked by the paginator in pages of three."""
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path=path, PaginationConfig={"PageSize": 3}, **more
    )
    return sorted(name for page in pages for name in names(page["Parameters"]))


def described(ssm, *filters: tuple, **more: object) -> list[str]:
    """The names that filters find, sorted, walked by the paginator in pages of three; a filter is (key, option, values…)."""
    given = [
        {"Key": key, **({"Option": option} if option else {}), **({"Values": values} if values else {})}
        for key, option, *values in filters
    ]
    pages = ssm.get_paginator("describe_parameters").paginate(
        **({"ParameterFilters": given} if given else {}), PaginationConfig={"PageSize": 3}, **more
    )
    return sorted(name for page in pages for name in names(page["Parameters"]))


def history(ssm, name: str, **more: object) -> list[dict]:
    """The versions of a parameter, walked by the paginator in pages of two."""
    pages = ssm.get_paginator("get_parameter_history").paginate(
        Name=name, PaginationConfig={"PageSize": 2}, **more
    )
    return [version for page in pages for version in page["Parameters"]]
