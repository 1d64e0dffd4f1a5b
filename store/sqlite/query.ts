/** Queries whose rows come as arrays, which costs half of what objects cost. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { RowValues } from "../value_row.ts";

/** A statement whose rows are arrays of values. */
export function prepare(connection: DatabaseSync, sql: string): StatementSync {
  const statement = connection.prepare(sql);
  // Deno's types do not know this method of node:sqlite yet.
  (statement as StatementSync & { setReturnArrays(enabled: boolean): void }).setReturnArrays(true);
  return statement;
}

/**
 * All rows of a statement made by {@link prepare}. Integers are numbers, which are read faster than
 * bigints; where one is too large for that, all integers of these rows are bigints.
 */
export function rowsOf(statement: StatementSync, ...parameters: SQLInputValue[]): RowValues[] {
  // With setReturnArrays each row is an array, which the type of `all` does not know.
  const read = () => statement.all(...parameters) as unknown as RowValues[];
  try {
    return read();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_OUT_OF_RANGE") throw error;
  }
  statement.setReadBigInts(true);
  try {
    return read();
  } finally {
    statement.setReadBigInts(false);
  }
}

/** The row of a query that always gives one. */
export function one(
  connection: DatabaseSync,
  sql: string,
  ...parameters: SQLInputValue[]
): RowValues {
  const [row] = all(connection, sql, ...parameters);
  return row;
}

/** All rows of a query. */
export function all(
  connection: DatabaseSync,
  sql: string,
  ...parameters: SQLInputValue[]
): RowValues[] {
  return rowsOf(prepare(connection, sql), ...parameters);
}
