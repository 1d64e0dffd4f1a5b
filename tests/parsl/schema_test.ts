// The schema that stands once, and what is derived from it: what is declared, read and redacted.

import assert from "node:assert/strict";
import { treatmentOf } from "../../export/redact/columns.ts";
import type { Treatment } from "../../parsl/column.ts";
import { CHANGES, PLACES } from "../../parsl/messages.ts";
import { limitOf } from "../../parsl/readable.ts";
import { SCHEMA } from "../../parsl/schema.ts";
import {
  columnNamed,
  columnsOf,
  eachName,
  isOurs,
  RUN_TABLES,
  tableNamed,
  TABLES,
} from "../../parsl/tables.ts";
import * as rows from "../../store/readers.ts";
import type { Selection } from "../../store/row_source.ts";
import {
  createTable,
  OWN_INDEXES,
  OWN_TABLES,
  PARSL_TABLES,
  TOLD_TABLES,
} from "../../store/sqlite/ddl.ts";
import * as taskRows from "../../store/task_readers.ts";

/** As SQLAlchemy writes them for Parsl, in the order in which Parsl makes them. */
const DECLARED = [
  `CREATE TABLE workflow (
	run_id TEXT NOT NULL, 
	workflow_name TEXT, 
	workflow_version TEXT, 
	time_began DATETIME NOT NULL, 
	time_completed DATETIME, 
	host TEXT NOT NULL, 
	user TEXT NOT NULL, 
	rundir TEXT NOT NULL, 
	tasks_failed_count INTEGER NOT NULL, 
	tasks_completed_count INTEGER NOT NULL, 
	PRIMARY KEY (run_id)
)`,
  `CREATE TABLE task (
	task_id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	task_depends TEXT, 
	task_func_name TEXT NOT NULL, 
	task_memoize TEXT NOT NULL, 
	task_hashsum TEXT, 
	task_inputs TEXT, 
	task_outputs TEXT, 
	task_stdin TEXT, 
	task_stdout TEXT, 
	task_stderr TEXT, 
	task_time_invoked DATETIME, 
	task_time_returned DATETIME, 
	task_fail_count INTEGER NOT NULL, 
	task_fail_cost FLOAT NOT NULL, 
	PRIMARY KEY (task_id, run_id)
)`,
  `CREATE TABLE try (
	try_id INTEGER NOT NULL, 
	task_id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	block_id TEXT, 
	hostname TEXT, 
	task_executor TEXT NOT NULL, 
	task_try_time_launched DATETIME, 
	task_try_time_running DATETIME, 
	task_try_time_returned DATETIME, 
	task_fail_history TEXT, 
	task_joins TEXT, 
	PRIMARY KEY (try_id, task_id, run_id)
)`,
  `CREATE TABLE node (
	id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	hostname TEXT NOT NULL, 
	uid TEXT NOT NULL, 
	block_id TEXT NOT NULL, 
	cpu_count INTEGER NOT NULL, 
	total_memory BIGINT NOT NULL, 
	active BOOLEAN NOT NULL, 
	worker_count INTEGER NOT NULL, 
	python_v TEXT NOT NULL, 
	timestamp DATETIME NOT NULL, 
	last_heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (id)
)`,
  `CREATE TABLE block (
	run_id TEXT NOT NULL, 
	executor_label TEXT NOT NULL, 
	block_id TEXT NOT NULL, 
	job_id TEXT, 
	timestamp DATETIME NOT NULL, 
	status TEXT NOT NULL, 
	PRIMARY KEY (run_id, block_id, executor_label, timestamp)
)`,
  `CREATE TABLE status (
	task_id INTEGER NOT NULL, 
	task_status_name TEXT NOT NULL, 
	timestamp DATETIME NOT NULL, 
	run_id TEXT NOT NULL, 
	try_id INTEGER NOT NULL, 
	PRIMARY KEY (task_id, run_id, task_status_name, timestamp), 
	FOREIGN KEY(run_id) REFERENCES workflow (run_id)
)`,
  `CREATE TABLE resource (
	try_id INTEGER NOT NULL, 
	task_id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	timestamp DATETIME NOT NULL, 
	resource_monitoring_interval FLOAT, 
	psutil_process_pid INTEGER, 
	psutil_process_memory_percent FLOAT, 
	psutil_process_children_count FLOAT, 
	psutil_process_time_user FLOAT, 
	psutil_process_time_system FLOAT, 
	psutil_process_memory_virtual FLOAT, 
	psutil_process_memory_resident FLOAT, 
	psutil_process_disk_read FLOAT, 
	psutil_process_disk_write FLOAT, 
	psutil_process_status TEXT, 
	psutil_cpu_num TEXT, 
	psutil_process_num_ctx_switches_voluntary FLOAT, 
	psutil_process_num_ctx_switches_involuntary FLOAT, 
	PRIMARY KEY (try_id, task_id, run_id, timestamp), 
	FOREIGN KEY(run_id) REFERENCES workflow (run_id)
)`,
];

const OURS = [
  "parsloscope_try_totals",
  "parsloscope_traceback",
  "parsloscope_request",
  "parsloscope_node_sample",
  "parsloscope_gpu_sample",
];

Deno.test("schema: no index of ours has the name of a table", () => {
  const indexes = OWN_INDEXES.map((sql) => /EXISTS (\w+)/.exec(sql)![1]);
  const tables = [...PARSL_TABLES, ...OWN_TABLES].map(({ name }) => name);
  assert.deepStrictEqual(indexes.filter((name) => tables.includes(name)), []);
});

Deno.test("schema: tables are declared to the letter as Parsl declares them, and in its order", () => {
  assert.deepStrictEqual(PARSL_TABLES.map((table) => createTable(table)), DECLARED);
});

Deno.test("schema: tables are read after those that they refer to", () => {
  assert.deepStrictEqual(
    TABLES,
    [...["workflow", "task", "try", "status", "resource", "node", "block"], ...OURS],
  );
  const apart = ["parsloscope_traceback", "parsloscope_request"];
  assert.deepStrictEqual(RUN_TABLES, TABLES.slice(1).filter((name) => !apart.includes(name)));
  assert.deepStrictEqual(TABLES.filter(isOurs), OURS);
  assert.deepStrictEqual(Object.keys(rows.FOLDED), RUN_TABLES);
});

Deno.test("schema: every column that is declared has a kind whose limit is known, and a treatment", () => {
  const treatments: Readonly<Record<Treatment, true>> = {
    keep: true,
    host: true,
    user: true,
    path: true,
    folder: true,
    manager: true,
    remove: true,
    text: true,
  };
  for (const { name: table, columns } of [...PARSL_TABLES, ...TOLD_TABLES]) {
    for (const declaration of columns) {
      const [name] = declaration.split(" ");
      const column = columnNamed(table, name)!;
      assert.notEqual(limitOf(column.kind).wanted, "", `${table}.${name}`);
      assert.ok(column.redact in treatments, `${table}.${name}`);
      assert.equal(treatmentOf(name), column.redact, `${table}.${name}`);
    }
  }
});

Deno.test("schema: a name is treated in one way in all tables, and means one column of its table", () => {
  const treatments = new Map<string, Treatment>();
  eachName((table, name, column) => {
    assert.equal(treatments.get(name) ?? column.redact, column.redact, `${table}.${name}`);
    treatments.set(name, column.redact);
  });
  for (const table of TABLES) {
    const { key, columns, old = {} } = tableNamed(table)!;
    const today = columnsOf(table) as readonly string[];
    assert.deepStrictEqual(key.filter((name) => !today.includes(name)), [], `key of ${table}`);
    assert.deepStrictEqual(Object.keys(old).filter((name) => today.includes(name)), []);
    const before = Object.values(columns).flatMap((column) => column.before ?? []);
    assert.deepStrictEqual(before.filter((name) => today.includes(name)), [], table);
    assert.equal(new Set(before).size, before.length, `each name of ${table} was of one column`);
  }
});

Deno.test("schema: names that every object has are no tables and no columns", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    assert.equal(tableNamed(name), undefined);
    assert.equal(columnNamed("task", name), undefined);
    assert.equal(columnNamed(name, "task_id"), undefined);
    assert.equal(treatmentOf(name), "text");
  }
});

/** What a reader asks for: names of all generations, newest first. */
function names({ table, columns }: Selection): [table: string, columns: string[]] {
  return [table, columns.map((known) => known.join(" "))];
}

const PROCESS = "psutil_process";

Deno.test("schema: readers find each value under all names that its column has had", () => {
  assert.deepStrictEqual(names(rows.taskRows), ["task", [
    "task_id",
    "task_func_name",
    "task_depends",
    "task_time_invoked task_time_submitted",
    "task_time_returned",

    "task_fail_cost",
    "task_memoize",
  ]]);
  assert.deepStrictEqual(names(rows.tryRows), ["try", [
    "task_id",
    "try_id task_try",
    "block_id",
    "hostname",
    "task_executor executor",
    "task_try_time_launched task_time_launched task_time_submitted",
    "task_try_time_running task_time_running",
    "task_try_time_returned task_time_returned",
    "task_fail_history",
    "task_joins",
  ]]);
  assert.deepStrictEqual(names(rows.statusRows), ["status", [
    "task_id",
    "try_id task_try",
    "task_status_name task_status",
    "timestamp",
  ]]);
  const sample = ["task_id", "try_id task_try", "timestamp"];
  assert.deepStrictEqual(names(rows.sampleRows), ["resource", [
    ...sample,
    ...["time_user", "time_system", "memory_resident"].map((name) => `${PROCESS}_${name}`),
  ]]);
  assert.deepStrictEqual(names(rows.resourceRows), ["resource", [
    ...sample,
    ...["pid", "children_count", "time_user", "time_system", "memory_virtual", "memory_resident"]
      .map((name) => `${PROCESS}_${name}`),
    ...["memory_percent", "disk_read", "disk_write"].map((name) => `${PROCESS}_${name}`),
    `${PROCESS}_num_ctx_switches_voluntary`,
    `${PROCESS}_num_ctx_switches_involuntary`,
    `${PROCESS}_status`,
  ]]);
  assert.deepStrictEqual(names(rows.nodeRows), ["node", [
    "hostname",
    "uid manager_id",
    "block_id",
    "cpu_count",
    "total_memory",
    "active",
    "worker_count",
    "python_v python_version",
    "timestamp reg_time",
  ]]);
  assert.deepStrictEqual(
    names(rows.blockRows),
    ["block", ["executor_label", "block_id", "job_id", "timestamp", "status"]],
  );
  assert.deepStrictEqual(names(rows.workflowRows), [
    "workflow",
    Object.keys(SCHEMA.workflow.columns),
  ]);
  assert.deepStrictEqual(names(taskRows.oldTaskRows), ["task", [
    "task_id",
    "task_fail_count",
    "task_executor",
    "hostname",
    "task_time_submitted",
    "task_time_running",
    "task_time_returned",
    "task_fail_history",
  ]]);
  assert.deepStrictEqual(names(taskRows.oldStatusRows), [
    "status",
    ["task_id", "task_status_name task_status", "timestamp", "hostname"],
  ]);
});

Deno.test("schema: each cell of a change has a place of its own, and the run the first", () => {
  for (const [kind, carried] of Object.entries(CHANGES)) {
    const places = Object.entries(PLACES[kind as keyof typeof CHANGES]);
    assert.deepStrictEqual(places, carried.map(({ name }, place) => [name, place]), kind);
    assert.equal(places[0][0], "run_id");
  }
  // What is left for others: the number of a row, and what only its worker knows of a try.
  const carried = new Set(
    Object.values(CHANGES).flatMap((all) => all.map(({ table, name }) => `${table}.${name}`)),
  );
  const missing = TABLES.flatMap((table) => columnsOf(table).map((name) => `${table}.${name}`))
    .filter((name) => !carried.has(name) && !/\.(?:run|task|try)_id$/.test(name));
  assert.deepStrictEqual(missing, ["try.task_try_time_running", "node.id"]);
});
