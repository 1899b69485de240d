"""What an error report may hold: the place in the code, never what somebody sent."""

from django.views.debug import SafeExceptionReporterFilter


class NoBodies(SafeExceptionReporterFilter):
    """Drops every parameter and variable, in development too: an answer may be among them."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []
