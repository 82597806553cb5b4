"""The errors that Marsad raises on purpose. Each message names the thing at fault and what to do about it."""


class MarsadError(Exception):
    """Base of all; the command line prints it as one line and exits with `exit_code`."""

    exit_code = 1


class CaseError(MarsadError):
    """A case folder is missing, is not a case, or is of a later version."""


class IntakeRefused(MarsadError):
    """A source was refused before anything was deposited (a private address, a limit, a missing file)."""


class Unreadable(MarsadError):
    """The bytes were kept, but no report could be read from them; the message is the reason."""


class VaultError(MarsadError):
    """The vault's disk refused (full, read-only, a failed sync); what was being deposited is not acknowledged."""


class Sealed(VaultError):
    """An exhibit is encrypted, and no identity that was given opens it; its bytes are kept and intact."""


class CustodyBroken(MarsadError):
    """The vault or its custody chain does not verify."""

    exit_code = 3


class JudgementRefused(MarsadError):
    """A judgement that the person's role, or the thing judged, does not allow."""


class ReleaseRefused(MarsadError):
    """The leak check found something that the profile forbids; nothing was released."""

    exit_code = 4


class ModelMissing(MarsadError):
    """A language model that the work needs is not installed."""


class EndpointFailed(MarsadError):
    """The language model at the address of `[llm]` in settings.toml cannot be asked, or gives no usable answer."""


class GazetteerRefused(MarsadError):
    """A gazetteer that a user brought cannot be read."""
