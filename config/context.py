"""What every page knows without asking the database."""


def page(request):
    """Give templates the person and the audience of the request."""
    return {
        "person": getattr(request, "person", None),
        "audience": getattr(request, "audience", "public"),
    }
