/** SQLite as WebAssembly. A bundle has it inside. */
export function sqliteBytes(): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(import.meta.resolve("@sqlite.org/sqlite-wasm/sqlite3.wasm")));
}
