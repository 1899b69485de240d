"""Phones and e-mails as people type them become the one form in which they are kept."""

import pytest
from django.core.exceptions import ValidationError

from accounts import contacts


@pytest.mark.parametrize(
    ("typed", "channel", "value"),
    [
        ("773 555 0142", "sms", "+17735550142"),
        ("(773) 555-0142", "sms", "+17735550142"),
        ("+1 773.555.0142", "sms", "+17735550142"),
        ("1-773-555-0142 ext. 5", "sms", "+17735550142"),
        ("+52 55 1234 5678", "sms", "+525512345678"),
        ("  Lucia.Perez@Example.ORG ", "email", "lucia.perez@example.org"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, channel, value):
    assert contacts.read(typed) == (channel, value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone"),
        ("hello", "phone"),
        ("555 0142", "phone"),
        ("773 155 0142", "phone"),
        ("073 555 0142", "phone"),
        ("9" * 5000, "phone"),
        ("@", "email"),
        ("a b@example.org", "email"),
        (f"{'a' * 300}@example.org", "email"),
    ],
)
def test_what_cannot_be_an_address_is_refused_in_words(typed, code):
    with pytest.raises(ValidationError) as refusal:
        contacts.read(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Ana, 773 555 0142, ana@example.org", {"+17735550142", "ana@example.org"}),
        ("Ana Ruiz <ana@example.org>", {"ana@example.org"}),
        ("Ana Ruiz ana@example.org", {"ana@example.org"}),
        ("Ana Ruiz 773-555-0142", {"+17735550142"}),
        ("Ana Ruiz 773 555 0142", {"+17735550142"}),
        ("Ana Ruiz", set()),
    ],
)
def test_every_address_of_a_line_is_found(line, found):
    assert contacts.found_in(line) == found


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("+17735550123", "(773) 555-0123"),
        ("+525555550123", "+525555550123"),
        ("rosa@example.org", "rosa@example.org"),
    ],
)
def test_a_kept_phone_is_shown_as_people_write_it(kept, said):
    assert contacts.written(kept) == said
