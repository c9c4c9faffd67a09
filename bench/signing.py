"""Sign and Verify of each key spec, beside the raw primitive and beside the same primitive behind the bare server."""

import dataclasses

from measured import cpu, median_ratio, progress, rate
from servers import Bare

# The specs, their algorithms, and the least rates beside the raw primitive that have a target.
ALGORITHMS = (
    ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
    ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_256"),
    ("RSA_3072", "RSASSA_PSS_SHA_256"),
    ("RSA_4096", "RSASSA_PKCS1_V1_5_SHA_256"),
    ("RSA_4096", "RSASSA_PSS_SHA_256"),
    ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"),
    ("ECC_NIST_P521", "ECDSA_SHA_512"),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
    ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"),
    ("ML_DSA_44", "ML_DSA_SHAKE_256"),
    ("ML_DSA_65", "ML_DSA_SHAKE_256"),
    ("ML_DSA_87", "ML_DSA_SHAKE_256"),
    ("HMAC_256", "HMAC_SHA_256"),
)
SIGN_RATIO_MIN = {"RSA_2048": 0.9, "ECC_NIST_P256": 0.6}
# There are thirty lines, so each is measured for less time than the other groups' are.
SHARE_OF_TIME = 0.5


def operations(spec):
    """AWS's names of what signs and what verifies, each with the primitive's name of it."""
    if spec.startswith("HMAC_"):
        return ("GenerateMac", "sign"), ("VerifyMac", "verify")
    return ("Sign", "sign"), ("Verify", "verify")


def measure(bench):
    plan = dataclasses.replace(bench.plan, rounds=bench.plan.sign_rounds,
                               measure_ms=round(bench.plan.measure_ms * SHARE_OF_TIME))
    with bench.alcazar("sign") as server:
        for spec, algorithm in ALGORITHMS:
            progress(f"making a key of {spec}")
            fixture = server.directory / f"{spec}-{algorithm}"
            bench.tool.prepare(server, 1, fixture=fixture, algorithm=(spec, algorithm))
            for operation in operations(spec):
                measure_one(bench, plan, server, fixture, (spec, algorithm), operation)


def measure_one(bench, plan, server, fixture, algorithm, operation):
    (spec, name), (operation, work) = algorithm, operation
    work = f"{spec}/{name}/{work}"
    word = {"GenerateMac": "generate-mac", "VerifyMac": "verify-mac"}.get(operation, operation.lower())
    ours, bares, raws = [], [], []
    log = bench.directory / "bare.log"
    with Bare(bench.tool_binary, fixture / f"{operation}.http", log, bench.pinning, work) as bare:
        for _ in range(plan.rounds):
            ours.append(bench.tool.load(word, server, fixture, server.credentials, plan))
            bares.append(bench.tool.load(word, bare, fixture, server.credentials, plan))
            raws.append(bench.tool.primitive(work, plan))
    of_raw = median_ratio(ours, raws, "requests_per_second", "times_per_second")
    of_bare = median_ratio(ours, bares, "requests_per_second")
    least = SIGN_RATIO_MIN.get(spec) if operation == "Sign" else None
    bench.line(
        f"{operation} {spec} {name}, rate; server CPU a request", f"{rate(ours)}; {cpu(ours)}",
        f"raw {rate(raws, 'times_per_second')}; behind the bare server {rate(bares)}; {cpu(bares)}",
        f"{of_raw:.0%} of raw; {of_bare:.0%} of behind bare",
        f"≥ {least:.0%} of raw" if least else "", of_raw >= least if least else None)
