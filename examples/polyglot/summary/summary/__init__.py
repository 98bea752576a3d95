"""Boils hourly readings down to one row a month."""

import csv
import json
from collections import defaultdict
from typing import Iterable

MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]


def summarise(rows: Iterable[dict[str, str]]) -> list[dict[str, object]]:
    """Takes rows with `month` (1 to 12) and `celsius`; gives the months that occur, in order, with their extremes."""
    by_month: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        by_month[int(row["month"])].append(float(row["celsius"]))
    return [
        {
            "month": MONTHS[month - 1],
            "readings": len(values),
            "coldest": min(values),
            "mean": round(sum(values) / len(values), 1),
            "warmest": max(values),
        }
        for month, values in sorted(by_month.items())
    ]


def read_csv(path: str) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_summary(path: str) -> list[dict[str, object]]:
    with open(path, encoding="utf-8") as file:
        return json.load(file)
