// Where and how to send, from the standard OTEL_EXPORTER_OTLP_* variables and the command line.
//
// Pure and light: nothing of the SDK is loaded here. Names and rules:
// OpenTelemetry specification, "OTLP exporter configuration".

import { type Duration, duration, MILLISECOND } from '../base/instant.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { readHeaders } from './otlp-headers.ts';
import { asGiven, withSignalPath } from './otlp-url.ts';

export type OtlpProtocol = 'http/protobuf' | 'http/json';

export interface OtlpSettings {
  /** Where the POST goes, with its path. May hold a password: show it only through `shownUrl`. */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  /** Values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  /** For one batch, with what the SDK itself retries within it. */
  readonly timeout: Duration;
  /** Paths of PEM files. */
  readonly certificate?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

export type Env = Readonly<Record<string, string | undefined>>;

const GENERAL = 'OTEL_EXPORTER_OTLP_';
const TRACES = 'OTEL_EXPORTER_OTLP_TRACES_';
const DEFAULT_TIMEOUT = '10000';

/** A setting and the name of the variable that gave it, for messages. */
interface Given {
  readonly from: string;
  readonly value: string;
}

/**
 * The settings, or one message with everything that is wrong.
 * `flags.url` (--otlp) wins over the variables; the traces-specific variable wins over the general one.
 */
export function otlpSettings(
  env: Env,
  flags: { readonly url?: string | undefined },
): Result<OtlpSettings, string> {
  const url = urlOf(env, flags.url);
  const protocol = protocolOf(env);
  const compression = compressionOf(env);
  const timeout = timeoutOf(env);
  const headers = headersOf(env);
  const files = filesOf(env);
  if (url.ok && protocol.ok && compression.ok && timeout.ok && headers.ok && files.ok) {
    const [to, how] = [url.value, protocol.value];
    return ok({
      url: to,
      protocol: how,
      compression: compression.value,
      timeout: timeout.value,
      headers: headers.value,
      ...files.value,
    });
  }
  const problems = [url, protocol, compression, timeout, headers, files];
  return failed(problems.flatMap((each) => (each.ok ? [] : [each.error])).join('; '));
}

/** An empty variable counts as not set, as the specification says. */
function find(env: Env, name: string): Given | undefined {
  return [TRACES + name, GENERAL + name]
    .map((from) => ({ from, value: env[from]?.trim() ?? '' }))
    .find(({ value }) => value !== '');
}

function urlOf(env: Env, flag: string | undefined): Result<string, string> {
  if (flag !== undefined) return withSignalPath('--otlp', flag);
  const given = find(env, 'ENDPOINT');
  if (given === undefined) return failed(`no destination: give --otlp URL or set ${GENERAL}ENDPOINT`);
  return given.from.startsWith(TRACES)
    ? asGiven(given.from, given.value)
    : withSignalPath(given.from, given.value);
}

function protocolOf(env: Env): Result<OtlpProtocol, string> {
  const { from, value } = find(env, 'PROTOCOL') ?? { from: '', value: 'http/protobuf' };
  const protocol = value.toLowerCase();
  if (protocol === 'http/protobuf' || protocol === 'http/json') return ok(protocol);
  const allowed = `${from} is '${value}', but must be http/protobuf or http/json`;
  if (protocol !== 'grpc') return failed(allowed);
  return failed(`${allowed}: grpc is not supported, use http/protobuf (usually port 4318 instead of 4317)`);
}

function compressionOf(env: Env): Result<OtlpSettings['compression'], string> {
  const { from, value } = find(env, 'COMPRESSION') ?? { from: '', value: 'none' };
  const compression = value.toLowerCase();
  if (compression === 'none' || compression === 'gzip') return ok(compression);
  return failed(`${from} is '${value}', but must be gzip or none`);
}

function timeoutOf(env: Env): Result<Duration, string> {
  const { from, value } = find(env, 'TIMEOUT') ?? { from: '', value: DEFAULT_TIMEOUT };
  if (/^0*[1-9]\d{0,8}$/.test(value)) return ok(duration(BigInt(value) * MILLISECOND));
  return failed(`${from} is '${value}', but must be a whole number of milliseconds above 0`);
}

/** Header by header, the traces-specific value wins. */
function headersOf(env: Env): Result<Readonly<Record<string, string>>, string> {
  const merged: Record<string, string> = {};
  for (const from of [`${GENERAL}HEADERS`, `${TRACES}HEADERS`]) {
    const headers = readHeaders(from, env[from] ?? '');
    if (!headers.ok) return headers;
    Object.assign(merged, headers.value);
  }
  return ok(merged);
}

type Files = Pick<OtlpSettings, 'certificate' | 'clientCertificate' | 'clientKey'>;

function filesOf(env: Env): Result<Files, string> {
  const certificate = find(env, 'CERTIFICATE');
  const clientCertificate = find(env, 'CLIENT_CERTIFICATE');
  const clientKey = find(env, 'CLIENT_KEY');
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    const [there, lacking] =
      clientKey === undefined ? [clientCertificate, 'CLIENT_KEY'] : [clientKey, 'CLIENT_CERTIFICATE'];
    return failed(`${there?.from} is set, but ${GENERAL}${lacking} is not: client authentication needs both`);
  }
  return ok({
    ...(certificate && { certificate: certificate.value }),
    ...(clientCertificate && { clientCertificate: clientCertificate.value }),
    ...(clientKey && { clientKey: clientKey.value }),
  });
}
