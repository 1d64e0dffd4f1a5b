/** What is said of a table and of a column. */

/** A type as Parsl declares it to SQLite. */
export type SqlType = "TEXT" | "INTEGER" | "BIGINT" | "FLOAT" | "BOOLEAN" | "DATETIME";

/** What the values of a column are, whatever SQL type they have. Times are naive, by local clocks. */
export type CellKind =
  /** The number of a task, a try, or a row: 0 to 2147483647. */
  | "id"
  /** How many of something there are: 0 to 2147483647. */
  | "count"
  /** A count that only grows, and is 0 where a message has none. */
  | "tally"
  /** A number that is not negative, in the unit of its name. */
  | "bytes"
  | "seconds"
  | "percent"
  | "amount"
  /** Any number. */
  | "number"
  | "boolean"
  | "time"
  /** The numbers of tasks, joined by commas. */
  | "ids"
  | "text";

/** The kinds whose values are numbers. */
export type NumberKind = Exclude<CellKind, "boolean" | "time" | "ids" | "text">;

/** What becomes of the values of a column in a run that is redacted. */
export type Treatment =
  /** They stay as they are. */
  | "keep"
  /** Each host and user is replaced by a number of its own. */
  | "host"
  | "user"
  /** They are replaced by one sign for all paths; folders are also looked for in other texts. */
  | "path"
  | "folder"
  /** They are numbered where they tell of a host, a user or a path. */
  | "manager"
  /** They become null. */
  | "remove"
  /** Numbers and times stay; names and paths are taken out of texts. */
  | "text";

/** A column of a table as it is today. */
export interface ColumnSpec {
  sql: SqlType;
  /** Declared as NOT NULL. */
  required?: true;
  kind: CellKind;
  redact: Treatment;
  /** What it was called in older releases, newest first. */
  before?: readonly string[];
}

/** A column that only older releases had. */
export type OldColumn = Pick<ColumnSpec, "kind" | "redact">;

/** A table. */
export interface TableSpec {
  /** What it was called until February 2019, where that was something else. */
  before?: string;
  /** In Parsl's order. */
  columns: Readonly<Record<string, ColumnSpec>>;
  old?: Readonly<Record<string, OldColumn>>;
  /** The columns of its primary key. */
  key: readonly string[];
  /** Declared to refer to the table `workflow`. Such tables are made after those that are not. */
  ofWorkflow?: true;
  /** Not one of Parsl's: it is where a hub of ours wrote the file. */
  ours?: true;
  /** Read for one task at a time, and no part of what a run is folded from. */
  apart?: true;
}
