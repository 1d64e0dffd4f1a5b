// A Python with Parsl, for the tests and benchmarks that need the real one.

/** Where the tests keep their venv. */
export function parslVenv(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${home}/.cache`;
  return `${cache}/parsloscope/venv`;
}

function bin(venv: string, name: string): string {
  return Deno.build.os === "windows" ? `${venv}/Scripts/${name}.exe` : `${venv}/bin/${name}`;
}

export function venvPython(venv: string): string {
  return bin(venv, "python");
}

export function venvScript(venv: string, name: string): string {
  return bin(venv, name);
}

/** The venv that can import Parsl with its monitoring and its viewer, or null. */
export async function findParsl(): Promise<string | null> {
  if (Deno.env.get("PARSLOSCOPE_NO_PARSL") === "1") return null;
  const given = Deno.env.get("PARSLOSCOPE_PARSL_VENV");
  for (const venv of given ? [given, parslVenv()] : [parslVenv()]) {
    try {
      const result = await new Deno.Command(venvPython(venv), {
        args: ["-c", "import parsl.monitoring, sqlalchemy, flask"],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).output();
      if (result.success) return venv;
    } catch {
      // No such venv.
    }
  }
  return null;
}
