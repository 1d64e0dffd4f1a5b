/** What is used of SQLite's WebAssembly module; its own types do not know the fields of structs. */

/** A C struct in the module's memory; its fields go by their names with a `$` before. */
export interface Struct {
  readonly pointer: number;
  [field: `$${string}`]: number;
  dispose(): void;
}

type StructType = (new (pointer?: number) => Struct) & { structInfo: { sizeof: number } };

/** Functions that SQLite calls, by the names of the struct's fields. */
// deno-lint-ignore no-explicit-any -- their arguments are pointers and numbers of C, as SQLite has them.
export type Methods = Record<string, (...args: any[]) => number>;

export interface SqliteApi {
  capi: {
    sqlite3_vfs: StructType;
    sqlite3_io_methods: StructType;
    sqlite3_file: StructType;
    sqlite3_vfs_find(name: string | null): number;
    sqlite3_open_v2(path: string, out: number, flags: number, fileSystem: string): number;
    sqlite3_errmsg(db: number): string;
  };
  wasm: {
    heap8u(): Uint8Array;
    alloc(bytes: number): number;
    dealloc(pointer: number): void;
    allocCString(text: string): number;
    cstrToJs(pointer: number): string;
    cstrncpy(to: number, from: number, most: number): number;
    peekPtr(pointer: number): number;
    poke(pointer: number, value: number | bigint, type: "i32" | "i64" | "double"): void;
    pstack: { pointer: number; restore(pointer: number): void; allocPtr(): number };
    exports: Bare;
  };
  vfs: {
    installVfs(parts: Record<"io" | "vfs", { struct: Struct; methods: Methods }>): void;
  };
}

/** Functions of SQLite that are called for each value: bare, without what converts arguments. */
export interface Bare {
  sqlite3_prepare_v2(db: number, sql: number, bytes: number, out: number, tail: number): number;
  sqlite3_step(statement: number): number;
  sqlite3_reset(statement: number): number;
  sqlite3_finalize(statement: number): number;
  sqlite3_close_v2(db: number): number;
  sqlite3_column_count(statement: number): number;
  sqlite3_column_type(statement: number, column: number): number;
  sqlite3_column_double(statement: number, column: number): number;
  sqlite3_column_int64(statement: number, column: number): bigint;
  sqlite3_column_text(statement: number, column: number): number;
  sqlite3_column_blob(statement: number, column: number): number;
  sqlite3_column_bytes(statement: number, column: number): number;
  sqlite3_bind_null(statement: number, place: number): number;
  sqlite3_bind_double(statement: number, place: number, value: number): number;
  sqlite3_bind_int64(statement: number, place: number, value: bigint): number;
  sqlite3_bind_blob(
    statement: number,
    place: number,
    bytes: number,
    length: number,
    free: number,
  ): number;
  sqlite3_bind_text(
    statement: number,
    place: number,
    text: number,
    bytes: number,
    free: number,
  ): number;
}

/** Numbers of SQLite's C interface. */
export const C = {
  OK: 0,
  READONLY: 8,
  NOTFOUND: 12,
  CANTOPEN: 14,
  ROW: 100,
  DONE: 101,
  IOERR_READ: 266,
  IOERR_SHORT_READ: 522,
  IOERR_WRITE: 778,
  IOERR_FSTAT: 1802,
  OPEN_READONLY: 1,
  OPEN_READWRITE: 2,
  OPEN_CREATE: 4,
  /** No locks, and no look for journals. */
  IOCAP_IMMUTABLE: 0x2000,
  INTEGER: 1,
  REAL: 2,
  TEXT: 3,
  BLOB: 4,
  /** That a text is copied before the call returns. */
  TRANSIENT: -1,
} as const;
