// The names of each setting outside of the file: its variables and its flag.

import type { Settings } from './schema.ts';

/** Those that a flag or a variable can give; the section `otlp` has the standard OTEL_ variables. */
export type PlainSetting = Exclude<keyof Settings, 'otlp'>;

/** The first variable that is set and not empty counts. */
export const VARIABLES: Readonly<Record<PlainSetting, readonly string[]>> = {
  destination: ['COLDTRACE_DESTINATION'],
  metrics: ['COLDTRACE_METRICS'],
  tooOld: ['COLDTRACE_TOO_OLD'],
  cluster: ['COLDTRACE_CLUSTER'],
  serviceName: ['COLDTRACE_SERVICE_NAME', 'OTEL_SERVICE_NAME'],
  traceIdScheme: ['COLDTRACE_TRACE_ID_SCHEME'],
  tz: ['COLDTRACE_TZ'],
  year: ['COLDTRACE_YEAR'],
  trustPods: ['COLDTRACE_TRUST_PODS'],
};

export const CONFIG_VARIABLE = 'COLDTRACE_CONFIG';

export const PLAIN_SETTINGS: readonly PlainSetting[] = Object.keys(VARIABLES).filter(isPlainSetting);

export function isPlainSetting(name: string): name is PlainSetting {
  return Object.hasOwn(VARIABLES, name);
}

/** `traceIdScheme` → `--trace-id-scheme`. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
