"""The page of settings has a row for each setting."""

import re

from service.settings import Settings
from service.settings_page import settings_page


def test_each_setting_has_one_row() -> None:
    rows = re.findall(r"^\| `PARLEY_(\w+)` \|", settings_page(), re.M)
    assert sorted(rows) == sorted(name.upper() for name in Settings.model_fields)


def test_a_secret_and_a_folder_of_the_machine_are_not_shown() -> None:
    page = settings_page()
    assert "| `PARLEY_NEO4J_PASSWORD` |  |" in page
    assert "| `PARLEY_DATA_DIR` | the user's data folder |" in page
