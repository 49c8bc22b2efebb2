// `coldtrace doctor`: whole processes against servers that are there, shut, or not there.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reply, sink, taken } from '../exporters/sink.ts';
import { coldtrace } from '../run-program.ts';
import { environmentFor, GROUP, insightsServer } from '../servers/cloudwatch/recorded.ts';
import { fakeCluster, kubeconfigFor, recorded, status } from '../sources/kube/fake-cluster.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'coldtrace-doctor-'));

async function kubeconfig(url: string): Promise<string> {
  const path = join(await folder(), 'kubeconfig');
  await writeFile(path, kubeconfigFor(url));
  return path;
}

describe('coldtrace doctor', () => {
  it('finds all that is there', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    await using destination = await sink(taken);
    await using logs = await insightsServer();
    const args = ['-A', '--kubeconfig', await kubeconfig(cluster.url), '--store', await folder()];
    const { code, stdout } = await coldtrace(
      [
        'doctor',
        ...args,
        '--otlp',
        destination.url,
        '--cloudwatch-log-group',
        GROUP,
        '--aws-region',
        'eu-west-1',
      ],
      { env: environmentFor(logs) },
    );
    expect(stdout.match(/^\w+/gm)).toEqual(['ok', 'ok', 'ok', 'ok', 'unsure', 'ok', 'ok']);
    for (const resource of ['pods', 'events', 'nodes'])
      expect(stdout).toContain(`${resource}: may be listed\n`);
    expect(stdout).toMatch(/nothing was\s+written in the last hour/);
    expect(stdout).toMatch(/clock: agrees with 127\.0\.0\.1/);
    expect(code).toBe(0);
    expect(destination.received.flatMap(({ spans }) => spans)).toEqual([]);
    expect(cluster.calls.every(({ query }) => query['limit'] === '1')).toBe(true);
  });

  it('says which permission is missing, and the command that grants it', async () => {
    await using cluster = await fakeCluster({
      world: recorded('sidecar'),
      fault: ({ path }, response) => {
        if (!path.endsWith('/nodes')) return false;
        status(response, 403, 'nodes is forbidden: User "alice" cannot list resource "nodes"');
        return true;
      },
    });
    const { code, stdout } = await coldtrace(['doctor', '-A', '--kubeconfig', await kubeconfig(cluster.url)]);
    expect(stdout.match(/^\w+/gm)).toEqual(['ok', 'ok', 'wrong']);
    expect(stdout).toMatch(/kubectl create clusterrole/);
    expect(code).toBe(2);
  });

  it.each([
    ['shut', () => sink(reply(401, 'key canary-4711 is not known')), /401/],
    ['something else', () => sink(reply(404)), /404/],
  ] as const)('says what is wrong with a destination that is %s, without its key', async (_, open, says) => {
    await using destination = await open();
    const { code, stdout, stderr } = await coldtrace(['doctor', '--otlp', destination.url], {
      env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=canary-4711' },
    });
    expect(stdout).toMatch(/^wrong {3}destination/);
    expect(stdout).toMatch(says);
    expect(`${stdout}${stderr}`).not.toContain('canary');
    expect(code).toBe(2);
  });

  it('says so when nothing was named', async () => {
    const { code, stderr } = await coldtrace(['doctor']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('expected something to look at')]);
  });
});
