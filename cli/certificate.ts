/** The certificate that pages are served with, tried before anything is served. */
import { readFile, stat } from "node:fs/promises";
import { messageOf } from "../errors.ts";
import { otherThanFileIn } from "../store/file_kind.ts";
import type { Certificate } from "../web/server.ts";
import { UsageError } from "./usage.ts";

/** Bytes of a PEM file that are read; a chain of certificates has some thousand. */
const MAX_PEM_BYTES = 1 << 20;

/**
 * The certificate and key of two files.
 *
 * @throws {UsageError} when one cannot be read, or they cannot be used together
 */
export async function readCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  const cert = await readPem(certFile);
  const key = await readPem(keyFile);
  try {
    // With one that cannot be used a server listens, and answers nobody.
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close();
  } catch (error) {
    throw new UsageError(
      `${certFile} and ${keyFile} cannot be used (${messageOf(error)}); give a certificate and ` +
        "the key that it was made for, both as PEM and without a password.",
    );
  }
  return { cert, key };
}

async function readPem(path: string): Promise<string> {
  const cannot = (error: unknown) => new UsageError(`${path} cannot be read: ${messageOf(error)}`);
  const info = await stat(path).catch((error) => {
    throw cannot(error);
  });
  const other = otherThanFileIn(info);
  if (other !== null) throw new UsageError(`${path} is ${other}; give a PEM file.`);
  if (info.size > MAX_PEM_BYTES) {
    throw new UsageError(`${path} is too large for a certificate or a key; give a PEM file.`);
  }
  return await readFile(path, "utf8").catch((error) => {
    throw cannot(error);
  });
}
