// Small programs under limits that a shell sets, such as `ulimit -n 256`.

/**
 * Runs a module of these lines under the limits; gives what it printed. Its imports are relative to
 * `beside`, and its one argument is a path in a new folder, which goes with it.
 */
export async function scriptWithLimit(
  limits: string,
  beside: string,
  lines: string[],
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "parsloscope-test-" });
  try {
    const script = `${folder}/script.ts`;
    const absolute = lines.map((line) =>
      line.replace(/(?<=^import .* from ")[^"]+/, (path) => new URL(path, beside).href)
    );
    await Deno.writeTextFile(script, absolute.join("\n"));
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        `${limits}; exec "$0" "$@"`,
        Deno.execPath(),
        ...["run", "-A", "--no-check", "--config", config, script, `${folder}/file`],
      ],
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
