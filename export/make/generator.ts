import config from "../../deno.json" with { type: "json" };

/** The program that makes reports, with its version. */
export function generator(): string {
  return `Parsloscope ${config.version}`;
}
