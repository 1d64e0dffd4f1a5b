/** What comes of a promise if it comes within some ms, else undefined. Rejects when it does in time. */
export async function inTime<Value>(
  promise: Promise<Value>,
  patience: number,
): Promise<Value | undefined> {
  if (patience === Infinity) return await promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
