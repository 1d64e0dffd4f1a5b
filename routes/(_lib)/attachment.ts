/**
 * The header `content-disposition` of a file to save.
 *
 * @param name a name that any system takes, as `fileName` makes it, of a hundred characters or so
 */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
