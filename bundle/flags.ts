/** What a bundle asks of Deno: what any of its commands needs, and no more. */
import metadata from "../deno.json" with { type: "json" };
import { COMMAND_NAMES } from "../commands.ts";
import { say } from "../say.ts";

/** Deno's short names of permissions: the first line of a program has 255 bytes. */
const SHORT: Record<string, string> = { read: "-R", write: "-W", net: "-N", env: "-E", sys: "-S" };

type Allowed = boolean | readonly string[];

/** The flags of `deno run` for a bundle. */
export function bundleFlags(): string[] {
  const all = new Map<string, Allowed>();
  for (const command of COMMAND_NAMES) {
    for (const [name, allowed] of Object.entries<Allowed>(metadata.permissions[command])) {
      all.set(name, united(all.get(name) ?? [], allowed));
    }
  }
  const permissions = [...all].map(([name, allowed]) => {
    const flag = SHORT[name] ?? `--allow-${name}`;
    return typeof allowed === "boolean" ? flag : `${flag}=${allowed.join()}`;
  });
  return [
    "-q",
    "--no-prompt",
    ...permissions,
    ...metadata.unstable.map((feature) => `--unstable-${feature}`),
  ];
}

function united(one: Allowed, other: Allowed): Allowed {
  if (typeof one === "boolean" || typeof other === "boolean") return one === true || other === true;
  return [...new Set([...one, ...other])];
}

if (import.meta.main) say(bundleFlags().join(" "));
