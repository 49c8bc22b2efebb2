// The PEM files of a destination, read.

import { readFile } from 'node:fs/promises';
import type { OtlpSettings } from './otlp-settings.ts';

/** As Node names them. Rejects with the system's error when one cannot be read. */
export async function tlsFiles({ certificate, clientCertificate, clientKey }: OtlpSettings) {
  return {
    ...(certificate !== undefined && { ca: await readFile(certificate) }),
    ...(clientCertificate !== undefined && { cert: await readFile(clientCertificate) }),
    ...(clientKey !== undefined && { key: await readFile(clientKey) }),
  };
}
