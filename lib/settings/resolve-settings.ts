// Flags over variables over the file: one set of settings, or everything that is wrong with it.

import { failed, ok, type Result } from '../base/result.ts';
import { complaint, shownValue } from './complaint.ts';
import { flagOf, PLAIN_SETTINGS, type PlainSetting, VARIABLES } from './names.ts';
import { type Settings, settingsSchema } from './schema.ts';

export interface Layers {
  /** As the command line gave them, by camel-case name; others than settings are passed over. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Checked already. */
  readonly file: Settings;
}

interface Given {
  readonly value: unknown;
  /** The flag or the variable. */
  readonly from: string;
}

/** Every wrong value that counts is told; one that a flag overrules does not count. */
export function resolveSettings({ flags, env, file }: Layers): Result<Settings, readonly string[]> {
  const given = new Map(
    PLAIN_SETTINGS.flatMap((key) => {
      const found = fromFlags(flags, key) ?? fromVariables(env, key);
      return found === undefined ? [] : [[key as string, found] as const];
    }),
  );
  const values = Object.fromEntries([...given].map(([key, { value }]) => [key, typed(key, value)]));
  const read = settingsSchema.safeParse(values);
  if (read.success) return ok({ ...file, ...read.data });
  return failed(
    read.error.issues.map(({ path, message }) => {
      const found = given.get(String(path[0]));
      return complaint(found?.from ?? String(path[0]), message, shownValue(found?.value));
    }),
  );
}

function fromFlags(flags: Layers['flags'], key: PlainSetting): Given | undefined {
  const value = flags[key];
  return value === undefined ? undefined : { value, from: flagOf(key) };
}

/** An empty variable counts as not set, as OpenTelemetry has it. */
function fromVariables(env: Layers['env'], key: PlainSetting): Given | undefined {
  return VARIABLES[key]
    .map((from) => ({ from, value: env[from]?.trim() ?? '' }))
    .find(({ value }) => value !== '');
}

/** Text as the type that the schema wants, where it reads so; otherwise as it is, for the message. */
function typed(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === 'year' && /^\d{1,6}$/.test(value)) return Number(value);
  if (key === 'metrics' && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}
