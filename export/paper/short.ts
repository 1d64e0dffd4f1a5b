/** A name that is printed many times, without the end of one that is too long. */
export function short(name: string, most = 60): string {
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}
