// The configuration of a function: the settings of the command line, by their variables.

import { seconds } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { CommandName } from './command-options.ts';
import { type ReplayConfig, resolveConfig } from './config.ts';
import type { FunctionWorld } from './function-types.ts';
import { flagOf } from './settings/names.ts';
import type { Env } from './terminal.ts';

/** Options that only a flag gives on the command line; a function has no flags. */
export const FUNCTION_VARIABLES = {
  store: 'COLDTRACE_STORE',
  cloudwatchLogGroup: 'COLDTRACE_LOG_GROUPS',
  cloudwatchStreamPrefix: 'COLDTRACE_LOG_STREAM_PREFIX',
  cloudwatchFilter: 'COLDTRACE_LOG_FILTER',
  cloudwatchInsights: 'COLDTRACE_LOG_INSIGHTS',
  s3Logs: 'COLDTRACE_S3_LOGS',
  lateness: 'COLDTRACE_LATENESS',
} as const;

const RUN_OPTIONS = Object.keys(FUNCTION_VARIABLES);

/** `collect` reads no logs. */
const OPTIONS_OF: Readonly<Record<'analyze' | 'backfill' | 'collect', readonly string[]>> = {
  analyze: RUN_OPTIONS,
  backfill: RUN_OPTIONS,
  collect: ['store'],
};

/** Every complaint names the variable. */
export function functionConfig(
  name: 'analyze' | 'backfill' | 'collect',
  { env, now }: Pick<FunctionWorld, 'env' | 'now'>,
): Result<ReplayConfig, string> {
  const options = { ...givenBy(env, OPTIONS_OF[name]), ...fixedOf(name) };
  const command = { name: name satisfies CommandName, paths: [], options };
  const config = resolveConfig(command, { env, terminal: NO_TERMINAL, now: now() });
  return config.ok ? config : failed(config.error.map(inVariables).join('; '));
}

const NO_TERMINAL = { stdout: false, stderr: false, columns: undefined };

/** The window of a backfill comes with its event; what stands here is never read. */
const fixedOf = (name: string): Readonly<Record<string, unknown>> =>
  name === 'collect' ? { allNamespaces: true } : { otlp: true, ...(name === 'backfill' && { from: '1h' }) };

function givenBy(env: Env, options: readonly string[]): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = {};
  for (const [option, variable] of Object.entries(FUNCTION_VARIABLES)) {
    const value = env[variable]?.trim() ?? '';
    if (options.includes(option) && value !== '') given[option] = typed(option, value);
  }
  return given;
}

function typed(option: string, value: string): unknown {
  if (option === 'cloudwatchLogGroup' || option === 's3Logs')
    return value.split(',').map((each) => each.trim());
  if (option === 'cloudwatchInsights') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

/** `--lateness: expected …` → `COLDTRACE_LATENESS: expected …`. */
function inVariables(complaint: string): string {
  const found = Object.entries(FUNCTION_VARIABLES).find(([option]) =>
    complaint.startsWith(`${flagOf(option)}:`),
  );
  return found === undefined ? complaint : complaint.replace(flagOf(found[0]), found[1]);
}

export const variable = (env: Env, name: string): string | undefined => {
  const value = env[name]?.trim() ?? '';
  return value === '' ? undefined : value;
};

export const regionOf = (env: Env): string =>
  variable(env, 'AWS_REGION') ?? variable(env, 'AWS_DEFAULT_REGION') ?? '';

/** As the SDK names them: another server than AWS' for one service, or for all. */
export const endpointFor = (env: Env, service: string): string | undefined =>
  variable(env, `AWS_ENDPOINT_URL_${service}`) ?? variable(env, 'AWS_ENDPOINT_URL');

/** Evidence and logs are kept so long; a window before it would be told from nothing. */
export function retentionOf(env: Env): Result<{ readonly days: number }, string> {
  const given = variable(env, 'COLDTRACE_RETENTION_DAYS') ?? '30';
  const days = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  return days > 0
    ? ok({ days })
    : failed(
        `COLDTRACE_RETENTION_DAYS: expected a whole number of days from 1 to 9999, got '${given.slice(0, 20)}'`,
      );
}

export const DAY = seconds(86_400);
