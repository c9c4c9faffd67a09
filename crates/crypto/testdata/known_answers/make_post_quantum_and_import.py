"""Makes `ml_dsa.json`, `ml_kem.json` and `import.json`: answers that were found by others.

The vectors of ML-DSA and ML-KEM are the first of those in the `cryptography-vectors` package (`asymmetric/MLDSA`,
`asymmetric/MLKEM`), which come from the authors of the algorithms; what is `made here` is OpenSSL's or AWS-LC's, by way of
the `cryptography` package, and hashlib's. Usage: make_post_quantum_and_import.py <cryptography_vectors directory>
"""

import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import mldsa, mlkem, padding, rsa

HERE = Path(__file__).parent
VECTORS = Path(sys.argv[1]) / "asymmetric"
COUNT = 3
OID_512 = bytes.fromhex("0609608648016503040401")
OID_768 = bytes.fromhex("0609608648016503040402")
DER = serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
PKCS8 = serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()


def records(path):
    """The first records of a file of `name = value` lines, each begun by its count."""
    found = []
    for line in path.read_text().splitlines():
        key, separator, value = line.partition(" = ")
        if key == "count":
            if len(found) == COUNT:
                break
            found.append({})
        elif separator:
            found[-1][key] = value
    return found


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def tlv(tag, *contents):
    content = b"".join(contents)
    length = bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")
    return bytes([tag]) + length + content


def pkcs8(seed_form, private_key):
    """The document with another form of the private key."""
    algorithm = seed_form[seed_form.index(b"\x30\x0b") :][:13]
    return tlv(0x30, b"\x02\x01\x00", algorithm, tlv(0x04, private_key)).hex()


def representative(public_key, context, message):
    """The message representative of FIPS 204, algorithm 7, line 6, for algorithm 2's M'."""
    tr = hashlib.shake_256(public_key).digest(64)
    return hashlib.shake_256(tr + bytes([0, len(context)]) + context + message).digest(64)


def ml_dsa():
    first = True
    for number, kind in ((44, mldsa.MLDSA44PrivateKey), (65, mldsa.MLDSA65PrivateKey), (87, mldsa.MLDSA87PrivateKey)):
        for record in records(VECTORS / "MLDSA" / f"kat_MLDSA_{number}_det_pure.rsp"):
            public_key, message = bytes.fromhex(record["pk"]), bytes.fromhex(record["msg"])
            context, signed = bytes.fromhex(record["ctx"]), bytes.fromhex(record["sm"])
            key = kind.from_seed_bytes(bytes.fromhex(record["xi"]))
            seed_form = key.private_bytes(DER, PKCS8, PLAIN)
            seed, expanded = tlv(0x04, bytes.fromhex(record["xi"])), tlv(0x04, bytes.fromhex(record["sk"]))
            more = {"pkcs8_expanded": pkcs8(seed_form, expanded), "pkcs8_both": pkcs8(seed_form, tlv(0x30, seed, expanded))}
            yield {
                "spec": f"ML_DSA_{number}",
                "seed": record["xi"],
                "public_key_sha256": sha256(public_key),
                "message": record["msg"],
                "mu_with_context": representative(public_key, context, message).hex(),
                "signature_with_context": signed[: len(signed) - len(message)].hex(),
                # Made here:
                "spki_sha256": sha256(key.public_key().public_bytes(DER, SPKI)),
                "pkcs8": seed_form.hex(),
                "mu": representative(public_key, b"", message).hex(),
                "signature": key.sign(message).hex(),
                # One of each set would be much text for little.
                **(more if first else {}),
            }
            first = False


def ml_kem():
    kinds = {768: mlkem.MLKEM768PrivateKey, 1024: mlkem.MLKEM1024PrivateKey}
    for number in (512, 768, 1024):
        for record in records(VECTORS / "MLKEM" / f"kat_MLKEM_{number}.rsp"):
            seed = record["d"] + record["z"]
            entry = {
                "spec": f"ML_KEM_{number}",
                "seed": seed,
                "public_key_sha256": sha256(bytes.fromhex(record["pk"])),
                "ciphertext": record["ct"],
                "shared_secret": record["ss"],
                "rejected_ciphertext": record["ct_n"],
                "rejected_shared_secret": record["ss_n"],
            }
            # Made here. The package has no ML-KEM-512, whose documents have another object identifier and length.
            key = kinds.get(number, mlkem.MLKEM768PrivateKey).from_seed_bytes(bytes.fromhex(seed))
            seed_form = key.private_bytes(DER, PKCS8, PLAIN)
            spki = key.public_key().public_bytes(DER, SPKI)
            if number == 512:
                seed_form = seed_form.replace(OID_768, OID_512)
                algorithm = tlv(0x30, OID_512)
                spki = tlv(0x30, algorithm, tlv(0x03, b"\0", bytes.fromhex(record["pk"])))
                expanded = tlv(0x04, bytes.fromhex(record["sk"]))
                entry["pkcs8_both"] = pkcs8(seed_form, tlv(0x30, tlv(0x04, bytes.fromhex(seed)), expanded))
                entry["pkcs8_expanded"] = pkcs8(seed_form, expanded)
            entry["spki_sha256"] = sha256(spki)
            entry["pkcs8"] = seed_form.hex()
            yield entry


def imports():
    """Material that was wrapped as KMS's documentation says."""
    key = rsa.generate_private_key(65537, 2048)
    material, aes_key = bytes(range(32)), bytes(range(100, 132))
    private_key = rsa.generate_private_key(65537, 2048).private_bytes(DER, PKCS8, PLAIN)
    answers = []
    for name, digest in (("SHA_1", hashes.SHA1()), ("SHA_256", hashes.SHA256())):
        def oaep(plaintext):
            return key.public_key().encrypt(
                plaintext, padding.OAEP(padding.MGF1(type(digest)()), type(digest)(), None))
        answers.append((f"RSAES_OAEP_{name}", material, oaep(material)))
        for plaintext in (material, private_key, b"\x01"):
            wrapped = oaep(aes_key) + keywrap.aes_key_wrap_with_padding(aes_key, plaintext)
            answers.append((f"RSA_AES_KEY_WRAP_{name}", plaintext, wrapped))
    return {
        "wrapping_key": key.private_bytes(DER, PKCS8, PLAIN).hex(),
        "public_key": key.public_key().public_bytes(DER, SPKI).hex(),
        "answers": [
            {"algorithm": algorithm, "material": plaintext.hex(), "encrypted": encrypted.hex()}
            for algorithm, plaintext, encrypted in answers
        ],
    }


def main():
    for name, content in (("ml_dsa", list(ml_dsa())), ("ml_kem", list(ml_kem())), ("import", imports())):
        (HERE / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


main()
