/** Packs lists of texts. */
import { Bytes } from "./bytes.ts";
import type { TextsHeader, WordsHeader } from "./header.ts";
import { packInts } from "./ints_pack.ts";
import type { PackContext } from "./pack_context.ts";

const encoder = new TextEncoder();
const HEX = /^(?:[0-9a-f]{2})+$/;

/** Packs texts as they are, or as bytes where all are hexadecimal digits of one length. */
export async function packTexts(
  texts: readonly string[],
  name: string,
  context: PackContext,
): Promise<TextsHeader> {
  const { length } = texts[0] ?? "";
  if (length >= 8 && texts.every((text) => text.length === length && HEX.test(text))) {
    const bytes = new Uint8Array(texts.length * length / 2);
    await context.pace.blocks(texts.length, (from, to) => {
      for (let i = from; i < to; i++) {
        for (let at = 0; at < length; at += 2) {
          bytes[(i * length + at) / 2] = Number.parseInt(texts[i].slice(at, at + 2), 16);
        }
      }
    }, 4096);
    return { e: "hex", n: texts.length, length, at: await context.sink.put(bytes, name) };
  }
  const out = new Bytes();
  const lengths = new Int32Array(texts.length);
  await context.pace.blocks(texts.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const bytes = encoder.encode(texts[i]);
      out.append(bytes);
      lengths[i] = bytes.length;
    }
  }, 4096);
  return {
    e: "utf8",
    n: texts.length,
    lengths: await packInts(lengths, `${name}.lengths`, context),
    at: await context.sink.put(out.done(), name),
  };
}

/** Packs texts of which many are the same. */
export async function packWords(
  index: Int32Array,
  words: readonly string[],
  name: string,
  context: PackContext,
): Promise<WordsHeader> {
  return {
    index: await packInts(index, `${name}.index`, context),
    words: await packTexts(words, name, context),
  };
}
