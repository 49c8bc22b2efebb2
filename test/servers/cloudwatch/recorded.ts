// A recorded start as Container Insights would have shipped it: the fixture's logs in the stand-in.

import { globSync, readFileSync } from 'node:fs';
import { parseInstant } from '../../../lib/base/instant.ts';
import { type CloudwatchServer, cloudwatchServer } from './server.ts';
import type { Put } from './store.ts';

export const GROUP = '/aws/containerinsights/demo/application';

/** The start is of 2026-11-22, 02:04 to 02:06. */
export const INSIGHTS_OPTIONS = [
  '--cloudwatch-log-group',
  GROUP,
  '--since',
  '2026-11-22T02:00:00Z',
  '--until',
  '2026-11-22T03:00:00Z',
  '--aws-region',
  'eu-west-1',
];

export const environmentFor = ({ url }: CloudwatchServer): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'canary-of-the-credentials',
});

const LOGS = 'fixtures/vllm-cold-image/evidence/var-log-pods';
const CRI = /^(?<time>\S{20,40}) (?<stream>stdout|stderr) (?<tag>[FP]) (?<text>.*)$/s;

export async function insightsServer(options: { readonly class?: string } = {}): Promise<CloudwatchServer> {
  const server = await cloudwatchServer();
  server.world.store.addGroup(GROUP, options);
  for (const { stream, events } of recordedStreams()) server.world.store.put(GROUP, stream, events);
  return server;
}

export interface RecordedStream {
  readonly stream: string;
  readonly events: readonly Put[];
}

export function recordedStreams(): readonly RecordedStream[] {
  return globSync(`${LOGS}/*/*/*.log`)
    .toSorted()
    .map((file) => {
      const groups =
        /\/(?<namespace>[^/_]+)_(?<pod>[^/_]+)_(?<uid>[^/_]+)\/(?<container>[^/]+)\//.exec(file)?.groups ??
        {};
      const { namespace = '', pod = '', uid = '', container = '' } = groups;
      const kubernetes = {
        pod_name: pod,
        namespace_name: namespace,
        pod_id: uid,
        host: 'node-1',
        container_name: container,
      };
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const stream = `node-1-application.var.log.containers.${pod}_${namespace}_${container}-${'c98b'.repeat(16)}.log`;
      return { stream, events: lines.flatMap((line) => eventOf(line, kubernetes)) };
    });
}

/** As Fluent Bit's cri parser and kubernetes filter write it. */
function eventOf(line: string, kubernetes: object): readonly Put[] {
  const { time = '', stream, tag, text } = CRI.exec(line)?.groups ?? {};
  const at = parseInstant(time);
  if (at === undefined) return [];
  const message = JSON.stringify({ time, stream, _p: tag, log: text, kubernetes });
  return [{ timestamp: Number(at / 1_000_000n), message }];
}
