"""The report that the tests of this folder show in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from report_sample import sample

if TYPE_CHECKING:
    from checks.report.model import Report


@pytest.fixture
def report() -> Report:
    return sample()
