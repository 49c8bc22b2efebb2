// TLS with a private CA, and with a client certificate: real keys, made by openssl.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/base/instant.ts';
import { otlpHttpExporter, otlpHttpPoints } from '../../lib/exporters/otlp-http.ts';
import type { OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { READY, SETTINGS } from '../telemetry/sample-startups.ts';
import { taken, tlsSink } from './sink.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-tls-'));
const file = (name: string) => join(directory, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });

const hasOpenssl = (() => {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
})();

/** A certificate signed by our CA. */
function issue(name: string): void {
  const subject = ['-subj', `/CN=${name}`];
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    ...subject,
  );
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'san', '-days', '2'];
  openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by);
}

beforeAll(() => {
  if (!hasOpenssl) return;
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=our CA',
    '-days',
    '2',
  );
  writeFileSync(file('san'), 'subjectAltName=IP:127.0.0.1');
  issue('server');
  issue('client');
});

afterAll(() => rmSync(directory, { recursive: true }));

async function deliverTo(url: string, files: Partial<OtlpSettings>) {
  const settings: OtlpSettings = {
    url: `${url}/v1/traces`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: SECOND,
    ...files,
  };
  const exporter = otlpHttpExporter(settings, { sleep: async () => {}, random: () => 0 });
  const outcomes = await exporter.deliver(toTraces([READY], SETTINGS));
  await exporter.close();
  return outcomes;
}

/** The same for points, which go out by a POST of their own. */
async function pointsTo(url: string, files: Partial<OtlpSettings>) {
  const settings: OtlpSettings = {
    url: `${url}/v1/metrics`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: SECOND,
    ...files,
  };
  const patience = { sleep: async () => {}, random: () => 0 };
  const exporter = otlpHttpPoints(settings, patience, { resource: { 'service.name': 'x' } });
  const outcomes = await exporter.deliver(rawPoints([READY]).points);
  await exporter.close();
  return outcomes;
}

const keys = () => ({ key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) });

describe.skipIf(!hasOpenssl)('TLS (needs openssl)', () => {
  it('with the CA: delivered', async () => {
    await using server = await tlsSink(keys(), taken);
    expect(await deliverTo(server.url, { certificate: file('ca.pem') })).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('without it: refused, and says what to check', async () => {
    await using server = await tlsSink(keys(), taken);
    expect(await deliverTo(server.url, {})).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('check OTEL_EXPORTER_OTLP_CERTIFICATE') },
    ]);
    expect(server.received).toEqual([]);
  });

  it('with a client certificate: delivered; without it: not', async () => {
    await using server = await tlsSink(
      { ...keys(), ca: readFileSync(file('ca.pem')), requestCert: true },
      taken,
    );
    const client = { clientCertificate: file('client.pem'), clientKey: file('client.key') };
    expect(await deliverTo(server.url, { certificate: file('ca.pem'), ...client })).toMatchObject([
      { status: 'delivered' },
    ]);
    expect(await deliverTo(server.url, { certificate: file('ca.pem') })).not.toMatchObject([
      { status: 'delivered' },
    ]);
  });

  it('plain HTTP spoken to a TLS port', async () => {
    await using server = await tlsSink(keys(), taken);
    const [outcome] = await deliverTo(server.url.replace('https:', 'http:'), {});
    expect(outcome?.status).not.toBe('delivered');
  });

  it('a CA file that is not there', async () => {
    expect(await deliverTo('https://127.0.0.1:1', { certificate: file('no.pem') })).toMatchObject([
      { status: 'refused', reason: expect.stringMatching(/no\.pem.*check the certificate and key files/) },
    ]);
  });

  it('a CA file that holds another CA', async () => {
    await using server = await tlsSink(keys(), taken);
    expect(await deliverTo(server.url, { certificate: file('client.pem') })).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('check OTEL_EXPORTER_OTLP_CERTIFICATE') },
    ]);
  });

  describe('points', () => {
    const client = () => ({ clientCertificate: file('client.pem'), clientKey: file('client.key') });

    it('with the CA and a client certificate: delivered', async () => {
      await using server = await tlsSink(
        { ...keys(), ca: readFileSync(file('ca.pem')), requestCert: true },
        taken,
      );
      expect(await pointsTo(server.url, { certificate: file('ca.pem'), ...client() })).toMatchObject([
        { status: 'delivered' },
      ]);
      expect(server.received).toHaveLength(1);
    });

    it('without the CA: nothing was sent, so that it is refused and not ambiguous', async () => {
      await using server = await tlsSink(keys(), taken);
      expect(await pointsTo(server.url, {})).toMatchObject([
        { status: 'refused', reason: expect.stringContaining('check OTEL_EXPORTER_OTLP_CERTIFICATE') },
      ]);
      expect(server.received).toEqual([]);
    });
  });
});
