"""Normalize the text of a source for hashing and citing."""

import hashlib

_BOM = "\ufeff"


class TextProblem(ValueError):
    """A text, or a citation of it, is not what it should be; the message says what to do."""


def hashed_text(raw: bytes) -> str:
    """Return the text of a file as it is hashed: UTF-8, without byte order mark, CRLF as LF.

    Nothing else is changed. Raises ``TextProblem`` naming the byte that is not UTF-8.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextProblem(
            f"the text is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}; "
            "save it as UTF-8"
        ) from None
    return text.removeprefix(_BOM).replace("\r\n", "\n")


def text_sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
