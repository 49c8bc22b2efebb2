// What a start of some vLLM version always prints: the phases whose absence is news.
//
// Only for a default start on a GPU at INFO: eager mode, CPU and the like say
// themselves what they leave out. The versions are those of the rules.

import type { PhaseName } from '../model/phase.ts';
import type { Rule } from './contract.ts';
import { vllm } from './vllm.ts';

export interface ExpectedPhase {
  readonly phase: PhaseName;
  /** How the line begins. */
  readonly marker: string;
}

interface Witness {
  readonly phase: PhaseName;
  readonly rule: string;
  /** Only since this version is the line always printed: V1 became the default in 0.8. */
  readonly from?: string;
}

/** V0 never compiled; `Memory profiling takes` and `Loading model weights took` ended with V0 as the default. */
const WITNESSES: readonly Witness[] = [
  { phase: 'weight_loading', rule: 'vllm.model_loaded' },
  { phase: 'weight_loading', rule: 'vllm.model_loaded_v0' },
  { phase: 'memory_profiling', rule: 'vllm.profiled_v0' },
  { phase: 'memory_profiling', rule: 'vllm.profiled_064' },
  { phase: 'memory_profiling', rule: 'vllm.kv_memory' },
  { phase: 'torch_compile', rule: 'vllm.compiled', from: '0.8.0' },
  { phase: 'kv_cache_allocation', rule: 'vllm.kv_size_gpu' },
  { phase: 'kv_cache_allocation', rule: 'vllm.kv_blocks' },
  { phase: 'cuda_graph_capture', rule: 'vllm.captured' },
  { phase: 'engine_init', rule: 'vllm.init_engine' },
];

/** V0 printed these to the end, but was the default only up to here. */
const LAST_OF_V0 = '0.7.3';
const V0_ONLY: ReadonlySet<string> = new Set(['vllm.model_loaded_v0', 'vllm.profiled_v0', 'vllm.kv_blocks']);

const rules: ReadonlyMap<string, Rule> = new Map(vllm.rules.map((rule) => [rule.id, rule]));

/** Each phase once, with how its line begins. Nothing when the version is not known well enough. */
export function expectedPhases(version: string | undefined): readonly ExpectedPhase[] {
  const parsed = version === undefined ? undefined : parseVersion(version);
  if (parsed === undefined) return [];
  const found = new Map<PhaseName, ExpectedPhase>();
  for (const witness of WITNESSES) {
    const rule = rules.get(witness.rule);
    if (rule !== undefined && !found.has(witness.phase) && isPrinted(rule, witness, parsed))
      found.set(witness.phase, { phase: witness.phase, marker: wording(rule) });
  }
  return [...found.values()];
}

/** The message of the example up to its first number: `Model loading took`. */
const wording = ({ example }: Rule): string =>
  (example.slice(example.indexOf('] ') + 2).split(/\d/)[0] ?? '').trimEnd();

function isPrinted({ id, printed }: Rule, { from }: Witness, version: Version): boolean {
  const to = V0_ONLY.has(id) ? LAST_OF_V0 : printed.to;
  const first = parseVersion(from ?? printed.from);
  const last = to === undefined ? undefined : parseVersion(to);
  if (first === undefined || compareVersions(version, first) < 0) return false;
  return last === undefined || compareVersions(version.slice(0, lengthOf(to)), last) <= 0;
}

/** `0.14` as an end means every 0.14.x. */
const lengthOf = (text: string | undefined): number => (text ?? '').split('.').length;

type Version = readonly number[];

/**
 * A development build counts commits since a tag, so `0.6.3.dev3761` is years
 * past 0.6.3: beyond a release's worth of commits the number says nothing.
 */
const TRUSTED_COMMITS = 1500;

const VERSION =
  /^v?(?<release>\d{1,4}(?:\.\d{1,4}){1,3})(?:rc\d{1,3})?(?:\.post\d{1,3})?(?:\.dev(?<commits>\d{1,9}))?(?:\+.*)?$/;

/** `0.8.5.post1` → [0, 8, 5]; undefined for `dev` and for what no release is near. */
export function parseVersion(text: string): Version | undefined {
  const groups = VERSION.exec(text)?.groups;
  if (groups === undefined || Number(groups['commits'] ?? '0') > TRUSTED_COMMITS) return undefined;
  return (groups['release'] ?? '').split('.').map(Number);
}

/** Negative, zero or positive; missing parts are zero. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
