// Invokes a function as Lambda would, and reads what it said.

import { runProgram } from '../run-program.ts';

export interface Invoked {
  readonly answer: unknown;
  /** What was thrown; Lambda would show it to the caller. */
  readonly error: string | undefined;
  /** The line about the run. */
  readonly line: Readonly<Record<string, unknown>>;
  /** All that went to stdout and stderr. */
  readonly said: string;
}

export async function invoked(
  name: string,
  event: unknown,
  env: Readonly<Record<string, string>>,
  milliseconds = 600_000,
): Promise<Invoked> {
  const args = ['test/functions/invoke.ts', name, JSON.stringify(event), String(milliseconds)];
  const { stdout, stderr } = await runProgram(process.execPath, args, { env });
  const lines = stdout.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const line = lines.find((each) => each.startsWith('{'));
  if (line === undefined) throw new Error(`expected a line about the run, got ${stdout}${stderr}`);
  return {
    answer: last.startsWith('ANSWER ') ? JSON.parse(last.slice(7)) : undefined,
    error: last.startsWith('ERROR ') ? last.slice(6) : undefined,
    line: JSON.parse(line),
    said: `${stdout}${stderr}`,
  };
}
