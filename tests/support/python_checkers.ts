// mypy and ruff, which look over the Python client; they live in the tests' venv.

import { venvPython } from "./parsl.ts";
import { ROOT } from "./server.ts";

const CHECKERS = ["mypy", "ruff"];

/** The checkers that a venv does not have. */
export async function missingCheckers(venv: string): Promise<string[]> {
  const missing: string[] = [];
  for (const name of CHECKERS) {
    const result = await new Deno.Command(venvPython(venv), {
      args: ["-m", name, "--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    if (!result.success) missing.push(name);
  }
  return missing;
}

/** What pip is to install for them: the extra `test` of the client's pyproject.toml. */
export function checkerRequirements(): string[] {
  const text = Deno.readTextFileSync(`${ROOT}clients/python/pyproject.toml`);
  const found = text.match(/^test = (\[.*\])$/m);
  if (found === null) throw new Error("clients/python/pyproject.toml has no extra `test`");
  return JSON.parse(found[1]) as string[];
}
