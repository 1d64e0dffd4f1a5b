"""Runs the pandas queries that Parsl offers, and prints the rows of each as JSON.

    python parsl_queries.py DATABASE RUN_ID
"""
import json
import sys

import parsl.monitoring.queries.pandas as queries
import sqlalchemy

engine = sqlalchemy.create_engine("sqlite:///" + sys.argv[1])
found = {name: query(sys.argv[2], engine) for name, query in vars(queries).items()
         if name.endswith("_for_workflow")}
found["resources_for_task"] = queries.resources_for_task(sys.argv[2], 1, engine)
print(json.dumps({name: len(frame) for name, frame in found.items()}))
