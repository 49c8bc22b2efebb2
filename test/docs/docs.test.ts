// The documentation says what the program does: made pages are current, everything named exists, everything there is named.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES as MADE } from '../../.ci/docs.ts';
import { COMMANDS, OPTIONS } from '../../lib/command-options.ts';
import { FORMATS } from '../../lib/config.ts';
import { formats } from '../../lib/formats/index.ts';
import { framings } from '../../lib/framings/index.ts';
import { podUid, spanIdOf, traceIdOf } from '../../lib/model/ids.ts';
import { PHASE_NAMES } from '../../lib/model/phase.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/*.md').sort()];

const read = (path: string): string => readFileSync(path, 'utf8');

const README = read('README.md');

/** A command or a source may have a page of its own. */
const MANUAL = `${README}\n${read('docs/live.md')}\n${read('docs/sources.md')}\n${read('docs/scheduled.md')}`;

describe('pages made of the code', () => {
  it.each(Object.entries(MADE))('%s is current (npm run docs)', (path, make) => {
    expect(read(path)).toBe(make());
  });

  it('docs/formats.md has every rule and every framing as a heading', () => {
    const headings = read('docs/formats.md').match(/^### .+$/gm) ?? [];
    const names = [...framings, ...formats.flatMap(({ rules }) => rules.map(({ id }) => ({ name: id })))];
    for (const { name } of names) expect(headings).toContain(`### ${name}`);
  });
});

describe('README', () => {
  const flags = OPTIONS.flatMap((option) => option.flags.match(/--?[a-z][a-z0-9-]*/g) ?? []);

  it.each([...new Set(flags)])('names the option %s, or the page of the command does', (flag) => {
    expect(MANUAL).toMatch(new RegExp(`\`(?:-\\w, )?(?:${flag})[ ,\`]|, ${flag} `));
  });

  it('names no option that the program does not have', () => {
    const table = README.match(/^\| `-.*$/gm)?.join('\n') ?? '';
    const named = table
      .split('\n')
      .flatMap((row) => (row.split(' | ')[0] ?? '').match(/--[a-z][a-z0-9-]*/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((flag) => !flags.includes(flag))).toEqual([]);
  });

  it.each(COMMANDS.map(({ name }) => name))('has a section for %s', (name) => {
    expect(MANUAL).toMatch(new RegExp(`^### \`coldtrace ${name} (?:--[a-z]+ )?<`, 'm'));
  });

  it.each(FORMATS)('names the format %s', (format) => {
    expect(README).toContain(`| \`${format}\` |`);
  });

  it.each(['| 0 |', '| 1 |', '| 2 |', '| 3 |'])('has the exit code %s', (row) => {
    expect(README).toContain(`\n${row}`);
  });

  it('has the phases of the phase table, and none that nothing tells of', () => {
    const tree = /^endpoint_startup {2}[\s\S]*?^```$/m.exec(README)?.[0] ?? '';
    const inner = ['dynamo_transform', 'inductor_compile', 'compile_cache_load', 'routable'];
    const named = tree.match(/[a-z0-9]+(?:_[a-z0-9]+)+|\bstartup\b/g) ?? [];
    expect([...new Set(named)].sort()).toEqual(
      PHASE_NAMES.filter((name) => !inner.includes(name)).toSorted(),
    );
  });

  it('has the right identity vectors', () => {
    const uid = podUid('test-pod-uid');
    const span = (container: string, restart: number, name: string, occurrence: number): string =>
      spanIdOf({ uid, container, restart, process: 0, name, occurrence });
    const vectors = [
      `| trace, \`md5\` | \`${traceIdOf(uid)}\` |`,
      `| trace, \`sha256-llm-engine\` | \`${traceIdOf(uid, 'sha256-llm-engine')}\` |`,
      `| span \`('', 0, 0, endpoint_startup, 0)\` | \`${span('', 0, 'endpoint_startup', 0)}\` |`,
      `| span \`(main, 0, 0, vllm_init, 0)\` | \`${span('main', 0, 'vllm_init', 0)}\` |`,
      `| span \`(main, 1, 0, weight_loading, 0)\` | \`${span('main', 1, 'weight_loading', 0)}\` |`,
      `| span \`(model-downloader, 0, 0, image_pull, 1)\` | \`${span('model-downloader', 0, 'image_pull', 1)}\` |`,
    ];
    for (const vector of vectors) expect(README).toContain(vector);
  });
});

describe('docs/architecture.md', () => {
  it('follows the line through functions that it names', () => {
    const named = read('docs/architecture.md').match(/`\w+` in\s+`lib\/[\w/-]+\.ts`/g) ?? [];
    expect(named.length).toBeGreaterThan(20);
  });

  it('tells of the line what the program says of it', () => {
    const fixture = 'fixtures/vllm-cold-image/evidence/var-log-pods';
    const [log = ''] = globSync(`${fixture}/*/engine/0.log`);
    const line = read(log).split('\n')[65] ?? '';
    expect(line).toContain('init engine');
    expect(read('docs/architecture.md')).toContain(`\`\`\`text\n${line}\n\`\`\``);
    const uid = podUid('d936022a-9252-412a-9633-75b6c7ad4e8b');
    const key = { uid, container: 'engine', restart: 0, process: 0, occurrence: 0 };
    for (const name of ['engine_init', 'vllm_init'])
      expect(read('docs/architecture.md')).toContain(`\`${spanIdOf({ ...key, name })}\``);
  });
});

describe('CONTRIBUTING', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

  it.each(Object.keys(scripts).filter((name) => name !== 'prepack'))('names npm run %s', (name) => {
    expect(read('CONTRIBUTING.md')).toContain(name === 'test' ? '`npm test`' : `npm run ${name}`);
  });
});

describe('docs/dependencies.md', () => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json')) as Partial<
    Record<string, Record<string, string>>
  >;

  it.each(Object.keys({ ...dependencies, ...devDependencies }))('names %s', (name) => {
    expect(read('docs/dependencies.md')).toContain(`\`${name}\``);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = read(page);
  const prose = text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

  it('has no broken link', () => {
    const links = [...prose.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('names only files that exist', () => {
    if (page === 'docs/formats.md') return;
    const paths = prose.match(/(?<=`)(?:lib|bin|test|docs|\.ci)\/[\w./-]*\w(?=`)/g) ?? [];
    expect(paths.filter((path) => !existsSync(path) && !path.includes('oras'))).toEqual([]);
  });

  it('names only functions that are where it says', () => {
    const named = [...prose.matchAll(/`(\w+)` in\s+`((?:lib|bin|test|\.ci)\/[\w./-]+\.ts)`/g)];
    const lost = named.filter(([, name, path]) => !new RegExp(`\\b${name}\\b`).test(read(path ?? '')));
    expect(lost.map(([whole]) => whole)).toEqual([]);
  });

  it('has no line number of our own code', () => {
    if (page === 'docs/formats.md') return;
    expect(text.match(/(?:lib|test|bin)\/[\w/-]+\.ts:\d+/g)).toBeNull();
  });
});
