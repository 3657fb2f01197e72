import pytest
from settings.whole_file import ENVIRONMENT

from chatsession.settings import Settings, read_settings


@pytest.fixture
def written(tmp_path):
    """Writes a file of settings, and reads it."""

    def write(text: str, environment=None) -> Settings:
        file = tmp_path / "chatsession.toml"
        file.write_text(text, encoding="utf-8")
        return read_settings(file, ENVIRONMENT if environment is None else environment)

    return write
