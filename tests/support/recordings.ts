// Recordings of what Parsl sent: datagrams of every generation, and whole runs.

import { gunzipSync } from "node:zlib";
import { Signer } from "../../hub/signing/signer.ts";
import { ROOT } from "./server.ts";

export interface Recorded {
  /** The file it is from. */
  file: string;
  /** The pickle, without the signature. */
  body: Uint8Array<ArrayBuffer>;
  /** What Python's `repr` says of it. */
  repr: string;
}

interface Line {
  header?: boolean;
  hmac_key?: string | null;
  hex: string;
  repr: string;
}

/** Everything recorded, in order; signatures are checked and removed. */
export function recordings(): Recorded[] {
  const folder = `${ROOT}tests/fixtures/`;
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  const recorded: Recorded[] = [];
  for (const file of names) {
    if (!/^(?:datagrams-.*\.jsonl|messages-.*\.jsonl\.gz)$/.test(file)) continue;
    const raw = Deno.readFileSync(folder + file);
    const text = new TextDecoder().decode(file.endsWith(".gz") ? gunzipSync(raw) : raw);
    let signer: Signer | null = null;
    for (const line of text.trimEnd().split("\n")) {
      const entry = JSON.parse(line) as Line;
      if (entry.header === true) {
        if (entry.hmac_key) signer = new Signer(Uint8Array.fromHex(entry.hmac_key));
        continue;
      }
      const frame = Uint8Array.fromHex(entry.hex);
      const body = signer === null ? frame : signer.open(frame);
      if (body === null) throw new Error(`${file}: a signature is not right`);
      recorded.push({ file, body: new Uint8Array(body), repr: entry.repr });
    }
  }
  return recorded;
}
