// deploy/vllm: the shell makes the ids that coldtrace makes, in every shell there is; the YAML says what it should.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { podUid, spanIdOf, traceIdOf } from '../../lib/model/ids.ts';
import { documentIn, documentsIn } from '../yaml.ts';

const read = (file: string): string => readFileSync(join('deploy/vllm', file), 'utf8');

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly EnvVar[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

const patched = documentIn(read('patch.yaml')).spec.template.spec;
const container: Container = patched.containers[0];
const script = container.command[2] ?? '';

/** A `vllm` that prints what it was started with, on the path. */
function stage(): { readonly root: string; readonly env: Record<string, string> } {
  const root = mkdtempSync(join(tmpdir(), 'coldtrace-vllm-'));
  writeFileSync(join(root, 'vllm'), '#!/bin/sh\nprintf "%s\\n" "$TRACEPARENT" "$@"\n');
  chmodSync(join(root, 'vllm'), 0o755);
  return {
    root,
    env: {
      PATH: `${root}:/usr/bin:/bin`,
      COLDTRACE_RUNS: join(root, 'runs'),
      CONTAINER_NAME: 'main',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4317',
    },
  };
}

const SHELLS: readonly (readonly [string, readonly string[]])[] = [
  ['sh', ['sh']],
  ['bash', ['bash']],
  ['dash', ['dash']],
  ['busybox', ['busybox', 'sh']],
];

const exists = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const run = (
  [shell = 'sh', ...more]: readonly string[],
  env: Record<string, string>,
  words: readonly string[],
) =>
  execFileSync(shell, [...more, '-c', script, 'vllm', ...words], { env, encoding: 'utf8' })
    .trimEnd()
    .split('\n');

const idsOf = (uid: string, name: string, restart: number): string => {
  const key = { uid: podUid(uid), container: name, restart, process: 0, name: 'vllm_init', occurrence: 0 };
  return `00-${traceIdOf(podUid(uid))}-${spanIdOf(key)}-01`;
};

describe.each(SHELLS)('under %s', (name, shell) => {
  const there = it.skipIf(!exists(name));

  there.each(['test-pod-uid', 'd936022a-9252-412a-9633-75b6c7ad4e8b', "it's; $(odd) \\0 %s"])(
    'the pod %s has the ids of lib/model/ids.ts, run after run',
    (uid) => {
      const { env } = stage();
      for (const restart of [0, 1, 2]) {
        const [traceparent] = run(shell, { ...env, POD_UID: uid }, []);
        expect(traceparent).toBe(idsOf(uid, 'main', restart));
      }
    },
  );

  there('hands every argument over as it is, and the endpoint after them', () => {
    const { env } = stage();
    const [, ...words] = run(shell, { ...env, POD_UID: 'u' }, ['--model', 'a b', "--x='$HOME'"]);
    expect(words).toEqual([
      'serve',
      '--model',
      'a b',
      "--x='$HOME'",
      '--otlp-traces-endpoint',
      'http://collector:4317',
    ]);
  });

  there.each([
    ['no volume', '/nowhere/at/all/runs', undefined],
    ['a file of rubbish', undefined, '12; rm -rf x\n'],
  ])('with %s it still starts, as the first run', (_what, path, content) => {
    const { root, env } = stage();
    if (content !== undefined) writeFileSync(join(root, 'runs'), content);
    const [traceparent] = run(shell, { ...env, ...(path && { COLDTRACE_RUNS: path }), POD_UID: 'u' }, []);
    expect(traceparent).toBe(idsOf('u', 'main', 0));
  });
});

it('some shells were there to try', () => {
  expect(SHELLS.filter(([name]) => exists(name)).length).toBeGreaterThanOrEqual(2);
});

describe('patch.yaml', () => {
  it('holds the same shell as traceparent.sh', () => {
    const lines = read('traceparent.sh').split('\n');
    expect(script.trimEnd()).toBe(
      lines
        .filter((line) => !line.startsWith('#'))
        .join('\n')
        .trimEnd(),
    );
  });

  it('keeps the script from the kubelet, which expands $(NAME) of variables that exist and halves $$', () => {
    const references = [...script.matchAll(/\$\(([^)]*)\)/g)].map((match) => match[1]);
    const names = container.env.map(({ name }) => name);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((one) => names.includes(one ?? ''))).toEqual([]);
    expect(script).not.toContain('$$');
  });

  it('names the container by its own name, and only variables that stand before', () => {
    const values = new Map(container.env.map(({ name, value }) => [name, value]));
    expect(values.get('CONTAINER_NAME')).toBe(container.name);
    const before = new Set<string>();
    for (const { name, value = '' } of container.env) {
      for (const [, used] of value.matchAll(/\$\((\w+)\)/g)) expect(before).toContain(used);
      before.add(name);
    }
  });

  it('takes the uid from the downward API and gives it to the resource', () => {
    expect(container.env).toContainEqual({
      name: 'POD_UID',
      valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } },
    });
    const resource = container.env.find(({ name }) => name === 'OTEL_RESOURCE_ATTRIBUTES')?.value;
    expect(resource?.split(',')).toContain('k8s.pod.uid=$(POD_UID)');
  });

  it('mounts where the shell counts, a volume that outlives the container', () => {
    const [mount] = container.volumeMounts;
    expect(script).toContain(`${mount?.mountPath}/runs`);
    const [volume] = patched.volumes;
    expect([volume.name, Object.keys(volume)]).toEqual([mount?.name, ['name', 'emptyDir']]);
  });

  it('is laid over a Deployment of the same name, container included', () => {
    const { metadata, spec } = documentIn(read('deployment.yaml'));
    expect(metadata.name).toBe(documentIn(read('patch.yaml')).metadata.name);
    expect(spec.template.spec.containers.map(({ name }: Container) => name)).toContain(container.name);
    const { resources, patches } = documentIn(read('kustomization.yaml'));
    expect([...resources, ...patches.map(({ path }: { path: string }) => path)]).toEqual([
      'deployment.yaml',
      'patch.yaml',
    ]);
  });
});

describe('the Helm template', () => {
  const values: Record<string, string> = documentIn(read('helm/values.yaml')).coldtrace;
  const template = read('helm/_coldtrace.tpl');

  /** Only what this template uses: named blocks, and values quoted. */
  const rendered = (name: string) => {
    const block = new RegExp(`define "coldtrace\\.${name}" -\\}\\}\\n([\\s\\S]*?)\\n\\{\\{- end`).exec(
      template,
    )?.[1];
    const text = (block ?? '').replace(/\{\{ \.Values\.coldtrace\.(\w+) \| quote \}\}/g, (_whole, key) =>
      JSON.stringify(values[key]),
    );
    expect(text).not.toContain('{{');
    return documentIn(text);
  };

  it('makes the command and the volumes of the patch', () => {
    expect(rendered('vllmCommand')).toEqual(container.command);
    expect(rendered('vllmVolumeMounts')).toEqual(container.volumeMounts);
    expect(rendered('vllmVolumes')).toEqual(patched.volumes);
  });

  it("makes its environment, and the seed's two names more", () => {
    const more = [
      { name: 'GPU_TYPE', value: values['gpuType'] },
      { name: 'AWS_REGION', value: values['region'] },
    ];
    expect(rendered('vllmEnv')).toEqual([...container.env, ...more]);
  });
});

describe('collector.yaml', () => {
  const { receivers, processors, exporters, service } = documentIn(read('collector.yaml'));

  it('defines everything that its pipelines use', () => {
    for (const pipeline of Object.values<Record<string, string[]>>(service.pipelines)) {
      expect(pipeline['receivers']?.filter((name) => !(name in receivers))).toEqual([]);
      expect(pipeline['processors']?.filter((name) => !(name in processors))).toEqual([]);
      expect(pipeline['exporters']?.filter((name) => !(name in exporters))).toEqual([]);
    }
  });

  it('writes JSON that coldtrace reads: uncompressed, the requests left out', () => {
    expect(exporters['file/startup'].format).toBe('json');
    expect(exporters['file/startup'].compression).toBeUndefined();
    expect(service.pipelines['traces/startup'].processors).toEqual(['filter/startup']);
  });
});

it.each(['patch.yaml', 'deployment.yaml', 'kustomization.yaml', 'collector.yaml', 'helm/values.yaml'])(
  '%s is YAML without errors',
  (file) => {
    for (const document of documentsIn(read(file))) expect(document).toBeTypeOf('object');
  },
);
