"""What becomes of each field is said beside its model; none is forgotten."""

from accounts import privacy
from accounts.models import SignInCode


def test_every_field_of_every_model_says_what_becomes_of_it():
    assert privacy.undeclared() == {}


def test_a_field_without_a_rule_is_seen(monkeypatch):
    monkeypatch.setattr(SignInCode, "PRIVACY", {k: v for k, v in SignInCode.PRIVACY.items() if k != "value"})
    assert privacy.undeclared() == {"accounts.SignInCode": {"value"}}


def test_a_model_of_every_app_is_walked():
    assert {model._meta.app_label for model, _ in privacy.walk()} >= {
        "notifications",
        "accounts",
        "surveys",
        "partnerships",
        "dialogue_series",
    }
