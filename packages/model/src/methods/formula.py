"""For the methods' make-fixtures.py: numbers that our tests have by the same formula (formula.ts), so that no file holds them."""

import json
import math
from pathlib import Path

import torch


def formula(count, salt):
    """Numbers from -1 to 1 that look random: the fraction of a large sine."""
    raw = [math.sin((i + 1) * 12.9898 + salt * 78.233) * 43758.5453 for i in range(count)]
    return torch.tensor([2 * (x - math.floor(x)) - 1 for x in raw])


def write_fixtures(script, result):
    """As torch.json beside the script, `__file__`."""
    (Path(script).parent / "torch.json").write_text(json.dumps(result) + "\n")
