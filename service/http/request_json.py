"""Decode the JSON of requests."""

import json
from typing import NoReturn

from service.errors import BadRequest


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(f"The request holds {name}, which is not a JSON value.")


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)
"""The standard library's decoder: orjson turns whole numbers over 64 bits into floats."""


def decode_json(data: bytes | str) -> object:
    """Return the value of a JSON text in UTF-8.

    Raises BadRequest, also for half a surrogate pair: JSON can escape one, but it can neither be
    stored nor sent back.
    """
    try:
        text = data if isinstance(data, str) else data.decode().removeprefix("\ufeff")
        value: object = _decoder.decode(text)
    except UnicodeDecodeError as error:
        raise BadRequest("The request is not UTF-8.") from error
    except RecursionError as error:
        raise BadRequest("The JSON of the request is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise BadRequest("The request is not JSON.") from error
    except ValueError as error:
        raise BadRequest("The request holds a number that is too long to be read.") from error
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise BadRequest("The request holds half a surrogate pair.") from error
        except RecursionError as error:
            raise BadRequest("The JSON of the request is nested too deeply.") from error
    return value
