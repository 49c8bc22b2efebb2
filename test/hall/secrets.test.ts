// A canary in every place where secrets stand: it must come out nowhere.

import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/base/instant.ts';
import { parseCommandLine } from '../../lib/command-line.ts';
import { replay } from '../../lib/pipeline.ts';
import { run } from '../../lib/run.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { folderOf, replayed, type Tree } from './replayed.ts';

const CANARY = 'C4n4ryQx7Zt9';
/** In the shape of the real thing, for places where only the shape tells. */
const HF = `hf_${CANARY}abcdefghijklmnop`;
const AWS = 'AKIAC4N4RYQX7ZT9ABCD';
const SK = `sk-${CANARY}abcdefghijkl`;

const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const LOG = `ns_llm-0_${UID}/engine/0.log`;

/** What stands in a start's log, by what it is; each must be kept as evidence somewhere, or its failure told. */
const LEAKS: readonly (readonly [what: string, lines: readonly string[]])[] = [
  [
    'non-default args, a key as text',
    [
      `INFO 11-22 02:05:28 [utils.py:253] non-default args: {'model': '/m', 'api_key': '${CANARY}', 'port': 8000}`,
    ],
  ],
  [
    'non-default args, keys as a list',
    [
      `(APIServer pid=1) INFO 11-22 02:05:28 [utils.py:253] non-default args: {'model': '/m', 'api_key': ['${CANARY}', 'b${CANARY}'], 'hf_token': '${CANARY}'}`,
    ],
  ],
  [
    'args=Namespace(…)',
    [
      `INFO 11-22 02:05:28 [api_server.py:219] args: Namespace(model='/m', api_key='${CANARY}', hf_token="${CANARY}", ssl_keyfile_password='${CANARY}', port=8000)`,
    ],
  ],
  [
    'a key with a quote in it',
    [`INFO 11-22 02:05:28 [utils.py:253] non-default args: {'api_key': "it's${CANARY}", 'model': '/m'}`],
  ],
  [
    'a key with escapes in it',
    [`INFO 11-22 02:05:28 [utils.py:253] non-default args: {'api_key': 'a\\'b ${CANARY}', 'model': '/m'}`],
  ],
  [
    'a key with a comma and a blank',
    [`INFO 11-22 02:05:28 [utils.py:253] non-default args: {'api_key': 'one, two ${CANARY}', 'model': '/m'}`],
  ],
  [
    'environment as a shell echoes it',
    [
      `+ export HF_TOKEN=${CANARY}`,
      `export AWS_SECRET_ACCESS_KEY="${CANARY}"`,
      `AWS_SESSION_TOKEN=${CANARY}`,
    ],
  ],
  [
    'os.environ in a traceback',
    [`ValueError: bad environment environ({'HF_TOKEN': '${CANARY}', 'OPENAI_API_KEY': '${CANARY}'})`],
  ],
  [
    'a header',
    [`ERROR 11-22 02:05:30 [core.py:9] RuntimeError: 401 for {'Authorization': 'Bearer ${CANARY}'}`],
  ],
  [
    'a header, basic',
    [`RuntimeError: request failed, Authorization: Basic ${CANARY}==, x-api-key: ${CANARY}`],
  ],
  ['a cookie', [`RuntimeError: request failed, Cookie: session=${CANARY}; Set-Cookie: sid=${CANARY}`]],
  ['an AWS key', [`RuntimeError: The AWS Access Key Id you provided does not exist: ${AWS}`]],
  ['a token without a name', [`OSError: repository needs ${HF} or ${SK}`]],
  ['user and password in a URL', [`RuntimeError: cannot reach https://user:${CANARY}@proxy.example:3128/x`]],
  [
    'a token as the user of a URL',
    [
      `RuntimeError: cannot clone https://${HF}@huggingface.co/x`,
      `RuntimeError: cannot reach https://${CANARY}@git.example/x`,
    ],
  ],
  ['a password with a colon and a slash', [`RuntimeError: cannot reach redis://:p:${CANARY}@redis:6379/0`]],
  [
    'a presigned URL',
    [
      `ERROR "cp https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4&X-Amz-Credential=${CANARY}%2F2026&X-Amz-Security-Token=${CANARY}&X-Amz-Signature=${CANARY} ./k": InvalidRequest: no`,
    ],
  ],
  ['a SAS URL', [`RuntimeError: 403 for https://a.blob.core.windows.net/c/b?sv=2026&sig=${CANARY}%3D`]],
  [
    'a GCS URL',
    [
      `RuntimeError: 403 for https://storage.googleapis.com/b/o?X-Goog-Signature=${CANARY}&X-Goog-Credential=${CANARY}`,
    ],
  ],
  [
    'options of a command line',
    [`RuntimeError: vllm serve /m --api-key ${CANARY} --hf-token=${CANARY} --port 1 exited`],
  ],
  [
    'a list of arguments',
    [`RuntimeError: ['vllm', 'serve', '--api-key', '${CANARY}', '--hf-token=${CANARY}'] failed`],
  ],
  [
    'JSON logging',
    [
      `{"timestamp": "2026-11-22 02:05:30", "level": "ERROR", "logger": "vllm.v1.engine.core", "message": "RuntimeError: {'hf_token': '${CANARY}'}", "api_key": "${CANARY}"}`,
    ],
  ],
  ['JSON in a message', [`RuntimeError: {"api_key":"${CANARY}","password" : "${CANARY}"}`]],
  ['escaped JSON in a message', [`RuntimeError: "{\\"api_key\\":\\"${CANARY}\\"}"`]],
  [
    'OTLP headers',
    [`RuntimeError: OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${CANARY},dd-api-key=${CANARY}`],
  ],
  ['a private key', [`RuntimeError: -----BEGIN PRIVATE KEY----- ${CANARY}${CANARY}`]],
  ['a bearer alone', [`RuntimeError: Bearer ${CANARY}${CANARY} was refused`]],
  [
    'a model that is a URL',
    [
      `INFO 11-22 02:05:28 [utils.py:253] non-default args: {'model': 'https://user:${CANARY}@models.example/llama?X-Amz-Signature=${CANARY}', 'served_model_name': ['${HF}']}`,
    ],
  ],
  [
    'a secret cut in two by the evidence limit',
    [`RuntimeError: ${'x'.repeat(360)} api_key='${CANARY}${'y'.repeat(2000)}${CANARY}'`],
  ],
];

const START = [
  'INFO 11-22 02:05:27 [api_server.py:1839] vLLM API server version 0.11.0',
  "INFO 11-22 02:05:28 [utils.py:233] non-default args: {'model': '/m'}",
];

const stamped = (lines: readonly string[]): string =>
  lines
    .map((line, at) => `2026-11-22T02:05:${String(27 + (at % 30)).padStart(2, '0')}.5Z stdout F ${line}\n`)
    .join('');

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'llm-0',
    namespace: 'ns',
    uid: UID,
    creationTimestamp: '2026-11-22T02:05:00Z',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"env":[{"name":"HF_TOKEN","value":"${CANARY}"}]}`,
    },
  },
  spec: {
    containers: [
      {
        name: 'engine',
        image: 'registry.example/vllm:1',
        command: ['sh', '-c', `export HF_TOKEN=${CANARY}; vllm serve /m --api-key ${CANARY}`],
        args: ['--api-key', CANARY, `--hf-token=${CANARY}`, '--served-model-name', 'llama'],
        env: [
          { name: 'HF_TOKEN', value: CANARY },
          { name: 'OTEL_EXPORTER_OTLP_HEADERS', value: `api-key=${CANARY}` },
          { name: 'MODEL_URL', value: `https://user:${CANARY}@models.example/llama` },
        ],
      },
    ],
  },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'engine',
        restartCount: 0,
        state: {
          terminated: {
            exitCode: 1,
            reason: 'Error',
            message: `RuntimeError: api_key='${CANARY}'`,
            startedAt: '2026-11-22T02:05:20Z',
            finishedAt: '2026-11-22T02:06:00Z',
          },
        },
      },
    ],
  },
};

const EVENT = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'llm-0.18ea3a9d70acd8c1', namespace: 'ns', uid: 'e1' },
  involvedObject: {
    kind: 'Pod',
    name: 'llm-0',
    namespace: 'ns',
    uid: UID,
    fieldPath: 'spec.containers{engine}',
  },
  reason: 'Failed',
  message: `Failed to pull image "x": unauthorized: https://user:${CANARY}@registry.example, Authorization: Bearer ${CANARY}`,
  firstTimestamp: '2026-11-22T02:05:10Z',
  lastTimestamp: '2026-11-22T02:05:10Z',
  count: 1,
  type: 'Warning',
};

interface Said {
  readonly code: number;
  readonly text: string;
}

/** Everything that one command said, on every way out. */
async function said(line: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const command = parseCommandLine(line);
  if (!command.ok) throw new Error(command.error.message);
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  const code = await run(command.value, {
    env,
    terminal: { stdout: false, stderr: false, columns: undefined },
    now: () => instant(1_795_400_000_000_000_000n),
    patience: { sleep: async () => {}, random: () => 0.5 },
    pause: async () => {},
    interrupted: () => new AbortController().signal,
    stdin: (async function* () {})(),
    stdout: write,
    stderr: (more) => {
      text += more;
    },
    writeFile: async (_path, more) => write([...more].join('')),
    replay,
  });
  return { code, text };
}

const WAYS: readonly (readonly string[])[] = [
  ['replay'],
  ['replay', '--format', 'json'],
  ['replay', '--format', 'otlp-json'],
  ['replay', '--format', 'chrome'],
  ['replay', '--dry-run'],
  ['explain', '--width', '1000'],
  ['lint'],
  ['lint', '--format', 'json'],
];

async function everything(tree: Tree, more: readonly string[] = []): Promise<string> {
  const folder = folderOf(tree);
  const all = await Promise.all(
    WAYS.map(async ([name = '', ...options]) => said([name, folder, ...options, ...more])),
  );
  return [...all.map(({ text }) => text), await pointsText(folder)].join('\n');
}

/** What would be sent as points, with every label. */
async function pointsText(folder: string): Promise<string> {
  const { startups } = await replayed([folder]);
  return rawPoints(startups)
    .points.map(({ instrument, labels }) => JSON.stringify([instrument, labels]))
    .join('\n');
}

/** Only what leaked is shown. */
const expectClean = (text: string): void =>
  expect(text.split('\n').filter((line) => line.includes(CANARY) || line.includes(AWS))).toEqual([]);

describe('a secret in the log comes out nowhere', () => {
  it.each(LEAKS)('%s', async (_what, lines) => {
    const text = await everything({
      [LOG]: stamped([...START, ...lines, 'RuntimeError: Engine core initialization failed.']),
    });
    expect(text).toContain('vLLM API server version 0.11.0');
    if (lines.some((line) => line.startsWith('RuntimeError'))) expect(text).toContain('[redacted]');
    expectClean(text);
  });

  it.each(LEAKS)('as the first failure of a bare log: %s', async (_what, lines) => {
    expectClean(await everything({ 'main.log': `${[...START, ...lines].join('\n')}\n` }, ['--year', '2026']));
  });
});

it('a secret in pods and events comes out nowhere', async () => {
  const text = await everything({
    'pods.json': JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [POD] }),
    'events.json': JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [EVENT] }),
  });
  expect(text).toContain('llm-0');
  expectClean(text);
});

it('a secret in the log and in pods, together', async () => {
  const lines = LEAKS.flatMap(([, own]) => own);
  expectClean(
    await everything({
      [LOG]: stamped([...START, ...lines]),
      'pods.json': JSON.stringify(POD),
      'events.json': JSON.stringify(EVENT),
    }),
  );
});

/** The SDK tries again for as long as this allows. */
const HURRY = { OTEL_EXPORTER_OTLP_TIMEOUT: '250' };

describe('a failing delivery does not repeat what it was given', () => {
  it.each([401, 400, 403, 413, 500, 503])('answer %i that echoes the headers', async (status) => {
    const server = createServer((request, response) => {
      request
        .resume()
        .on('end', () => response.writeHead(status).end(`bad: ${JSON.stringify(request.headers)}`));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const folder = folderOf({ [LOG]: stamped(START) });
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${CANARY},dd-api-key=${CANARY}`,
      ...HURRY,
    };
    const { code, text } = await said(
      ['replay', folder, '--otlp', `http://user:${CANARY}@127.0.0.1:${port}/v1/traces?token=${CANARY}`],
      env,
    );
    const plain = await said(['replay', folder, '--otlp', `http://127.0.0.1:${port}`, '--metrics'], env);
    server.closeAllConnections();
    server.close();
    expect([code, plain.code]).toEqual([2, 2]);
    expectClean(text);
    expectClean(plain.text);
  });

  it.each([
    ['nobody listens', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:${CANARY}@127.0.0.1:9` }],
    ['no URL at all', { OTEL_EXPORTER_OTLP_ENDPOINT: `user:${CANARY}@collector` }],
    [
      'headers that cannot be read',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_HEADERS: `${CANARY}` },
    ],
    [
      'a header with a line feed',
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_HEADERS: `x-key=a%0A${CANARY}`,
      },
    ],
  ])('%s', async (_what, env) => {
    const { text, code } = await said(['replay', folderOf({ [LOG]: stamped(START) }), '--otlp'], {
      ...env,
      ...HURRY,
    });
    expect(code).toBe(2);
    expectClean(text);
  });
});
