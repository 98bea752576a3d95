"""Brings the database to the newest form: every file of migrations/ once, in the order of their names."""

import os
import pathlib
import sqlite3
import sys

files = sorted(pathlib.Path("migrations").glob("*.sql"))
with sqlite3.connect(os.environ["DATABASE"]) as database:
    done = database.execute("pragma user_version").fetchone()[0]
    if "--check" in sys.argv:
        print(f"{done} of {len(files)} migrations")
        sys.exit(0 if done == len(files) else 1)
    for number, file in enumerate(files[done:], start=done + 1):
        database.executescript(f"begin; {file.read_text()} pragma user_version = {number}; commit;")
        print(file)
