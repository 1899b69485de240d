"""Reads a phone number or an e-mail as people type it, into the one form in which it is kept."""

import re
from typing import NamedTuple

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

REGION = "US"
MAX_LENGTH = 254
# In North America neither the area nor the exchange begins with 0 or 1.
NORTH_AMERICAN = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")


class Contact(NamedTuple):
    """A channel ("sms" or "email") and where on it: E.164, or an e-mail in small letters."""

    channel: str
    value: str


def read(text: str) -> Contact:
    """Return what was typed as a contact; raise ValidationError with the words that help to type it again."""
    text = text.strip()
    return Contact("email", email(text)) if "@" in text else Contact("sms", phone(text))


def phone(text: str) -> str:
    """Return the number in E.164; raise ValidationError for one that cannot exist."""
    try:
        number = phonenumbers.parse(text[:MAX_LENGTH], REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("Enter a 10-digit phone number, like 773 555 0142"), code="phone")
    number.extension = None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if written.startswith("+1") and not NORTH_AMERICAN.fullmatch(written):
        raise ValidationError(_("Enter a 10-digit phone number, like 773 555 0142"), code="phone")
    return written


def written(value: str) -> str:
    """Return a kept phone or e-mail as people write it: (773) 555-0123."""
    if not NORTH_AMERICAN.fullmatch(value):
        return value
    return f"({value[2:5]}) {value[5:8]}-{value[8:]}"


def email(text: str) -> str:
    """Return the e-mail in small letters; raise ValidationError for what cannot be one."""
    address = text.lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("Enter an e-mail address like name@example.org"), code="email") from None
    if len(address) > MAX_LENGTH:
        raise ValidationError(_("Enter an e-mail address like name@example.org"), code="email")
    return address


def found_in(line: str) -> set[str]:
    """Return every address in one line of a pasted list, whatever names and titles stand around them."""
    found = set()
    for cell in re.split(r"[\t,;<>|]+|\s{2,}", line):
        # An e-mail stands alone in its cell or as its last word; a phone is written with spaces.
        for text in {cell, *cell.split()[-1:]}:
            try:
                found.add(read(text).value)
            except ValidationError:
                continue
    return found
