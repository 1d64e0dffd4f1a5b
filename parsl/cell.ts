/** A value as the database holds it: a number is an SQL real, a bigint an SQL integer. */
export type Cell = string | number | bigint | null | Uint8Array;
