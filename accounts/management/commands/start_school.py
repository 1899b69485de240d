"""Makes a school and its first coordinator, who enters with a code to her e-mail; sends nothing."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from accounts import actions, contacts


class Command(BaseCommand):
    """Run as PROCESS=worker: no page's login may make schools."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("name", help="as families know the school")
        parser.add_argument("--district", required=True)
        parser.add_argument("--coordinator-name", required=True)
        parser.add_argument("--coordinator-email", required=True)
        parser.add_argument("--phone", required=True, help="the number that families call with questions")
        parser.add_argument("--sms-name", help="how text messages begin: at most 24 letters; the name if not given")
        parser.add_argument("--zone", default="America/Chicago", help="IANA time zone")
        parser.add_argument(
            "--on-payroll",
            action="store_true",
            default=None,
            help="the school pays the coordinator; she is asked herself if you do not say so",
        )

    def handle(self, *, name, phone, **given):
        if settings.PROCESS == "web":
            raise CommandError("Run it as the worker's login: PROCESS=worker manage.py start_school ...")
        sms_name = given["sms_name"] or name
        if len(sms_name) > 24:
            raise CommandError("Give --sms-name: text messages begin with it, and it takes at most 24 letters.")
        try:
            email = contacts.email(given["coordinator_email"])
            contacts.phone(phone)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        school = actions.start_school(
            name=name,
            slug=slugify(name),
            sms_name=sms_name,
            district=given["district"],
            zone=given["zone"],
            coordinator=given["coordinator_name"],
            coordinator_email=email,
            phone=phone,
            on_payroll=given["on_payroll"],
        )
        self.stdout.write(f"{school.name} is ready. {given['coordinator_name']} enters at {settings.BASE_URL}/enter/")
