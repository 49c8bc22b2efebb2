// The file's `otlp` section below the standard variables, in their own words.
//
// What reads OTEL_EXPORTER_OTLP_* (lib/exporters/otlp-settings.ts) then has one
// source, and a variable wins over the file whether it is general or not.

import type { OtlpSection } from './schema.ts';

type Env = Readonly<Record<string, string | undefined>>;

type Transport = Omit<OtlpSection, 'traces' | 'metrics'>;

const GENERAL = 'OTEL_EXPORTER_OTLP_';

/** The variables of one signal, completed from the file. */
export function otlpEnv(env: Env, file: OtlpSection | undefined, signal: 'traces' | 'metrics'): Env {
  if (file === undefined) return env;
  const own = `${GENERAL}${signal.toUpperCase()}_`;
  const { [signal]: special, traces: _traces, metrics: _metrics, ...general } = file;
  const isFree = (name: string) => isEmpty(env[own + name]) && isEmpty(env[GENERAL + name]);
  return { ...env, ...named(GENERAL, general, isFree), ...named(own, special ?? {}, isFree) };
}

const isEmpty = (value: string | undefined): boolean => (value ?? '').trim() === '';

function named(prefix: string, section: Transport, isFree: (name: string) => boolean): Env {
  const all: Readonly<Record<string, string | undefined>> = {
    ENDPOINT: section.endpoint,
    PROTOCOL: section.protocol,
    HEADERS: section.headers === undefined ? undefined : headersText(section.headers),
    COMPRESSION: section.compression,
    TIMEOUT: section.timeout === undefined ? undefined : String(section.timeout),
    CERTIFICATE: section.certificate,
    CLIENT_CERTIFICATE: section.clientCertificate,
    CLIENT_KEY: section.clientKey,
  };
  const given = Object.entries(all).filter(([name, value]) => value !== undefined && isFree(name));
  return Object.fromEntries(given.map(([name, value]) => [prefix + name, value]));
}

/** Percent-encoded, as the variable wants it. */
const headersText = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join(',');
