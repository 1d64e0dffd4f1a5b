// Damaged messages for fuzzing: real ones, changed as accidents and attackers would.

import { recordings } from "../support/recordings.ts";
import { seeded } from "./random.ts";

/** One message of all types of values, pickled by Python at protocols 0, 1, 2 and 5. */
const EVERY_TYPE = [
  "2863706172736c2e6d6f6e69746f72696e672e6d6573736167655f747970650a4d657373616765547970650a" +
  "70300a2849300a7470310a5270320a286470330a5672756e5f69640a70340a56722d310a70350a7356746173" +
  "6b5f66756e635f6e616d650a70360a56660a70370a73567461736b5f69640a70380a49370a73566e0a70390a" +
  "4c313138303539313632303731373431313330333432344c0a7356780a7031300a46312e350a73566f6b0a70" +
  "31310a4930310a7356730a7031320a63706172736c2e64617461666c6f772e7374617465730a537461746573" +
  "0a7031330a2849320a747031340a527031350a7356740a7031360a636461746574696d650a6461746574696d" +
  "650a7031370a28635f636f646563730a656e636f64650a7031380a285607ea0b180102035c75303030305c75" +
  "30303030040a7031390a566c6174696e310a7032300a747032310a527032320a747032330a527032340a7356" +
  "746167730a7032350a635f5f6275696c74696e5f5f0a7365740a7032360a28286c7032370a49310a6149320a" +
  "61747032380a527032390a7356620a7033300a6731380a2856ff0a7033310a6732300a747033320a52703333" +
  "0a73566c0a7033340a286c7033350a49310a612849320a747033360a617356750a7033370a565c7536356535" +
  "5c5530303031663630300a7033380a73747033390a2e",
  "2863706172736c2e6d6f6e69746f72696e672e6d6573736167655f747970650a4d657373616765547970650a" +
  "7100284b007471015271027d710328580600000072756e5f696471045803000000722d317105580e00000074" +
  "61736b5f66756e635f6e616d657106580100000066710758070000007461736b5f696471084b075801000000" +
  "6e71094c313138303539313632303731373431313330333432344c0a580100000078710a473ff80000000000" +
  "0058020000006f6b710b4930310a580100000073710c63706172736c2e64617461666c6f772e737461746573" +
  "0a5374617465730a710d284b0274710e52710f5801000000747110636461746574696d650a6461746574696d" +
  "650a711128635f636f646563730a656e636f64650a711228580b00000007c3aa0b1801020300000471135806" +
  "0000006c6174696e3171147471155271167471175271185804000000746167737119635f5f6275696c74696e" +
  "5f5f0a7365740a711a285d711b284b014b026574711c52711d580100000062711e6812285802000000c3bf71" +
  "1f681474712052712158010000006c71225d7123284b01284b027471246558010000007571255807000000e6" +
  "97a5f09f98807126757471272e",
  "800263706172736c2e6d6f6e69746f72696e672e6d6573736167655f747970650a4d65737361676554797065" +
  "0a71004b008571015271027d710328580600000072756e5f696471045803000000722d317105580e00000074" +
  "61736b5f66756e635f6e616d657106580100000066710758070000007461736b5f696471084b075801000000" +
  "6e71098a09000000000000000040580100000078710a473ff800000000000058020000006f6b710b88580100" +
  "000073710c63706172736c2e64617461666c6f772e7374617465730a5374617465730a710d4b0285710e5271" +
  "0f5801000000747110636461746574696d650a6461746574696d650a7111635f636f646563730a656e636f64" +
  "650a7112580b00000007c3aa0b18010203000004711358060000006c6174696e317114867115527116857117" +
  "5271185804000000746167737119635f5f6275696c74696e5f5f0a7365740a711a5d711b284b014b02658571" +
  "1c52711d580100000062711e68125802000000c3bf711f681486712052712158010000006c71225d7123284b" +
  "014b028571246558010000007571255807000000e697a5f09f98807126758671272e",
  "8005951c010000000000008c1d706172736c2e6d6f6e69746f72696e672e6d6573736167655f74797065948c" +
  "0b4d657373616765547970659493944b00859452947d94288c0672756e5f6964948c03722d31948c0e746173" +
  "6b5f66756e635f6e616d65948c0166948c077461736b5f6964944b078c016e948a090000000000000000408c" +
  "017894473ff80000000000008c026f6b94888c0173948c15706172736c2e64617461666c6f772e7374617465" +
  "73948c065374617465739493944b02859452948c0174948c086461746574696d65948c086461746574696d65" +
  "949394430a07ea0b1801020300000494859452948c0474616773948f94284b014b02908c0162944301ff948c" +
  "016c945d94284b014b028594658c0175948c07e697a5f09f9880947586942e",
];

const JSON_MESSAGE =
  `{"type":"TASK_INFO","payload":{"run_id":"r-1","task_func_name":"f","task_id":7,` +
  `"timestamp":"2026-11-24T01:02:03.000004","task_time_invoked":1795479218.5,"n":12345678901234567890}}`;

const HOSTILE = [
  "cos\nsystem\n(S'true'\ntR",
  "cbuiltins\neval\n",
  "cbuiltins\ngetattr\n",
  "cbuiltins\nset\n",
  "cbuiltins\nbytearray\n",
  "cparsl.dataflow.states\nStates\n",
  "c_codecs\nencode\n",
  "Pid\n",
  "]2a",
  "}]h\0s",
];

/** All opcodes of protocols 0 to 5. */
const OPCODES = [...new TextEncoder().encode("(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu)]}G")];
for (let opcode = 0x80; opcode <= 0x98; opcode++) OPCODES.push(opcode);

/** Opcodes that a length or a number follows. */
const LENGTHS = new Set([
  0x42,
  0x43,
  0x54,
  0x55,
  0x58,
  0x68,
  0x6a,
  0x71,
  0x72,
  0x8a,
  0x8b,
  0x8c,
  0x8d,
]);
for (const opcode of [0x8e, 0x95, 0x96]) LENGTHS.add(opcode);

/** Makes damaged messages without end, the same ones for the same seed. */
export class Mutator {
  readonly #below: (below: number) => number;
  readonly #bodies: Uint8Array[];
  readonly #hostile = HOSTILE.map((text) => new TextEncoder().encode(text));

  constructor(seed: number) {
    this.#below = seeded(seed);
    const real = recordings().map(({ body }) => body);
    const made = [...EVERY_TYPE.map((hex) => Uint8Array.fromHex(hex))];
    made.push(new TextEncoder().encode(JSON_MESSAGE));
    // As many again as there are real ones, or protocol 0 would hardly come up.
    this.#bodies = real.flatMap((body, index) => [body, made[index % made.length]]);
  }

  /** A message that is not damaged. */
  intact(): Uint8Array {
    return this.#bodies[this.#below(this.#bodies.length)];
  }

  next(): Uint8Array {
    const kind = this.#below(100);
    if (kind === 0) return this.#noise();
    if (kind === 1) return this.#program();
    let bytes = this.intact();
    for (let changes = 1 + this.#below(4); changes > 0; changes--) bytes = this.#change(bytes);
    return bytes;
  }

  #noise(): Uint8Array {
    return Uint8Array.from({ length: this.#below(400) }, () => this.#below(256));
  }

  /** Opcodes in any order, each with a small number behind it now and then. */
  #program(): Uint8Array {
    const bytes: number[] = [];
    for (let length = this.#below(300); length > 0; length--) {
      bytes.push(OPCODES[this.#below(OPCODES.length)]);
      if (this.#below(2) === 0) bytes.push(this.#below(12));
    }
    return Uint8Array.from([...bytes, 0x2e]);
  }

  #change(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    const below = this.#below;
    const at = below(bytes.length);
    switch (below(9)) {
      case 0:
        return bytes.with(at, bytes[at] ^ 1 << below(8));
      case 1:
        return bytes.with(at, OPCODES[below(OPCODES.length)]);
      case 2:
        return this.#lie(bytes, at);
      case 3:
        return bytes.slice(0, at);
      case 4:
        return joined(
          bytes.subarray(0, at),
          bytes.subarray(Math.min(bytes.length, at + 1 + below(20))),
        );
      case 5: {
        const part = bytes.subarray(at, at + 1 + below(60));
        return joined(
          bytes.subarray(0, at),
          ...new Array<Uint8Array>(2 + below(20)).fill(part),
          bytes.subarray(at),
        );
      }
      case 6: {
        const other = this.intact();
        const from = below(other.length);
        return joined(
          bytes.subarray(0, at),
          other.subarray(from, from + 1 + below(120)),
          bytes.subarray(at),
        );
      }
      case 7:
        return joined(
          bytes.subarray(0, at),
          this.#hostile[below(this.#hostile.length)],
          bytes.subarray(at),
        );
      default:
        return bytes.map((byte, index) => index >= at && index < at + 4 ? below(256) : byte);
    }
  }

  /** Changes the first length from a place on. */
  #lie(bytes: Uint8Array, from: number): Uint8Array {
    for (let at = from; at + 4 < bytes.length; at++) {
      if (!LENGTHS.has(bytes[at])) continue;
      const lies = bytes.slice();
      const size = 1 + this.#below(4);
      for (let i = 1; i <= size; i++) lies[at + i] = this.#below(2) === 0 ? 0xff : this.#below(256);
      return lies;
    }
    return bytes;
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
