// What the user said, resolved to what it means: every option checked, defaults filled in.

import * as z from 'zod';
import { type Duration, type Instant, seconds } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { Command, RawOptions } from './command-line.ts';
import type { CommandName } from './command-options.ts';
import { given } from './given.ts';
import type { LiveConfig } from './live-types.ts';
import type { DestinationName, TooOldPolicy } from './model/destination.ts';
import { podUid, type TraceIdScheme } from './model/ids.ts';
import type { Identity } from './model/log-run.ts';
import type { StorePlace } from './open-store.ts';
import { positiveTime, reading, text } from './option-kinds.ts';
import type { ReplayFilters, ReplayRequest } from './pipeline-types.ts';
import { REMOTE_OPTIONS, remoteContradictions, remoteOf } from './remote-options.ts';
import type { RemoteConfig } from './remote-types.ts';
import type { Telling } from './reports/contract.ts';
import { shownValue, complaint as tellComplaint } from './settings/complaint.ts';
import { flagOf, isPlainSetting } from './settings/names.ts';
import { resolveSettings } from './settings/resolve-settings.ts';
import type { OtlpSection, Settings } from './settings/schema.ts';
import { storeComplaints, storeOf } from './store-option.ts';
import { colorWanted, columnsIn, type Env, type Terminal, unicodeSpoken, widthFor } from './terminal.ts';
import { readWhen } from './when.ts';
import { trustedPods } from './who-tells.ts';

export const FORMATS = ['table', 'json', 'otlp-json', 'chrome'] as const;

export type Format = (typeof FORMATS)[number];

export interface ReplayConfig {
  readonly command: CommandName;
  readonly request: ReplayRequest;
  /** Undefined: evidence comes from the request's paths. */
  readonly live: LiveConfig | undefined;
  /** Of `collect`: where it keeps what the cluster says. */
  readonly store: StorePlace | undefined;
  /** Undefined: nothing that lies elsewhere is read beside the paths. */
  readonly remote: RemoteConfig | undefined;
  /** Of `backfill`: the startups that end in it are told. */
  readonly window: { readonly from: Instant; readonly to: Instant } | undefined;
  /** Of `analyze` and `backfill`; undefined for the usual. */
  readonly lateness: Duration | undefined;
  readonly format: Format;
  /** A file; undefined for stdout. */
  readonly out: string | undefined;
  readonly telling: Telling;
  readonly trace: {
    readonly traceIdScheme: TraceIdScheme;
    readonly serviceName: string;
    readonly clusterName?: string;
  };
  /** Undefined: nothing is sent. Without a URL the OTEL_EXPORTER_OTLP_* variables say where. */
  readonly otlp: { readonly url?: string } | undefined;
  readonly sending: {
    readonly destination: DestinationName;
    readonly tooOld: TooOldPolicy;
    readonly metrics: boolean;
    /** Of the settings file; the variables win. */
    readonly otlp?: OtlpSection;
  };
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly progress: boolean;
}

export interface Surroundings {
  readonly env: Env;
  readonly terminal: Terminal;
  readonly now: Instant;
  /** Of the settings file, when there is one. */
  readonly file?: Settings;
}

/** Everything that is wrong, one line each: who gave it, what is allowed, what came. */
export function resolveConfig(
  command: Command,
  around: Surroundings,
): Result<ReplayConfig, readonly string[]> {
  const { file = {}, env } = around;
  const settings = resolveSettings({ flags: command.options, env, file });
  const read = optionsSchema(command.name, around.now).safeParse(optionsOnly(command));
  if (!settings.ok || !read.success)
    return failed([
      ...(settings.ok ? [] : settings.error),
      ...(read.error?.issues ?? []).map((issue) => complaint(issue, command)),
    ]);
  const { otlp: section, ...plain } = settings.value;
  const options = { ...read.data, ...plain, ...(section && { section }) };
  const wrong = [
    ...contradictions(options, command),
    ...liveContradictions(options, command),
    ...remoteContradictions(sinceIn(options, command.name, around.now)),
    ...(hasStore(command.name) ? storeComplaints(options.store, env) : []),
    ...windowContradictions(options, command, around.now),
  ];
  return wrong.length > 0 ? failed(wrong) : ok(configOf(command, options, around));
}

/** `section`: the file's `otlp`, since the flag has that name. */
type Options = z.infer<ReturnType<typeof optionsSchema>> &
  Omit<Settings, 'otlp'> & { readonly section?: OtlpSection };

/** Without those that a variable or the file could give as well. */
const optionsOnly = ({ options }: Command): RawOptions =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !isPlainSetting(name) && name !== 'config'));

function optionsSchema(command: CommandName, now: Instant) {
  const formats = command === 'lint' ? (['table', 'json'] as const) : FORMATS;
  const when = reading('a time such as 2026-08-21T10:00:00Z, or a time ago such as 2h, 30m or 7d', (text) =>
    readWhen(text, now),
  );
  return z.strictObject({
    format: z.enum(formats, { error: listed(formats) }).default('table'),
    out: text('the name of a file'),
    width: reading('a whole number from 40 to 1000', (given) => wholeNumber(given, 40, 1000)),
    progress: z.boolean().default(true),
    strict: z.boolean().default(false),
    otlp: z
      .union([
        z.literal(true),
        reading('an http:// or https:// URL (or nothing, as the last option)', httpUrl),
      ])
      .exactOptional(),
    dryRun: z.boolean().default(false),
    pod: text('the name of a pod'),
    namespace: text('the name of a namespace'),
    selector: text('labels such as app=llama,tier!=test'),
    since: when,
    until: when,
    allNamespaces: z.boolean().default(false),
    context: text('the name of a context'),
    kubeconfig: text('the name of a file'),
    save: text('the name of a folder'),
    store: text('a folder, or s3://bucket/prefix'),
    from: when,
    to: when,
    lateness: reading('a time such as 45m', positiveTime),
    watch: z.boolean().default(false),
    timeout: reading('a time such as 90s, 30m or 1h30m', positiveTime),
    ...REMOTE_OPTIONS,
    asPodUid: text('a pod uid'),
    podUid: text('a pod uid'),
    asPod: text('the name of a pod'),
    asNamespace: text('the name of a namespace'),
    asContainer: text('the name of a container'),
  });
}

const listed = (allowed: readonly string[]): string =>
  `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;

function wholeNumber(given: string, least: number, most: number): number | undefined {
  const value = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function httpUrl(given: string): string | undefined {
  const url = URL.parse(given);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? given : undefined;
}

/** `--format: expected table or json, got 'xml'`. A URL may hold a password, so it is not repeated. */
function complaint({ path, message }: z.core.$ZodIssue, { options }: Command): string {
  const name = String(path[0] ?? '');
  return tellComplaint(flagOf(name), expectedOf(name, message), shownValue(options[name] ?? ''));
}

const expectedOf = (name: string, message: string): string =>
  name === 'otlp' ? 'an http:// or https:// URL (or nothing, as the last option)' : message;

function contradictions(options: Options, { paths, options: given }: Command): readonly string[] {
  const { since, until, podUid: short, asPodUid: long } = options;
  return [
    ...(given['metrics'] === true && options.otlp === undefined && !options.dryRun
      ? ['--metrics: expected --otlp or --dry-run beside it']
      : []),
    ...(since !== undefined && until !== undefined && since >= until
      ? ['--since: expected a time before --until']
      : []),
    ...(short !== undefined && long !== undefined && short !== long
      ? ['--pod-uid: expected the same as --as-pod-uid, or only one of them']
      : []),
    ...(paths.filter((path) => path === '-').length > 1 ? ['-: standard input can be read only once'] : []),
  ];
}

function liveContradictions(options: Options, { name, paths }: Command): readonly string[] {
  const { allNamespaces, namespace, watch, timeout, selector } = options;
  if (!isLive(name)) return [];
  return [
    ...(allNamespaces && namespace !== undefined
      ? ['--all-namespaces: expected no --namespace beside it']
      : []),
    ...(paths.length > 0 && selector !== undefined
      ? ['--selector: expected no name of a pod beside it']
      : []),
    ...(watch && paths.length === 0 && selector === undefined
      ? ['--watch: expected the name of a pod or --selector: which start is to be followed?']
      : []),
    ...(timeout !== undefined && !watch ? ['--timeout: expected --watch beside it'] : []),
  ];
}

const isLive = (name: CommandName): boolean => name === 'pod' || name === 'collect' || name === 'doctor';

const isRun = (name: CommandName): boolean => name === 'analyze' || name === 'backfill';

const hasStore = (name: CommandName): boolean => name === 'collect' || isRun(name);

function windowContradictions(
  { from, to, otlp, dryRun }: Options,
  { name }: Command,
  now: Instant,
): readonly string[] {
  if (!isRun(name)) return [];
  const end = to ?? now;
  return [
    ...(otlp === undefined && !dryRun ? ['--otlp: expected where to send to, got none'] : []),
    ...(name === 'backfill' && from === undefined
      ? ['--from: expected where the window begins, got none']
      : []),
    ...(from !== undefined && from >= end ? ['--from: expected a time before --to'] : []),
    ...(end > now ? ['--to: expected no time in the future'] : []),
  ];
}

/** A run sets the window itself, stride by stride. */
const sinceIn = (options: Options, name: CommandName, now: Instant): Options =>
  isRun(name) || name === 'doctor' ? { ...options, since: options.since ?? now } : options;

function configOf(command: Command, options: Options, around: Surroundings): ReplayConfig {
  const { format, out, strict, dryRun, otlp } = options;
  return {
    command: command.name,
    request: requestOf(command, options),
    live: isLive(command.name) ? liveOf(command, options) : undefined,
    store: options.store === undefined ? undefined : storeOf(options.store, around.env),
    remote: remoteOf(sinceIn(options, command.name, around.now), around),
    window: options.from === undefined ? undefined : { from: options.from, to: options.to ?? around.now },
    lateness: options.lateness,
    format,
    out: out === '-' ? undefined : out,
    telling: tellingOf(command.name, options, around),
    trace: traceOf(options),
    otlp: otlp === undefined ? undefined : otlp === true ? {} : { url: otlp },
    sending: sendingOf(options),
    dryRun,
    strict,
    progress: options.progress && around.terminal.stderr,
  };
}

const LONGEST_WATCH = seconds(3600);

const liveOf = ({ paths: [name] }: Command, options: Options): LiveConfig => ({
  ...given({
    name,
    namespace: options.namespace,
    selector: options.selector,
    kubeconfig: options.kubeconfig,
    context: options.context,
    save: options.save,
  }),
  allNamespaces: options.allNamespaces,
  watch: options.watch,
  timeout: options.timeout ?? LONGEST_WATCH,
});

const requestOf = ({ name, paths }: Command, options: Options): ReplayRequest => ({
  paths: isLive(name) ? [] : paths,
  // Name, namespace and labels are the API server's to choose by.
  filters: isLive(name) ? given({ since: options.since, until: options.until }) : filtersOf(options),
  identity: identityOf(options),
  clock: given({ year: options.year, tz: options.tz }),
  ...(options.trustPods === undefined ? {} : { trusted: trustedPods(options.trustPods) }),
  ...(name === 'lint' ? { lint: true } : {}),
});

const filtersOf = ({ pod, namespace, selector, since, until }: Options): ReplayFilters =>
  given({ pod, namespace, selector, since, until });

function identityOf({
  asPodUid,
  podUid: uid = asPodUid,
  asPod,
  asNamespace,
  asContainer,
}: Options): Identity {
  const known = given({ pod: asPod, namespace: asNamespace, container: asContainer });
  return uid === undefined ? known : { uid: podUid(uid), ...known };
}

const traceOf = ({
  traceIdScheme = 'md5',
  serviceName = 'vllm-startup',
  cluster,
}: Options): ReplayConfig['trace'] => ({ traceIdScheme, serviceName, ...given({ clusterName: cluster }) });

const sendingOf = ({
  destination = 'otlp',
  tooOld = 'refuse',
  metrics = false,
  section,
}: Options): ReplayConfig['sending'] => ({ destination, tooOld, metrics, ...given({ otlp: section }) });

function tellingOf(
  command: CommandName,
  { width, out, traceIdScheme = 'md5' }: Options,
  { env, terminal }: Surroundings,
): Telling {
  const toTerminal = terminal.stdout && (out === undefined || out === '-');
  const columns = columnsIn(env) ?? (toTerminal ? terminal.columns : undefined);
  return {
    width: width ?? widthFor(columns, command === 'explain' ? 100 : 80),
    color: colorWanted(env, toTerminal),
    ascii: toTerminal && !unicodeSpoken(env),
    traceIdScheme,
  };
}
