/** Queries that are asked once. */
import type { RowValues } from "../value_row.ts";
import type { Connection, Parameter } from "./connection.ts";

/** The row of a query that always gives one. */
export function one(connection: Connection, sql: string, ...parameters: Parameter[]): RowValues {
  const [row] = all(connection, sql, ...parameters);
  return row;
}

/** All rows of a query. */
export function all(connection: Connection, sql: string, ...parameters: Parameter[]): RowValues[] {
  return connection.prepare(sql).rows(...parameters);
}
