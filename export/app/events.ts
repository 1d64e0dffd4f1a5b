/** Server-sent events out of an answer, as far as the app's own go: `data` and the event `end`. */

/** Tells each message until the events end or `signal` aborts. */
export async function readEvents(
  response: Response,
  message: (data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop()!;
    for (const lines of events.map((event) => event.split("\n"))) {
      if (lines.includes("event: end")) return void reader.cancel();
      const data = lines.find((line) => line.startsWith("data: "));
      if (data) message(data.slice("data: ".length));
    }
  }
}
