"""The text of a source as it is hashed and cited."""

import hashlib
import re

_BOM = "\ufeff"
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\W_{_UNSPACED}]+(?:['’.,-][^\W_{_UNSPACED}]+)*")


class TextProblem(ValueError):
    """A text, or a citation of it, is not what it should be; the message says what to do."""


def hashed_text(raw: bytes) -> str:
    """The defined text of a file: UTF-8, one leading byte order mark removed, CRLF made LF.

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


def words_in(quote: str) -> int:
    """How many words a phrase has, as a reader counts them: ``winner-take-all mindset`` has two.

    Scripts written without spaces count a word for every two characters, or one left over.
    """
    return sum(1 for _ in _WORD.finditer(quote))
