"""Whether Parsl itself can use a monitoring database that somebody else made.

    python opens.py MONITORING.db RUN_ID

Opens it as the database manager does, asks what parsl.monitoring.queries asks, and fetches every
page of parsl-visualize; prints JSON: the tables found, the rows of each query, the HTTP status of
each page.
"""
import json
import sys

import sqlalchemy
from flask import Flask
from parsl.monitoring.db_manager import Database
from parsl.monitoring.queries import pandas as queries
from parsl.monitoring.visualization.models import db


def main(path, run):
    url = "sqlite:///" + path
    database = Database(url)
    tables = sorted(database.meta.tables)
    database.session.close()
    database.eng.dispose()

    engine = sqlalchemy.create_engine(url)
    names = [
        "app_counts_for_workflow",
        "nodes_for_workflow",
        "resources_for_workflow",
        "status_for_workflow",
        "completion_times_for_workflow",
        "tasks_for_workflow",
        "tries_for_workflow",
    ]
    rows = {name: len(getattr(queries, name)(run, engine)) for name in names}
    engine.dispose()

    app = Flask("parsl.monitoring.visualization.app")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    pages = {}
    with app.app_context():
        db.create_all()
        from parsl.monitoring.visualization import views

        views.dummy = False
        client = app.test_client()
        for page in ["", "task/", "task/0", "app/gen", "resource_usage"]:
            pages[page] = client.get(f"/workflow/{run}/{page}").status_code
        pages["/"] = client.get("/").status_code
    print(json.dumps({"tables": tables, "rows": rows, "pages": pages}))


main(*sys.argv[1:])
