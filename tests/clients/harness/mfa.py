"""Virtual MFA devices: the app on a user's phone."""

import base64
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30


class Device:
    """A device that is enabled for a user. It shows one code that the server takes; a second one is too early."""

    def __init__(self, iam, user_name: str, device_name: str = "phone") -> None:
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=device_name)["VirtualMFADevice"]
        self.serial: str = made["SerialNumber"]
        self.seed: str = made["Base32StringSeed"].decode()
        key = base64.b32decode(self.seed + "=" * (-len(self.seed) % 8))
        self._totp = TOTP(key, 6, SHA1(), STEP_SECONDS, enforce_key_length=False)
        # Enabling uses up the codes of the step before this one and of this one; the next is taken, a little early.
        self._step = int(time.time()) // STEP_SECONDS - 2
        iam.enable_mfa_device(
            UserName=user_name, SerialNumber=self.serial,
            AuthenticationCode1=self._code(), AuthenticationCode2=self._code(),
        )

    def _code(self) -> str:
        self._step += 1
        return self._totp.generate(self._step * STEP_SECONDS).decode()

    def code(self) -> dict[str, str]:
        """The parameters with which a call shows the next code."""
        return {"SerialNumber": self.serial, "TokenCode": self._code()}
