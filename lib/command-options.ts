// The options of the command line as data: flags, help, and which commands take them.

export type CommandName =
  | 'replay'
  | 'explain'
  | 'lint'
  | 'pod'
  | 'collect'
  | 'analyze'
  | 'backfill'
  | 'doctor';

export interface OptionSpec {
  /** As commander writes them: `--out <file>`. */
  readonly flags: string;
  readonly says: string;
  readonly group: string;
  readonly commands: readonly CommandName[];
  /** An old or second name: works, but is not in the help. */
  readonly hidden?: boolean;
  /** May be given several times. */
  readonly isList?: boolean;
}

const ALL: readonly CommandName[] = ['replay', 'explain', 'lint', 'pod'];
/** Those that read files. */
export const PATHS: readonly CommandName[] = ['replay', 'explain', 'lint'];
const STARTS: readonly CommandName[] = ['replay', 'explain', 'pod'];
/** Those that tell what can be sent. */
const SENDING: readonly CommandName[] = ['replay', 'pod'];
const POD: readonly CommandName[] = ['pod'];
/** Those that ask a live cluster. */
const LIVE: readonly CommandName[] = ['pod', 'collect', 'doctor'];
const COLLECT: readonly CommandName[] = ['collect'];
/** Those that go on where an earlier run has ended. */
const RUNS: readonly CommandName[] = ['analyze', 'backfill'];
const BACKFILL: readonly CommandName[] = ['backfill'];
const DOCTOR: readonly CommandName[] = ['doctor'];
/** Those that read logs from wherever they lie. */
const LOGS: readonly CommandName[] = [...PATHS, ...RUNS, ...DOCTOR];
const DELIVERING: readonly CommandName[] = [...SENDING, ...RUNS, ...DOCTOR];
const EVERY: readonly CommandName[] = [...ALL, 'collect', ...RUNS, ...DOCTOR];

export const OPTIONS: readonly OptionSpec[] = [
  option('Output', '--format <format>', 'table, json, otlp-json or chrome (default: table)', SENDING),
  option('Output', '--format <format>', 'table or json (default: table)', ['lint']),
  option('Output', '--out <file>', 'write the answer to this file instead of stdout', ALL),
  option('Output', '--width <columns>', 'columns to use (default: the terminal, else 80; explain 100)', ALL),
  option('Output', '--no-progress', 'no progress bar, not even on a terminal', ALL),
  option('Output', '--strict', 'exit 3 when evidence was rejected, dropped or in conflict', ALL),
  option(
    'Sending',
    '--otlp [url]',
    'send the traces to this OTLP/HTTP endpoint; without a URL to the one that OTEL_EXPORTER_OTLP_ENDPOINT names',
    DELIVERING,
  ),
  option('Sending', '--dry-run', 'say what would be sent, and send nothing', SENDING),
  option(
    'Sending',
    '--dry-run',
    'say what would be read, and in which slices; read and send nothing',
    BACKFILL,
  ),
  option('Sending', '--metrics', 'send the histograms beside the traces', DELIVERING),
  option('Sending', '--no-metrics', 'traces only, whatever the settings say', DELIVERING),
  option(
    'Sending',
    '--destination <name>',
    'what stands behind the endpoint, and so which past it takes: datadog, dynatrace, grafana-cloud, jaeger, otlp, prometheus or tempo (default: otlp)',
    DELIVERING,
  ),
  option(
    'Sending',
    '--too-old <policy>',
    'what becomes of what the destination would not take: refuse (exit 2), skip, send or gauge (default: refuse)',
    DELIVERING,
  ),
  option(
    'Sending',
    '--service-name <name>',
    'service.name of the traces (default: OTEL_SERVICE_NAME, else vllm-startup)',
    DELIVERING,
  ),
  option('Sending', '--cluster <name>', 'k8s.cluster.name of the traces', DELIVERING),
  option(
    'Sending',
    '--trace-id-scheme <scheme>',
    'md5 or sha256-llm-engine, to join the traces of llm-engine (default: md5)',
    [...STARTS, ...RUNS],
  ),
  option('Store', '--store <place>', 'where evidence and state are kept: a folder, or s3://bucket/prefix', [
    ...COLLECT,
    ...RUNS,
    ...DOCTOR,
  ]),
  option(
    'Window',
    '--from <when>',
    'tell what ended at or after this: RFC 3339, or a time ago such as 2d',
    BACKFILL,
  ),
  option('Window', '--to <when>', 'and before this (default: now)', BACKFILL),
  option(
    'Window',
    '--lateness <time>',
    'how late evidence may come before a start is told for good (default: 45m)',
    RUNS,
  ),
  option(
    'Store',
    '--cluster <name>',
    "the cluster's name in the store (default: the name of the context)",
    COLLECT,
  ),
  option('Settings', '--config <file>', 'settings of a YAML or JSON file; flags and variables win', EVERY),
  option('Filters', '--pod <name>', 'only this pod', LOGS),
  option('Filters', '-n, --namespace <name>', 'only this namespace', EVERY),
  option('Filters', '-l, --selector <labels>', 'only pods with these labels: app=llama,tier!=test', EVERY),
  option('Filters', '--since <when>', 'only what ended after this: RFC 3339, or a time ago such as 2h', ALL),
  option('Filters', '--until <when>', 'only what began before this', ALL),
  {
    ...option(
      'CloudWatch Logs',
      '--cloudwatch-log-group <name>',
      'read this log group, too; needs --since',
      LOGS,
    ),
    isList: true,
  },
  option('CloudWatch Logs', '--cloudwatch-stream-prefix <prefix>', 'only streams whose names begin so', LOGS),
  option(
    'CloudWatch Logs',
    '--cloudwatch-filter <pattern>',
    'only events that match this filter pattern: what it leaves out is no evidence',
    LOGS,
  ),
  option(
    'CloudWatch Logs',
    '--cloudwatch-insights',
    'ask by Logs Insights, which costs money per GB (groups of infrequent access have no other way)',
    LOGS,
  ),
  {
    ...option(
      'Logs in S3',
      '--s3-logs <place>',
      'read the logs in s3://bucket/prefix, too; needs --since',
      LOGS,
    ),
    isList: true,
  },
  option(
    'Logs in S3',
    '--s3-late <time>',
    'how late logs may arrive in the bucket, beside 15m of collecting (default: 45m)',
    LOGS,
  ),
  option('AWS', '--aws-region <region>', 'the region (default: AWS_REGION, else of the profile)', LOGS),
  option('Cluster', '-A, --all-namespaces', 'the pods of all namespaces', LIVE),
  option('Cluster', '--context <name>', 'the context of the kubeconfig (default: its current one)', LIVE),
  option(
    'Cluster',
    '--kubeconfig <file>',
    'the kubeconfig (default: $KUBECONFIG, ~/.kube/config, or the pod that coldtrace runs in)',
    LIVE,
  ),
  option(
    'Cluster',
    '--save <folder>',
    'keep the evidence, without its secrets, in a new folder that replay reads',
    POD,
  ),
  option('Cluster', '--watch', 'follow the start until it is ready or has failed', POD),
  option('Cluster', '--timeout <time>', 'end --watch after this time: 90s, 30m (default: 1h)', POD),
  option(
    'Witnesses',
    '--trust-pods <pods>',
    'believe what these pods log of other pods: NAMESPACE/POD,… (POD: its name, or the beginning up to a hyphen)',
    ALL,
  ),
  option('A bare log', '--as-pod-uid <uid>', 'the uid of the pod that wrote it', PATHS),
  { ...option('A bare log', '--pod-uid <uid>', 'the same as --as-pod-uid', PATHS), hidden: true },
  option('A bare log', '--as-pod <name>', 'the name of the pod', PATHS),
  option('A bare log', '--as-namespace <name>', 'its namespace', PATHS),
  option('A bare log', '--as-container <name>', 'its container', PATHS),
  option('Clock', '--year <year>', 'the year of a log whose clock names none', PATHS),
  option('Clock', '--tz <zone>', 'the zone of a log whose clock names none: Europe/Berlin or +02:00', PATHS),
];

function option(group: string, flags: string, says: string, commands: readonly CommandName[]): OptionSpec {
  return { flags, says, group, commands };
}

export interface CommandSpec {
  readonly name: CommandName;
  /** As commander writes it: `<path...>`, `[name]`; without it the command takes none. */
  readonly argument?: string;
  readonly argumentSays?: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly (readonly [line: string, says: string])[];
}

const PLACES = 'files and folders; - is standard input';

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'replay',
    argument: '[path...]',
    argumentSays: PLACES,
    summary: 'tell where the time of each start went',
    description:
      'Reads container logs and kubectl dumps (files, folders, - for stdin; plain, gzip or zstd) and tells where the time between "pod created" and "ready" went.',
    examples: [
      ['coldtrace replay evidence/', 'a folder of logs and dumps'],
      ['kubectl logs POD --timestamps | coldtrace replay -', 'one log, from a pipe'],
      ['coldtrace replay evidence/ --format json --out answer.json', 'for programs'],
      ['coldtrace replay evidence/ --format chrome --out t.json', 'for ui.perfetto.dev'],
      ['coldtrace replay evidence/ --otlp http://localhost:4318', 'to a collector'],
      [
        'coldtrace replay --cloudwatch-log-group GROUP --since 2h',
        'what CloudWatch Logs holds of the last two hours',
      ],
      ['coldtrace replay --s3-logs s3://BUCKET/PREFIX --since 2h', 'what a bucket holds of them'],
    ],
  },
  {
    name: 'explain',
    argument: '[path...]',
    argumentSays: PLACES,
    summary: 'prove every boundary: source, line, rule, certainty',
    description:
      'Prints, for each end of each phase, the line that proves it, the rule that read it and how sure it is; for each gap the lines before and after it.',
    examples: [
      ['coldtrace explain evidence/', 'every start in the folder'],
      ['coldtrace explain evidence/ --pod llama-70b-0', 'one pod'],
    ],
  },
  {
    name: 'lint',
    argument: '[log...]',
    argumentSays: PLACES,
    summary: "check a log's markers against its version",
    description:
      'Says which markers of the log are known, which its version should have printed and did not, and which lines look like markers that no rule knows. Exits with 3 when there are such.',
    examples: [
      ['coldtrace lint main.log', 'for people'],
      ['coldtrace lint main.log --format json', 'for a pipeline'],
    ],
  },
  {
    name: 'pod',
    argument: '[name]',
    argumentSays: 'a pod; without it all that -n, -l and -A choose',
    summary: 'the same for live pods, through the kubeconfig',
    description:
      'Asks the API server for pods, their events, nodes and container logs (also of init containers and of the run before), and tells where the time of each start went. Only reads. What a permission is missing for is told with the command that grants it.',
    examples: [
      ['coldtrace pod llama-70b-0 -n serving', 'one pod'],
      ['coldtrace pod -l app=llama -n serving --format json', 'all pods with a label, for programs'],
      ['coldtrace pod llama-70b-0 -n serving --watch', 'while it starts'],
      [
        'coldtrace pod llama-70b-0 -n serving --save evidence/',
        'keep the evidence: the cluster forgets it within the hour',
      ],
      [
        'coldtrace pod -A --since 2h --otlp http://localhost:4318',
        'what started in the last two hours, to a collector',
      ],
    ],
  },
  {
    name: 'collect',
    summary: 'keep pods, events and nodes before the cluster forgets them',
    description:
      'Asks the API server once for pods, their events and nodes, and adds what is new to the evidence store, without secrets. Events live for an hour: run it every few minutes. replay reads a store in a folder.',
    examples: [
      ['coldtrace collect -A --store evidence/', 'all namespaces, into a folder'],
      [
        'coldtrace collect -n serving --store s3://my-bucket/coldtrace --cluster prod',
        'one namespace, into a bucket',
      ],
    ],
  },
  {
    name: 'analyze',
    argument: '[path...]',
    argumentSays: 'files and folders of logs on this host',
    summary: 'tell what has become final since the last run',
    description:
      'Reads on from the watermark in the store: what collect has kept there, log groups, and files. Every start that is final is sent once, as a trace and as points of histograms. Run it every few minutes; it may be killed at any time.',
    examples: [
      ['coldtrace analyze /var/log/pods --store state/ --otlp http://localhost:4318', 'logs of this host'],
      [
        'coldtrace analyze --store s3://my-bucket/ct --cloudwatch-log-group GROUP --otlp',
        'pods and events that collect has stored, logs of CloudWatch',
      ],
    ],
  },
  {
    name: 'backfill',
    argument: '[path...]',
    argumentSays: 'files and folders of logs on this host',
    summary: 'tell what ended in a window of the past',
    description:
      'The same for a window that is named. What was sent already is not sent again, so it may be repeated, and may run beside analyze.',
    examples: [
      ['coldtrace backfill --from 2d --store state/ --otlp http://localhost:4318', 'the last two days'],
      ['coldtrace backfill --from 2d --store state/ --dry-run', 'in which slices it would be read'],
    ],
  },
  {
    name: 'doctor',
    summary: 'look at what a run needs, and say what is missing',
    description:
      'Looks at whatever is named: the store (does it honour conditional writes?), the cluster (which permission is missing?), log groups and buckets, the destination, this clock. Nothing is changed, and nothing but an export of nothing is sent.',
    examples: [['coldtrace doctor -A --store state/ --otlp http://localhost:4318', 'all of it']],
  },
];
