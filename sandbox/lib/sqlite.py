"""Runs statements on one SQLite file for a stand-in: a line of JSON [sql, parameters, many] in, a line of JSON out."""
import json
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
for line in sys.stdin:
    sql, parameters, many = json.loads(line)
    try:
        if many:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(sql, parameters)
            database.execute("COMMIT")
            answer = {"rows": []}
        else:
            cursor = database.execute(sql, parameters)
            names = [column[0] for column in cursor.description or []]
            answer = {"rows": [dict(zip(names, row)) for row in cursor.fetchall()]}
    except sqlite3.Error as error:
        if database.in_transaction:
            database.execute("ROLLBACK")
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
