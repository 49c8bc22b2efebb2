// The settings: one schema for the file, the environment and the command line.
//
// docs/coldtrace-config.schema.json and the table in docs/configuration.md are
// made of it by `npm run docs`. Each leaf says what it is and what is allowed.

import * as z from 'zod';
import { parseZone } from '../base/civil.ts';
import { DESTINATION_NAMES, TOO_OLD_POLICIES } from '../model/destination.ts';

/** `expected` ends the sentence "expected …, got …". */
const one = <const T extends readonly [string, ...string[]]>(names: T, says: string) =>
  z.enum(names, { error: listed(names) }).describe(says);

const text = (expected: string, says: string) =>
  z.string({ error: expected }).min(1, { error: expected }).max(4096, { error: expected }).describe(says);

const whole = (expected: string, [least, most]: readonly [number, number], says: string) =>
  z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected }).describe(says);

const checked = (expected: string, says: string, isRight: (given: string) => boolean) =>
  z.string({ error: expected }).refine(isRight, { error: expected, abort: true }).describe(says);

const listed = (allowed: readonly string[]): string =>
  `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;

function isHttpUrl(given: string): boolean {
  const url = URL.parse(given);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}

/** Names of namespaces have no dots; at most 50 of them. */
const TRUSTED_PODS =
  /^ ?[a-z0-9-]{1,63}(?:\/[a-z0-9][a-z0-9.-]{0,252})?(?:, ?[a-z0-9-]{1,63}(?:\/[a-z0-9][a-z0-9.-]{0,252})?){0,49}$/;

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

const url = (says: string) => checked('an http:// or https:// URL', says, isHttpUrl);

const transport = {
  protocol: one(PROTOCOLS, 'Encoding of what is sent').exactOptional(),
  headers: z
    .record(z.string().min(1), z.string({ error: 'a text for each header' }), {
      error: 'header names with their values',
    })
    .describe('HTTP headers; values are secrets and never shown')
    .exactOptional(),
  compression: one(['none', 'gzip'], 'Of the body').exactOptional(),
  timeout: whole(
    'a whole number of milliseconds above 0',
    [1, 999_999_999],
    'Milliseconds for one try of one batch',
  ).exactOptional(),
  certificate: text('the path of a PEM file', 'Certificate of the CA').exactOptional(),
  clientCertificate: text('the path of a PEM file', 'Certificate of this client').exactOptional(),
  clientKey: text('the path of a PEM file', 'Key of this client').exactOptional(),
};

const signal = (name: string, path: string) =>
  z
    .strictObject(
      { endpoint: url(`Used as it is, no ${path} is added`).exactOptional(), ...transport },
      { error: 'a section of keys' },
    )
    .describe(`Only for ${name}: wins over the general keys`)
    .exactOptional();

export const otlpSchema = z
  .strictObject(
    {
      endpoint: url('Base URL: gets /v1/traces and /v1/metrics').exactOptional(),
      ...transport,
      traces: signal('traces', '/v1/traces'),
      metrics: signal('metrics', '/v1/metrics'),
    },
    { error: 'a section of keys' },
  )
  .describe('Where and how to send; the OTEL_EXPORTER_OTLP_ variables win');

export const settingsSchema = z
  .strictObject(
    {
      destination: one(
        DESTINATION_NAMES,
        'What stands behind the endpoint: which past it takes (docs/destinations.md)',
      ).exactOptional(),
      metrics: z
        .boolean({ error: 'true or false' })
        .describe('Send histograms beside the traces (docs/telemetry.md)')
        .exactOptional(),
      tooOld: one(TOO_OLD_POLICIES, 'What becomes of what the destination would not take').exactOptional(),
      cluster: text('a name', 'k8s.cluster.name of traces and points').exactOptional(),
      serviceName: text('a name', 'service.name of traces and points').exactOptional(),
      traceIdScheme: one(['md5', 'sha256-llm-engine'], 'How a trace id is made of a pod uid').exactOptional(),
      tz: checked(
        'a zone such as Europe/Berlin, UTC or +02:00',
        'Zone of a log whose clock names none',
        (given) => parseZone(given).ok,
      ).exactOptional(),
      year: whole(
        'a year from 1970 to 2999',
        [1970, 2999],
        'Year of a log whose clock names none',
      ).exactOptional(),
      trustPods: checked(
        'NAMESPACE or NAMESPACE/POD, several with commas between them',
        'Pods whose logs are believed when they tell of other pods (docs/witnesses.md)',
        (given) => TRUSTED_PODS.test(given),
      ).exactOptional(),
      otlp: otlpSchema.exactOptional(),
    },
    { error: 'a section of keys' },
  )
  .describe('Settings of coldtrace');

export type Settings = z.infer<typeof settingsSchema>;

export type OtlpSection = z.infer<typeof otlpSchema>;

/** As text, for docs/coldtrace-config.schema.json. */
export function exportConfigSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(settingsSchema, { target: 'draft-2020-12' });
  const head = { $schema, $id: 'urn:coldtrace:config:v1', title: 'coldtrace configuration' };
  return `${JSON.stringify({ ...head, ...rest }, undefined, 2)}\n`;
}
