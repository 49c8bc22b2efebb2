// What vLLM's printed arguments and engine configuration tell about a start.

import type { FactValue, Saying } from '../model/mark.ts';
import { numberValue, parseArguments, textValue } from './arguments.ts';

/** Printed name → our name. The engine configuration says max_seq_len where the arguments say max_model_len. */
const TEXTS: readonly (readonly [printed: string, fact: string])[] = [
  ['load_format', 'load_format'],
  ['quantization', 'quantization'],
  ['served_model_name', 'served_model_name'],
];
const NUMBERS: readonly (readonly [printed: string, fact: string])[] = [
  ['max_model_len', 'max_model_len'],
  ['max_seq_len', 'max_model_len'],
  ['tensor_parallel_size', 'tensor_parallel_size'],
  ['pipeline_parallel_size', 'pipeline_parallel_size'],
  ['data_parallel_size', 'data_parallel_size'],
  ['data_parallel_rank', 'data_parallel_rank'],
  ['data_parallel_start_rank', 'data_parallel_start_rank'],
  ['node_rank', 'node_rank'],
  ['nnodes', 'nnodes'],
];
/** Where several nodes meet: the first that is set. Every node of a group has the same. */
const HEADS: readonly string[] = ['master_addr', 'data_parallel_address'];

type Arguments = ReadonlyMap<string, string>;

/** Of `non-default args: {…}` and `args: Namespace(…)`. */
export function tellArguments(message: string): readonly Saying[] {
  const open = message.search(/[{(]/);
  return open < 0 ? [] : tell(parseArguments(message.slice(open + 1)));
}

/** Of `Initializing a V1 LLM engine (v0.11.0) with config: model='…', …`. */
export function tellEngineConfig(message: string): readonly Saying[] {
  const from = message.indexOf(' with config: ');
  if (from < 0) return [];
  const args = parseArguments(message.slice(from + ' with config: '.length));
  const compilation = parseArguments((args.get('compilation_config') ?? '').slice(1));
  return [...tell(args), ...deviceSays(args), ...compilationSays(compilation)];
}

function tell(args: Arguments): readonly Saying[] {
  const model = textValue(args.get('model')) ?? textValue(args.get('model_tag'));
  return [
    ...fact('model_name', model),
    ...TEXTS.flatMap(([printed, name]) => fact(name, plainText(args.get(printed)))),
    ...NUMBERS.flatMap(([printed, name]) => fact(name, numberValue(args.get(printed)))),
    ...fact('vllm.head', headOf(args)),
    ...eagerSays(args.get('enforce_eager')),
  ];
}

const fact = (name: string, value: FactValue | undefined): readonly Saying[] =>
  value === undefined ? [] : [{ kind: 'fact', name, value }];

function headOf(args: Arguments): string | undefined {
  const hosts = HEADS.map((name) => textValue(args.get(name)));
  return hosts.find((host) => host !== undefined && /^[\w.-]{1,253}$/.test(host));
}

/** `LoadFormat.AUTO` was printed up to 0.8. */
function plainText(value: string | undefined): string | undefined {
  const text = textValue(value);
  return text?.startsWith('LoadFormat.') === true ? text.slice('LoadFormat.'.length).toLowerCase() : text;
}

function eagerSays(value: string | undefined): readonly Saying[] {
  if (value !== 'True' && value !== 'False') return [];
  const eager = value === 'True';
  return [{ kind: 'fact', name: 'enforce_eager', value: eager }, ...(eager ? EAGER : [])];
}

/** With --enforce-eager there is neither compilation nor capture. */
const EAGER: readonly Saying[] = [
  { kind: 'absent', phase: 'torch_compile', why: 'eager mode' },
  { kind: 'absent', phase: 'cuda_graph_capture', why: 'eager mode' },
];

/**
 * `device_config=cpu` (also of plug-in devices that vLLM does not know): no CUDA
 * graphs there; and an eager start on CPU prints nothing of its profile run (0.32).
 */
function deviceSays(args: Arguments): readonly Saying[] {
  const device = textValue(args.get('device_config'));
  if (device === undefined) return [];
  const graphs = /^(?:cuda|DeviceConfig)/.test(device) || device === 'xpu' || device === 'npu';
  const absent: readonly Saying[] = graphs
    ? []
    : [{ kind: 'absent', phase: 'cuda_graph_capture', why: `no CUDA graphs on ${device}` }];
  const silent: readonly Saying[] =
    device === 'cpu' ? [{ kind: 'absent', phase: 'memory_profiling', why: 'not printed on cpu' }] : [];
  return [...fact('device', device), ...absent, ...silent];
}

/** `'mode': <CompilationMode.NONE: 0>`, `'level': 0`, `'cudagraph_mode': <CUDAGraphMode.NONE: 0>`. */
function compilationSays(compilation: Arguments): readonly Saying[] {
  const mode = compilation.get('mode') ?? compilation.get('level') ?? '';
  const graphs = compilation.get('cudagraph_mode') ?? '';
  const compiles: readonly Saying[] = /^(?:<CompilationMode\.NONE|0$)/.test(mode)
    ? [{ kind: 'absent', phase: 'torch_compile', why: 'compilation mode NONE' }]
    : [];
  const captures: readonly Saying[] = graphs.startsWith('<CUDAGraphMode.NONE')
    ? [{ kind: 'absent', phase: 'cuda_graph_capture', why: 'cudagraph mode NONE' }]
    : [];
  return [...compiles, ...captures];
}
