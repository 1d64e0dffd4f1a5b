/**
 * The error that carries an HTTP status: thrown by handlers and by the router itself (404, 405),
 * caught for the error page.
 */
const TEXT: Record<number, string> = { 404: "Not Found", 405: "Method Not Allowed" };

/** An error with a response status; the message defaults to the status text. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message?: string, options?: ErrorOptions) {
    super(message ?? TEXT[status] ?? `HTTP ${status}`, options);
    this.name = "HttpError";
    this.status = status;
  }
}
