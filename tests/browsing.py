"""What browser tests share: a click says nothing about when the next page is there."""


def follow(control):
    """Press what leads to another page, and wait until that page has loaded."""
    with control.page.expect_navigation():
        control.click()
