"""python3 -m summary READINGS.csv SUMMARY.json, or python3 -m summary show SUMMARY.json MONTH"""

import json
import os
import sys

from summary import read_csv, read_summary, summarise


def write(readings: str, target: str) -> int:
    months = summarise(read_csv(readings))
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(months, file, indent=2)
    print(f"{sum(month['readings'] for month in months)} readings of {len(months)} months")
    return 0


def show(path: str, name: str) -> int:
    for month in read_summary(path):
        if month["month"] == name:
            print(f"{name}: {month['coldest']} to {month['warmest']} °C, {month['mean']} °C in the mean")
            return 0
    print(f"no readings of {name}", file=sys.stderr)
    return 1


def main(arguments: list[str]) -> int:
    if len(arguments) == 3 and arguments[0] == "show":
        return show(arguments[1], arguments[2])
    if len(arguments) == 2:
        return write(arguments[0], arguments[1])
    print(__doc__, file=sys.stderr)
    return 2


sys.exit(main(sys.argv[1:]))
