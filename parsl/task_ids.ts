const LARGEST = 0x7fffffff;

/** The ids in a comma-joined list of tasks; parts that can be no task's id are left out. */
export function taskIds(text: string): number[] {
  const ids: number[] = [];
  /** NaN for what is no id, -1 before any digit. */
  let id = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    const digit = char - 48;
    if (digit >= 0 && digit <= 9) id = id === -1 ? digit : id * 10 + digit;
    else if (char === 44) {
      if (id >= 0 && id <= LARGEST) ids.push(id);
      id = -1;
    } else if (char !== 32) id = NaN;
  }
  if (id >= 0 && id <= LARGEST) ids.push(id);
  return ids;
}
