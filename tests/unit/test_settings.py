"""Settings: what is missing or wrong is named, and no value is ever shown."""

import pytest

from consilium_common.security.tokens import TokenError
from consilium_common.settings import SettingsError, load
from consilium_gateway.auth import Gatekeeper
from consilium_gateway.settings import GatewaySettings

GOOD = {
    "NATS_URL": "nats://127.0.0.1:4222",
    "MONGO_URI": "mongodb://u:hunter2@127.0.0.1",
    "REDIS_URL": "redis://:hunter2@127.0.0.1",
    "CONSILIUM_BUS_KEY": "hunter2-bus",
    "CONSILIUM_TOKEN_KEY": "hunter2-token",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in (*GOOD, "CONSILIUM_PORT", "CONSILIUM_HOST", "CONSILIUM_ENVIRONMENT", "LOG_LEVEL", "NATS_REPLICAS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_good_settings_are_read_and_show_no_secret():
    settings = load(GatewaySettings)
    assert settings.nats_url == GOOD["NATS_URL"]
    assert settings.host == "127.0.0.1", "loopback unless somebody says otherwise"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_named(monkeypatch, name):
    monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match=f"{name}: field required") as refused:
        load(GatewaySettings)
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSILIUM_PORT", "s3cret-port"),
        ("CONSILIUM_PORT", "70000"),
        ("NATS_REPLICAS", "0"),
        ("CONSILIUM_ENVIRONMENT", "s3cret-place"),
        ("CONSILIUM_CONSULT_DEADLINE_S", "-1"),
    ],
)
def test_what_is_wrong_is_named_and_its_value_is_not_shown(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}: ") as refused:
        load(GatewaySettings)
    assert f"{value}" not in refused.value.message


@pytest.mark.parametrize("key", ["", "short", "bm90IGxvbmcgZW5vdWdo", "ключ"])
def test_a_token_key_that_is_none_is_refused_at_the_start(key):
    with pytest.raises(TokenError, match="CONSILIUM_TOKEN_KEY must be base64 of at least 32"):
        Gatekeeper.from_base64(key)
