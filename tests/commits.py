"""In tests an act's transaction is a savepoint of the test's own. This lets what an act leaves for after its commit
happen when the act ends, as in life: its entries are sealed.
"""

from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import Atomic


def install(patch: pytest.MonkeyPatch) -> None:
    """From here on the outermost block of an act runs what waits for its commit."""
    leave = Atomic.__exit__

    def leave_as_in_life(self: Atomic, *failure: Any) -> None:
        leave(self, *failure)
        connection = transaction.get_connection(self.using)
        inside = connection.in_atomic_block and all(block._from_testcase for block in connection.atomic_blocks)
        if failure[0] is None and inside and not connection.needs_rollback:
            waiting, connection.run_on_commit = connection.run_on_commit, []
            for _savepoints, act, _robust in waiting:
                act()

    patch.setattr(Atomic, "__exit__", leave_as_in_life)
