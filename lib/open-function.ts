// Opens a run inside of a function: the secret of the destination, the lease that ends with the function.

import { after, before, type Duration, duration, seconds, toSeconds } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { endpointFor, regionOf, variable } from './function-settings.ts';
import type { FunctionWorld } from './function-types.ts';
import { type OpenedRun, openRun, type Timing } from './open-run.ts';
import { withSecretHeaders } from './secret-headers.ts';
import type { Env } from './terminal.ts';

/** The error says what is missing to begin. */
export async function openFunctionRun(
  config: ReplayConfig,
  world: FunctionWorld,
): Promise<Result<OpenedRun, string>> {
  const arn = variable(world.env, 'COLDTRACE_OTLP_SECRET');
  if (arn === undefined) return openRun(config, world, timingOf(world));
  const secret = await secretOf(arn, world);
  if (!secret.ok) return secret;
  const env = withSecretHeaders(world.env, secret.value, arn);
  if (!env.ok) return env;
  const newSecret = () => changedEnv(arn, world, secret.value);
  return openRun(config, { ...world, env: env.value, newSecret }, timingOf(world));
}

/** Nobody outlives his function: so the lease is as long as it. Clocks of hosts differ by less than a minute. */
export function timingOf({ now, remaining }: FunctionWorld): Timing {
  const left = remaining();
  return {
    terms: { ttl: left, skew: seconds(60) },
    deadline: before(after(now(), left), reserve(left)),
  };
}

/** For what was begun: its sending, and the writing down of it. */
const reserve = (left: Duration): Duration => {
  const share = duration((left * 15n) / 100n);
  return toSeconds(share) > 20 ? share : seconds(20);
};

/** Kept for the life of the process: asked again only after the destination has refused it. */
async function secretOf(arn: string, { env, secrets }: FunctionWorld): Promise<Result<string, string>> {
  const known = secrets.get(arn);
  if (known !== undefined) return ok(known);
  return freshSecret(arn, { env, secrets });
}

export async function freshSecret(
  arn: string,
  { env, secrets }: Pick<FunctionWorld, 'env' | 'secrets'>,
): Promise<Result<string, string>> {
  const { readSecret } = await import('./aws/secret.ts');
  const endpoint = endpointFor(env, 'SECRETS_MANAGER');
  const read = await readSecret({ arn, region: regionOf(env), endpoint });
  if (read.ok) secrets.set(arn, read.value);
  return read;
}

/** Undefined when the secret is what it was, cannot be read, or holds no headers: then nothing is gained by knocking again. */
async function changedEnv(arn: string, world: FunctionWorld, last: string): Promise<Env | undefined> {
  const read = await freshSecret(arn, world);
  if (!read.ok || read.value === last) return undefined;
  const env = withSecretHeaders(world.env, read.value, arn);
  return env.ok ? env.value : undefined;
}
