// The package as it is installed: packed, unpacked far from the sources, run on each Node it is made for.
//
// The oldest Node is brought by .ci/oldest-node.sh; where it is not, its tests are skipped.

import { existsSync } from 'node:fs';
import {
  access,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { dump as stringify } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../lib/base/version.ts';
import { sink, taken } from '../exporters/sink.ts';
import { CHECKOUT, coldtrace, runProgram } from '../run-program.ts';
import { environmentFor, INSIGHTS_OPTIONS, insightsServer } from '../servers/cloudwatch/recorded.ts';
import { BUCKET, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';
import { bucketServer } from '../servers/s3/bucket-server.ts';
import { LAYOUTS, WINDOW } from '../servers/s3/layouts.ts';
import { fakeCluster, kubeconfigFor, recorded } from '../sources/kube/fake-cluster.ts';

const EVIDENCE = join(CHECKOUT, 'fixtures', 'vllm-cold-image', 'evidence');
const OLDEST = '22.15.0';
const CACHE = process.env['COLDTRACE_NODES'] ?? join(homedir(), '.cache', 'coldtrace-nodes');

const NODES = [
  { name: `Node ${process.versions.node}`, node: process.execPath },
  { name: `Node ${OLDEST} of .ci/oldest-node.sh`, node: join(CACHE, OLDEST, 'node') },
];

let directory: string;
let tarball: string;
let bundle: string;
let program: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coldtrace-package-'));
  const packed = await runProgram('npm', ['pack', '--silent', '--pack-destination', directory], {
    env: { HOME: homedir() },
  });
  expect(packed).toMatchObject({ code: 0 });
  tarball = join(directory, `coldtrace-${VERSION}.tgz`);
  expect(await runProgram('tar', ['-xzf', tarball, '-C', directory])).toMatchObject({ code: 0 });
  bundle = join(directory, 'package', 'dist', 'coldtrace.mjs');
  program = join(directory, 'package', 'dist', 'start.mjs');
}, 120_000);

afterAll(() => rm(directory, { recursive: true }));

describe('the package', () => {
  it('holds the bundle and what a reader needs, and no sources', async () => {
    const files = await readdir(join(directory, 'package'), { recursive: true });
    const dist = [
      'LICENSES.txt',
      'cloudwatch-logs.mjs',
      'coldtrace.mjs',
      'kubernetes.mjs',
      's3.mjs',
      'start.mjs',
    ].map((name) => `dist/${name}`);
    const expected = [...dist, 'package.json'];
    expect(files.filter((file) => !/\.md$|^docs|^deploy/.test(file)).sort()).toEqual([
      'LICENSE',
      'dist',
      ...expected,
    ]);
    expect(files).toContain(join('deploy', 'kubernetes', 'rbac-read-only.yaml'));
    const manifest = JSON.parse(await readFile(join(directory, 'package', 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      bin: { coldtrace: 'dist/start.mjs' },
      engines: { node: '>=22.15' },
    });
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', join('docs', 'formats.md')]),
    );
  });

  it('hands on the licence of every package in the bundle', async () => {
    const text = await readFile(join(directory, 'package', 'dist', 'LICENSES.txt'), 'utf8');
    for (const name of [
      'zod',
      'js-yaml',
      'commander',
      '@opentelemetry/otlp-transformer',
      '@kubernetes/client-node',
      '@aws-sdk/client-cloudwatch-logs',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((?:MIT|ISC|Apache-2\\.0)\\)$`, 'm'));
    }
  });

  it('installs, and its command is on the PATH of scripts', async () => {
    const home = await mkdtemp(join(directory, 'home-'));
    await writeFile(join(home, 'package.json'), '{"private":true}');
    const installed = await runProgram('npm', ['install', '--prefer-offline', '--no-audit', tarball], {
      cwd: home,
    });
    expect(installed).toMatchObject({ code: 0 });
    const { code, stdout } = await runProgram(join(home, 'node_modules', '.bin', 'coldtrace'), ['--version']);
    expect([code, stdout.trim()]).toEqual([0, VERSION]);
    // On a fresh machine the registry is asked for every dependency.
  }, 300_000);
});

describe.each(NODES)('coldtrace unpacked, on $name', ({ node }) => {
  const packed = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runProgram(node, [program, ...args], { cwd: directory, env });

  it.skipIf(!existsSync(node))(
    'is a program of its own: shebang, executable, --help, --version',
    async () => {
      await access(program, constants.X_OK);
      const path = `${dirname(node)}:${process.env['PATH']}`;
      const help = await runProgram(program, ['--help'], { cwd: directory, env: { PATH: path } });
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain('Usage: coldtrace');
      expect(await packed(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    },
  );

  it
    .skipIf(!existsSync(node))
    .each([
      'replay',
      'replay --format json',
      'replay --format otlp-json',
      'replay --format chrome',
      'replay --dry-run',
      'explain',
      'lint',
      'replay --format yaml',
      'replay --otlp',
    ])('%s: says what the sources say', async (words) => {
    const [command = '', ...options] = words.split(' ');
    const args = [command, EVIDENCE, ...options];
    expect(await packed(args)).toEqual(await coldtrace(args));
  });

  it.skipIf(!existsSync(node))('reads YAML, gzip and zstd as the sources do', async () => {
    const args = ['replay', await otherShapes(), '--format', 'json'];
    const { code, stdout } = await packed(args);
    expect([code, stdout]).toEqual([0, (await coldtrace(args)).stdout]);
    expect(JSON.parse(stdout)).toMatchObject({ problems: [], startups: [{ outcome: 'ready' }] });
  });

  it.skipIf(!existsSync(node))(
    'asks a cluster as the sources do, without a word about its own parts',
    async () => {
      await using cluster = await fakeCluster({ world: recorded('sidecar') });
      const kubeconfig = join(await mkdtemp(join(directory, 'cluster-')), 'kubeconfig');
      await writeFile(kubeconfig, kubeconfigFor(cluster.url));
      const args = ['pod', 'demo', '-n', 's-i-sidecar', '--kubeconfig', kubeconfig];
      const said = await packed(args);
      expect(said).toEqual(await coldtrace(args));
      expect(said).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^coldtrace: read \d+ files.*\n$/),
      });
    },
  );

  it.skipIf(!existsSync(node) || !HAS_VERSITYGW)('collects into a bucket as the sources do', async () => {
    await using cluster = await fakeCluster({ world: recorded('sidecar') });
    const kubeconfig = join(await mkdtemp(join(directory, 'cluster-')), 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigFor(cluster.url));
    const bucket = await startVersitygw();
    const env = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: bucket.settings.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const into = (prefix: string) => [
      'collect',
      '-A',
      '--kubeconfig',
      kubeconfig,
      '--store',
      `s3://${BUCKET}/${prefix}`,
    ];
    const first = await packed(into('a'), env);
    expect(first).toMatchObject({ code: 0, stdout: expect.not.stringContaining(' 0 new versions') });
    expect((await coldtrace(into('a'), { env })).stdout).toContain(' 0 new versions stored, 0 bytes');
    await bucket.remove();
  });

  it.skipIf(!existsSync(node))('reads log groups as the sources do', async () => {
    await using server = await insightsServer();
    const args = ['replay', ...INSIGHTS_OPTIONS];
    const said = await packed(args, environmentFor(server));
    expect(said).toEqual(await coldtrace(args, { env: environmentFor(server) }));
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('vllm_init') });
  });

  it.skipIf(!existsSync(node))('reads logs in a bucket as the sources do', async () => {
    const objects = LAYOUTS.find(({ name }) => name === 'Vector')?.objects() ?? {};
    await using bucket = await bucketServer(objects);
    const args = ['replay', '--s3-logs', 's3://logs/', ...WINDOW, '--aws-region', 'us-east-1'];
    const env = {
      AWS_ENDPOINT_URL_S3: bucket.url,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const said = await packed(args, env);
    expect(said).toEqual(await coldtrace(args, { env }));
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('vllm_init') });
  });

  it.skipIf(!existsSync(node))('needs the clients for nothing else', async () => {
    const alone = await mkdtemp(join(directory, 'alone-'));
    await copyFile(bundle, join(alone, 'coldtrace.mjs'));
    const run = (...args: readonly string[]) => runProgram(node, [join(alone, 'coldtrace.mjs'), ...args]);
    expect(await run('replay', EVIDENCE)).toEqual(await packed(['replay', EVIDENCE]));
    expect(await run('pod', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('kubernetes.mjs'),
    });
    expect(await run('replay', ...INSIGHTS_OPTIONS)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cloudwatch-logs.mjs'),
    });
  });

  it.skipIf(!existsSync(node)).each(['http/protobuf', 'http/json'])('sends %s', async (protocol) => {
    await using destination = await sink(taken);
    const args = ['replay', EVIDENCE, '--otlp', destination.url];
    const { code, stderr } = await packed(args, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/ \d+ spans delivered\n/)]);
    expect(destination.received.flatMap(({ spans }) => spans.map(({ name }) => name))).toContain('vllm_init');
  });
});

/** The same evidence in the shapes that need a part of the bundle of their own. */
async function otherShapes(): Promise<string> {
  const folder = await mkdtemp(join(directory, 'shapes-'));
  for (const path of await readdir(EVIDENCE, { recursive: true })) {
    if (!/\.(?:json|log)$/.test(path)) continue;
    const bytes = await readFile(join(EVIDENCE, path));
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), shaped(path, bytes));
  }
  return folder;
}

/** The names stay as they are: how a file is packed is told by its first bytes. */
function shaped(path: string, bytes: Buffer): Buffer | string {
  if (path === 'pods.json') return stringify(JSON.parse(bytes.toString()));
  return path.endsWith('.json') ? gzipSync(bytes) : zstdCompressSync(bytes);
}
