"""What an error report may hold: the place in the code, never what somebody sent."""

import logging
import re

from django.views.debug import SafeExceptionReporterFilter

LINK = re.compile(r"/([fipru]|calendar)/[\w-]{10,}[^\s'\"]*")


class WithoutLinks(logging.Formatter):
    """Writes lines in which no link's page can be read: it would tell to whose address the link was sent."""

    def format(self, record):
        return LINK.sub(r"/\1/…", super().format(record))


class NoBodies(SafeExceptionReporterFilter):
    """Drops every parameter and variable, in development too: an answer may be among them."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []
