import sqlite3

print(sqlite3.connect(":memory:").execute("select 1").fetchall())
