// `coldtrace doctor`: looks at everything that a run needs before it runs, and says what to do about what is wrong.
//
// Each look is harmless: one object of a list, an object of its own in the store, an export of nothing.

import { before, between, type Instant, instant, seconds, toSeconds } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { destinationOf } from './deliver.ts';
import { DONE, TROUBLE } from './exit-code.ts';
import type { OtlpSettings } from './exporters/otlp-settings.ts';
import type { Patience } from './exporters/retrying.ts';
import { probeStore } from './ledger/probe-store.ts';
import { choiceOf, connected } from './live-access.ts';
import { newLedger, openedStore } from './open-ledger.ts';
import { remoteSources } from './remote-sources.ts';
import type { RemoteLoan } from './remote-types.ts';
import { within } from './remote-window.ts';
import { type Check, checksReport } from './reports/checks.ts';
import { lengthText, plural } from './reports/words.ts';
import type { Source, SourceProblem } from './sources/index.ts';
import { clusterOf } from './sources/kube/cluster.ts';
import { probeLists } from './sources/kube/probe.ts';
import type { Env } from './terminal.ts';

export interface DoctorDeps extends RemoteLoan {
  readonly env: Env;
  readonly patience: Patience;
}

export interface Diagnosis {
  readonly text: string;
  readonly exitCode: number;
}

/** The error says what to name: with nothing to look at there is nothing to say. */
export async function doctor(config: ReplayConfig, deps: DoctorDeps): Promise<Result<Diagnosis, string>> {
  const looks = [lookAtStore, lookAtCluster, lookAtLogs, lookAtDestination, lookAtClock];
  const checks: Check[] = [];
  for (const look of looks) checks.push(...(await look(config, deps)));
  if (checks.length === 0)
    return failed(
      'doctor: expected something to look at: --store, --cloudwatch-log-group, --s3-logs, --kubeconfig, -A or --otlp',
    );
  const isWrong = checks.some(({ status }) => status === 'wrong');
  return ok({ text: checksReport(checks, config.telling), exitCode: isWrong ? TROUBLE : DONE });
}

async function lookAtStore({ store: place }: ReplayConfig, deps: DoctorDeps): Promise<readonly Check[]> {
  if (place === undefined) return [];
  const opened = await openedStore(place, deps.patience);
  if (!opened.ok) return [{ what: 'store', status: 'wrong', says: opened.error }];
  const what = `store ${opened.value.name}`;
  const verdict = await probeStore(newLedger(opened.value, 'doctor', deps));
  switch (verdict.status) {
    case 'sound':
      return [{ what, status: 'good', says: 'of many writers exactly one wins' }];
    case 'unsound':
      return [
        {
          what,
          status: 'wrong',
          says: `${verdict.why}: it does not honour conditional writes`,
          remedy: UNSOUND,
        },
      ];
    case 'failed':
      return [{ what, status: 'wrong', says: verdict.why, remedy: STORE_RIGHTS }];
  }
}

const UNSOUND =
  'Keep no state there: it would be lost one day without a word. AWS S3 and versitygw 1.8.0 honour them.';

const STORE_RIGHTS =
  'It takes s3:GetObject, s3:PutObject and s3:DeleteObject on the prefix, and s3:ListBucket on the bucket (docs/state.md).';

/** Only where a cluster was named: a kubeconfig that lies about is not to be asked for nothing. */
async function lookAtCluster({ live }: ReplayConfig, deps: DoctorDeps): Promise<readonly Check[]> {
  const isNamed =
    live?.kubeconfig !== undefined || live?.context !== undefined || live?.allNamespaces === true;
  if (live === undefined || !(isNamed || live.namespace !== undefined)) return [];
  const access = await connected(live, deps.env);
  if (!access.ok) return [{ what: 'cluster', status: 'wrong', says: access.error }];
  const probed = await probeLists(
    clusterOf(access.value, deps.patience).ask,
    access.value,
    choiceOf(live, access.value),
  );
  return probed.map(({ resource, problem }) => {
    const what = `cluster ${access.value.context}, ${resource}`;
    return problem === undefined
      ? { what, status: 'good' as const, says: 'may be listed' }
      : wrongly(what, problem);
  });
}

const wrongly = (what: string, { expected, came, remedy }: SourceProblem): Check => ({
  what,
  status: 'wrong',
  says: `expected ${expected}, got ${came}`,
  ...(remedy !== undefined && { remedy }),
});

const LAST_HOUR = seconds(3600);

/** Opening a source looks at it, and reads nothing. */
async function lookAtLogs({ remote }: ReplayConfig, deps: DoctorDeps): Promise<readonly Check[]> {
  if (remote === undefined) return [];
  const until = deps.now();
  const sources = await remoteSources(within(remote, { since: before(until, LAST_HOUR), until }), deps);
  const { cloudwatch, s3Logs } = remote;
  const names = [
    ...(cloudwatch?.groups ?? []),
    ...(s3Logs?.places ?? []).map(({ bucket, prefix }) => `s3://${bucket}/${prefix}`),
  ];
  const checks: Check[] = [];
  for (const [index, source] of sources.entries())
    checks.push(...(await lookAtSource(source, `logs ${names[index] ?? source.name}`)));
  return checks;
}

async function lookAtSource(source: Source, what: string): Promise<readonly Check[]> {
  let streams = 0;
  const problems: SourceProblem[] = [];
  for await (const item of source.open()) {
    if (item.kind === 'problem') problems.push(item);
    else streams += 1;
  }
  if (problems.length > 0)
    return problems.map((problem) => ({
      ...wrongly(what, problem),
      status: problem.asked ? 'wrong' : 'unsure',
    }));
  if (streams > 0)
    return [{ what, status: 'good', says: `can be read; ${plural(streams, 'stream')} in the last hour` }];
  return [
    { what, status: 'unsure', says: 'can be read; nothing was written in the last hour', remedy: QUIET },
  ];
}

const QUIET = 'That may be right. If pods ran there, check the name and who writes to it.';

async function lookAtDestination(config: ReplayConfig, deps: DoctorDeps): Promise<readonly Check[]> {
  const addresses = await addressesOf(config, deps.env);
  if (!addresses.ok) return [{ what: 'destination', status: 'wrong', says: addresses.error }];
  const { knock } = await import('./exporters/knock.ts');
  const checks: Check[] = [];
  for (const settings of addresses.value) {
    const { at, isOpen, says } = await knock(settings);
    const what = `destination ${at}`;
    checks.push(
      isOpen
        ? { what, status: 'good', says: 'takes an export (of nothing)' }
        : { what, status: 'wrong', says, remedy: DOOR },
    );
  }
  return checks;
}

const DOOR =
  'Check the endpoint (OTLP over HTTP: usually port 4318) and the headers: OTEL_EXPORTER_OTLP_ENDPOINT, …_HEADERS.';

async function addressesOf(config: ReplayConfig, env: Env): Promise<Result<readonly OtlpSettings[], string>> {
  const destination = await destinationOf(config, env);
  if (!destination.ok) return destination;
  return ok(destination.value?.traces === undefined ? [] : [destination.value.traces]);
}

/** AWS refuses signatures that are 5 minutes off; ages are judged by this clock, too. */
const TOLERATED = seconds(5);

/** By the Date of whoever answers first; its whole second is no witness of less. */
async function lookAtClock(config: ReplayConfig, deps: DoctorDeps): Promise<readonly Check[]> {
  const addresses = await addressesOf(config, deps.env);
  const url = addresses.ok ? addresses.value[0]?.url : undefined;
  if (url === undefined) return [];
  const asked = deps.now();
  const date = await dateOf(new URL(url).origin);
  if (date === undefined)
    return [{ what: 'clock', status: 'unsure', says: 'nobody who was asked told the time' }];
  const apart = date > asked ? between(asked, date) : between(date, asked);
  const isNear = apart <= TOLERATED;
  return [
    {
      what: 'clock',
      status: isNear ? 'good' : 'wrong',
      says: isNear
        ? `agrees with ${new URL(url).host}`
        : `${lengthText(apart)} off that of ${new URL(url).host}`,
      ...(!isNear && {
        remedy: `Set this host's clock (chrony, NTP): ages and signatures go by it. It is ${toSeconds(apart)} s off.`,
      }),
    },
  ];
}

const PATIENCE_MS = 5000;

async function dateOf(origin: string): Promise<Instant | undefined> {
  try {
    const answer = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const at = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(at) ? undefined : instant(BigInt(at) * 1_000_000n);
  } catch {
    return undefined;
  }
}
