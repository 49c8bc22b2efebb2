// Nothing but the logs of one pod: what another container downloaded before the engine began belongs to the start.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderOf, replayed, startupsText } from './replayed.ts';

const POD = 's-v6-vllm-cold-image-quiet_llm-engine-0_d936022a-9252-412a-9633-75b6c7ad4e8b';
const LINES = readFileSync(
  `fixtures/vllm-cold-image/evidence/var-log-pods/${POD}/engine/0.log`,
  'utf8',
).split('\n');
const isDownload = (line: string): boolean => line.includes(' cp s3://');
const DOWNLOADS = LINES.filter(isDownload);
const ENGINE = LINES.filter((line) => line.includes('(') || line.includes('INFO'));

interface Told {
  readonly container: string;
  readonly phases: readonly {
    readonly name: string;
    readonly container: string;
    readonly start: string;
    readonly end: string;
  }[];
}

async function told(other: string, lines: readonly string[]): Promise<Told> {
  const files = { [`${POD}/engine/0.log`]: ENGINE.join('\n'), [`${POD}/${other}/0.log`]: lines.join('\n') };
  const { startups } = JSON.parse(startupsText(await replayed([folderOf(files)])));
  expect(startups).toHaveLength(1);
  return startups[0];
}

const downloadsIn = ({ phases }: Told) => phases.filter(({ name }) => name === 's5cmd_download');

describe('the logs of a pod alone', () => {
  it('tell the download of a container that was over before the engine began', async () => {
    const startup = await told('model-downloader', DOWNLOADS);
    expect(startup.container).toBe('engine');
    expect(downloadsIn(startup)).toMatchObject([
      {
        container: 'model-downloader',
        start: '2026-11-22T02:05:16.431201081Z',
        end: '2026-11-22T02:05:16.822689738Z',
      },
    ]);
  });

  it('tell no download of a container that goes on beside the engine', async () => {
    const later = DOWNLOADS.map((line) => line.replace('T02:05:16', 'T02:05:40'));
    expect(downloadsIn(await told('adapters', [...DOWNLOADS, ...later]))).toEqual([]);
  });
});
