"""``python -m storage.migrations.check``: fails when the tables and the migrations disagree."""

import sys
import tempfile

from storage.schema import differences, upgrade

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/check.db"
    upgrade(url)
    found = differences(url)
if found:
    sys.exit("\n".join(map(str, found)))
