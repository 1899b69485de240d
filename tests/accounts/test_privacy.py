"""What becomes of each field is said beside its model, in words that can be carried out; none is forgotten."""

import pytest

from accounts import privacy
from accounts.models import Membership, Person, SignInCode
from notifications.keeping import Kept
from notifications.models import Address, AddressOwner, ClockOffset


def test_every_field_of_every_model_says_what_becomes_of_it():
    assert privacy.undeclared() == {}


def test_a_field_without_a_rule_is_seen(monkeypatch):
    monkeypatch.setattr(SignInCode, "PRIVACY", {k: v for k, v in SignInCode.PRIVACY.items() if k != "value"})
    assert privacy.undeclared() == {"accounts.SignInCode": {"value"}}


def test_a_rule_that_nobody_can_carry_out_is_seen(monkeypatch):
    monkeypatch.setattr(SignInCode, "PRIVACY", {**SignInCode.PRIVACY, "value": "delete after a while"})
    assert privacy.undeclared() == {"accounts.SignInCode": {"value"}}


def test_a_model_that_does_not_say_whose_its_rows_are_is_seen(monkeypatch):
    monkeypatch.delattr(ClockOffset, "PRIVACY_OF")
    monkeypatch.setattr(AddressOwner, "PRIVACY_OF", None)
    assert privacy.undeclared() == {
        "notifications.ClockOffset": {"PRIVACY_OF"},
        "notifications.AddressOwner": {"PRIVACY_OF", "person"},
    }


def test_a_row_that_would_go_in_part_is_seen(monkeypatch):
    monkeypatch.setattr(Address, "PRIVACY", {**Address.PRIVACY, "zone": "keep"})
    assert privacy.undeclared() == {"notifications.Address": {"PRIVACY"}}


@pytest.mark.parametrize("kept", [Kept("person", privacy.machine_now), Kept("ended_at", privacy.machine_now)])
def test_rows_are_kept_from_an_instant_of_theirs(monkeypatch, kept):
    monkeypatch.setattr(Membership, "PRIVACY_FOR", (kept,))
    assert privacy.undeclared() == {"accounts.Membership": {kept.since}}


def test_a_model_of_every_app_is_walked():
    assert {model._meta.app_label for model, _ in privacy.walk()} >= {
        "notifications",
        "accounts",
        "surveys",
        "partnerships",
        "dialogue_series",
    }


def test_a_person_is_her_own():
    assert privacy.owned_by(Person) == ("pk",)
