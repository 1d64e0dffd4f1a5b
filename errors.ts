/** What goes wrong, and how it is told. */

/**
 * What the user can put right: the message is a sentence that says what to do. The command line
 * shows it without a stack, and ends with `status`.
 */
export class UserError extends Error {
  override name = "UserError";
  /** The exit status of the command. */
  readonly status: number = 1;
  /** The message as the lines that the command line prints. */
  readonly lines: readonly string[];

  /** @param more lines that are shown below the sentence */
  constructor(sentence: string, more: readonly string[] = []) {
    super([sentence, ...more].join("\n"));
    this.lines = [sentence, ...more];
  }
}

/** What an error says, in its own words; but nobody is told to permit everything. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/,? run again with the --allow-[\w-]+ flag/, "");
}
