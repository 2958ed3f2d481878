#!/usr/bin/env python3
"""Django's command line for the portal; `bin/manage` calls it with the instance's environment."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linxia_xueji.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
