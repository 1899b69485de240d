"""What a page says, as tests read it."""


def text_of(response):
    return " ".join(response.content.decode().split())


def codes(form):
    return {field: [error.code for error in errors.as_data()] for field, errors in form.errors.items()}
