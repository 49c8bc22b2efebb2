// Values that nobody can have meant: they are not used, that is told, and the rest is answered.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../kubernetes/audit/audit-log.ts';
import { replayed, replayedTree } from './replayed.ts';

const PODS = readFileSync('fixtures/crashloop/evidence/pods.json', 'utf8');
const EVENTS = readFileSync('fixtures/crashloop/evidence/events.json', 'utf8');
const YEARS = 366 * 86_400;

const told = (pods: string, events = EVENTS) => replayedTree({ 'pods.json': pods, 'events.json': events });

const set = (key: string, value: string): string => {
  const changed = PODS.replaceAll(new RegExp(`"${key}": (?:"[^"]*"|\\d+)`, 'g'), `"${key}": ${value}`);
  expect(changed).not.toBe(PODS);
  return changed;
};

describe('times', () => {
  it.each([
    ['finishedAt', '"9999-12-31T23:59:59Z"'],
    ['startedAt', '"2100-01-01T00:00:00Z"'],
    ['creationTimestamp', '"0001-01-02T00:00:00Z"'],
    ['lastTransitionTime', '"1999-12-31T23:59:59Z"'],
    ['startTime', '"2014-12-31T23:59:59Z"'],
  ])('%s %s', async (key, value) => {
    const { startups, problems, tally } = await told(set(key, value));
    expect(tally.get('objects.unusable')).toBe(1);
    expect(problems[0]).toMatchObject({ what: 'objects.unusable', where: expect.stringContaining('demo') });
    expect(problems[0]?.came).toContain(`${key} ${value.replaceAll('"', '')}`);
    expect(startups.length).toBeGreaterThan(0);
    for (const { start, end, phases } of startups)
      for (const one of [{ start, end }, ...phases])
        expect(Number(one.end.at - one.start.at) / 1e9).toBeLessThan(YEARS);
  });

  it('of an event', async () => {
    const { problems, startups } = await told(
      PODS,
      EVENTS.replace(/"lastTimestamp": "[^"]*"/, '"lastTimestamp": "9999-01-01T00:00:00Z"'),
    );
    expect(problems[0]?.came).toContain('lastTimestamp 9999-01-01T00:00:00Z');
    expect(startups).toHaveLength(4);
  });

  it.each(['"0001-01-01T00:00:00Z"', '"1970-01-01T00:00:00Z"'])(
    '%s is how "never" is written: no problem',
    async (zero) => {
      const { problems } = await told(set('finishedAt', zero));
      expect(problems).toEqual([]);
    },
  );
});

describe('restart counts', () => {
  it.each(['1000000000000000', '-1', '2.5', '1e300', '"3"'])(
    '%s is not used, and makes no attempts',
    async (value) => {
      const { startups, problems } = await replayedTree({ 'pods.json': set('restartCount', value) });
      expect(problems[0]?.came).toContain('restartCount ');
      expect(startups).toHaveLength(1);
    },
  );

  it('of weeks in a crash loop: only what somebody saw is an attempt, and how much is not told is said', async () => {
    const { startups, problems } = await replayedTree({ 'pods.json': set('restartCount', '4000') });
    expect(problems).toEqual([]);
    expect(startups.map(({ restart }) => restart)).toEqual([0, 3999, 4000]);
    expect(startups[2]?.conflicts).toEqual([
      {
        what: 'restarts',
        says: 'server was restarted 4000 times as its status counts: of 3998 runs nothing else is known, they are not told as attempts',
      },
    ]);
    expect(startups[0]?.lengthUnknown).toBe(true);
  });

  it('as recorded: nothing is odd', async () => {
    const { problems } = await replayed(['fixtures/crashloop/evidence']);
    expect(problems).toEqual([]);
  });
});

describe('in other evidence than dumps', () => {
  const lines = (text: string): string =>
    JSON.parse(text)
      .items.map((item: unknown) => `${JSON.stringify(item)}\n`)
      .join('');

  it('lines of an archive: one problem a file, every object is counted, and the rest of it is used', async () => {
    const absurd = EVENTS.replaceAll(/"lastTimestamp": "[^"]*"/g, '"lastTimestamp": "9999-01-01T00:00:00Z"');
    const watched = lines(absurd)
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => `2026-11-22T01:45:20.1Z stdout F {"type":"ADDED","object":${text}}\n`);
    const { problems, tally, startups } = await replayedTree({
      'pods.json': PODS,
      'events.log': watched.join(''),
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.came).toMatch(/^lastTimestamp 9999-.*: not used, and \d+ more such objects$/);
    expect(tally.get('objects.unusable')).toBe(watched.filter((text) => text.includes('9999-')).length);
    expect(tally.get('lines.unreadable')).toBeUndefined();
    expect(startups).toHaveLength(4);
  });

  it('bodies of the audit log: told with the name from the URL', async () => {
    const [line = ''] = linesOf('crashloop.request-response').filter((text) =>
      /"verb":"patch".*"subresource":"status".*"startedAt":"2026/.test(text),
    );
    const absurd = line.replaceAll(/"startedAt":"2026[^"]*"/g, '"startedAt":"9999-12-31T23:59:59Z"');
    expect(absurd).not.toBe(line);
    const { problems, tally } = await replayedTree({ 'audit.log': `${absurd}\n` });
    expect(problems[0]?.where).toMatch(/audit\.log: pod\/s-d-crashloop\/demo$/);
    expect(problems[0]?.came).toContain('startedAt 9999-12-31T23:59:59Z');
    expect(tally.get('objects.unusable')).toBe(1);
  });
});
