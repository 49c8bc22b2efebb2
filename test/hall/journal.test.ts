// Journals of a real node: what they say is what really happened, and nobody else can say it.

import { mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../lib/base/instant.ts';
import { newCounter } from '../../lib/base/tally.ts';
import { type JournalRecord, joinJournal, type WantedImage } from '../../lib/kubernetes/index.ts';
import type { SightingRecord } from '../../lib/kubernetes/objects/sighting.ts';
import { ownLines } from '../../lib/own-lines.ts';
import { journalReader } from '../../lib/read-journal.ts';
import { journalsIn } from './read-journal.ts';
import { folderOf, replayed, replayedTree } from './replayed.ts';

const FIXTURES = 'fixtures/node-journal';

interface Attempt {
  readonly attempt: number;
  readonly created_ns?: string;
  readonly started_ns?: string;
  readonly exited_ns?: string;
  readonly exit_code?: number | null;
  readonly reason?: string;
}

interface TruePull {
  readonly start_containerd_ns?: string;
  readonly end_containerd_ns?: string;
}

interface TruePod {
  readonly pod: string;
  readonly uid: string;
  readonly borders: Readonly<Record<string, { readonly alternatives_ns?: Readonly<Record<string, string>> }>>;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly attempts?: readonly Attempt[];
    readonly pulls?: readonly TruePull[];
  }[];
}

/** Nanoseconds have more digits than a number of JSON keeps. */
const truthOf = (scenario: string): readonly TruePod[] =>
  JSON.parse(
    readFileSync(join(FIXTURES, scenario, 'truth.json'), 'utf8').replace(
      /(?<=[:,[]\s*)\d{17,20}(?=\s*[,\]}])/g,
      '"$&"',
    ),
  ).pods;

const knownImages = (pods: readonly TruePod[]): readonly WantedImage[] =>
  pods.flatMap(({ uid, pod, containers }) =>
    containers.map(({ name, image }) => ({
      pod: { uid, namespace: undefined, name: pod },
      container: name,
      image,
    })),
  );

/** What the recordings say happened, by their own reading of the same machine: `pod what container attempt: ns`. */
function expectedOf(pods: readonly TruePod[]): string[] {
  return pods.flatMap((pod) => {
    const border = (name: string, witness: string) => pod.borders[name]?.alternatives_ns?.[witness];
    const told: [string, string | undefined][] = [
      ['accepted', border('kubelet_add', 'kubelet_SyncLoop_ADD')],
      ['sandbox_asked', border('sandbox_request', 'containerd_RunPodSandbox')],
      ['sandbox_ready', border('sandbox_ready', 'containerd_RunPodSandbox_returns')],
      ['probe_ready', border('ready', 'kubelet_probe_ready')],
      ...pod.containers.flatMap(({ name, attempts = [], pulls = [] }): [string, string | undefined][] => [
        ...attempts.flatMap((one): [string, string | undefined][] => [
          [`container_created ${name} ${one.attempt}`, one.created_ns],
          [`container_started ${name} ${one.attempt}`, one.started_ns],
          [`container_exited ${name} ${one.attempt} ${one.exit_code} ${one.reason}`, one.exited_ns],
        ]),
        ...pulls.flatMap((one): [string, string | undefined][] => [
          [`pull_began ${name}`, one.start_containerd_ns],
          [`pull_ended ${name}`, one.end_containerd_ns],
        ]),
      ]),
    ];
    return told.flatMap(([what, at]) => (at === undefined ? [] : [`${pod.pod} ${what}: ${at}`]));
  });
}

function lineOf({ pod, saw, when }: SightingRecord): string {
  const container = 'container' in saw ? ` ${saw.container}` : '';
  const attempt = 'attempt' in saw && container !== '' ? ` ${saw.attempt}` : '';
  const exit = saw.what === 'container_exited' ? ` ${saw.exitCode} ${reasonOf(saw)}` : '';
  return `${pod.name} ${saw.what}${container}${attempt}${exit}: ${when.at}`;
}

/** The status calls the others so. */
const reasonOf = (saw: Extract<SightingRecord['saw'], { what: 'container_exited' }>): string =>
  saw.reason ?? (saw.exitCode === 0 ? 'Completed' : 'Error');

const plain = (scenario: string) =>
  ['containerd.log', 'kubelet.log'].map((file) => join(FIXTURES, scenario, file));

describe('what happened is what the journal says, to the nanosecond of containerd and the microsecond of the kubelet', () => {
  it.each([
    ['a_cold', plain('a_cold')],
    ['a_cold', [join(FIXTURES, 'a_cold/journal.json')]],
    ['a_cold', [join(FIXTURES, 'a_cold/journal.short-iso-precise.txt')]],
    ['e_oom', plain('e_oom')],
    ['f_startupprobe', plain('f_startupprobe')],
    ['j_slowpull', plain('j_slowpull')],
  ])('%s from %s', async (scenario, paths) => {
    const pods = truthOf(scenario);
    const { records, isEvidence } = await journalsIn(paths, { year: 2026 });
    const told = joinJournal(records, knownImages(pods)).sightings.map(lineOf);
    const expected = expectedOf(pods);
    expect(expected.length).toBeGreaterThan(8);
    expect(expected.filter((line) => !told.includes(line))).toEqual([]);
    expect(isEvidence).toEqual(paths.map(() => true));
    const kinds = /^\S+ (?:accepted|sandbox_|container_|pull_)/;
    const more = told.filter((line) => kinds.test(line) && !expected.includes(line));
    // A pull that failed, and a sandbox or container of which the truth has no row.
    expect(more.filter((line) => !line.includes('pull_'))).toEqual([]);
  });

  it('one failed probe of hundreds is told first and last', async () => {
    const { records } = await journalsIn(plain('f_startupprobe'), { year: 2026 });
    const failures = joinJournal(records).sightings.filter(({ saw }) => saw.what === 'probe_failed');
    const probes = failures.map(({ saw }) => saw.what === 'probe_failed' && saw.probe).sort();
    expect(probes).toEqual(['startup', 'startup']);
  });

  it('a startup probe that kills is told each time', async () => {
    const { records } = await journalsIn(plain('f_startupprobe'), { year: 2026 });
    const kills = joinJournal(records).sightings.filter(({ saw }) => saw.what === 'probe_killed');
    expect(kills.length).toBeGreaterThan(2);
  });
});

const shown = (records: readonly JournalRecord[], known: readonly WantedImage[]): string =>
  JSON.stringify(joinJournal(records, known), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );

describe('the sightings depend on the set of records', () => {
  it.each(['e_oom', 'j_slowpull', 'f_startupprobe'])(
    '%s shuffled, repeated, split over files',
    async (scenario) => {
      const { records } = await journalsIn(plain(scenario), { year: 2026 });
      const ours = records.map((record) => ({ ...record, node: 'lab-node' }));
      const known = knownImages(truthOf(scenario));
      const once = shown(ours, known);
      fc.assert(
        fc.property(fc.array(fc.nat(), { minLength: ours.length, maxLength: ours.length }), (dice) => {
          const order = ours.map((record, index) => ({ record, die: dice[index] ?? 0 }));
          const shuffled = order
            .toSorted((a, b) => a.die - b.die)
            .map(({ record, die }) => ({ ...record, file: `part-${die % 3}` }));
          const repeated = [...shuffled, ...shuffled.filter((_, index) => (dice[index] ?? 0) % 2 === 0)];
          expect(shown(repeated, known)).toBe(once);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('two nodes read together say what each says alone', async () => {
    const one = (await journalsIn(plain('e_oom'), { year: 2026 })).records;
    const other = (await journalsIn(plain('j_slowpull'), { year: 2026 })).records;
    const known = [...knownImages(truthOf('e_oom')), ...knownImages(truthOf('j_slowpull'))];
    const alone = [...joinJournal(one, known).sightings, ...joinJournal(other, known).sightings];
    const together = joinJournal([...other, ...one], known).sightings;
    expect(together.map(lineOf).sort()).toEqual(alone.map(lineOf).sort());
  });
});

const ADD =
  'I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD" source="api" pods=["serving/llm-0"]';
const PULL = 'time="2026-11-22T01:41:40.020861433Z" level=info msg="PullImage \\"x:1\\""';
const STARTED = `time="2026-11-22T04:41:43.349210734+03:00" level=info msg="StartContainer for \\"${'8d'.repeat(32)}\\" returns successfully"`;

/** The file with these lines, as it lies in a folder; `modified` as the file system says. */
async function read(name: string, lines: readonly string[], modified = '2026-11-23T00:00:00Z') {
  const path = join(mkdtempSync(join(tmpdir(), 'coldtrace-')), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join('\n')}\n`);
  utimesSync(path, new Date(modified), new Date(modified));
  return journalsIn([path]);
}

const momentsOf = ({ records }: { readonly records: readonly JournalRecord[] }): string[] =>
  records.map(({ says, when }) => `${says.kind} ${when.at} ±${when.precision}`);

const at = (text: string): string => String(parseInstant(text));

describe('the clock', () => {
  it('is klog’s own, with the year and the zone of the envelope', async () => {
    const told = await read('journal.txt', [`2026-11-22T01:41:39.951933+0000 vm kubelet[16731]: ${ADD}`]);
    expect(momentsOf(told)).toEqual([`pod ${at('2026-11-22T01:41:39.051102Z')} ±1000`]);
    const local = await read('journal.txt', [`2026-11-21T22:41:39.951933-0300 vm kubelet[16731]: ${ADD}`]);
    expect(momentsOf(local)).toEqual([`pod ${at('2026-11-22T01:41:39.051102Z')} ±1000`]);
  });

  it('takes the year from the file when nothing else tells', async () => {
    expect(momentsOf(await read('kubelet.log', [ADD], '2025-12-01T00:00:00Z'))).toEqual([
      `pod ${at('2025-11-22T01:41:39.051102Z')} ±1000`,
    ]);
    expect(momentsOf(await read('kubelet.log', [ADD], '2026-01-05T00:00:00Z'))).toEqual([
      `pod ${at('2025-11-22T01:41:39.051102Z')} ±1000`,
    ]);
  });

  it('takes year and zone from a line of containerd in the same file: both are Go, and print local time', async () => {
    const local = ADD.replace('01:41:39', '04:41:39');
    const told = await read('syslog', [
      `Nov 22 04:41:39 vm kubelet[1]: ${local}`,
      `Nov 22 04:41:43 vm containerd[2]: ${STARTED}`,
    ]);
    expect(momentsOf(told)).toEqual([
      `pod ${at('2026-11-22T01:41:39.051102Z')} ±1000`,
      `started ${at('2026-11-22T01:41:43.349210734Z')} ±1`,
    ]);
  });

  it('is containerd’s, whatever the shipper stamps', async () => {
    const record = {
      hostname: 'ip-10-0-0-1.ec2.internal',
      systemd_unit: 'containerd.service',
      message: PULL,
    };
    const event = { timestamp: 1795311709000, message: JSON.stringify(record), ingestionTime: 1795311750000 };
    const told = await read('dataplane.json', [JSON.stringify({ events: [event], searchedLogStreams: [] })]);
    expect(momentsOf(told)).toEqual([`pull ${at('2026-11-22T01:41:40.020861433Z')} ±1`]);
    expect(told.records[0]?.node).toBe('ip-10-0-0-1.ec2.internal');
  });

  it('without any year nothing is told, and counted', () => {
    const counter = newCounter();
    const clock = { year: undefined, zone: undefined, modified: undefined };
    const own = ownLines({ where: '-', pathIdentity: {}, identity: {}, trusted: [] });
    const reader = journalReader({ source: '-', where: '-', own, clock, counter });
    expect(reader.take({ text: ADD, stream: '', partial: false }, 1)).toBe(true);
    expect(reader.end(false)).toEqual([]);
    expect(counter.tally.get('journal.lines_untimed')).toBe(1);
  });

  it.each(['9999-11-22', '1999-11-22'])('of %s nothing is told, and counted', async (day) => {
    const impossible = PULL.replace('2026-11-22', day);
    const { tally, startups } = await replayedTree({ 'containerd.log': `${PULL}\n${impossible}\n` });
    expect(tally.get('journal.facts_of_impossible_times')).toBe(1);
    expect(startups).toEqual([]);
  });
});

describe('who may speak', () => {
  const pod = 'var/log/pods/evil_pod_8f7108e7-f0aa-43db-bdff-a1ea2a71f599/main/0.log';
  const engine = 'INFO 11-22 01:44:03 [api_server.py:1] vLLM API server version 0.11.0';

  it.each([
    [
      'the log of a container',
      pod,
      [`2026-11-22T01:41:39.051102Z stdout F ${ADD}`, `2026-11-22T01:41:39.151102Z stdout F ${PULL}`],
    ],
    ['the log of a container without its envelope', pod, [ADD, PULL]],
    ['a CRI line in a file without a name', 'x.log', [`2026-11-22T01:41:39.051102Z stdout F ${ADD}`]],
    [
      'a record of Fluent Bit that names a pod',
      'x.json',
      [
        JSON.stringify({
          log: ADD,
          kubernetes: { pod_name: 'evil', namespace_name: 'x', container_name: 'kubelet' },
        }),
      ],
    ],
    ['another unit of the journal', 'x.txt', [`2026-11-22T01:41:39.051933+0000 vm vllm[7]: ${ADD}`]],
    [
      'the journal of another unit, with the journal of the kubelet inside',
      'x.txt',
      [`2026-11-22T01:41:39.051933+0000 vm vllm[7]: 2026-11-22T01:41:39.051933+0000 vm kubelet[7]: ${ADD}`],
    ],
    ['the bare log of an engine', 'main.log', [engine, ADD, PULL]],
    ['an engine that prints the journal first', 'main.log', [ADD, PULL, engine]],
  ])('%s may not', async (_, name, lines) => {
    const { records } = await read(name, lines);
    expect(records).toEqual([]);
  });

  it('what stood in an engine’s log is counted', async () => {
    const { tally } = await read('main.log', [engine, ADD, PULL]);
    expect(tally.get('journal.lines_in_a_log')).toBe(2);
  });

  it.each([
    ['a bare file', 'kubelet.log', [ADD]],
    ['journald', 'x.txt', [`2026-11-22T01:41:39.051933+0000 vm kubelet[7]: ${ADD}`]],
    ['syslog of MicroK8s', 'x.txt', [`Nov 22 01:41:39 vm microk8s.daemon-kubelite[7]: ${ADD}`]],
    [
      'journald in a file with an engine',
      'x.txt',
      [`2026-11-22T01:41:39.051933+0000 vm kubelet[7]: ${ADD}`, engine],
    ],
    [
      'journalctl -o json',
      'x.json',
      [
        JSON.stringify({
          __REALTIME_TIMESTAMP: '1795311699051933',
          _HOSTNAME: 'vm',
          SYSLOG_IDENTIFIER: 'kubelet',
          MESSAGE: ADD,
        }),
      ],
    ],
    [
      'Fluent Bit’s systemd input',
      'x.json',
      [
        JSON.stringify({
          date: 1795311699.05,
          _HOSTNAME: 'vm',
          _SYSTEMD_UNIT: 'kubelet.service',
          MESSAGE: ADD,
        }),
      ],
    ],
    [
      'Vector',
      'x.json',
      [
        JSON.stringify({
          host: 'vm',
          SYSLOG_IDENTIFIER: 'kubelet',
          message: ADD,
          source_type: 'journald',
          timestamp: '2026-11-22T01:41:39.051933Z',
        }),
      ],
    ],
    [
      'Google',
      'x.json',
      [
        JSON.stringify({
          jsonPayload: { MESSAGE: ADD, SYSLOG_IDENTIFIER: 'kubelet' },
          resource: { type: 'k8s_node', labels: { node_name: 'vm' } },
          timestamp: '2026-11-22T01:41:39.051933Z',
        }),
      ],
    ],
  ])('%s may', async (_, name, lines) => {
    const { records, logs } = await read(name, lines);
    expect(records.map(({ says }) => says.kind)).toEqual(['pod']);
    expect(logs.filter(({ identity }) => identity.container !== undefined)).toEqual([]);
  });

  it('klog of other programs in a file of its own is a log like any other', async () => {
    const epp = 'I1122 01:41:39.051102       1 main.go:61] "Starting manager" pods=["serving/llm-0"]';
    const { records, isEvidence, tally } = await read('epp.log', [epp]);
    expect({ records, isEvidence, lines: tally.get('journal.lines') }).toEqual({
      records: [],
      isEvidence: [false],
      lines: undefined,
    });
  });
});

describe('the pipeline', () => {
  it('lint finds nothing to say of a journal', async () => {
    const answer = await replayed([join(FIXTURES, 'a_cold/journal.short-iso-precise.txt')], { lint: true });
    expect(answer.lint).toEqual([]);
    expect(answer.tally.get('files.evidence')).toBe(1);
  });

  it('keeps no secret of a line', async () => {
    const line = `I1122 01:41:47.764692   16726 prober.go:122] "Probe failed" probeType="Readiness" pod="serving/llm-0" podUID="8f7108e7-f0aa-43db-bdff-a1ea2a71f599" containerName="server" probeResult="failure" output="401 from http://u:hunter2canary@h/x?token=hf_canarycanarycanary"`;
    const { records } = await read('kubelet.log', [line]);
    expect(records).toHaveLength(1);
    expect(records[0]?.proof.text).not.toMatch(/canary/);
  });

  it('a day of failing probes is two records', async () => {
    const line = (second: number): string =>
      `I1122 ${String(Math.floor(second / 3600)).padStart(2, '0')}:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000   16726 prober.go:122] "Probe failed" probeType="Startup" pod="serving/llm-0" podUID="8f7108e7-f0aa-43db-bdff-a1ea2a71f599" containerName="server" probeResult="failure" output="x"`;
    const lines = Array.from({ length: 8000 }, (_, index) => line(index * 10));
    const { records } = await read('kubelet.log', lines);
    const shuffled = await read('kubelet.log', lines.toReversed());
    const ends = [at('2026-11-22T00:00:00Z'), at('2026-11-22T22:13:10Z')];
    for (const all of [records, shuffled.records])
      expect(all.map(({ when }) => String(when.at)).sort()).toEqual(ends);
  });
});

it('lines of CRI-O are counted as not read, and are nobody’s log', async () => {
  const line = (second: number, unit: string) =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: `17953116990${second}1102`,
      _HOSTNAME: 'node-a',
      _SYSTEMD_UNIT: `${unit}.service`,
      SYSLOG_IDENTIFIER: unit,
      MESSAGE: `time="2026-11-22 01:41:3${second}.020861433Z" level=info msg="Started container" PID=1 containerID=${'a'.repeat(64)}`,
    });
  const answer = await replayed([
    folderOf({ 'node-a.journal.json': `${[line(1, 'crio'), line(2, 'crio')].join('\n')}\n` }),
  ]);
  expect(answer.startups).toEqual([]);
  expect(answer.tally.get('journal.lines_of_crio_not_read')).toBe(2);
});
