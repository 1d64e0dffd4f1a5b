/** The tables of a monitoring database, declared to the letter as SQLAlchemy declares them for Parsl. */
import {
  columnNamed,
  columnsOf,
  isOurs,
  type TableName,
  tableNamed,
  TABLES,
} from "../../parsl/tables.ts";

/** A table as it is declared. */
export interface TableDdl {
  name: string;
  /** As `name TYPE NOT NULL`. */
  columns: readonly string[];
  constraints: readonly string[];
}

type NamedDdl = TableDdl & { name: TableName };

/** Parsl's tables as it declares them, in the order in which it makes them. */
export const PARSL_TABLES: readonly NamedDdl[] = [false, true].flatMap((ofWorkflow) =>
  TABLES.filter((name) => !isOurs(name) && (tableNamed(name)!.ofWorkflow ?? false) === ofWorkflow)
    .map(declared)
);
/** Those of ours that a run is told by. */
export const TOLD_TABLES: readonly NamedDdl[] = TABLES.filter(isOurs).map(declared);

function declared(name: TableName): NamedDdl {
  const { key, ofWorkflow } = tableNamed(name)!;
  const constraints = [`PRIMARY KEY (${key.join(", ")})`];
  if (ofWorkflow) constraints.push("FOREIGN KEY(run_id) REFERENCES workflow (run_id)");
  const columns = columnsOf(name).map((column) => {
    const { sql, required } = columnNamed(name, column)!;
    return `${column} ${sql}${required ? " NOT NULL" : ""}`;
  });
  return { name, columns, constraints };
}

/** The statement with which SQLAlchemy creates a table; a temporary one lasts as long as its connection. */
export function createTable({ name, columns, constraints }: TableDdl, temporary = false): string {
  return `CREATE ${temporary ? "TEMP " : ""}TABLE ${name} (\n\t${
    [...columns, ...constraints].join(", \n\t")
  }\n)`;
}

/** Parsl's own index. */
export const PARSL_INDEX = {
  name: "ix_task_task_hashsum",
  sql: "CREATE INDEX ix_task_task_hashsum ON task (task_hashsum)",
};

/**
 * What Parsloscope adds to a file that a hub writes. Programs read every table of a monitoring
 * database `where run_id = …`, so each of these has that column, and nothing may make SQLite add
 * tables of its own (`ANALYZE` would).
 */
export const OWN_TABLES: readonly TableDdl[] = [
  {
    name: "parsloscope_client",
    columns: [
      "client TEXT PRIMARY KEY NOT NULL",
      "acknowledged INTEGER NOT NULL",
      "seen INTEGER NOT NULL",
      // Always NULL: a client numbers its messages through all runs that it speaks for.
      "run_id TEXT",
    ],
    constraints: [],
  },
  {
    name: "parsloscope_deferred",
    columns: [
      "run_id TEXT NOT NULL",
      "task_id INTEGER NOT NULL",
      "try_id INTEGER NOT NULL",
      "task_try_time_running DATETIME NOT NULL",
      "block_id TEXT",
      "hostname TEXT",
    ],
    constraints: ["PRIMARY KEY (run_id, task_id, try_id)"],
  },
  ...TOLD_TABLES,
];

/** Indexes by run, which Parsl's tables lack. */
export const OWN_INDEXES: readonly string[] = [
  "CREATE INDEX IF NOT EXISTS parsloscope_task ON task (run_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_try ON try (run_id, task_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_status ON status (run_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_resource ON resource (run_id, task_id)",
  "CREATE INDEX IF NOT EXISTS parsloscope_node ON node (run_id, uid, timestamp)",
];
