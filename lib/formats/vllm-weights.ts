// vLLM rules: download and loading of the weights.
//
// "Model loading took" measures all of it: download, module construction,
// reading, quantisation, the drafter. "Loading weights took" is the reading
// alone; on CPU and TPU nothing larger is printed, and runai_streamer, dummy,
// bitsandbytes and tensorizer do not print it.

import type { Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

/** model_runner.py is V0's runner and again MRv2's; each back end has one of its own. */
const RUNNERS = [
  'gpu_model_runner.py',
  'model_runner.py',
  'cpu_model_runner.py',
  'tpu_model_runner.py',
  'hpu_model_runner.py',
  'xpu_model_runner.py',
  'model_runner_v1.py',
  'npu_model_runner.py',
  'neuron_model_runner.py',
  'enc_dec_model_runner.py',
  'cpu_enc_dec_model_runner.py',
  'embedding_model_runner.py',
  'pooling_model_runner.py',
  'cpu_pooling_model_runner.py',
  'multi_step_model_runner.py',
  'neuronx_distributed_model_runner.py',
  'openvino_model_runner.py',
  'tpu_runner.py',
];

/** loader.py up to 0.8.5, then one file per format. */
const LOADERS = [
  'loader.py',
  'default_loader.py',
  'sharded_state_loader.py',
  'runai_streamer_loader.py',
  'bitsandbytes_loader.py',
  'base_loader.py',
  'tpu.py',
  'model_loader.py',
  'vllm_model_loader.py',
];

export const weightRules: readonly Rule[] = [
  {
    // Every rank up to 0.11.0, then global rank 0; not printed by MRv2.
    id: 'vllm.load_began',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.5.3'),
    files: RUNNERS,
    literal: 'Starting to load model ',
    pattern: /^Starting to load model (?<model>\S.{0,4000}?)\.\.\.$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [cpu_model_runner.py:68] Starting to load model /srv/models/tiny...',
    marks: [
      { kind: 'began', phase: 'weight_loading' },
      { kind: 'fact', name: 'model_name', group: 'model' },
    ],
  },
  {
    // MRv2's only beginning.
    id: 'vllm.load_from_scratch',
    printed: vllm('v1/worker/gpu/model_runner.py', '0.9.1'),
    files: RUNNERS,
    literal: 'Loading model from scratch...',
    pattern: /^Loading model from scratch\.\.\.$/,
    example: '(EngineCore pid=7) INFO 06-10 02:43:10 [model_runner.py:280] Loading model from scratch...',
    marks: [{ kind: 'began', phase: 'weight_loading' }],
  },
  {
    // tpu-inference, instead of "Starting to load model".
    id: 'vllm.load_began_tpu',
    printed: { program: 'tpu-inference', file: 'models/common/model_loader.py', from: '0.11.1' },
    files: ['model_loader.py'],
    literal: 'Loading model with MODEL_IMPL_TYPE=',
    pattern: /^Loading model with MODEL_IMPL_TYPE=\w{1,60}$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 01-22 20:31:33 [model_loader.py:310] Loading model with MODEL_IMPL_TYPE=auto',
    marks: [{ kind: 'began', phase: 'weight_loading' }],
  },
  {
    // All there is before 0.5.3; DEBUG since 0.11.1.
    id: 'vllm.weights_format',
    printed: vllm('model_executor/model_loader/weight_utils.py', '0.3.0'),
    files: ['weight_utils.py'],
    literal: 'Using model weights format ',
    pattern: /^Using model weights format \[[^\]]{1,400}\]$/,
    example: "INFO 05-04 14:43:20 weight_utils.py:199] Using model weights format ['*.safetensors']",
    marks: [{ kind: 'began', phase: 'weight_loading' }],
  },
  {
    id: 'vllm.checkpoint',
    printed: vllm('model_executor/model_loader/weight_utils.py', '0.20'),
    files: ['weight_utils.py'],
    literal: 'Filesystem type for checkpoints: ',
    pattern:
      /^Filesystem type for checkpoints: (?<filesystem>[^.]{1,60})\. Checkpoint size: (?<size>[\d.]{1,20}) GiB\. Available RAM: [\d.]{1,20} GiB\.$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [weight_utils.py:1108] Filesystem type for checkpoints: EXT4. Checkpoint size: 0.01 GiB. Available RAM: 21.30 GiB.',
    marks: [
      { kind: 'during', phase: 'weight_loading' },
      { kind: 'fact', name: 'checkpoint_gib', group: 'size', as: 'number', phase: 'weight_loading' },
      { kind: 'fact', name: 'checkpoint_filesystem', group: 'filesystem', phase: 'weight_loading' },
    ],
  },
  {
    // Only when it took over half a second, and only from the hub. Ranks wait for each other at a file lock.
    id: 'vllm.downloaded',
    printed: vllm('model_executor/model_loader/weight_utils.py', '0.7.3'),
    files: ['weight_utils.py'],
    literal: 'Time spent downloading weights for ',
    pattern:
      /^Time spent downloading weights for (?<model>\S.{0,400}): (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 02-03 09:13:45 [weight_utils.py:510] Time spent downloading weights for Qwen/Qwen2.5-7B-Instruct: 125.718781 seconds',
    marks: [{ kind: 'lasted', phase: 'weights_download', group: 'took', whole: true }],
  },
  {
    id: 'vllm.prefetch_began',
    printed: vllm('model_executor/model_loader/weight_utils.py', '0.18'),
    files: ['weight_utils.py'],
    literal: 'Prefetching checkpoint files into page cache started (in background',
    pattern:
      /^Prefetching checkpoint files into page cache started \(in background(?:, num_threads=\d{1,6}, block_size=\d{1,12} bytes)?\)$/,
    example:
      '(Worker_TP0 pid=9) INFO 04-17 01:55:13 [weight_utils.py:1020] Prefetching checkpoint files into page cache started (in background)',
    marks: [{ kind: 'during', phase: 'weight_loading' }],
  },
  {
    // May come after the weights have been loaded: it runs beside the loading.
    id: 'vllm.prefetched',
    printed: vllm('model_executor/model_loader/weight_utils.py', '0.18'),
    files: ['weight_utils.py'],
    literal: 'Prefetching checkpoint files into page cache finished in ',
    pattern: /^Prefetching checkpoint files into page cache finished in (?<took>\d{1,9}(?:\.\d{1,9})?)s$/,
    example:
      '(Worker_TP0 pid=9) INFO 04-17 01:55:40 [weight_utils.py:1060] Prefetching checkpoint files into page cache finished in 26.81s',
    marks: [{ kind: 'fact', name: 'prefetch_seconds', group: 'took', as: 'number', phase: 'weight_loading' }],
  },
  {
    // Of the target; of a drafter when it comes again. The whole phase where no runner prints a total.
    id: 'vllm.weights_took',
    printed: vllm('model_executor/model_loader/default_loader.py', '0.8.0'),
    files: LOADERS,
    literal: 'Loading weights took ',
    pattern: /^Loading weights took (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [default_loader.py:501] Loading weights took 0.01 seconds',
    marks: [{ kind: 'lasted', phase: 'weight_loading', group: 'took', whole: false }],
  },
  {
    id: 'vllm.model_initialized',
    printed: vllm('model_executor/model_loader/base_loader.py', '0.32'),
    files: ['base_loader.py'],
    literal: 'Initializing model took ',
    pattern: /^Initializing model took (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [base_loader.py:82] Initializing model took 0.115064 seconds',
    marks: [
      { kind: 'during', phase: 'weight_loading' },
      {
        kind: 'fact',
        name: 'model_construction_seconds',
        group: 'took',
        as: 'number',
        phase: 'weight_loading',
      },
    ],
  },
  {
    id: 'vllm.online_quantization',
    printed: vllm('model_executor/model_loader/base_loader.py', '0.32'),
    files: ['base_loader.py'],
    literal: 'Online quantization as part of model loading took ',
    pattern: /^Online quantization as part of model loading took (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      '(EngineCore pid=7) INFO 11-22 02:21:46 [base_loader.py:95] Online quantization as part of model loading took 3.20 seconds',
    marks: [
      { kind: 'during', phase: 'weight_loading' },
      { kind: 'fact', name: 'quantization_seconds', group: 'took', as: 'number', phase: 'weight_loading' },
    ],
  },
  {
    // "GB" up to 0.8.2 are GiB; "memory" in MRv1 since 0.11.1, in MRv2 since 0.28.
    id: 'vllm.model_loaded',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.8.0'),
    files: RUNNERS,
    literal: 'Model loading took ',
    pattern:
      /^Model loading took (?<size>\d{1,9}(?:\.\d{1,9})?) Gi?B(?: memory)? and (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      '(EngineCore pid=7) INFO 02-03 09:12:33 [gpu_model_runner.py:3900] Model loading took 56.88 GiB memory and 33.868409 seconds',
    marks: [
      { kind: 'lasted', phase: 'weight_loading', group: 'took', whole: true },
      { kind: 'fact', name: 'weights_gib', group: 'size', as: 'number', phase: 'weight_loading' },
    ],
  },
  {
    // The number is memory, not time. Plug-ins for other devices still print it.
    id: 'vllm.model_loaded_v0',
    printed: vllm('worker/model_runner.py', '0.4.0', '0.9.2'),
    files: RUNNERS,
    literal: 'Loading model weights took ',
    pattern: /^Loading model weights took (?<size>\d{1,9}(?:\.\d{1,9})?) Gi?B$/,
    example: 'INFO 05-04 14:43:24 model_runner.py:173] Loading model weights took 14.9595 GB',
    marks: [
      { kind: 'ended', phase: 'weight_loading' },
      { kind: 'fact', name: 'weights_gib', group: 'size', as: 'number', phase: 'weight_loading' },
    ],
  },
  {
    // Gaudi: memory, not time.
    id: 'vllm.model_loaded_hpu',
    printed: { program: 'vllm-gaudi', file: 'worker/hpu_model_runner.py', from: '0.6.3' },
    files: RUNNERS,
    literal: 'Loading model weights took in total ',
    pattern: /^Loading model weights took in total (?<size>\d{1,9}(?:\.\d{1,9})?) GiB of device memory /,
    example:
      'INFO 04-30 05:58:53 hpu_model_runner.py:688] Loading model weights took in total 32.95 GiB of device memory (32.95 GiB/94.62 GiB used) and 1.2 GiB of host memory (90.7 GiB/1007 GiB used)',
    marks: [
      { kind: 'ended', phase: 'weight_loading' },
      { kind: 'fact', name: 'weights_gib', group: 'size', as: 'number', phase: 'weight_loading' },
    ],
  },
  {
    id: 'vllm.bitsandbytes',
    printed: vllm('model_executor/model_loader/bitsandbytes_loader.py', '0.5.0', '0.27'),
    files: LOADERS,
    literal: 'Loading weights with BitsAndBytes quantization.',
    pattern: /^Loading weights with BitsAndBytes quantization\. {1,2}May take a while \.\.\.$/,
    example:
      'INFO 05-12 02:45:31 [bitsandbytes_loader.py:454] Loading weights with BitsAndBytes quantization. May take a while ...',
    marks: [{ kind: 'during', phase: 'weight_loading' }],
  },
  {
    id: 'vllm.tensorizer',
    printed: vllm('model_executor/model_loader/tensorizer.py', '0.4.1'),
    files: ['tensorizer.py'],
    literal: 'Deserialized ',
    pattern:
      /^Deserialized (?<size>[\d.]{1,12} \w{1,8}) in (?<took>\d{1,9}(?:\.\d{1,9})?)s, \S{1,20} ?\w{0,8}\/s$/,
    example: 'INFO 05-04 14:43:30 tensorizer.py:337] Deserialized 14.2 GB in 9.81s, 1.4 GB/s',
    marks: [{ kind: 'lasted', phase: 'weight_loading', group: 'took', whole: false }],
  },
  {
    id: 'vllm.drafter_began',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.8.3'),
    files: RUNNERS,
    literal: 'Loading drafter model...',
    pattern: /^Loading drafter model\.\.\.$/,
    example: '(EngineCore_DP0 pid=7) INFO 11-20 10:00:40 [gpu_model_runner.py:2440] Loading drafter model...',
    marks: [{ kind: 'began', phase: 'draft_model_loading' }],
  },
  {
    id: 'vllm.draft_model_began',
    printed: vllm('v1/spec_decode/draft_model.py', '0.15', '0.15'),
    files: ['draft_model.py'],
    literal: 'Starting to load draft model ',
    pattern: /^Starting to load draft model (?<model>\S.{0,400})\. TP=\d{1,6}, rank=\d{1,6}$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 02-03 09:12:20 [draft_model.py:150] Starting to load draft model Qwen/Qwen3-0.6B. TP=1, rank=0',
    marks: [{ kind: 'began', phase: 'draft_model_loading' }],
  },
  {
    // After the drafter's own weights.
    id: 'vllm.drafter_shares',
    printed: vllm('v1/spec_decode/eagle.py', '0.11.1'),
    files: ['eagle.py', 'llm_base_proposer.py', 'speculator.py', 'utils.py'],
    literal: 'Detected ',
    pattern:
      /^Detected (?:EAGLE|MTP)\b.{0,200} Sharing target model (?:embedding|lm_head) weights with the draft model\.$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 11-20 10:00:44 [eagle.py:1010] Detected EAGLE model without its own embed_tokens in the checkpoint. Sharing target model embedding weights with the draft model.',
    marks: [{ kind: 'ended', phase: 'draft_model_loading' }],
  },
  {
    // `vllm preload`: the weights come from another process, no bar.
    id: 'vllm.weight_cache',
    printed: vllm('model_executor/model_loader/weight_cache/daemon.py', '0.31'),
    files: ['daemon.py'],
    literal: 'Weight cache ',
    pattern:
      /^Weight cache (?:\S{1,60} )?daemon rank \d{1,6} loaded model(?: \([\d.]{1,20} GiB allocated, [\d.]{1,20} GiB reserved\))?$/,
    example:
      '(Worker pid=7) INFO 11-22 02:21:46 [daemon.py:300] Weight cache target daemon rank 0 loaded model (14.96 GiB allocated, 15.10 GiB reserved)',
    marks: [{ kind: 'ended', phase: 'weight_loading' }],
  },
  {
    id: 'vllm.nim_workspace_began',
    printed: { program: 'nim', file: 'vllm_nvext/hub/ngc_injector.py', from: '1.0.0' },
    files: ['ngc_injector.py'],
    literal: 'Preparing model workspace.',
    pattern: /^Preparing model workspace\. This step might download additional files to run the model\.$/,
    example:
      'INFO 07-23 22:27:25.389 ngc_injector.py:166] Preparing model workspace. This step might download additional files to run the model.',
    marks: [{ kind: 'began', phase: 'weights_download' }],
  },
  {
    id: 'vllm.nim_workspace_ready',
    printed: { program: 'nim', file: 'vllm_nvext/hub/ngc_injector.py', from: '1.0.0' },
    files: ['ngc_injector.py'],
    literal: 'Model workspace is now ready. ',
    pattern: /^Model workspace is now ready\. It took (?<took>\d{1,9}(?:\.\d{1,9})?) seconds$/,
    example:
      'INFO 07-23 22:28:14.764 ngc_injector.py:172] Model workspace is now ready. It took 49.375 seconds',
    marks: [{ kind: 'lasted', phase: 'weights_download', group: 'took', whole: true }],
  },
  ...barRules(),
];

/** Progress bars have no header: `Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:03<00:03,  1.54s/it]`. */
function barRules(): readonly Rule[] {
  const bars: readonly (readonly [id: string, literal: string, from: string])[] = [
    ['bar_safetensors', 'Loading safetensors checkpoint shards', '0.5.3'],
    ['bar_pt', 'Loading pt checkpoint shards', '0.5.3'],
    ['bar_np_cache', 'Loading np_cache checkpoint shards', '0.5.3'],
    ['bar_multi_thread', 'Multi-thread loading ', '0.10.2'],
    ['bar_runai', 'Loading safetensors using Runai Model Streamer', '0.6.6'],
    ['bar_fastsafetensors', 'Loading safetensors using Fastsafetensor loader', '0.8.3'],
    ['bar_instanttensor', 'Loading safetensors using InstantTensor loader', '0.18'],
  ];
  return bars.map(([id, literal, from]) => ({
    id: `vllm.${id}`,
    printed: vllm('model_executor/model_loader/weight_utils.py', from),
    files: [],
    literal,
    pattern: new RegExp(`^${literal}[\\w ()-]{0,60}: {1,4}\\d{1,3}% `),
    example: `(EngineCore pid=7) ${literal}${literal.endsWith(' ') ? 'shards' : ''}:  50% Completed | 2/4 [00:03<00:03,  1.54s/it]`,
    marks: [{ kind: 'during', phase: 'weight_loading' }],
  }));
}
