/** SQLite as WebAssembly, begun once for the process. */
import initialize from "@sqlite.org/sqlite-wasm";
import type { SqliteApi } from "./api.ts";
import { sqliteBytes } from "./bytes.ts";
import { installFileSystems } from "./file_system.ts";

let begun: Promise<SqliteApi> | undefined;

/** SQLite with the file systems of this folder. */
export function sqlite(): Promise<SqliteApi> {
  begun ??= begin();
  begun.catch(() => begun = undefined);
  return begun;
}

async function begin(): Promise<SqliteApi> {
  const bytes = await sqliteBytes();
  // What the module's start looks at, which its types do not name.
  const options = {
    print: () => {},
    printErr: () => {},
    instantiateWasm(
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) {
      WebAssembly.instantiate(bytes, imports)
        .then(({ instance, module }) => receive(instance, module));
      return {};
    },
  };
  const api = await (initialize as unknown as (given: object) => Promise<SqliteApi>)(options);
  installFileSystems(api);
  return api;
}
