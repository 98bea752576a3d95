import os
import sqlite3

path = os.path.join(os.environ["ZR_ROOT"], os.environ["DATABASE"])
with sqlite3.connect(path) as database:
    (count,) = database.execute("select count(*) from birds").fetchone()
print(count, "birds")
