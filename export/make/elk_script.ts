/** What lays out the DAG of a report: elkjs's worker, as short as it goes. */
import type { Esbuild } from "../../fresh/esbuild_service.ts";

/** A text, whichever quotes it stands in. */
const TEXT = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\`(?:[^\`\\$]|\\.)*\`)`;
/** A name and behind it a description, as options and algorithms are declared with: `…,"Name"),"Text")`. */
const DESCRIBED = new RegExp(String.raw`(${TEXT}\),)(${TEXT})(?=\))`, "g");
/** Texts of this length with a space are descriptions, or names that people read. */
const DESCRIPTION = 20;

/** The script of elkjs's worker, without what it would tell people who look for an option. */
export async function elkScript(esbuild: Esbuild, worker: Uint8Array): Promise<string> {
  const text = new TextDecoder().decode(worker);
  const { code } = await esbuild.transform(text, { minify: true, legalComments: "none" });
  return withoutDescriptions(code);
}

/** A minified script of elkjs's worker with empty texts in place of descriptions. */
export function withoutDescriptions(script: string): string {
  return script.replace(
    DESCRIBED,
    (all, before: string, text: string) =>
      text.length > DESCRIPTION && text.includes(" ") ? `${before}""` : all,
  );
}
