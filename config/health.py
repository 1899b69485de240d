"""Asks the running web server how it is: `python -m config.health` ends with 0 when it is well."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def answers() -> bool:
    """Whether /health/ says 200 here, asked by the name that the server is known by."""
    port = int(os.environ.get("PORT", "8000"))
    name = urlsplit(os.environ.get("BASE_URL", f"http://localhost:{port}")).netloc
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers())
