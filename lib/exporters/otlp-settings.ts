// Where and how to send, from the standard OTEL_EXPORTER_OTLP_* variables and the command line.
//
// Pure and light: nothing of the SDK is loaded here. Names and rules:
// OpenTelemetry specification, "OTLP exporter configuration".

import { type Duration, duration, MILLISECOND } from '../base/instant.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { readHeaders } from './otlp-headers.ts';
import { asGiven, withSignalPath } from './otlp-url.ts';
import { SIGNALS, type SignalName } from './signal-names.ts';

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
const DEFAULT_TIMEOUT = '10000';

/** A setting and the name of the variable that gave it, for messages. */
interface Given {
  readonly from: string;
  readonly value: string;
}

/** The variables, and whose own ones win over the general ones. */
interface Asked {
  readonly env: Env;
  readonly signal: SignalName;
}

/**
 * The settings, or one message with everything that is wrong.
 * `flags.url` (--otlp) wins over the variables; the signal's own variable wins over the general one.
 */
export function otlpSettings(
  env: Env,
  flags: { readonly url?: string | undefined },
  signal: SignalName = 'traces',
): Result<OtlpSettings, string> {
  const asked = { env, signal };
  const url = urlOf(asked, flags.url);
  const protocol = protocolOf(asked);
  const compression = compressionOf(asked);
  const timeout = timeoutOf(asked);
  const headers = headersOf(asked);
  const files = filesOf(asked);
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
function find({ env, signal }: Asked, name: string): Given | undefined {
  return [SIGNALS[signal].prefix + name, GENERAL + name]
    .map((from) => ({ from, value: env[from]?.trim() ?? '' }))
    .find(({ value }) => value !== '');
}

function urlOf(asked: Asked, flag: string | undefined): Result<string, string> {
  if (flag !== undefined) return withSignalPath('--otlp', flag, asked.signal);
  const given = find(asked, 'ENDPOINT');
  if (given === undefined) return failed(`no destination: give --otlp URL or set ${GENERAL}ENDPOINT`);
  return given.from.startsWith(SIGNALS[asked.signal].prefix)
    ? asGiven(given.from, given.value)
    : withSignalPath(given.from, given.value, asked.signal);
}

function protocolOf(asked: Asked): Result<OtlpProtocol, string> {
  const { from, value } = find(asked, 'PROTOCOL') ?? { from: '', value: 'http/protobuf' };
  const protocol = value.toLowerCase();
  if (protocol === 'http/protobuf' || protocol === 'http/json') return ok(protocol);
  const allowed = `${from} is '${value}', but must be http/protobuf or http/json`;
  if (protocol !== 'grpc') return failed(allowed);
  return failed(`${allowed}: grpc is not supported, use http/protobuf (usually port 4318 instead of 4317)`);
}

function compressionOf(asked: Asked): Result<OtlpSettings['compression'], string> {
  const { from, value } = find(asked, 'COMPRESSION') ?? { from: '', value: 'none' };
  const compression = value.toLowerCase();
  if (compression === 'none' || compression === 'gzip') return ok(compression);
  return failed(`${from} is '${value}', but must be gzip or none`);
}

function timeoutOf(asked: Asked): Result<Duration, string> {
  const { from, value } = find(asked, 'TIMEOUT') ?? { from: '', value: DEFAULT_TIMEOUT };
  if (/^0*[1-9]\d{0,8}$/.test(value)) return ok(duration(BigInt(value) * MILLISECOND));
  return failed(`${from} is '${value}', but must be a whole number of milliseconds above 0`);
}

/** Header by header, the signal's own value wins. */
function headersOf({ env, signal }: Asked): Result<Readonly<Record<string, string>>, string> {
  const merged: Record<string, string> = {};
  for (const from of [`${GENERAL}HEADERS`, `${SIGNALS[signal].prefix}HEADERS`]) {
    const headers = readHeaders(from, env[from] ?? '');
    if (!headers.ok) return headers;
    Object.assign(merged, headers.value);
  }
  return ok(merged);
}

type Files = Pick<OtlpSettings, 'certificate' | 'clientCertificate' | 'clientKey'>;

function filesOf(asked: Asked): Result<Files, string> {
  const certificate = find(asked, 'CERTIFICATE');
  const clientCertificate = find(asked, 'CLIENT_CERTIFICATE');
  const clientKey = find(asked, 'CLIENT_KEY');
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
