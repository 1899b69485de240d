"""What the pure modules of this app mean by their codes, in sentences: what happened, then what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS: dict[str, Promise] = {
    # A file or a pasted text as a whole.
    "empty": _("There is nothing here to read yet. Paste a list or choose a file."),
    "too_big": _("This is more than we can read at once. Keep only the part you need and try again."),
    "html": _("This file is a web page, not a list. Open it, copy the lines you need and paste them here."),
    "binary": _("We cannot read this kind of file. Save it as CSV, or copy the lines and paste them here."),
    "not_calendar": _("We found no dates in this file. Choose another file, or paste the days here, one on each line."),
    # Days of a calendar.
    "no_date": _("We found no date in this line. Write it like 2026-11-26, followed by the reason."),
    "bad_date": _("There is no such date. Check the day, the month and the year."),
    "backwards": _("The last day comes before the first. Check the order of the two dates."),
    "too_wide": _("These dates are more than a year apart. Check the years."),
    "two_dates": _("This line has more than one date, and we read only the first. Put each date on its own line."),
    "too_many": _(
        "This calendar is very long, and we did not read all of it. Keep only this school year and try again."
    ),
    "bad_quotes": _("A quotation mark is missing in this file. Save it as CSV again, or paste the days here."),
    "bad_event": _("We could not read this entry. Add its days by hand."),
    "repeats": _("This entry repeats, and we read only its first date. Add the other dates by hand."),
    # The day of an evening.
    "past": _("That day has already passed. Choose today or a later day."),
    "too_far": _("That day is more than two years away. Check the year."),
    "after_last_day": _("School will be over by then. Choose an earlier day."),
    "taken_day": _("Another session is on that day. Choose a different day."),
    "out_of_order": _("The topics go in order. Choose a day after the session before it and before the next one."),
    "no_school": _("There is no school that day. Choose another day, or use it anyway."),
    # A list of families.
    "too_many_lines": _("A list can have up to 500 lines. Send it in two parts."),
    "no_address": _("A phone or an e-mail is missing. Add one of the two."),
    "bad_phone": _("Enter a 10-digit phone number, like 773 555 0142"),
    "bad_email": _("Enter an e-mail address, like rosa@example.org"),
    "no_name": _("The name is missing. Add the name you use with this family."),
    "duplicate_in_list": _("This family is already higher up in the list. Remove one of the two lines."),
    "shared_address": _("Another person in this list has the same phone or e-mail. Keep both if they share it."),
    "already_enrolled": _(
        "This phone or e-mail is already in the series. Remove the line, or keep it if they share it."
    ),
    "on_staff_list": _("This phone or e-mail belongs to somebody who works at the school. Check it before you invite."),
    "unknown_language": _("We send messages in Spanish or English. Choose one of the two for this family."),
    "too_long": _("This line or this name is too long. Shorten it, with one family on each line."),
}
