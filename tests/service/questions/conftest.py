"""Settings for tests of questions: on a busy machine, the database plans some for ten seconds."""

import pytest

from service.settings import Settings


@pytest.fixture(scope="session")
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"deadline": 120.0})
