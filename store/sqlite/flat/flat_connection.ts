/** A connection to a file that takes no lock and writes nothing. */
import type { Cell } from "../../../parsl/cell.ts";
import type { RowValues } from "../../value_row.ts";
import type { Connection, Parameter, Statement } from "../connection.ts";
import { type Bare, C, type SqliteApi } from "./api.ts";
import { fileSystem, type View } from "./file_system.ts";
import { textIn } from "./texts.ts";

/** What SQLite says went wrong; its code is that of Node's SQLite. */
export class SqliteError extends Error {
  override name = "SqliteError";
  readonly code = "ERR_SQLITE_ERROR";
}

const encoder = new TextEncoder();

/** A connection. Close it: SQLite's memory is not collected. */
export class FlatConnection implements Connection {
  readonly #api: SqliteApi;
  readonly #db: number;
  readonly #statements: number[] = [];

  /** @throws {SqliteError} when the file cannot be opened */
  constructor(api: SqliteApi, path: string, view: View) {
    this.#api = api;
    const { capi, wasm } = api;
    const stack = wasm.pstack.pointer;
    try {
      const out = wasm.pstack.allocPtr();
      const flags = view === "repair" ? C.OPEN_READWRITE : C.OPEN_READONLY;
      const code = capi.sqlite3_open_v2(path, out, flags, fileSystem(view));
      this.#db = wasm.peekPtr(out);
      if (code !== C.OK) {
        const error = this.#error();
        this.close();
        throw error;
      }
    } finally {
      wasm.pstack.restore(stack);
    }
    // Without shared memory SQLite reads a log only as if it were alone with the file.
    if (view === "log") this.prepare("PRAGMA locking_mode = EXCLUSIVE").rows();
  }

  prepare(sql: string, bigints = false): Statement {
    const { wasm } = this.#api;
    const bare = wasm.exports;
    const bytes = encoder.encode(sql);
    const text = wasm.alloc(bytes.length);
    const stack = wasm.pstack.pointer;
    let statement: number;
    try {
      wasm.heap8u().set(bytes, text);
      const out = wasm.pstack.allocPtr();
      const code = bare.sqlite3_prepare_v2(this.#db, text, bytes.length, out, 0);
      if (code !== 0) throw this.#error();
      statement = wasm.peekPtr(out);
    } finally {
      wasm.pstack.restore(stack);
      wasm.dealloc(text);
    }
    this.#statements.push(statement);
    return {
      rows: (...parameters) => {
        this.#bind(statement, parameters);
        const rows = this.#rows(statement, bigints);
        return rows ?? this.#rows(statement, true)!;
      },
    };
  }

  close(): void {
    const bare = this.#api.wasm.exports;
    for (const statement of this.#statements.splice(0)) bare.sqlite3_finalize(statement);
    bare.sqlite3_close_v2(this.#db);
  }

  #bind(statement: number, parameters: readonly Parameter[]): void {
    const bare = this.#api.wasm.exports;
    parameters.forEach((value, index) => {
      const place = index + 1;
      if (value === null) bare.sqlite3_bind_null(statement, place);
      else if (typeof value === "bigint") bare.sqlite3_bind_int64(statement, place, value);
      else if (typeof value !== "number") this.#bindBytes(statement, place, value);
      else if (Number.isSafeInteger(value)) {
        bare.sqlite3_bind_int64(statement, place, BigInt(value));
      } else bare.sqlite3_bind_double(statement, place, value);
    });
  }

  #bindBytes(statement: number, place: number, value: string | Uint8Array): void {
    const { wasm } = this.#api;
    const bare = wasm.exports;
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    const at = wasm.alloc(bytes.length + 1);
    wasm.heap8u().set(bytes, at);
    const bind = typeof value === "string" ? bare.sqlite3_bind_text : bare.sqlite3_bind_blob;
    bind(statement, place, at, bytes.length, C.TRANSIENT);
    wasm.dealloc(at);
  }

  /** The rows; null when one of their integers is none that a number can be. */
  #rows(statement: number, bigints: boolean): RowValues[] | null {
    const { wasm } = this.#api;
    const bare = wasm.exports;
    const columns = bare.sqlite3_column_count(statement);
    const rows: RowValues[] = [];
    // As SQLite takes more memory, which any call may make it do, the old view of it becomes empty.
    let view = wasm.heap8u();
    const memory = () => view.length > 0 ? view : view = wasm.heap8u();
    try {
      for (;;) {
        const code = bare.sqlite3_step(statement);
        if (code === C.DONE) return rows;
        if (code !== C.ROW) throw this.#error();
        const row = new Array<Cell>(columns);
        for (let i = 0; i < columns; i++) {
          const value = valueOf(bare, memory, statement, i, bigints);
          if (value === undefined) return null;
          row[i] = value;
        }
        rows.push(row);
      }
    } finally {
      bare.sqlite3_reset(statement);
    }
  }

  #error(): SqliteError {
    return new SqliteError(this.#api.capi.sqlite3_errmsg(this.#db));
  }
}

/** One value; undefined for an integer that no number can be. */
function valueOf(
  bare: Bare,
  memory: () => Uint8Array,
  statement: number,
  column: number,
  bigints: boolean,
): Cell | undefined {
  switch (bare.sqlite3_column_type(statement, column)) {
    case C.INTEGER: {
      if (bigints) return bare.sqlite3_column_int64(statement, column);
      const value = bare.sqlite3_column_double(statement, column);
      return Number.isSafeInteger(value) ? value : undefined;
    }
    case C.REAL:
      return bare.sqlite3_column_double(statement, column);
    case C.TEXT: {
      const at = bare.sqlite3_column_text(statement, column);
      const length = bare.sqlite3_column_bytes(statement, column);
      return textIn(memory(), at, length);
    }
    case C.BLOB: {
      const at = bare.sqlite3_column_blob(statement, column);
      const length = bare.sqlite3_column_bytes(statement, column);
      return memory().slice(at, at + length);
    }
    default:
      return null;
  }
}
