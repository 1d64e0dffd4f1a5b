/** Whose packages a bundle contains. */

/** Names, versions and licences of the npm packages among bundled files, one line each. */
export async function licences(root: URL, inputs: Iterable<string>): Promise<string[]> {
  const folders = new Set<string>();
  for (const path of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match !== null) folders.add(match[1]);
  }
  const lines = await Promise.all([...folders].map(async (folder) => {
    const text = await Deno.readTextFile(new URL(`${folder}/package.json`, root));
    const { name, version, license } = JSON.parse(text);
    return `${name} ${version} (${license})`;
  }));
  return [...new Set(lines)].sort();
}
