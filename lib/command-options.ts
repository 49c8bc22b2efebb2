// The options of the command line as data: flags, help, and which commands take them.

export type CommandName = 'replay' | 'explain' | 'lint';

export interface OptionSpec {
  /** As commander writes them: `--out <file>`. */
  readonly flags: string;
  readonly says: string;
  readonly group: string;
  readonly commands: readonly CommandName[];
  /** An old or second name: works, but is not in the help. */
  readonly hidden?: boolean;
}

const ALL: readonly CommandName[] = ['replay', 'explain', 'lint'];
const STARTS: readonly CommandName[] = ['replay', 'explain'];

export const OPTIONS: readonly OptionSpec[] = [
  option('Output', '--format <format>', 'table, json, otlp-json or chrome (default: table)', ['replay']),
  option('Output', '--format <format>', 'table or json (default: table)', ['lint']),
  option('Output', '--out <file>', 'write the answer to this file instead of stdout', ALL),
  option('Output', '--width <columns>', 'columns to use (default: the terminal, else 80; explain 100)', ALL),
  option('Output', '--no-progress', 'no progress bar, not even on a terminal', ALL),
  option('Output', '--strict', 'exit 3 when evidence was rejected, dropped or in conflict', ALL),
  option(
    'Sending',
    '--otlp [url]',
    'send the traces to this OTLP/HTTP endpoint; without a URL to the one that OTEL_EXPORTER_OTLP_ENDPOINT names',
    ['replay'],
  ),
  option('Sending', '--dry-run', 'say what would be sent, and send nothing', ['replay']),
  option('Sending', '--metrics', 'send the histograms beside the traces', ['replay']),
  option('Sending', '--no-metrics', 'traces only, whatever the settings say', ['replay']),
  option(
    'Sending',
    '--destination <name>',
    'what stands behind the endpoint, and so which past it takes: datadog, dynatrace, grafana-cloud, jaeger, otlp, prometheus or tempo (default: otlp)',
    ['replay'],
  ),
  option(
    'Sending',
    '--too-old <policy>',
    'what becomes of what the destination would not take: refuse (exit 2), skip, send or gauge (default: refuse)',
    ['replay'],
  ),
  option(
    'Sending',
    '--service-name <name>',
    'service.name of the traces (default: OTEL_SERVICE_NAME, else vllm-startup)',
    ['replay'],
  ),
  option('Sending', '--cluster <name>', 'k8s.cluster.name of the traces', ['replay']),
  option(
    'Sending',
    '--trace-id-scheme <scheme>',
    'md5 or sha256-llm-engine, to join the traces of llm-engine (default: md5)',
    STARTS,
  ),
  option('Settings', '--config <file>', 'settings of a YAML or JSON file; flags and variables win', ALL),
  option('Filters', '--pod <name>', 'only this pod', ALL),
  option('Filters', '-n, --namespace <name>', 'only this namespace', ALL),
  option('Filters', '-l, --selector <labels>', 'only pods with these labels: app=llama,tier!=test', ALL),
  option('Filters', '--since <when>', 'only what ended after this: RFC 3339, or a time ago such as 2h', ALL),
  option('Filters', '--until <when>', 'only what began before this', ALL),
  option('A bare log', '--as-pod-uid <uid>', 'the uid of the pod that wrote it', ALL),
  { ...option('A bare log', '--pod-uid <uid>', 'the same as --as-pod-uid', ALL), hidden: true },
  option('A bare log', '--as-pod <name>', 'the name of the pod', ALL),
  option('A bare log', '--as-namespace <name>', 'its namespace', ALL),
  option('A bare log', '--as-container <name>', 'its container', ALL),
  option('Clock', '--year <year>', 'the year of a log whose clock names none', ALL),
  option('Clock', '--tz <zone>', 'the zone of a log whose clock names none: Europe/Berlin or +02:00', ALL),
];

function option(group: string, flags: string, says: string, commands: readonly CommandName[]): OptionSpec {
  return { flags, says, group, commands };
}

export interface CommandSpec {
  readonly name: CommandName;
  readonly argument: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly (readonly [line: string, says: string])[];
}

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'replay',
    argument: 'path',
    summary: 'tell where the time of each start went',
    description:
      'Reads container logs and kubectl dumps (files, folders, - for stdin; plain, gzip or zstd) and tells where the time between "pod created" and "ready" went.',
    examples: [
      ['coldtrace replay evidence/', 'a folder of logs and dumps'],
      ['kubectl logs POD --timestamps | coldtrace replay -', 'one log, from a pipe'],
      ['coldtrace replay evidence/ --format json --out answer.json', 'for programs'],
      ['coldtrace replay evidence/ --format chrome --out t.json', 'for ui.perfetto.dev'],
      ['coldtrace replay evidence/ --otlp http://localhost:4318', 'to a collector'],
    ],
  },
  {
    name: 'explain',
    argument: 'path',
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
    argument: 'log',
    summary: "check a log's markers against its version",
    description:
      'Says which markers of the log are known, which its version should have printed and did not, and which lines look like markers that no rule knows. Exits with 3 when there are such.',
    examples: [
      ['coldtrace lint main.log', 'for people'],
      ['coldtrace lint main.log --format json', 'for a pipeline'],
    ],
  },
];
