/**
 * How a client shows that it has the key, and has it now: it signs what the hub draws for each
 * connection. What somebody has recorded shows nothing, and displaces nobody.
 */
import type { Signer } from "../signing/signer.ts";
import type { Challenged, LaneConnection } from "./connection.ts";
import {
  answer,
  challengeOf,
  isProof,
  LANE_VERSION,
  newChallenge,
  readHello,
  refusalOf,
} from "./messages.ts";

export interface GreeterOptions {
  /** Signs with the hub's key. */
  signer: Signer;
  /** What the hub says of itself: its version, and the path of its database. */
  hello: { hub: string; database: string };
  /** Is told, in one sentence, of what a user may want to look into. */
  report: (sentence: string) => void;
}

export class Greeter {
  readonly #options: GreeterOptions;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Answers a hello with a challenge; false when the connection is to end. */
  async hello(connection: LaneConnection, body: Uint8Array): Promise<boolean> {
    const { hello: { hub }, report } = this.#options;
    const hello = readHello(body);
    if (hello === null) {
      report(`The lane closed the connection of ${connection.peer}: its first frame is no hello.`);
      return false;
    }
    const { client, version } = hello;
    if (version !== LANE_VERSION) {
      const older = version > LANE_VERSION ? "hub" : "client";
      const sentence = `The client speaks version ${version} of the protocol and hub ${hub} ` +
        `version ${LANE_VERSION}: update the ${older}.`;
      report(`The lane closed the connection of ${connection.peer}. ${sentence}`);
      await connection.answerHello(client, refusalOf(hub, sentence), "");
      return false;
    }
    const challenge = newChallenge();
    await connection.answerHello(client, challengeOf(hub, hello, challenge), challenge);
    return true;
  }

  /** Who has proven to be whom it said; null when the connection is to end. */
  proof(
    connection: LaneConnection,
    { id, challenge }: Challenged,
    body: Uint8Array,
  ): string | null {
    if (isProof(body, challenge)) return id;
    this.#options.report(
      `The lane closed the connection of ${connection.peer}: it does not prove to be ${id}.`,
    );
    return null;
  }

  /** The answer to a proof. */
  answer(id: string, acknowledged: number): Uint8Array {
    const { hub, database } = this.#options.hello;
    return answer(hub, database, id, acknowledged);
  }
}
