// The table of settings in docs/configuration.md, made of the schema.

import * as z from 'zod';
import { OPTIONS } from '../lib/command-options.ts';
import { flagOf, isPlainSetting, VARIABLES } from '../lib/settings/names.ts';
import { settingsSchema } from '../lib/settings/schema.ts';

/** One row per key, sections after their keys; ends in a line feed. */
export function settingsTable(): string {
  const rows = rowsOf(settingsSchema, []);
  const head = ['| key | what | allowed | variable | flag |', '|---|---|---|---|---|'];
  return `${[...head, ...rows].join('\n')}\n`;
}

function rowsOf(schema: z.ZodObject, above: readonly string[]): readonly string[] {
  return Object.entries(schema.shape).flatMap(([key, member]) => {
    const inner = bare(member);
    const path = [...above, key];
    if (inner instanceof z.ZodObject) return rowsOf(inner, path);
    return [
      `| \`${path.join('.')}\` | ${inner.description ?? ''} | ${allowed(inner)} | ${variables(path)} | ${flag(path)} |`,
    ];
  });
}

function bare(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodExactOptional) return bare(schema.unwrap());
  if (schema instanceof z.ZodType) return schema;
  throw new Error('expected a zod schema');
}

function allowed(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(' ');
  if (schema instanceof z.ZodBoolean) return '`true` `false`';
  const read = schema.safeParse(null);
  return read.success ? '' : (read.error.issues[0]?.message ?? '');
}

/** The variable names of the OTLP section: `clientKey` → `CLIENT_KEY`. */
function variables(path: readonly string[]): string {
  const [section = '', ...rest] = path;
  if (isPlainSetting(section)) return VARIABLES[section].map((name) => `\`${name}\``).join(' ');
  const name = rest.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_');
  return `\`OTEL_EXPORTER_OTLP_${name}\``;
}

function flag(path: readonly string[]): string {
  const [key = ''] = path;
  if (key === 'otlp') return path[1] === 'endpoint' ? '`--otlp`' : '';
  const name = flagOf(key);
  return OPTIONS.some(({ flags }) => flags.split(/[ ,]/).includes(name)) ? `\`${name}\`` : '';
}
