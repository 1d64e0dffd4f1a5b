/** What a child process prints, both streams, as it comes; they are to be piped. */
export class ChildOutput {
  /** All so far. */
  text = "";
  /** Whether the process has ended; some of what it printed may still be on its way. */
  isOver = false;
  /** Its exit status, when all that it printed is in `text`. */
  readonly over: Promise<number>;

  /** @param onText called when there is more */
  constructor(child: Deno.ChildProcess, onText: () => void = () => {}) {
    const read = async (stream: ReadableStream<Uint8Array>) => {
      const decoder = new TextDecoder();
      for await (const bytes of stream) {
        this.text += decoder.decode(bytes, { stream: true });
        onText();
      }
    };
    const reading = Promise.all([read(child.stdout), read(child.stderr)]);
    this.over = child.status.then(async ({ code }) => {
      this.isOver = true;
      await reading;
      return code;
    });
  }
}
