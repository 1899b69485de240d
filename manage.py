#!/usr/bin/env python
"""Runs Django's commands, each with the database login that it needs."""

import os
import sys

from django.core.management import execute_from_command_line

LOGIN_OF = {"roles": "admin", "migrate": "owner", "makemigrations": "owner", "dbshell": "owner"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("PROCESS", LOGIN_OF.get(command, "worker"))
    execute_from_command_line(sys.argv)
