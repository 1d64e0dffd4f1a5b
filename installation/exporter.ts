/** Makes reports. What it takes is loaded with the first one; a bundle has it inside. */
import { inTurn } from "../export/exporter.ts";
import type { Exporter } from "../state.ts";

/** Makes reports, one after the other. */
export const exporter: Exporter = inTurn(async () => {
  // By an address that Deno cannot see, so that it does not read all of this before a start.
  const url = new URL("make_report.ts", import.meta.url).href;
  const { makeReport }: typeof import("./make_report.ts") = await import(url);
  return makeReport;
});
